import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileBytes, hostileLines } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import { parseGreeting, parseListing, parseModuleAnswer, recogniseRsync } from "./parse.ts";

const captures = serverBytes(readTranscript(new URL("testdata/rsync-3.5.0.transcript", import.meta.url)));

it("reads greetings old and new", () => {
	expect(parseGreeting("@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4")).toBe("32.0");
	expect(parseGreeting("@RSYNCD: 29")).toBe("29");
	expect(parseGreeting("@RSYNCD: OK")).toBeNull();
	expect(recogniseRsync(captures[0]!)).toBe(1);
	expect(recogniseRsync(Buffer.from("220 rsync\r\n"))).toBe(0);
});

it("parts the message of the day from the modules", () => {
	const lines = ["Welcome", "a\ttab in the text", "", "public         \tPublic files", "a-rather-long-name\t"];
	expect(parseListing(lines)).toEqual({
		motd: "Welcome\na\ttab in the text",
		modules: [
			{ name: "public", comment: "Public files" },
			{ name: "a-rather-long-name", comment: "" },
		],
	});
	expect(parseListing([])).toEqual({ motd: "", modules: [] });
});

it("reads the answer to a module's name", () => {
	expect(parseModuleAnswer("@RSYNCD: AUTHREQD abc")).toEqual({ authenticationRequired: true });
	expect(parseModuleAnswer("@RSYNCD: OK")).toEqual({ authenticationRequired: false });
	expect(parseModuleAnswer("@ERROR: access denied to x")).toEqual({ authenticationRequired: null });
	expect(parseModuleAnswer("Welcome")).toBeNull();
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseRsync(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
	fc.assert(
		fc.property(hostileLines(captures), (lines) => {
			const { motd, modules } = parseListing(lines);
			expect(motd.length).toBeLessThanOrEqual(2_048);
			for (const module of modules) expect(module.name).not.toBe("");
			for (const line of lines) parseModuleAnswer(line);
		}),
		{ numRuns: 2_000 },
	);
});
