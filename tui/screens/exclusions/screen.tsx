/** Exclusions: what no scan and no map may touch, why, since when and until when. */
import { history, list } from "../../../protocol/methods/exclusions.ts";
import type { Exclusion, ExclusionEvent } from "../../../protocol/model/exclusion.ts";
import {
	describeExclusion,
	eventPieces,
	statePieces,
	untilText,
} from "../../components/exclusion/describe-exclusion.ts";
import { openAdd, openEnd, openFragilePorts } from "../../components/exclusion/exclusion-forms.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<Exclusion>[] = [
	{
		id: "target",
		title: "TARGET",
		sort: "target",
		width: 18,
		grow: 2,
		most: 44,
		worth: 100,
		draw: (row) => [[row.target, "address"]],
	},
	{ id: "state", title: "STATE", sort: "state", width: 9, worth: 90, draw: (row) => statePieces(row.state) },
	{ id: "until", title: "UNTIL", sort: "until", width: 16, worth: 80, draw: (row) => [[untilText(row)]] },
	{ id: "comment", title: "WHY", width: 16, grow: 4, most: 80, worth: 95, draw: (row) => [[row.comment]] },
	{ id: "by", title: "BY", width: 10, worth: 50, draw: (row) => [[adder(row), "muted"]] },
	{
		id: "added",
		title: "AGE",
		sort: "added",
		width: 5,
		worth: 60,
		align: "right",
		draw: (row, now) => [[age(row.addedAt, now), "muted"]],
	},
];

/** What an older version kept does not say who added it. */
function adder({ addedBy }: Exclusion): string {
	return addedBy === null ? "" : personName(addedBy);
}

export const exclusions: Screen<"exclusions"> = {
	id: "exclusions",
	title: "Exclusions",
	open: (route, context) =>
		createListView<Exclusion, readonly ExclusionEvent[]>(
			{
				...{ route, title: "Exclusions", filter: "", nouns: ["exclusion", "exclusions"], example: "printer" },
				scopes: ["exclusions"],
				columns,
				empty: [
					[["Nothing is excluded: a scan may touch whatever it is told to."]],
					[],
					[
						[keyOf("exclusions", "add"), "key"],
						[" excludes something   ", "muted"],
						[keyOf("exclusions", "history"), "key"],
						[" shows what was excluded before", "muted"],
					],
				],
				async fetchPage(request) {
					const { items } = await context.client.call(list, {});
					return localPage(items, request, (row) => `${row.target} ${row.comment} ${row.state} ${adder(row)}`, {
						target: (row) => row.target,
						state: (row) => row.state,
						until: (row) => row.expiresAt ?? "9",
						added: (row) => row.addedAt ?? "",
					});
				},
				watch: () => () => undefined,
				async loadDetail(id) {
					const { items } = await context.client.call(history, {});
					return items.filter((event) => event.exclusion === id);
				},
				describe: (row, events) => [
					...describeExclusion(row),
					{ kind: "heading", text: "History" },
					...(events ?? []).flatMap((event) => eventPieces(event)),
				],
				titleOf: (row) => row.target,
				open: () => context.open({ to: "exclusion-history" }),
				extra: (current, { refresh }) =>
					handle<"exclusions">({
						add: { run: () => openAdd(context, refresh) },
						end: {
							run() {
								const row = current();
								if (row) openEnd(context, row, refresh);
							},
							disabled: () => (current() ? undefined : "There is no exclusion to end."),
						},
						history: { run: () => context.open({ to: "exclusion-history" }) },
						fragile: { run: () => openFragilePorts(context) },
					}),
			},
			context,
		),
};
