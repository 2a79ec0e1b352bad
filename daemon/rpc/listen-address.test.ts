import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { readListenAddress, writeListenAddress } from "./listen-address.ts";

test.each([
	["127.0.0.1:7443", "127.0.0.1", 7443, true],
	["127.9.8.7:0", "127.9.8.7", 0, true],
	["localhost:1", "127.0.0.1", 1, true],
	["[::1]:80", "::1", 80, true],
	["::1", null, 0, false],
	["0.0.0.0:7443", "0.0.0.0", 7443, false],
	["[::]:7443", "::", 7443, false],
	["192.0.2.1", "192.0.2.1", 7443, false],
	["[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", 80, true],
	["127.0.0.1:65536", null, 0, false],
	["127.1:80", null, 0, false],
	["0177.0.0.1:80", null, 0, false],
	["[127.0.0.1]:80", null, 0, false],
	["127.0.0.1.evil.example:80", null, 0, false],
	["scanner.example:80", null, 0, false],
	["wss://127.0.0.1:80", null, 0, false],
	[":80", null, 0, false],
	["", null, 0, false],
])("%s", (text, host, port, isLoopback) => {
	if (host === null) expect(() => readListenAddress(text)).toThrow(AppError);
	else expect(readListenAddress(text)).toEqual({ host, port, isLoopback });
});

test("what is written is read again", () => {
	fc.assert(
		fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(65_535), (host, port) => {
			expect(readListenAddress(writeListenAddress(host, port))).toMatchObject({ host, port });
		}),
	);
});

test("no text makes it throw anything else", () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			try {
				readListenAddress(text);
			} catch (err) {
				expect(err).toBeInstanceOf(AppError);
			}
		}),
	);
});
