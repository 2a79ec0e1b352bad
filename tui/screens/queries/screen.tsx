/** Saved queries: what they ask, how much they find now, and how the dashboard shows them. */
import { watch } from "../../../protocol/methods/assets.ts";
import { list, widgets } from "../../../protocol/methods/queries.ts";
import type { SavedQuery, Widget } from "../../../protocol/model/query.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { onRow } from "../../components/list/on-row.ts";
import {
	moveWidget,
	openDeleteQuery,
	openQuery,
	routeOfQuery,
	switchWidget,
} from "../../components/query/query-forms.ts";
import type { Block } from "../../components/reader/document.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { compact, count } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

interface Row extends SavedQuery {
	/** How the dashboard shows it first; undefined: it does not. */
	readonly widget: Widget | undefined;
	readonly shown: number;
}

const columns: readonly Column<Row>[] = [
	{ id: "name", title: "NAME", sort: "name", width: 18, grow: 2, most: 40, worth: 100, draw: (row) => [[row.name]] },
	{
		...{ id: "widget", title: "DASHBOARD", sort: "widget", width: 9, worth: 90 },
		draw: ({ widget }) => [widget === undefined ? ["·", "faint"] : [`${widget.position + 1} ${widget.kind}`, "good"]],
	},
	{
		...{ id: "count", title: "FINDS", width: 6, worth: 85, align: "right" },
		draw: ({ widget }) => [[widget?.count == null ? "" : compact(widget.count), "strong"]],
	},
	{ id: "list", title: "LIST", sort: "list", width: 8, worth: 60, draw: (row) => [[row.list, "muted"]] },
	{
		id: "filter",
		title: "QUERY",
		width: 18,
		grow: 3,
		most: 90,
		worth: 80,
		draw: (row) => [[row.filter || "everything"]],
	},
];

export const queries: Screen<"queries"> = {
	id: "queries",
	title: "Queries",
	open: (route, context) =>
		createListView<Row, undefined>(
			{
				...{ route, title: "Queries", filter: "", nouns: ["query", "queries"], example: "stale" },
				...{ scopes: ["queries"], columns },
				empty: [
					[["No query is saved."]],
					[],
					[
						[keyOf("queries", "add"), "key"],
						[" saves one", "muted"],
					],
				],
				async fetchPage(request) {
					const [saved, shown] = await Promise.all([context.client.call(list, {}), context.client.call(widgets, {})]);
					const rows = saved.items.map((query): Row => {
						const own = shown.items.filter((widget) => widget.query.id === query.id);
						return { ...query, widget: own[0], shown: own.length };
					});
					return localPage(rows, request, (row) => `${row.name} ${row.filter} ${row.comment}`, {
						name: (row) => row.name.toLowerCase(),
						list: (row) => row.list,
						widget: (row) => row.widget?.position ?? 1_000,
					});
				},
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				describe: (row) => describe(row),
				titleOf: (row) => row.name,
				open: (row) => context.open(routeOfQuery(row)),
				extra(current, { refresh }) {
					const on = onRow(current, "query");
					const isShown = ({ widget }: Row) =>
						widget === undefined ? "The dashboard does not show it; w does." : undefined;
					const move = (by: number) => on(({ widget }) => widget && moveWidget(context, widget, by, refresh), isShown);
					return handle<"queries">({
						add: { run: () => openQuery(context, undefined, refresh) },
						edit: on((row) => openQuery(context, row, refresh)),
						widget: on((row) => switchWidget(context, row, row.widget, refresh)),
						sooner: move(-1),
						later: move(1),
						delete: on((row) => openDeleteQuery(context, row, row.shown, refresh)),
					});
				},
			},
			context,
		),
};

function describe({ name, list: of, filter, comment, savedBy, updatedAt, widget }: Row): Block[] {
	const field = (label: string, text: string): Block[] =>
		text === "" ? [] : [{ kind: "field", name: label, pieces: [[text]] }];
	return [
		{ kind: "heading", text: name },
		...field("About", comment),
		...field("Asked of", of),
		...field("Query", filter || "everything"),
		...field("Saved by", `${personName(savedBy)}, ${updatedAt.slice(0, 10)}`),
		...(widget === undefined ? [] : field("Dashboard", `${widget.kind}, place ${widget.position + 1}`)),
		...(widget?.problem == null
			? []
			: [{ kind: "field", name: "Problem", pieces: [[widget.problem, "bad"]] } as Block]),
		...(widget?.count == null ? [] : field("Finds now", count(widget.count))),
		...(widget?.rows ?? []).map((row): Block => ({ kind: "pieces", pieces: [["  "], [row.title, "address"]] })),
		...(widget?.points ?? []).map(
			(point): Block => ({ kind: "pieces", pieces: [[`  ${point.day}  `, "muted"], [count(point.count)]] }),
		),
	];
}
