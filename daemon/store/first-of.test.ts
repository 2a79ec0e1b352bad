import fc from "fast-check";
import { expect, test } from "vitest";
import { FirstOf } from "./first-of.ts";

test("the first ones of a walk are the first ones of all when they are sorted", () => {
	const pair = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.nat(1_000));
	const distinct = fc.uniqueArray(pair, { selector: ([, id]) => id, maxLength: 60 });
	fc.assert(
		fc.property(
			distinct,
			fc.integer({ min: 1, max: 9 }),
			fc.boolean(),
			fc.option(pair),
			(pairs, limit, descending, after) => {
				const sign = descending ? -1 : 1;
				const order = (a: readonly [number, number], b: readonly [number, number]) =>
					sign * (a[0] - b[0] || a[1] - b[1]);
				const sorted = pairs.toSorted(order).filter((one) => after === null || order(after, one) < 0);
				const found = new FirstOf(limit, descending, after);
				for (const [value, id] of pairs) if (found.mayTake(value)) found.add(value, id);
				expect(found.ids()).toEqual(sorted.slice(0, limit).map(([, id]) => id));
			},
		),
	);
});
