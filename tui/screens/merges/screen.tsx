/** Merges: what became one asset, by whom and on what evidence, and the way back. */

import { merges as list, watch } from "../../../protocol/methods/duplicates.ts";
import type { MergeRecord } from "../../../protocol/model/duplicate.ts";
import { describeMerge, isContradicted, mergeState } from "../../components/duplicate/describe-duplicate.ts";
import { askKeep, askUndo } from "../../components/duplicate/duplicate-acts.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<MergeRecord>[] = [
	{
		...{ id: "id", title: "ID", sort: "id", width: 5, worth: 70, align: "right" as const },
		draw: (row) => [[String(row.id), "muted"]],
	},
	{
		...{ id: "at", title: "AGE", sort: "at", width: 5, worth: 80, align: "right" as const },
		draw: (row, now) => [[age(row.at, now)]],
	},
	{
		...{ id: "into", title: "INTO", width: 16, grow: 2, most: 50, worth: 100 },
		draw: ({ survivor }) => [[`${survivor.id} `, "muted"], [survivor.name]],
	},
	{
		...{ id: "gone", title: "WENT INTO IT", width: 18, grow: 3, most: 70, worth: 95 },
		draw: ({ gone }) => [[gone.map(({ id, name }) => `${id} ${name}`).join(", ")]],
	},
	{ ...{ id: "state", title: "STATE", width: 15, worth: 90 }, draw: mergeState },
	{
		...{ id: "by", title: "BY", sort: "by", width: 9, grow: 1, most: 24, worth: 60 },
		draw: ({ by, automatic }) => [[automatic ? "itself" : personName(by), "muted"]],
	},
	{ ...{ id: "why", title: "WHY", width: 12, grow: 3, most: 80, worth: 65 }, draw: ({ why }) => [[why]] },
];

export const merges: Screen<"merges"> = {
	id: "merges",
	title: "Merges",
	open: (route, context) =>
		createListView<MergeRecord, null>(
			{
				...{
					route,
					title: "Merges",
					filter: route.filter ?? "",
					completes: "merges",
					nouns: ["merge", "merges"],
					example: "contradicted:yes or automatic:yes",
				},
				...{ scopes: ["merges"], columns },
				empty: [
					[["Nothing was merged."]],
					[],
					[
						[keyOf("everywhere", "duplicates"), "key"],
						[" shows the assets that may be one machine", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, request, { signal }),
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				describe: (row, _, now) => describeMerge(row, now),
				titleOf: (row) => `merge ${row.id}`,
				open: (row) => context.open({ to: "asset", asset: row.survivor.id }),
				extra: (current, { refresh }) =>
					handle<"merges">({
						undo: {
							run() {
								const row = current();
								if (row) askUndo(context, row, refresh);
							},
							disabled: () => (current() ? undefined : "There is no merge to undo."),
						},
						keep: {
							run() {
								const row = current();
								if (row) askKeep(context, row, refresh);
							},
							disabled() {
								const row = current();
								return row && isContradicted(row) ? undefined : "Nothing new speaks against this merge.";
							},
						},
						duplicates: { run: () => context.open({ to: "duplicates" }) },
					}),
			},
			context,
		),
};
