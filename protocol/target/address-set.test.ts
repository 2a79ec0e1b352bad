/** Address sets against a plain set of numbers, and their two orders. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import { type AddressRange, AddressSet } from "./address-set.ts";

const range = fc
	.tuple(fc.constantFrom(4 as const, 6 as const), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
	.map(([family, first, length]): AddressRange => ({ family, first: BigInt(first), last: BigInt(first + length) }));
const ranges = fc.array(range, { maxLength: 8 });
const plain = (list: readonly AddressRange[]) => {
	const all = new Set<string>();
	for (const { family, first, last } of list)
		for (let v = first; v <= last; v++) all.add(formatAddress({ family, value: v }));
	return all;
};

test("union, subtract, intersect, has and size agree with plain sets", () => {
	fc.assert(
		fc.property(ranges, ranges, (left, right) => {
			const [a, b] = [new AddressSet(left), new AddressSet(right)];
			const [pa, pb] = [plain(left), plain(right)];
			expect(a.size).toBe(pa.size);
			expect(new Set(a)).toEqual(pa);
			expect(new Set(a.union(b))).toEqual(new Set([...pa, ...pb]));
			expect([...a.subtract(b)].toSorted()).toEqual([...pa].filter((one) => !pb.has(one)).toSorted());
			expect([...a.intersect(b)].toSorted()).toEqual([...pa].filter((one) => pb.has(one)).toSorted());
			for (const address of pb) expect(a.has(address)).toBe(pa.has(address));
			expect([...AddressSet.fromText(a.toText())]).toEqual([...a]);
		}),
		{ numRuns: 2_000 },
	);
});

test("the permuted order visits every address once and can be taken up at an index", () => {
	fc.assert(
		fc.property(ranges, fc.nat(), (list, seed) => {
			const set = new AddressSet(list);
			const order = [...set.permuted(seed)];
			expect(order.toSorted()).toEqual([...set].toSorted());
			const half = Math.floor(set.size / 2);
			expect([...set.permuted(seed, half)]).toEqual(order.slice(half));
		}),
		{ numRuns: 1_000 },
	);
});

test("neighbours of the permuted order are far apart", () => {
	const set = AddressSet.fromText([["10.0.0.0", "10.255.255.255"]]);
	const [first, second] = set.permuted(1);
	const gap = Number((parseAddress(first ?? "")?.value ?? 0n) - (parseAddress(second ?? "")?.value ?? 0n));
	expect(Math.abs(gap)).toBeGreaterThan(65_536);
});

test("text and value are inverse for any address", () => {
	fc.assert(
		fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value) => {
			fc.pre(value >> 32n !== 0xffffn);
			expect(parseAddress(formatAddress({ family: 6, value }))).toEqual({ family: 6, value });
			const short = { family: 4 as const, value: value & 0xffffffffn };
			expect(parseAddress(formatAddress(short))).toEqual(short);
		}),
	);
});
