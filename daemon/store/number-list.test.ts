import fc from "fast-check";
import { expect, test } from "vitest";
import { packNumbers, unpackMarked, unpackNumbers } from "./number-list.ts";

const numbers = fc.array(fc.oneof(fc.nat(200), fc.nat(100_000), fc.nat(2 ** 31 - 1)));

test("what was packed comes out again, in its order, from any place", () => {
	fc.assert(
		fc.property(numbers, fc.uint8Array({ maxLength: 4 }), (list, before) => {
			const bytes = new Uint8Array([...before, ...packNumbers(list)]);
			expect(unpackNumbers(bytes, before.length)).toEqual(list);
		}),
	);
});

test("neighbours take a byte each", () => {
	const list = Array.from({ length: 1000 }, (_, n) => 5_000_000 + n * 3);
	expect(packNumbers(list).length).toBeLessThan(1010);
});

test("any bytes are read", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
			const list = unpackNumbers(bytes);
			expect(list.length).toBeLessThanOrEqual(bytes.length);
			expect(list.every(Number.isSafeInteger)).toBe(true);
		}),
	);
});

test("of a list only what is marked", () => {
	fc.assert(
		fc.property(fc.array(fc.nat(300)), fc.uint8Array({ maxLength: 200 }), (list, marks) => {
			expect(unpackMarked(packNumbers(list), marks)).toEqual(list.filter((number) => marks[number]));
		}),
	);
});
