import fc from "fast-check";
import { expect, it, test } from "vitest";
import { hostileBytes, hostileLines } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import { offers, parseCapabilities, parseMechanisms, recognisePop3, softwareOf } from "./parse.ts";

const captures = ["open", "tls-required"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/dovecot-2.3.19-${name}.transcript`, import.meta.url))),
);

test.each([
	["+OK Dovecot (Debian) ready.", "Dovecot", null, "Debian"],
	[
		"+OK mail Cyrus POP3 v2.4.17-Fedora-RPM-2.4.17-8.el7 server ready",
		"Cyrus IMAP",
		"2.4.17",
		"Fedora-RPM-2.4.17-8.el7",
	],
	["IMPLEMENTATION Cyrus POP3 server v3.0.9", "Cyrus IMAP", "3.0.9", null],
	["+OK Hello there.", "Courier", null, null],
	["+OK The Microsoft Exchange POP3 service is ready.", "Microsoft Exchange", null, null],
	["+OK ready", null, null, null],
])("names the software of %s", (banner, product, version, info) => {
	expect(softwareOf(banner)).toEqual({ product, version, info });
});

it("knows POP3's greeting and is unsure of an error Redis could have sent", () => {
	expect(recognisePop3(Buffer.from("+OK ready\r\n"))).toBeGreaterThan(0.9);
	expect(recognisePop3(Buffer.from("-ERR [SYS/TEMP] try later\r\n"))).toBe(0.5);
	expect(recognisePop3(Buffer.from("-ERR unknown command 'x'\r\n"))).toBe(0);
	expect(recognisePop3(Buffer.from("+PONG\r\n"))).toBe(0);
});

it("reads capabilities and mechanisms", () => {
	const capabilities = parseCapabilities(["TOP", "STLS ", "sasl plain LOGIN plain", "", "..dotted"]);
	expect(capabilities).toEqual(["TOP", "STLS", "sasl plain LOGIN plain", ".dotted"]);
	expect(offers(capabilities, "STLS")).toBe(true);
	expect(offers(capabilities, "USER")).toBe(false);
	expect(parseMechanisms(capabilities)).toEqual(["PLAIN", "LOGIN"]);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recognisePop3(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
	fc.assert(
		fc.property(hostileLines(captures), (lines) => {
			softwareOf(lines[0] ?? "");
			const capabilities = parseCapabilities(lines);
			expect(capabilities.length).toBeLessThanOrEqual(64);
			expect(parseMechanisms(capabilities).length).toBeLessThanOrEqual(32);
		}),
		{ numRuns: 2_000 },
	);
});
