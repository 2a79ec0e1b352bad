/** Purge rules: what is purged by itself once a day, and what came of it. */
import { rules } from "../../../protocol/methods/purges.ts";
import type { PurgeRule } from "../../../protocol/model/purge.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { onRow } from "../../components/list/on-row.ts";
import { describeRule } from "../../components/purge/describe-purge.ts";
import { openRemoveRule, openRule, switchRule } from "../../components/purge/purge-forms.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { count } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

type Row = PurgeRule & { readonly id: number };

const columns: readonly Column<Row>[] = [
	{ id: "name", title: "NAME", sort: "name", width: 14, grow: 1, most: 30, worth: 100, draw: (row) => [[row.name]] },
	{
		...{ id: "on", title: "ON", width: 3, worth: 95 },
		draw: (row) => [row.enabled ? ["yes", "good"] : ["no", "muted"]],
	},
	{ id: "query", title: "QUERY", width: 18, grow: 2, most: 60, worth: 90, draw: (row) => [[row.query]] },
	{ id: "most", title: "MOST", width: 6, worth: 60, align: "right", draw: (row) => [[count(row.most)]] },
	{
		...{ id: "next", title: "NEXT (UTC)", sort: "next", width: 16, worth: 70 },
		draw: (row) => [[row.enabled ? row.nextAt.slice(0, 16).replace("T", " ") : "", "muted"]],
	},
	{
		id: "last",
		title: "LAST OUTCOME",
		width: 16,
		grow: 3,
		most: 90,
		worth: 85,
		draw: (row) => [[row.lastOutcome ?? "never", "muted"]],
	},
];

export const purgeRules: Screen<"purge-rules"> = {
	id: "purge-rules",
	title: "Purge rules",
	open: (route, context) =>
		createListView<Row, undefined>(
			{
				...{ route, title: "Purge rules", filter: "", nouns: ["rule", "rules"], example: "gone" },
				...{ scopes: ["purge-rules"], columns },
				empty: [
					[["No rule purges anything by itself."]],
					[],
					[
						[keyOf("purge-rules", "add"), "key"],
						[" makes one: say, what was not seen for 90 days, once a day", "muted"],
					],
				],
				async fetchPage(request) {
					const { items } = await context.client.call(rules, {});
					const rows = items.map((item, index): Row => ({ ...item, id: index + 1 }));
					return localPage(rows, request, (row) => `${row.name} ${row.query} ${row.reason}`, {
						name: (row) => row.name,
						next: (row) => row.nextAt,
					});
				},
				watch: () => () => undefined,
				describe: (row) => describeRule(row),
				titleOf: (row) => row.name,
				open: () => undefined,
				extra(current, { refresh }) {
					const on = onRow(current, "rule");
					return handle<"purge-rules">({
						add: { run: () => openRule(context, undefined, refresh) },
						edit: on((row) => openRule(context, row, refresh)),
						switch: on((row) => switchRule(context, row, refresh)),
						delete: on((row) => openRemoveRule(context, row, refresh)),
					});
				},
			},
			context,
		),
};
