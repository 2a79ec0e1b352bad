/** The hash against its published test vectors, and its cost to someone who guesses. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyedHash } from "./keyed-hash.ts";

const key = [0x03020100, 0x07060504] as const;
const bytesOf = (hash: number) => [hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255, hash >>> 24];

test.each([
	[[], [0xa9, 0x35, 0x9f, 0x5b]],
	[[0x03020100], [0x2a, 0x6e, 0x46, 0x89]],
	[
		[0x03020100, 0x07060504],
		[0xd0, 0xb8, 0x84, 0x8f],
	],
])("HalfSipHash-2-4 of %j", (words, expected) => {
	expect(bytesOf(keyedHash(key, Uint32Array.from(words), words.length, 2, 4)), String(words)).toEqual(expected);
});

test("is a 32-bit number that depends on key, words and their count", () => {
	const word = fc.integer({ min: 0, max: 0xffffffff });
	fc.assert(
		fc.property(fc.tuple(word, word), fc.array(word, { maxLength: 5 }), ([a, b], words) => {
			const list = Uint32Array.from(words);
			const hash = keyedHash([a, b], list, words.length);
			expect(Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff).toBe(true);
			expect(keyedHash([a, b], list, words.length)).toBe(hash);
		}),
	);
	const seen = new Set<number>();
	for (let i = 0; i < 20_000; i++) seen.add(keyedHash(key, Uint32Array.of(i, 80), 2));
	// Of 20,000 random 32-bit numbers about 0.05 pairs are equal.
	expect(seen.size).toBeGreaterThan(19_990);
});
