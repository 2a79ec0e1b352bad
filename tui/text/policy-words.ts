/** What the rules of the policy do to findings, in sentences for the console and the command line. What is nothing is left out. */
import type { PolicyEffect } from "../../protocol/model/policy.ts";
import { count, plural } from "./format.ts";
import { harmless } from "./harmless.ts";

type Figures = Pick<PolicyEffect, "tickets" | "ignored">;

/** `6 tickets would be made and 41 findings would be ignored, on 7 assets`. */
export function effectWords({ tickets, ignored, assets }: Figures & Pick<PolicyEffect, "assets">): string {
	const parts = figures(
		[`${plural(tickets, "ticket")} would be made`, tickets],
		[`${plural(ignored, "finding")} would be ignored`, ignored],
	);
	return parts.length === 0 ? "nothing would be done" : `${parts.join(" and ")}, on ${plural(assets, "asset")}`;
}

/** What was done, as a sentence. */
export function doneWords({ tickets, ignored }: Figures): string {
	const parts = figures(
		[`${plural(tickets, "ticket")} made`, tickets],
		[`${plural(ignored, "finding")} ignored`, ignored],
	);
	return parts.length === 0 ? "Nothing was done." : `${parts.join(", ")}.`;
}

/** What would be done, what of it each rule would do, and what no rule speaks of. */
export function effectLines(effect: PolicyEffect, mostRules = Number.POSITIVE_INFINITY): string[] {
	const { rules, unmatched } = effect;
	const said = effectWords(effect);
	return [
		`${said.charAt(0).toUpperCase()}${said.slice(1)}.`,
		...rules
			.map((rule) => ({ name: harmless(rule.name), does: ruleFigures(rule).join(", ") }))
			.filter(({ does }) => does !== "")
			.slice(0, mostRules)
			.map(({ name, does }) => `  ${name}: ${does}`),
		...(unmatched > 0 ? [`${plural(unmatched, "open finding")} without a ticket that no rule speaks of.`] : []),
	];
}

/** `2 tickets`, `3 ignored`, `4 left without`. */
export function ruleFigures({ tickets, ignored, left }: Figures & { readonly left: number }): string[] {
	return figures(
		[plural(tickets, "ticket"), tickets],
		[`${count(ignored)} ignored`, ignored],
		[`${count(left)} left without`, left],
	);
}

/** `+12 tickets, −3 ignored`, of a change of the rules; null: it changes nothing. */
export function differenceWords(before: Figures, after: Figures): string | null {
	const signed = (n: number) => (n < 0 ? `−${count(-n)}` : `+${count(n)}`);
	const [tickets, ignored] = [after.tickets - before.tickets, after.ignored - before.ignored];
	const parts = figures(
		[`${signed(tickets)} ${tickets === 1 ? "ticket" : "tickets"}`, tickets],
		[`${signed(ignored)} ignored`, ignored],
	);
	return parts.length === 0 ? null : parts.join(", ");
}

function figures(...parts: readonly (readonly [words: string, n: number])[]): string[] {
	return parts.flatMap(([words, n]) => (n === 0 ? [] : [words]));
}
