/** The rules of the policy, and what they would do, in words. */
import type { PolicyEffect, PolicyPreview, PolicyRule } from "../../../protocol/model/policy.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { count, plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { differenceWords, ruleFigures } from "../../text/policy-words.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

export const thenPieces: Readonly<Record<PolicyRule["action"], Piece>> = {
	ticket: ["ticket", "text"],
	ignore: ["ignore", "warning"],
	nothing: ["no ticket", "muted"],
};

/** `effect`: what all rules would do to the findings there are; undefined until it is known. */
export function describeRule(rule: PolicyRule, effect?: PolicyEffect): Block[] {
	const field = (name: string, ...pieces: Piece[]): Block => ({ kind: "field", name, pieces });
	const days = rule.days === null ? (rule.action === "ticket" ? "by the table" : "for good") : plural(rule.days, "day");
	return [
		{ kind: "text", text: rule.name, token: "strong" },
		{ kind: "gap" },
		...(rule.problem === null
			? []
			: [{ kind: "text" as const, text: `It fits nothing: ${rule.problem}`, token: "bad" as const }]),
		field("findings", [rule.findings || "all"]),
		field("on assets", [rule.assets || "any"]),
		field("then", thenPieces[rule.action]),
		...(rule.action === "nothing" ? [] : [field("days", [days])]),
		...(rule.action === "ticket" ? [field("assigned to", [personName(rule.assignee ?? "nobody")])] : []),
		field("works", [rule.enabled ? "yes" : "no, it is off"]),
		field("open tickets", [count(rule.tickets)]),
		field("changed", [when(rule.changedAt)], [`  by ${personName(rule.changedBy)}`, "muted"]),
		...takenBlocks(rule, effect),
		{ kind: "gap" },
		{ kind: "text", text: "The first rule that fits a finding holds, when it opens.", token: "faint" },
	];
}

/** Of the findings there are, those that no rule before it takes. */
export function takenBy(rule: string, { rules }: PolicyEffect) {
	const { tickets = 0, ignored = 0, left = 0 } = rules.find(({ name }) => name === rule) ?? {};
	return { tickets, ignored, left, all: tickets + ignored + left };
}

function takenBlocks({ name }: PolicyRule, effect: PolicyEffect | undefined): Block[] {
	if (effect === undefined) return [];
	const { tickets, ignored, left, all: taken } = takenBy(name, effect);
	return [
		{ kind: "heading", text: "Of the findings without a ticket" },
		{
			kind: "text",
			text:
				taken === 0
					? "It takes none: rules before it do, or nothing fits."
					: `It takes ${plural(taken, "finding")}: ${ruleFigures({ tickets, ignored, left }).join(", ")}.`,
		},
		...(taken === 0
			? []
			: [
					{
						kind: "pieces",
						pieces: [
							[keyOf("policy", "apply"), "key"],
							[" applies the rules to them", "muted"],
						],
					} as const,
				]),
	];
}

/** What a change would make of the findings there are, were it saved and applied. */
export function changeLines({ before, after }: PolicyPreview): string[] {
	const difference = differenceWords(before, after);
	const all = [...ruleFigures(after), ...(after.unmatched > 0 ? [`${count(after.unmatched)} spoken of by none`] : [])];
	return [
		difference === null ? "Of the findings there are it changes none." : `Of the findings there are: ${difference}.`,
		...(all.length > 0 ? [`All rules: ${all.join(", ")}.`] : []),
		`Saved, it holds for what opens from then on; ${keyOf("policy", "apply")} applies the rules to what there is.`,
	];
}
