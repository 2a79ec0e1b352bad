/** Duplicates: groups of assets that may be one machine, the surest first. */
import { count as countAssets } from "../../../protocol/methods/assets.ts";
import { get, list, status, watch } from "../../../protocol/methods/duplicates.ts";
import type { DuplicateDetail, DuplicateGroup } from "../../../protocol/model/duplicate.ts";
import { describeGroup, memberCount, memberNames, surePieces } from "../../components/duplicate/describe-duplicate.ts";
import {
	askAuto,
	askMerge,
	askNotSame,
	askUndoNewest,
	startSearch,
} from "../../components/duplicate/duplicate-acts.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { ActionOf } from "../../keys/keymap.ts";
import { age, count, plural } from "../../text/format.ts";
import { strandedFilter } from "../../text/stranded-words.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<DuplicateGroup>[] = [
	{
		...{ id: "sure", title: "SURE", sort: "confidence", width: 5, worth: 100, align: "right" as const },
		draw: (row) => surePieces(row.confidence),
	},
	{
		...{ id: "assets", title: "ASSETS", sort: "assets", width: 6, worth: 80, align: "right" as const },
		draw: (row) => [[memberCount(row), "number"]],
	},
	{
		...{ id: "names", title: "NAMES", width: 20, grow: 3, most: 70, worth: 98 },
		draw: (row) => [[memberNames(row)]],
	},
	{
		...{ id: "addresses", title: "ADDRESSES", width: 16, grow: 2, most: 50, worth: 90 },
		draw: (row) => [[row.members.flatMap(({ addresses }) => addresses).join(" "), "address"]],
	},
	{
		...{ id: "reasons", title: "IN COMMON", width: 12, grow: 2, most: 40, worth: 85 },
		draw: (row) => [[row.reasons.join(", ")]],
	},
	{
		...{ id: "found", title: "FOUND", sort: "foundAt", width: 5, worth: 50, align: "right" as const },
		draw: (row, now) => [[age(row.foundAt, now), "muted"]],
	},
];

export const duplicates: Screen<"duplicates"> = {
	id: "duplicates",
	title: "Duplicates",
	open(route, context) {
		let contradicted = 0;
		let stranded = 0;
		const readStatus = () => {
			context.client.call(status, {}).then((now) => {
				contradicted = now.contradicted;
				context.changed();
			}, context.fail);
			context.client.call(countAssets, { filter: strandedFilter }).then(({ total }) => {
				stranded = total;
				context.changed();
			}, context.fail);
		};
		readStatus();
		return createListView<DuplicateGroup, DuplicateDetail>(
			{
				...{ route, title: "Duplicates", filter: route.filter ?? "", nouns: ["group", "groups"] },
				...{
					example: "reason:ssh-host-key and confidence>90",
					scopes: ["duplicates"],
					columns,
					completes: "duplicates" as const,
				},
				empty: [
					[["No two assets look like one machine."]],
					[],
					[
						[keyOf("duplicates", "search"), "key"],
						[" searches the whole inventory again   ", "muted"],
						[keyOf("duplicates", "merges"), "key"],
						[" shows what was merged   ", "muted"],
						[keyOf("everywhere", "assets"), "key"],
						[" the assets", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, request, { signal }),
				watch: (changed) =>
					watchChanges(context.client, watch, () => {
						readStatus();
						changed();
					}),
				figures: () => [
					...noteFor(contradicted, `${plural(contradicted, "merge")} contradicted`, "merges"),
					...noteFor(stranded, `${count(stranded)} without address`, "stranded"),
				],
				loadDetail: (id) => context.client.call(get, { id }),
				describe: (row, detail) => describeGroup(row, detail),
				titleOf: (row) => `group ${row.id}`,
				open: (row) => context.open({ to: "duplicate", group: row.id }),
				extra(current, { refresh }) {
					const needsGroup = () => (current() ? undefined : "There is no group here.");
					return handle<"duplicates">({
						merge: {
							run() {
								const group = current();
								if (group) askMerge(context, { assets: group.members.map(({ id }) => id) }, refresh);
							},
							disabled: needsGroup,
						},
						"not-same": {
							run() {
								const group = current();
								if (group) askNotSame(context, group, refresh);
							},
							disabled: needsGroup,
						},
						undo: {
							run() {
								if (!context.undoLast()) askUndoNewest(context, refresh);
							},
						},
						merges: { run: () => context.open({ to: "merges" }) },
						stranded: { run: () => context.open({ to: "assets", filter: strandedFilter }) },
						search: { run: () => startSearch(context) },
						auto: { run: () => askAuto(context, refresh) },
					});
				},
			},
			context,
		);
	},
};

function noteFor(n: number, text: string, action: ActionOf<"duplicates">): readonly Piece[] {
	return n === 0 ? [] : [[`! ${text}: ${keyOf("duplicates", action)}`, "bad"], ["  "]];
}
