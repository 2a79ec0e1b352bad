import fc from "fast-check";
import { expect, test } from "vitest";
import { echoReplyNumber, echoRequest, meaningOf, quotedNumber, readExtendedError } from "./read-answer.ts";

/** One control message as the kernel lays it out. */
function control(level: number, type: number, error: number[], offender: number[]): Uint8Array {
	const bytes = new Uint8Array(16 + 16 + offender.length);
	const view = new DataView(bytes.buffer);
	view.setBigUint64(0, BigInt(bytes.length), true);
	view.setInt32(8, level, true);
	view.setInt32(12, type, true);
	bytes.set(error, 16);
	bytes.set(offender, 32);
	return bytes;
}
const v4 = [2, 0, 0, 0, 198, 18, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
const v6 = [10, 0, 0, 0, 0, 0, 0, 0, 0xfd, 0, ...Array.from({ length: 13 }, () => 0), 7, 0, 0, 0, 0];

test("who sent the error, and what it means on the way", () => {
	const timeUp = readExtendedError(control(0, 11, [0, 0, 0, 0, 2, 11, 0, 0], v4));
	expect(timeUp).toEqual({ type: 11, code: 0, from: "198.18.0.1" });
	const six = readExtendedError(control(41, 25, [0, 0, 0, 0, 3, 3, 0, 0], v6));
	expect(six).toEqual({ type: 3, code: 0, from: "fd00::7" });
	const means = (family: 4 | 6, type: number, code: number, from = "r") =>
		meaningOf({ type, code, from }, family, "target");
	expect([means(4, 11, 0), means(6, 3, 0)]).toEqual(["router", "router"]);
	expect([means(4, 3, 3), means(6, 1, 4), means(4, 3, 13, "target")]).toEqual(["host", "host", "host"]);
	expect([means(4, 3, 1), means(4, 3, 13), means(6, 1, 0)]).toEqual(["refusal", "refusal", "refusal"]);
});

test("an error of this machine's own is none of a router, and a short quote gives no number", () => {
	expect(readExtendedError(control(0, 11, [0, 0, 0, 0, 1, 11, 0, 0], v4))).toBeNull();
	expect(readExtendedError(control(1, 11, [0, 0, 0, 0, 2, 11, 0, 0], v4))).toBeNull();
	expect(quotedNumber("udp", Uint8Array.of(0x12, 0x34))).toBe(0x1234);
	expect(quotedNumber("udp", new Uint8Array())).toBeNull();
	expect(quotedNumber("echo", echoRequest(4, 1, 0xbeef).subarray(0, 8))).toBe(0xbeef);
});

test("an echo request adds up, and only our own reply is read", () => {
	const request = echoRequest(4, 0x1234, 0xabcd);
	let sum = 0;
	for (let at = 0; at < request.length; at += 2) sum += ((request[at] ?? 0) << 8) | (request[at + 1] ?? 0);
	expect((sum & 0xffff) + (sum >> 16)).toBe(0xffff);
	const reply = Uint8Array.from(request);
	reply[0] = 0;
	const packet = Uint8Array.from([0x45, ...Array.from({ length: 19 }, () => 0), ...reply]);
	expect(echoReplyNumber("raw-echo", 4, packet, 0x1234)).toBe(0xabcd);
	expect(echoReplyNumber("raw-echo", 4, packet, 0x1235)).toBeNull();
	expect(echoReplyNumber("echo", 4, reply, 0)).toBe(0xabcd);
	expect(echoReplyNumber("echo", 4, request, 0)).toBeNull();
});

test("no bytes are too strange", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			readExtendedError(bytes);
			quotedNumber("echo", bytes);
			echoReplyNumber("raw-echo", 4, bytes, 1);
			echoReplyNumber("raw-echo", 6, bytes, 1);
		}),
		{ numRuns: 5_000 },
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(80), (tail, length) => {
			const bytes = control(0, 11, [0, 0, 0, 0, 2, 11, 0, 0], [...tail]);
			new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
			readExtendedError(bytes);
		}),
		{ numRuns: 5_000 },
	);
});
