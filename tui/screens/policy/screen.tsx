/** The remediation policy: its rules in their order, and what they would do. */
import { list, preview } from "../../../protocol/methods/policy.ts";
import type { PolicyEffect, PolicyRule } from "../../../protocol/model/policy.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { onRow } from "../../components/list/on-row.ts";
import { describeRule, takenBy, thenPieces } from "../../components/policy/describe-policy.ts";
import { moveRule, openApply, openRemoveRule, openRule, switchRule } from "../../components/policy/policy-forms.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { count, plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";

/** A rule, and what all rules would do to the findings there are; undefined until it is known. */
type Row = PolicyRule & { readonly id: number; readonly effect: PolicyEffect | undefined };

const columns: readonly Column<Row>[] = [
	{ id: "n", title: "N", width: 3, worth: 100, align: "right", draw: (row) => [[String(row.position), "muted"]] },
	{ id: "name", title: "RULE", width: 12, grow: 1, most: 30, worth: 99, draw: (row) => [[row.name]] },
	{
		...{ id: "on", title: "ON", width: 6, worth: 95 },
		draw: ({ problem, enabled }) => [
			problem !== null ? ["broken", "bad"] : enabled ? ["yes", "good"] : ["no", "muted"],
		],
	},
	{
		...{ id: "findings", title: "FINDINGS", width: 16, grow: 3, most: 60, worth: 90 },
		draw: (row) => [row.findings === "" ? ["all", "faint"] : [row.findings]],
	},
	{
		...{ id: "assets", title: "ASSETS", width: 10, grow: 2, most: 40, worth: 85 },
		draw: (row) => [row.assets === "" ? ["any", "faint"] : [row.assets]],
	},
	{ id: "then", title: "THEN", width: 9, worth: 92, draw: (row) => [thenPieces[row.action]] },
	{
		...{ id: "assignee", title: "ASSIGNEE", width: 10, most: 24, grow: 1, worth: 60 },
		draw: (row) => [[personName(row.assignee ?? ""), "muted"]],
	},
	{
		...{ id: "days", title: "DAYS", width: 5, worth: 50, align: "right" },
		draw: ({ days, action }) => [[days === null ? (action === "ticket" ? "table" : "") : String(days), "muted"]],
	},
	{
		...{ id: "takes", title: "TAKES", width: 6, worth: 88, align: "right" },
		draw: ({ name, effect }) => {
			return effect === undefined ? [["…", "faint"]] : [[count(takenBy(name, effect).all), "number"]];
		},
	},
	{ id: "tickets", title: "OPEN", width: 6, worth: 70, align: "right", draw: (row) => [[count(row.tickets)]] },
];

export const policy: Screen<"policy"> = {
	id: "policy",
	title: "Policy",
	open(route, context) {
		const rehearsal = createRehearsal(context);
		const numberOf = createNumbers();
		return createListView<Row, undefined>(
			{
				...{ route, title: "Policy", filter: "", nouns: ["rule", "rules"], example: "urgent" },
				...{ scopes: ["policy"], columns, figures: rehearsal.figures },
				empty: [
					[["No rule makes tickets."]],
					[],
					[
						[keyOf("policy", "add"), "key"],
						[" makes one: say, severity 5 is to be mended within a week", "muted"],
					],
				],
				async fetchPage(request) {
					const { items } = await context.client.call(list, {});
					const effect = rehearsal.of(items);
					const rows = items.map((item): Row => ({ ...item, id: numberOf(item.name), effect }));
					return localPage(rows, request, (row) => `${row.name} ${row.findings} ${row.assets} ${row.action}`, {});
				},
				watch: rehearsal.watch,
				describe: (row) => describeRule(row, row.effect),
				titleOf: (row) => row.name,
				open: (row) => context.open({ to: "tickets", filter: `rule:\`${row.name}\`` }),
				extra(current, { refresh }) {
					const on = onRow(current, "rule");
					return handle<"policy">({
						add: { run: () => openRule(context, undefined, refresh) },
						edit: on((row) => openRule(context, row, refresh)),
						switch: on((row) => switchRule(context, row, refresh)),
						sooner: on((row) => moveRule(context, row, -1, refresh)),
						later: on((row) => moveRule(context, row, 1, refresh)),
						apply: { run: () => context.opens(openApply(context, refresh)) },
						delete: on((row) => openRemoveRule(context, row, refresh)),
					});
				},
			},
			context,
		);
	},
};

/** The cursor follows a rule that is moved: its number here stays. */
function createNumbers(): (name: string) => number {
	const numbers = new Map<string, number>();
	return (name) => {
		const known = numbers.get(name) ?? numbers.size + 1;
		numbers.set(name, known);
		return known;
	};
}

/** What the rules would do to the findings there are, asked for whenever they are others; the list is told when it is known. */
function createRehearsal(context: ScreenContext) {
	let effect: PolicyEffect | undefined;
	let asked = "";
	let told = () => {};
	return {
		figures: (): readonly Piece[] =>
			effect === undefined || effect.unmatched === 0
				? []
				: [[`${plural(effect.unmatched, "open finding fits", "open findings fit")} no rule · `, "muted"]],
		watch(changed: () => void) {
			told = changed;
			return () => {
				told = () => {};
			};
		},
		of(rules: readonly PolicyRule[]): PolicyEffect | undefined {
			const key = JSON.stringify(rules.map(({ tickets: _, ...rule }) => rule));
			if (key === asked) return effect;
			asked = key;
			effect = undefined;
			context.client.call(preview, {}).then(
				({ after }) => {
					if (key !== asked) return;
					effect = after;
					told();
				},
				// The list says what is wrong with the connection.
				() => undefined,
			);
			return undefined;
		},
	};
}
