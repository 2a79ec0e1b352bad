/** Packets built and read: what is written is read back, and any bytes are read without an exception. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ackSegment, readReset } from "./ack-channel.ts";
import { checksum } from "./checksum.ts";
import { echoRequest, isEchoReply } from "./echo-channel.ts";
import { hostKey, networkKey } from "./host-key.ts";
import {
	arpRequest,
	neighbourAdvertisement,
	neighbourSolicitation,
	readArpReply,
	solicitedNode,
} from "./link-packets.ts";
import { askedPort, udpStateOf } from "./udp-channel.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const mac = hex("52 54 00 12 34 56");

test("an ARP request turned into its reply says who has the address", () => {
	const request = arpRequest(mac, 0x0a000001, 0x0a000002);
	expect(readArpReply(request), "a request is no reply").toBeNull();
	const reply = hex("0001 0800 0604 0002 525400123456 0a000002 020000000001 0a000001");
	expect(readArpReply(reply)).toEqual({ address: 0x0a000002, mac: "52:54:00:12:34:56" });
	reply.set([1], 8);
	expect(readArpReply(reply), "a group's address").toBeNull();
});

test("a solicitation goes to the group of the target, and an advertisement is read", () => {
	const target = hex("20010db8 00000000 00000000 00abcdef");
	expect(Buffer.from(solicitedNode(target)).toString("hex")).toBe("ff0200000000000000000001ffabcdef");
	const asked = neighbourSolicitation(target, mac);
	expect([asked[0], asked.length, asked[24], asked[25]]).toEqual([135, 32, 1, 1]);
	const told = Uint8Array.from([...hex("88 00 0000 60000000"), ...target, 2, 1, ...mac]);
	expect(neighbourAdvertisement(told)).toEqual({ address: target, mac: "52:54:00:12:34:56" });
	expect(neighbourAdvertisement(told.subarray(0, 24)), "without a hardware address").toBeNull();
});

test("an echo request has a right checksum, and only its own reply is taken", () => {
	fc.assert(
		fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (token) => {
			const request = echoRequest(4, token);
			expect(checksum(request)).toBe(0);
			const reply = Uint8Array.from(request);
			reply[0] = 0;
			expect(isEchoReply(reply, 4, token)).toBe(true);
			expect(isEchoReply(request, 4, token)).toBe(false);
			reply[15] = (reply[15] ?? 0) ^ 1;
			expect(isEchoReply(reply, 4, token)).toBe(false);
		}),
	);
});

test("an ACK has a right checksum, and a reset gives its number back", () => {
	fc.assert(
		fc.property(
			fc.nat(0xffff),
			fc.nat(0xffff),
			fc.nat(0xffffffff),
			fc.integer({ min: 1, max: 0x7ffff }),
			(from, to, number, sum) => {
				const segment = ackSegment(from, to, number, sum);
				expect(checksum(segment, sum)).toBe(0);
				const reset = new Uint8Array(20);
				const view = new DataView(reset.buffer);
				view.setUint16(0, to);
				view.setUint16(2, from);
				view.setUint32(4, number);
				view.setUint16(12, 0x5004);
				expect(readReset(reset, from)).toEqual({ port: to, sequence: number });
				expect(readReset(segment, to)).toBeNull();
			},
		),
	);
});

test.each([
	[4, 3, 3, "closed"],
	[4, 3, 1, "unreachable"],
	[4, 3, 9, "filtered"],
	[4, 3, 10, "filtered"],
	[4, 3, 13, "filtered"],
	[4, 11, 0, null],
	[6, 1, 4, "closed"],
	[6, 1, 1, "filtered"],
	[6, 1, 3, "unreachable"],
	[6, 3, 0, null],
] as const)("ICMP for IPv%i, type %i, code %i: %s", (family, type, code, state) => {
	expect(udpStateOf(type, code, family)).toBe(state);
});

test("what answers from another port than it was asked on", () => {
	expect(askedPort(hex("0005 0001 00"))).toBe(69);
	expect(askedPort(Buffer.from("HTTP/1.1 200 OK"))).toBe(1_900);
	expect(askedPort(Buffer.from("here"))).toBeNull();
});

test("an IPv4 address in IPv6 dress is the IPv4 address, and networks are /24 and /64", () => {
	const mapped = new DataView(hex("00000000 00000000 0000ffff 0a000002").buffer);
	expect(hostKey(mapped, 0, 6)).toBe(0x0a000002);
	const one = hostKey(new DataView(hex("20010db8 00000001 00000000 00000001").buffer), 0, 6);
	const two = hostKey(new DataView(hex("20010db8 00000001 00000000 00000002").buffer), 0, 6);
	expect(one).not.toBe(two);
	expect(networkKey(one)).toBe(networkKey(two));
	expect(networkKey(0x0a000002)).toBe(networkKey(0x0a0000fe));
});

test("any bytes are read without an exception", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
			readArpReply(bytes);
			neighbourAdvertisement(bytes);
			readReset(bytes, 1);
			isEchoReply(bytes, 6, mac);
			askedPort(bytes);
		}),
		{ numRuns: 20_000 },
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (rest) => {
			neighbourAdvertisement(Uint8Array.from([136, 0, ...rest]));
		}),
		{ numRuns: 10_000 },
	);
});
