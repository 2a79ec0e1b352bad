import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hashFavicon, murmur3 } from "./favicon.ts";

// Vectors of MurmurHash3_x86_32 with seed 0, as published with its implementations.
test.each([
	["", 0],
	["hello", 0x248bfa47],
	["hello, world", 0x149bbb7f],
	["19 Jan 2038 at 3:14:07 AM", 0xe31e8a70],
	["The quick brown fox jumps over the lazy dog.", 0xd5c48bfc],
])("murmur3 of %j", (text, hash) => {
	expect(murmur3(Buffer.from(text))).toBe(hash | 0);
});

test("an icon is hashed as base64 in lines of 76, each ended", () => {
	const icon = Buffer.alloc(100, 0xff);
	const mime = `${"/".repeat(76)}\n${"/".repeat(57)}w==\n`;
	const { sha256, mmh3 } = hashFavicon(icon);
	expect(mmh3).toBe(murmur3(Buffer.from(mime)));
	expect(sha256).toBe(createHash("sha256").update(icon).digest("hex"));
});
