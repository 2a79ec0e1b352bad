/** Purges: what was taken out of the inventory, by whom and why, and the way back. */
import { watch } from "../../../protocol/methods/assets.ts";
import { assets, list } from "../../../protocol/methods/purges.ts";
import type { Purge, PurgedAsset } from "../../../protocol/model/purge.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { describePurge, stateOf } from "../../components/purge/describe-purge.ts";
import { openPurge, openUndo } from "../../components/purge/purge-forms.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age, count } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<Purge>[] = [
	{
		id: "id",
		title: "ID",
		sort: "id",
		width: 5,
		worth: 70,
		align: "right",
		draw: (row) => [[String(row.id), "muted"]],
	},
	{ id: "at", title: "AGE", sort: "at", width: 5, worth: 80, align: "right", draw: (row, now) => [[age(row.at, now)]] },
	{
		...{ id: "assets", title: "ASSETS", sort: "assets", width: 7, worth: 95, align: "right" as const },
		draw: (row) => [[count(row.assets)]],
	},
	{ id: "restored", title: "BACK", width: 6, worth: 75, align: "right", draw: (row) => [[count(row.restored)]] },
	{ id: "state", title: "UNDO", width: 16, worth: 90, draw: stateOf },
	{ id: "query", title: "QUERY", width: 18, grow: 2, most: 60, worth: 85, draw: (row) => [[row.query]] },
	{
		id: "by",
		title: "BY",
		sort: "by",
		width: 10,
		most: 24,
		grow: 1,
		worth: 50,
		draw: (row) => [[personName(row.by), "muted"]],
	},
	{
		id: "reason",
		title: "WHY",
		sort: "reason",
		width: 14,
		grow: 3,
		most: 80,
		worth: 88,
		draw: (row) => [[row.reason]],
	},
];

export const purges: Screen<"purges"> = {
	id: "purges",
	title: "Purges",
	open: (route, context) =>
		createListView<Purge, readonly PurgedAsset[]>(
			{
				...{ route, title: "Purges", filter: "", nouns: ["purge", "purges"], example: "reason:lessor" },
				scopes: ["purges"],
				columns,
				empty: [
					[["Nothing was purged: every machine that was ever found is in the inventory."]],
					[],
					[
						[keyOf("purges", "add"), "key"],
						[" purges what a query matches   ", "muted"],
						[keyOf("purges", "rules"), "key"],
						[" shows the rules that do it by themselves", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, request, { signal }),
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				loadDetail: async (purge) => (await context.client.call(assets, { purge, limit: 200 })).items,
				describe: (row, detail) => describePurge(row, detail),
				titleOf: (row) => `purge ${row.id}`,
				open: () => undefined,
				extra: (current, { refresh }) =>
					handle<"purges">({
						add: { run: () => openPurge(context, "lastSeen<now-90d", refresh) },
						undo: {
							run() {
								const row = current();
								if (row) openUndo(context, row, refresh);
							},
							disabled() {
								const row = current();
								if (row === undefined) return "There is no purge to undo.";
								if (row.state === "undone") return "All its assets are back already.";
								return row.state === "final" ? "Nothing is kept of it any more." : undefined;
							},
						},
						rules: { run: () => context.open({ to: "purge-rules" }) },
					}),
			},
			context,
		),
};
