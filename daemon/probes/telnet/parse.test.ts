import fc from "fast-check";
import { expect, it, test } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import { isLoginPrompt, parseStream, protects, recogniseTelnet, refuse, softwareOf } from "./parse.ts";

const captures = serverBytes(readTranscript(new URL("testdata/telnetd-ssl-0.17.41.transcript", import.meta.url)));

it("takes commands, options and sub-negotiations out of the text", () => {
	const stream = Buffer.from([255, 253, 24, 72, 255, 250, 24, 1, 255, 240, 105, 0, 255, 249, 255, 255, 255, 251]);
	expect(parseStream(stream)).toEqual({
		text: "Hi\xff",
		offers: [{ verb: 253, option: 24 }],
		consumed: stream.length - 2,
	});
	expect(parseStream(Buffer.of(255, 250, 24, 1)).consumed).toBe(0);
});

it("refuses each offer once and answers no refusal", () => {
	const answered = new Set<number>();
	const offers = [
		{ verb: 253, option: 24 },
		{ verb: 251, option: 1 },
		{ verb: 253, option: 24 },
		{ verb: 254, option: 3 },
	];
	expect([...refuse(offers, answered)]).toEqual([255, 252, 24, 255, 254, 1]);
	expect(refuse(offers, answered)).toHaveLength(0);
});

it("sees options that protect a session", () => {
	expect(protects(parseStream(captures[0]!).offers)).toBe(true);
	expect(protects([{ verb: 252, option: 38 }])).toBe(false);
	expect(protects([{ verb: 253, option: 24 }])).toBe(false);
});

test.each(["vm login: ", "Username:", "\r\nPassword: ", "User>", "Login as: "])("takes %j for a prompt", (text) => {
	expect(isLoginPrompt(text)).toBe(true);
});
test.each(["Last login: today\r\nwelcome $ ", "Press any key", ""])("takes %j for none", (text) => {
	expect(isLoginPrompt(text)).toBe(false);
});

it("names what a banner names", () => {
	expect(softwareOf("\r\nBusyBox v1.31.1 () built-in shell")).toMatchObject({
		product: "BusyBox telnetd",
		version: "1.31.1",
	});
	expect(softwareOf("\r\nMikroTik v6.48.6 (long-term)\r\nLogin: ")).toEqual({
		product: "MikroTik RouterOS",
		version: "6.48.6",
		info: "long-term",
	});
	expect(softwareOf("\r\n\r\nUser Access Verification\r\n\r\nPassword: ").product).toBe("Cisco IOS telnetd");
	expect(softwareOf("Debian GNU/Linux 12\r\nvm login: ").product).toBeNull();
});

it("knows Telnet by its options, and is unsure of a bare prompt", () => {
	expect(recogniseTelnet(captures[0]!)).toBeGreaterThan(0.9);
	expect(recogniseTelnet(Buffer.from("router login: "))).toBe(0.6);
	expect(recogniseTelnet(Buffer.from("220 ready\r\n"))).toBe(0);
	expect(recogniseTelnet(Buffer.of(255))).toBe(0);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseTelnet(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
			const { text, offers, consumed } = parseStream(bytes);
			expect(consumed).toBeLessThanOrEqual(bytes.length);
			expect(text.length + offers.length * 3).toBeLessThanOrEqual(bytes.length);
			isLoginPrompt(text);
			softwareOf(text);
			refuse(offers, new Set());
		}),
		{ numRuns: 4_000 },
	);
});
