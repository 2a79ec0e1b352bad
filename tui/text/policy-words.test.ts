import { expect, test } from "vitest";
import { policyEffectOf } from "../connect/sample-tickets.test-support.ts";
import { differenceWords, doneWords, effectLines } from "./policy-words.ts";

const rule = { name: "web", tickets: 0, ignored: 3, left: 0 };
const effect = { ...policyEffectOf(4, {}), tickets: 0, ignored: 3, assets: 3, unmatched: 6, rules: [rule] };

test("what rules would do is told without what they would not", () => {
	expect(effectLines(effect)).toEqual([
		"3 findings would be ignored, on 3 assets.",
		"  web: 3 ignored",
		"6 open findings without a ticket that no rule speaks of.",
	]);
	expect(effectLines({ ...effect, ignored: 0, unmatched: 0, rules: [] })).toEqual(["Nothing would be done."]);
	const both = [rule, { ...rule, name: "all\u001b[2J", tickets: 1, ignored: 0, left: 2 }];
	expect(effectLines({ ...effect, tickets: 1, rules: both }, 2)[0]).toMatch(/^1 ticket would be made and 3 findings/);
	expect(effectLines({ ...effect, rules: both }, 1)).toHaveLength(3);
	expect(effectLines({ ...effect, rules: both }).join()).not.toContain("\u001b");
});

test.each([
	[6, 41, "6 tickets made, 41 findings ignored."],
	[1, 0, "1 ticket made."],
	[0, 1, "1 finding ignored."],
	[0, 0, "Nothing was done."],
])("of %d tickets and %d ignored it is said that %s", (tickets, ignored, words) => {
	expect(doneWords({ tickets, ignored })).toBe(words);
});

test("a change is told by its differences", () => {
	expect(differenceWords(effect, { tickets: 1, ignored: 0 })).toBe("+1 ticket, −3 ignored");
	expect(differenceWords(effect, effect)).toBeNull();
});
