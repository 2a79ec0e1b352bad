/** The rules of the policy, and what they would do, in words. */
import type { PolicyEffect, PolicyPreview, PolicyRule } from "../../../protocol/model/policy.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { count, plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
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
					: `It takes ${plural(taken, "finding")}: ${count(tickets)} would get a ticket, ${count(ignored)} be ignored, ${count(left)} left without.`,
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

export function effectLines(effect: PolicyEffect): string[] {
	const { tickets, ignored, assets, unmatched, rules } = effect;
	return [
		tickets + ignored === 0
			? "Nothing would be done."
			: `${figures([`${plural(tickets, "ticket")} made`, tickets], [`${plural(ignored, "finding")} ignored`, ignored])}, on ${plural(assets, "asset")}.`,
		...rules
			.filter((rule) => rule.tickets + rule.ignored + rule.left > 0)
			.slice(0, 8)
			.map(({ name, tickets, ignored, left }) => {
				const told = figures(
					[plural(tickets, "ticket"), tickets],
					[`${count(ignored)} ignored`, ignored],
					[`${count(left)} left without`, left],
				);
				return `  ${name}: ${told}`;
			}),
		`${plural(unmatched, "open finding")} without a ticket that no rule speaks of.`,
	];
}

/** Those that are not nothing. */
function figures(...parts: readonly (readonly [words: string, n: number])[]): string {
	return parts.flatMap(([words, n]) => (n > 0 ? words : [])).join(", ");
}

/** `+12 tickets`, of the findings there are, were the change saved and applied. */
export function changeLines({ before, after }: PolicyPreview): string[] {
	const signed = (n: number) => (n < 0 ? `−${count(-n)}` : `+${count(n)}`);
	const ignored = after.ignored - before.ignored;
	return [
		`Of the findings there are: ${signed(after.tickets - before.tickets)} tickets${ignored === 0 ? "" : `, ${signed(ignored)} ignored`}.`,
		`All rules: ${plural(after.tickets, "ticket")}, ${count(after.ignored)} ignored, ${count(after.left)} left without, ${count(after.unmatched)} spoken of by none.`,
		`Saved, it holds for what opens from then on; ${keyOf("policy", "apply")} applies the rules to what there is.`,
	];
}
