import fc from "fast-check";
import { expect, it, test } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import { bulkLength, parseAccess, parseInfo, recogniseRedis, softwareOf } from "./parse.ts";

const captures = ["open", "password", "protected"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/redis-7.0.15-${name}.transcript`, import.meta.url))),
);

test.each([
	["+PONG", "open"],
	["$4903", "open"],
	["-NOAUTH Authentication required.", "authentication"],
	["-NOPERM this user has no permissions to run the 'info' command", "authentication"],
	["-ERR operation not permitted", "authentication"],
	["-DENIED Redis is running in protected mode because", "protected-mode"],
	["-ERR unknown command 'INFO'", "other-error"],
	["-MISCONF Redis is configured to save RDB snapshots", "other-error"],
	["HTTP/1.1 400 Bad Request", "not-redis"],
	["", "not-redis"],
])("takes %j for %s", (line, access) => {
	expect(parseAccess(line)).toBe(access);
});

test.each([
	["redis_version:7.0.15\r\n", "Redis", "7.0.15"],
	["redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n", "Valkey", "8.0.1"],
	["redis_version:7.4.0\r\ndragonfly_version:df-v1.23.0\r\n", "Dragonfly", "1.23.0"],
	["redis_version:7.0.0\r\nkvrocks_version:2.9.0\r\n", "Apache Kvrocks", "2.9.0"],
	["# Server\r\n", null, null],
])("names the software of %j", (text, product, version) => {
	expect(softwareOf(parseInfo(text))).toEqual({ product, version, info: null });
});

it("knows Redis by its answers to PING and to an HTTP request", () => {
	for (const bytes of captures) expect(recogniseRedis(bytes)).toBe(1);
	expect(recogniseRedis(Buffer.from("-ERR wrong number of arguments for 'get' command\r\n"))).toBeGreaterThan(0.9);
	expect(recogniseRedis(Buffer.from("-ERR [AUTH] no\r\n"))).toBe(0);
	expect(recogniseRedis(Buffer.from("+OK ready\r\n"))).toBe(0);
});

it("bounds a bulk string", () => {
	expect(bulkLength("$10", 100)).toBe(10);
	expect(bulkLength("$101", 100)).toBeNull();
	expect(bulkLength("$-1", 100)).toBeNull();
	expect(bulkLength("+OK", 100)).toBeNull();
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseRedis(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
			const text = bytes.toString("latin1");
			parseAccess(text);
			for (const value of parseInfo(text).values()) expect(value.length).toBeLessThanOrEqual(300);
			softwareOf(parseInfo(text));
		}),
		{ numRuns: 4_000 },
	);
});
