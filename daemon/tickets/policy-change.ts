/** A change of the policy as a function of its rules: pure, so that what it comes to can be looked at before it is saved. */
import { AppError } from "../../protocol/errors.ts";
import type { PolicyChange } from "../../protocol/model/policy.ts";
import type { StoredRule } from "../store/policy-rules.ts";
import { mostRules } from "./rules.ts";

/** The rules as they are then, in order. `at` in milliseconds. Throws `not-found`, `conflict` and `too-large`. */
export function changeRules(
	rules: readonly StoredRule[],
	change: PolicyChange,
	{ by, at }: { readonly by: string; readonly at: number },
): StoredRule[] {
	switch (change.kind) {
		case "save":
			return saved(rules, change, { by, at });
		case "move": {
			const rule = getRule(rules, change.name);
			return placed(without(rules, rule), rule, change.position);
		}
		case "remove":
			return numbered(without(rules, getRule(rules, change.name)));
	}
}

/** Throws `not-found`. Names are compared without regard to case. */
export function getRule(rules: readonly StoredRule[], name: string): StoredRule {
	const found = findRule(rules, name);
	if (found !== undefined) return found;
	throw new AppError("not-found", `There is no rule "${name}".`, { hint: "List them with: vedette policy list" });
}

function saved(
	rules: readonly StoredRule[],
	{ rule: words, position, was }: PolicyChange & { kind: "save" },
	{ by, at }: { readonly by: string; readonly at: number },
): StoredRule[] {
	const before = was === undefined ? findRule(rules, words.name) : getRule(rules, was);
	const other = findRule(rules, words.name);
	if (other !== undefined && other !== before) {
		throw new AppError("conflict", `There is a rule "${other.name}" already.`, { hint: "Give it another name." });
	}
	if (before === undefined && rules.length >= mostRules) {
		throw new AppError("too-large", `A policy has ${mostRules} rules at most.`, {
			hint: "Join rules that do the same: their queries with `or`.",
		});
	}
	const rule = { ...words, position: 0, changedBy: by, changedAt: at };
	const rest = before === undefined ? rules : without(rules, before);
	return placed(rest, rule, position ?? before?.position ?? rest.length + 1);
}

/** A place beyond the end is the end. */
function placed(rules: readonly StoredRule[], rule: StoredRule, position: number): StoredRule[] {
	return numbered(rules.toSpliced(position - 1, 0, rule));
}

function without(rules: readonly StoredRule[], rule: StoredRule): StoredRule[] {
	return rules.filter((one) => one !== rule);
}

function numbered(rules: readonly StoredRule[]): StoredRule[] {
	return rules.map((rule, at) => ({ ...rule, position: at + 1 }));
}

function findRule(rules: readonly StoredRule[], name: string): StoredRule | undefined {
	const wanted = name.toLowerCase();
	return rules.find((rule) => rule.name.toLowerCase() === wanted);
}
