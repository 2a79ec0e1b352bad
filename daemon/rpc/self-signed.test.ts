import { createPrivateKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { makeSelfSigned } from "./self-signed.ts";

test.each([
	["now", Date.parse("2026-03-01T12:00:00Z"), "Feb 28 12:00:00 2026 GMT"],
	["past the end of two-digit years", Date.parse("2049-06-01T00:00:00Z"), "May 31 00:00:00 2049 GMT"],
	["after it", Date.parse("2051-01-02T00:00:00Z"), "Jan  1 00:00:00 2051 GMT"],
])("%s: signed by itself, no authority, for ten years", (_name, now, from) => {
	const { certificate, key } = makeSelfSigned(now);
	const read = new X509Certificate(certificate);
	expect(read.verify(read.publicKey)).toBe(true);
	expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
	expect(read.ca).toBe(false);
	expect(read.validFrom).toBe(from);
	expect(read.validToDate.getTime()).toBe(now + 3_650 * 86_400_000);
	expect(read.checkHost("vedette.local")).toBe("vedette.local");
	expect(read.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
});

test("no two are the same", () => {
	const [a, b] = [makeSelfSigned(0), makeSelfSigned(0)].map(({ certificate }) => new X509Certificate(certificate));
	expect(a?.fingerprint256).not.toBe(b?.fingerprint256);
	expect(a?.serialNumber).not.toBe(b?.serialNumber);
});
