import fc from "fast-check";
import { expect, test } from "vitest";
import type { PolicyChange } from "../../protocol/model/policy.ts";
import { changeRules } from "./policy-change.ts";
import { ruleOf } from "./rules.test-support.ts";

const by = { by: "unix:1002", at: 7 };
const three = ["a", "b", "c"].map((name, at) => ruleOf({ name, position: at + 1 }));
const names = (change: PolicyChange) => changeRules(three, change, by).map(({ name }) => name);
const words = (name: string) => {
	const { position: _, changedBy: __, changedAt: ___, ...rest } = ruleOf({ name });
	return rest;
};

test("rules are moved, removed, and saved in their place or where they are wanted", () => {
	expect(names({ kind: "move", name: "c", position: 1 })).toEqual(["c", "a", "b"]);
	expect(names({ kind: "move", name: "A", position: 99 })).toEqual(["b", "c", "a"]);
	expect(names({ kind: "remove", name: "b" })).toEqual(["a", "c"]);
	expect(names({ kind: "save", rule: words("d") })).toEqual(["a", "b", "c", "d"]);
	expect(names({ kind: "save", rule: words("d"), position: 2 })).toEqual(["a", "d", "b", "c"]);
	expect(names({ kind: "save", rule: words("B") })).toEqual(["a", "B", "c"]);
	expect(names({ kind: "save", rule: words("z"), was: "b" })).toEqual(["a", "z", "c"]);
});

test("a name is taken once, and a rule that is not there is named", () => {
	expect(() => names({ kind: "save", rule: words("c"), was: "b" })).toThrow(/already/);
	expect(() => names({ kind: "remove", name: "x" })).toThrow(/no rule "x"/);
});

test("whatever is done, positions go from 1 without a gap and names stay apart", () => {
	const name = fc.constantFrom("a", "B", "c", "d", "e");
	const position = fc.integer({ min: 1, max: 9 });
	const change = fc.oneof(
		fc.record({ kind: fc.constant("move" as const), name, position }),
		fc.record({ kind: fc.constant("remove" as const), name }),
		fc.record({ kind: fc.constant("save" as const), rule: name.map(words), position }),
	);
	fc.assert(
		fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
			let rules = three;
			for (const one of changes) {
				try {
					rules = changeRules(rules, one, by);
				} catch {}
			}
			expect(rules.map((rule) => rule.position)).toEqual(rules.map((_, at) => at + 1));
			expect(new Set(rules.map((rule) => rule.name.toLowerCase())).size).toBe(rules.length);
		}),
	);
});
