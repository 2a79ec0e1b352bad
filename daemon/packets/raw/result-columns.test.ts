/** What is put in comes out once, in the order of address and port. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ResultColumns } from "./result-columns.ts";

const host = fc.oneof(fc.nat(20), fc.nat(0xffff_ffff));
const result = fc.tuple(host, fc.oneof(fc.nat(9), fc.nat(65_535)), fc.nat(3), fc.nat(1_000));

test("results come out sorted, each with what belongs to it", () => {
	fc.assert(
		fc.property(fc.array(fc.array(result, { maxLength: 300 }), { maxLength: 4 }), (batches) => {
			const columns = new ResultColumns();
			for (const batch of batches) {
				for (const one of batch) columns.add(...one);
				expect(columns.length).toBe(batch.length);
				const { hosts, ports, states, rtts } = columns.drain();
				const drained = Array.from(hosts, (host, i) => [host, ports[i], states[i], rtts[i]]);
				expect(drained).toEqual(batch.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
				expect(columns.length).toBe(0);
			}
		}),
	);
});

test("no round trip stays no round trip", () => {
	const columns = new ResultColumns();
	columns.add(1, 2, 3, Number.NaN);
	expect(columns.drain().rtts[0]).toBeNaN();
});
