import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileBytes, hostileLines } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import { isRefusal, parseCount, parseStat, parseVersion, recogniseMemcached } from "./parse.ts";

const captures = ["open", "password"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/memcached-1.6.18-${name}.transcript`, import.meta.url))),
);

it("reads versions, refusals and statistics", () => {
	expect(parseVersion("VERSION 1.6.18")).toEqual({ product: "memcached", version: "1.6.18", info: null });
	expect(parseVersion("VERSION 1.4.15 (Ubuntu)")?.info).toBe("(Ubuntu)");
	expect(parseVersion("ERROR")).toBeNull();
	expect(["ERROR", "CLIENT_ERROR unauthenticated", "SERVER_ERROR out of memory"].every(isRefusal)).toBe(true);
	expect(isRefusal("ERRORS")).toBe(false);
	expect(parseStat("STAT curr_items 12")).toEqual(["curr_items", "12"]);
	expect(parseStat("END")).toBeNull();
	expect([parseCount("12"), parseCount("-1"), parseCount("1e9"), parseCount(undefined)]).toEqual([
		12,
		null,
		null,
		null,
	]);
});

it("knows memcached by its answers", () => {
	for (const bytes of captures) expect(recogniseMemcached(bytes)).toBeGreaterThan(0.9);
	expect(recogniseMemcached(Buffer.from("ERROR\r\n"))).toBeGreaterThan(0.5);
	expect(recogniseMemcached(Buffer.from("-ERR unknown command\r\n"))).toBe(0);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseMemcached(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
	fc.assert(
		fc.property(hostileLines(captures), (lines) => {
			for (const line of lines) {
				expect((parseVersion(line)?.version ?? "").length).toBeLessThanOrEqual(40);
				const count = parseCount(parseStat(line)?.[1]);
				if (count !== null) expect(Number.isSafeInteger(count)).toBe(true);
			}
		}),
		{ numRuns: 2_000 },
	);
});
