import fc from "fast-check";
import { expect, test } from "vitest";
import { FirstOf } from "./first-of.ts";

const small = fc.integer({ min: -3, max: 3 });

test("the first ones of a walk are the first ones of all when they are sorted", () => {
	const row = fc.tuple(small, small, fc.nat(1_000));
	const rows = fc.uniqueArray(row, { selector: ([, , id]) => id, maxLength: 60 });
	const asked = fc.record({ limit: fc.nat(9), directions: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()) });
	fc.assert(
		fc.property(rows, asked, fc.option(row), fc.boolean(), (all, { limit, directions }, after, single) => {
			const used = single ? [0, 2] : [0, 1, 2];
			const order = (a: readonly number[], b: readonly number[]) =>
				used.reduce((sum, at) => sum || (directions[at] ? -1 : 1) * ((a[at] ?? 0) - (b[at] ?? 0)), 0);
			const sorted = all.toSorted(order).filter((one) => after === null || order(after, one) < 0);
			const keys = used.map((at) => ({
				descending: directions[at] ?? false,
				at: (n: number) => all[n]?.[at] ?? 0,
			}));
			const found = new FirstOf(limit, keys, after && used.map((at) => after[at] ?? 0));
			for (const [n, [first]] of all.entries()) if (found.mayTake(first)) found.add(n, first);
			expect(found.ids()).toEqual(sorted.slice(0, limit).map(([, , id]) => id));
		}),
	);
});
