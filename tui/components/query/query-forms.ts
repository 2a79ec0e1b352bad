/** The dialogs about saved queries: making and changing one, deleting it, and how the dashboard shows it. */
import * as queries from "../../../protocol/methods/queries.ts";
import {
	type QueryList,
	queryLists,
	type SavedQuery,
	type Widget,
	widgetKinds,
} from "../../../protocol/model/query.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Route, ScreenContext } from "../../screens/view.ts";
import { reversible } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";

/** The list a query is asked of, with its filter. */
export function routeOfQuery({ list, filter }: Pick<SavedQuery, "list" | "filter">): Route {
	return list === "scans" ? { to: "scans" } : { to: list, filter };
}

/** A new query, or a change of one. */
export function openQuery(context: ScreenContext, query: SavedQuery | undefined, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: query === undefined ? "Save a query" : `Edit the query ${query.name}`,
			verb: "saves",
			fields: [
				...(query === undefined
					? [{ name: "name", label: "Name", value: "", hint: "one of that name is replaced: Stale hosts" }]
					: []),
				{ name: "list", label: "Asked of", value: query?.list ?? "assets", hint: "which list", choices: queryLists },
				{ name: "filter", label: "Query", value: query?.filter ?? "", hint: "lastScan<now-90d and criticality>=4" },
				{ name: "comment", label: "About", value: query?.comment ?? "", hint: "what it is for" },
			],
			async submit({ name = "", list = "assets", filter = "", comment = "" }) {
				const wanted = { name: query?.name ?? name, list: list as QueryList, filter, comment };
				const saved = await context.client.call(queries.save, wanted);
				context.toast(
					"good",
					`The query ${saved.name} is saved; ${keyOf("queries", "widget")} puts it on the dashboard.`,
				);
				done();
				return undefined;
			},
		},
	});
}

export function openDeleteQuery(context: ScreenContext, query: SavedQuery, shown: number, done: () => void): void {
	const { name, list, filter, comment } = query;
	context.open({
		to: "confirm",
		question: {
			title: `Delete the query ${name}?`,
			effect: [
				shown === 0
					? "The dashboard does not show it."
					: `${plural(shown, "widget")} of the dashboard goes with it. This cannot be undone.`,
			],
			...{ yes: "Delete", no: "Keep" },
			run: () =>
				void context.client.call(queries.remove, { name }).then(() => {
					const told = `The query ${name} is deleted`;
					// Its widgets went with it, and with them their history: that cannot be made again.
					if (shown > 0) context.toast("good", `${told}.`);
					else {
						context.offerUndo(
							reversible(told, {
								again: () => context.client.call(queries.remove, { name }),
								back: () => context.client.call(queries.save, { name, list, filter, comment }),
								done,
							}),
						);
					}
					done();
				}, context.fail),
		},
	});
}

/** Not shown, as a count, a table, a trend, and not shown again. */
export function switchWidget(
	context: ScreenContext,
	query: SavedQuery,
	widget: Widget | undefined,
	done: () => void,
): void {
	const next = widget === undefined ? widgetKinds[0] : widgetKinds[widgetKinds.indexOf(widget.kind) + 1];
	const change =
		widget === undefined
			? context.client.call(queries.addWidget, { query: query.name, kind: "count" })
			: next === undefined
				? context.client.call(queries.removeWidget, { id: widget.id })
				: context.client.call(queries.editWidget, { id: widget.id, kind: next });
	change.then(() => {
		const how = next === undefined ? "is off the dashboard" : `is on the dashboard as a ${next}`;
		context.toast("good", `${query.name} ${how}; ${keyOf("queries", "widget")} changes that.`);
		done();
	}, context.fail);
}

export function moveWidget(context: ScreenContext, { id, position }: Widget, by: number, done: () => void): void {
	const wanted = Math.max(0, position + by);
	context.client.call(queries.editWidget, { id, position: wanted }).then(done, context.fail);
}
