import fc from "fast-check";
import { expect, it, test } from "vitest";
import { hostileBytes, hostileLines } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import { offers, parseCapabilities, parseId, parseMechanisms, recogniseImap, softwareOf } from "./parse.ts";

const captures = ["open", "tls-required"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/dovecot-2.3.19-${name}.transcript`, import.meta.url))),
);

test.each([
	["* OK [CAPABILITY IMAP4rev1] Dovecot (Debian) ready.", "Dovecot", null, "Debian"],
	["* OK mail Cyrus IMAP v2.4.17-Debian-2.4.17 server ready", "Cyrus IMAP", "2.4.17", "Debian-2.4.17"],
	["* OK [CAPABILITY IMAP4rev1] Courier-IMAP ready. Copyright 1998-2022", "Courier", null, null],
	["* OK The Microsoft Exchange IMAP4 service is ready.", "Microsoft Exchange", null, null],
	["* OK IMAP4rev1 Service Ready", null, null, null],
])("names the software of %s", (banner, product, version, info) => {
	expect(softwareOf(banner)).toEqual({ product, version, info });
});

it("knows IMAP's greetings", () => {
	expect(recogniseImap(Buffer.from("* OK ready\r\n"))).toBeGreaterThan(0.9);
	expect(recogniseImap(Buffer.from("* PREAUTH ready\r\n"))).toBeGreaterThan(0.9);
	expect(recogniseImap(Buffer.from("* BYE busy\r\n"))).toBeGreaterThan(0.5);
	expect(recogniseImap(Buffer.from("* OKAY\r\n"))).toBe(0);
});

it("reads capabilities from a line of their own or from a greeting", () => {
	expect(parseCapabilities("* CAPABILITY IMAP4rev1 AUTH=plain AUTH=PLAIN AUTH=LOGIN")).toEqual([
		"IMAP4rev1",
		"AUTH=plain",
		"AUTH=PLAIN",
		"AUTH=LOGIN",
	]);
	const greeted = parseCapabilities("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi") ?? [];
	expect(offers(greeted, "LOGINDISABLED")).toBe(true);
	expect(parseCapabilities("* OK hi")).toBeNull();
	expect(parseMechanisms(["AUTH=plain", "AUTH=PLAIN", "IDLE"])).toEqual(["PLAIN"]);
});

it("reads an ID", () => {
	expect(parseId('* ID ("name" "Dovecot")')).toEqual({ product: "Dovecot", version: null, info: null });
	expect(parseId('* ID ("name" "Cyrus \\"IMAP\\"" "version" "3.0.9" "vendor" NIL)')).toEqual({
		product: 'Cyrus "IMAP"',
		version: "3.0.9",
		info: null,
	});
	expect(parseId("* ID NIL").product).toBeNull();
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseImap(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
	fc.assert(
		fc.property(hostileLines(captures), (lines) => {
			for (const line of lines) {
				parseId(line);
				expect((parseCapabilities(line) ?? []).length).toBeLessThanOrEqual(128);
			}
		}),
		{ numRuns: 2_000 },
	);
});
