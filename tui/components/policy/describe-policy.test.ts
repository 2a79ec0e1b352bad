import { expect, test } from "vitest";
import { policyEffectOf } from "../../connect/sample-tickets.test-support.ts";
import { effectLines } from "./describe-policy.ts";

test("what rules would do is told without what they would not", () => {
	const rule = { name: "web", tickets: 0, ignored: 3, left: 0 };
	const effect = { ...policyEffectOf(4, {}), tickets: 0, ignored: 3, assets: 3, unmatched: 6, rules: [rule] };
	expect(effectLines(effect)).toEqual([
		"3 findings ignored, on 3 assets.",
		"  web: 3 ignored",
		"6 open findings without a ticket that no rule speaks of.",
	]);
	expect(effectLines({ ...effect, ignored: 0, rules: [] })[0]).toBe("Nothing would be done.");
});
