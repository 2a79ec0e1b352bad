/** Gathering and taking away against plain sets, at both ends of the number range, and within bounds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { findRange, RangeList, subtractRanges } from "./range-list.ts";

const top = 2 ** 32 - 1;
const ends = fc
	.tuple(fc.boolean(), fc.nat(80), fc.nat(9))
	.map(([high, from, length]): [number, number] =>
		high ? [top - Math.min(from + length, 89), top - from] : [from, from + length],
	)
	.filter(([first, last]) => first <= last);
const some = fc.array(ends, { maxLength: 40 });

function listOf(ranges: readonly [number, number][]): RangeList {
	const list = new RangeList();
	for (const [first, last] of ranges) list.add(first, last);
	return list;
}

function plain(merged: ArrayLike<number>): number[] {
	const all: number[] = [];
	for (let i = 0; i < merged.length; i += 2)
		for (let value = merged[i] ?? 0; value <= (merged[i + 1] ?? -1); value++) all.push(value);
	return all;
}

test("what was added is there once, in as few ranges as it takes", () => {
	fc.assert(
		fc.property(some, some, (left, right) => {
			const [a, b] = [listOf(left), listOf(right)];
			const added = left.flatMap((range) => plain(range));
			expect(a.added).toBe(added.length);
			const merged = a.merged();
			expect(plain(merged)).toEqual([...new Set(added)].sort((x, y) => x - y));
			for (let i = 2; i < merged.length; i += 2) expect(merged[i] ?? 0).toBeGreaterThan((merged[i - 1] ?? 0) + 1);
			const holes = new Set(plain(b.merged()));
			expect(plain(subtractRanges(merged, b.merged()))).toEqual(plain(merged).filter((one) => !holes.has(one)));
			for (const value of added) {
				const at = findRange(merged, value);
				expect(value).toBeLessThanOrEqual(merged[at * 2 + 1] ?? -1);
			}
		}),
		{ numRuns: 2_000 },
	);
});

test("a bounded list takes any number of repeats, and says when there are too many ranges", () => {
	const list = new RangeList(64);
	for (let i = 0; i < 10_000; i++) expect(list.add((i % 50) * 2, (i % 50) * 2)).toBe(true);
	expect(list.added).toBe(10_000);
	expect(list.merged()).toHaveLength(100);
	const taken = Array.from({ length: 1_000 }, (_, i) => list.add(1_000 + i * 2, 1_000 + i * 2));
	expect(taken.at(-1)).toBe(false);
	expect(list.merged().length / 2).toBeLessThanOrEqual(128);
});
