import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultWeights, type PriorityWeights, priorityFactors } from "../../protocol/model/priority.ts";
import { type PriorityFacts, partsOf, stakesOf } from "./score.ts";

const worst: PriorityFacts = {
	...{ severity: 5, type: "confirmed", cvss: 10, epss: 1, kev: true },
	asset: { exposedBy: "198.51.100.7 is a public address", criticality: 5, impact: "critical" },
};
const sum = (facts: PriorityFacts, weights: PriorityWeights) =>
	partsOf(facts, weights).reduce((total, { points }) => total + points, 0);

const anyWeights = fc
	.record(Object.fromEntries(priorityFactors.map((factor) => [factor, fc.integer({ min: 0, max: 100 })])))
	.map((weights) => weights as PriorityWeights)
	.filter((weights) => Object.values(weights).some((weight) => weight > 0));

test("the worst of all is 100, whatever the factors weigh", () => {
	fc.assert(
		fc.property(anyWeights, (weights) => {
			expect(Math.abs(sum(worst, weights) - 100)).toBeLessThan(0.5);
		}),
	);
});

test("a factor that weighs nothing gives nothing, and every part stays within its most", () => {
	fc.assert(
		fc.property(anyWeights, fc.constantFrom("confirmed", "potential"), (weights, type) => {
			for (const { weight, points, most } of partsOf({ ...worst, type: type as "confirmed" }, weights)) {
				if (weight === 0) expect(points).toBe(0);
				expect(points).toBeLessThanOrEqual(most + 0.05);
			}
		}),
	);
});

test("what is potential counts less, what is at stake on its asset does not", () => {
	const parts = partsOf({ ...worst, type: "potential" }, defaultWeights);
	expect(parts.find(({ factor }) => factor === "kev")).toMatchObject({ points: 14, most: 20 });
	expect(parts.find(({ factor }) => factor === "exposure")).toMatchObject({ points: 10, most: 10 });
});

test("what is not known is said, and counts as nothing but for a score taken from the severity", () => {
	const parts = partsOf({ ...worst, severity: 3, cvss: null, epss: null }, defaultWeights);
	expect(parts.find(({ factor }) => factor === "epss")).toMatchObject({ points: 0, text: "no EPSS score is known" });
	expect(parts.find(({ factor }) => factor === "cvss")).toMatchObject({ points: 9, share: 0.6 });
});

test("stakes are tenths of the points of their factors", () => {
	expect(stakesOf(worst.asset, defaultWeights)).toBe(250);
	expect(stakesOf({ exposedBy: null, criticality: 2, impact: "none" }, defaultWeights)).toBe(25);
});
