import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	looksLikeSsh,
	messages,
	mpintBits,
	parseGexGroup,
	parseHostKey,
	parseIdentification,
	parseKexInit,
	parseKexReply,
	parsePacket,
	sshStrings,
} from "./parse.ts";

const captured = (name: string) => readFileSync(new URL(`testdata/${name}.bin`, import.meta.url));
const captures = ["openssh-9.2p1.1", "openssh-9.2p1.3", "openssh-9.2p1-weak.2", "dropbear-2022.83.1"];

/** Everything the parsers say of a stream, as the probe would walk it. */
function readStream(stream: Buffer) {
	const end = stream.indexOf("\n");
	const identification = parseIdentification(stream.toString("latin1", 0, end < 0 ? 0 : end).trimEnd());
	const payloads: Buffer[] = [];
	let rest = stream.subarray(end + 1);
	for (let i = 0; i < 20; i += 1) {
		const packet = parsePacket(rest);
		if (packet.kind !== "packet") break;
		payloads.push(packet.payload);
		rest = rest.subarray(packet.size);
	}
	return { identification, payloads };
}

describe("identification", () => {
	test.each([
		["SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", "2.0", "OpenSSH_9.2p1 Debian-2+deb12u3"],
		["SSH-1.99-Cisco-1.25", "1.99", "Cisco-1.25"],
		["SSH-1.5-1.2.27", "1.5", "1.2.27"],
		["SSH-2.0-", "2.0", ""],
	])("%s", (line, protocol, software) => {
		expect(parseIdentification(line)).toEqual({ banner: line, protocol, software });
	});

	test.each(["", "220 mail ESMTP", "ssh-2.0-x", "SSH-two-x", "xSSH-2.0-y"])("not one: %j", (line) => {
		expect(parseIdentification(line)).toBeNull();
	});

	test("the start of a stream is recognised, also behind other lines", () => {
		expect(looksLikeSsh(captured("openssh-9.2p1.1"))).toBe(1);
		expect(looksLikeSsh(Buffer.from("Authorised use only\r\nSSH-2.0-x\r\n"))).toBe(0.9);
		expect(looksLikeSsh(Buffer.from("Exceeded MaxStartups\r\n"))).toBeGreaterThan(0.5);
		expect(looksLikeSsh(Buffer.from("220 ProFTPD SSH-2.0\r\n"))).toBe(0);
		expect(looksLikeSsh(Buffer.alloc(0))).toBe(0);
	});
});

describe("captured streams", () => {
	test("OpenSSH 9.2: lists, strict key exchange, an RSA key", () => {
		const { identification, payloads } = readStream(captured("openssh-9.2p1.1"));
		expect(identification?.software).toMatch(/^OpenSSH_9\.2p1 Debian/);
		const init = parseKexInit(payloads[0]!);
		expect(init?.kex.slice(0, 3)).toEqual([
			"sntrup761x25519-sha512",
			"sntrup761x25519-sha512@openssh.com",
			"curve25519-sha256",
		]);
		expect(init?.strictKex).toBe(true);
		expect(init?.hostKeyAlgorithms).toEqual(["rsa-sha2-512", "rsa-sha2-256", "ecdsa-sha2-nistp256", "ssh-ed25519"]);
		expect(init?.compression).toEqual(["none", "zlib@openssh.com"]);
		expect(parseHostKey(parseKexReply(payloads[1]!, messages.kexdhReply)!)).toEqual({
			type: "ssh-rsa",
			bits: 3072,
			fingerprint: "SHA256:/DPO+1iqlp/pR+vUH88tR9O4vjEtJ2O2m2+/dBLUt8I",
		});
	});

	test("OpenSSH 9.2: a group exchange tells the modulus, then the key", () => {
		const { payloads } = readStream(captured("openssh-9.2p1.3"));
		expect(parseGexGroup(payloads[1]!)).toEqual({ bits: 2048 });
		expect(parseHostKey(parseKexReply(payloads[2]!, messages.gexReply)!)?.type).toBe("ssh-ed25519");
	});

	test("a DSA key of 1024 bits", () => {
		const { payloads } = readStream(captured("openssh-9.2p1-weak.2"));
		expect(parseKexInit(payloads[0]!)?.ciphers).toEqual(["aes128-cbc", "3des-cbc"]);
		expect(parseHostKey(parseKexReply(payloads[2]!, messages.gexReply)!)).toMatchObject({
			type: "ssh-dss",
			bits: 1024,
		});
	});
});

test("a host certificate has the fingerprint of the key within", () => {
	const key = Buffer.alloc(32, 7);
	const plain = parseHostKey(sshStrings(Buffer.from("ssh-ed25519"), key));
	const certificate = parseHostKey(
		sshStrings(Buffer.from("ssh-ed25519-cert-v01@openssh.com"), Buffer.alloc(32), key, Buffer.from("rest")),
	);
	expect(certificate).toEqual({ ...plain, type: "ssh-ed25519-cert-v01@openssh.com" });
});

test("bits of a number are counted without its leading zeros", () => {
	expect(mpintBits(Buffer.from([0, 0x80, 0]))).toBe(16);
	expect(mpintBits(Buffer.from([1]))).toBe(1);
	expect(mpintBits(Buffer.from([0, 0]))).toBe(0);
	expect(mpintBits(undefined)).toBe(0);
});

test("a packet says how much more it needs, and a length beyond reason is refused", () => {
	expect(parsePacket(Buffer.from([0, 0]))).toEqual({ kind: "more", size: 5 });
	expect(parsePacket(Buffer.from([0, 0, 0, 12, 4, 20]))).toEqual({ kind: "more", size: 16 });
	expect(parsePacket(Buffer.from([0xff, 0xff, 0xff, 0xff, 4]))).toEqual({ kind: "bad" });
	expect(parsePacket(Buffer.from([0, 0, 0, 3, 9]))).toEqual({ kind: "bad" });
	expect(parsePacket(Buffer.from("HTTP/1.1 400"))).toEqual({ kind: "bad" });
});

describe("no bytes make a parser throw", () => {
	const readAll = (bytes: Buffer) => {
		const { payloads } = readStream(bytes);
		looksLikeSsh(bytes);
		for (const payload of [...payloads, bytes]) {
			parseKexInit(payload);
			parseGexGroup(payload);
			const blob = parseKexReply(payload, payload[0] ?? 0);
			parseHostKey(blob ?? payload);
		}
		return true;
	};

	test("random bytes", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => readAll(Buffer.from(bytes))));
	});

	test.each(captures)("mutations of %s", (name) => {
		const real = captured(name);
		const edit = fc.tuple(fc.nat(real.length - 1), fc.nat(255));
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), fc.nat(real.length), (edits, cut) => {
				const bytes = Buffer.from(real);
				for (const [at, value] of edits) bytes[at] = value;
				return readAll(bytes) && readAll(bytes.subarray(0, cut));
			}),
			{ numRuns: 1_000 },
		);
	});
});
