import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprintOf, readFingerprint } from "./tls-fingerprint.ts";

const digits = "ab".repeat(32);

test.each([
	[`sha256:${digits}`, true],
	[digits, true],
	[digits.toUpperCase(), true],
	[`SHA256:${digits}`, true],
	[`sha256 Fingerprint=${"AB:".repeat(31)}AB`, true],
	[` ${"ab:".repeat(31)}ab\n`, true],
	[digits.slice(1), false],
	[`sha1:${digits}`, false],
	["", false],
])("%s", (text, isOne) => {
	expect(readFingerprint(text)).toBe(isOne ? `sha256:${digits}` : null);
});

test("what is made is read", () => {
	fc.assert(
		fc.property(fc.uint8Array(), (der) => {
			expect(readFingerprint(fingerprintOf(der))).toBe(fingerprintOf(der));
		}),
	);
});
