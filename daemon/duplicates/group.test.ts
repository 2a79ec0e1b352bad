import fc from "fast-check";
import { expect, test } from "vitest";
import type { DuplicateLink } from "../../protocol/model/duplicate.ts";
import { groupLinks, largestGroup } from "./group.ts";
import { leastConfidence, strongConfidence } from "./score.ts";

function link(a: number, b: number, confidence: number, vetoed = false): DuplicateLink {
	return { a, b, confidence, vetoed, for: [{ kind: "name", text: "the same name", weight: 50 }], against: [] };
}
const never = () => false;
const assetsOf = (links: readonly DuplicateLink[], apart: (a: number, b: number) => boolean = never) =>
	groupLinks(links, apart).map(({ assets }) => assets);

test("strong links chain, weak ones hold together only what is linked each to each", () => {
	expect(assetsOf([link(1, 2, 92), link(2, 3, 90), link(3, 4, 75)])).toEqual([[1, 2, 3, 4]]);
	expect(assetsOf([link(1, 2, 50), link(2, 3, 49)])).toEqual([[1, 2]]);
	expect(assetsOf([link(1, 2, 50), link(2, 3, 49), link(1, 3, 48)])).toEqual([[1, 2, 3]]);
	expect(assetsOf([link(1, 2, 92), link(2, 3, 50)])).toEqual([[1, 2]]);
	expect(assetsOf([link(1, 2, 92), link(2, 3, 50), link(1, 3, 50)])).toEqual([[1, 2]]);
	expect(assetsOf([link(1, 2, leastConfidence - 1)])).toEqual([]);
});

test("no group reaches across two that are known to be two", () => {
	const apart = (a: number, b: number) => a + b === 4 && a !== b;
	expect(assetsOf([link(1, 2, 92), link(2, 3, 90)], apart)).toEqual([[1, 2]]);
	expect(assetsOf([link(1, 2, 0, true)])).toEqual([]);
});

test("a group is as sure as its weakest link, and says what it has in common", () => {
	expect(groupLinks([link(1, 2, 92), link(2, 3, 75)], never)).toEqual([
		{ assets: [1, 2, 3], confidence: 75, reasons: ["name"] },
	]);
});

test("whatever the links: the same groups in any order, none across a veto, none too large, each asset once", () => {
	const asset = fc.integer({ min: 1, max: 100 });
	const links = fc.array(
		fc
			.tuple(asset, asset, fc.integer({ min: 0, max: 100 }))
			.filter(([a, b]) => a !== b)
			.map(([a, b, confidence]) => link(Math.min(a, b), Math.max(a, b), confidence)),
		{ maxLength: 120 },
	);
	const forbidden = fc.array(fc.tuple(asset, asset), { maxLength: 30 });
	fc.assert(
		fc.property(links, forbidden, fc.integer(), (found, two, seed) => {
			const said = new Set(two.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
			const apart = (a: number, b: number) => said.has(`${a} ${b}`);
			const unique = [...new Map(found.map((one) => [`${one.a} ${one.b}`, one])).values()];
			const groups = groupLinks(unique, apart);
			const shuffled = unique.toSorted((x, y) => ((x.a * 31 + x.b * 17) ^ seed) - ((y.a * 31 + y.b * 17) ^ seed));
			expect(groupLinks(shuffled, apart)).toEqual(groups);
			const all = groups.flatMap(({ assets }) => assets);
			expect(new Set(all).size).toBe(all.length);
			for (const { assets, confidence } of groups) {
				expect(assets.length).toBeLessThanOrEqual(largestGroup);
				for (const a of assets) for (const b of assets) if (a !== b) expect(apart(a, b)).toBe(false);
				if (confidence >= strongConfidence) continue;
				const linked = unique.filter((one) => assets.includes(one.a) && assets.includes(one.b));
				expect(linked.every((one) => one.confidence >= confidence)).toBe(true);
				expect(linked.length).toBe((assets.length * (assets.length - 1)) / 2);
			}
		}),
	);
});
