/** Assets: the inventory, worst first. */
import { count as countRows, facets, get, list, watch } from "../../../protocol/methods/assets.ts";
import type { Asset, AssetDetail } from "../../../protocol/model/asset.ts";
import { summarizeAsset } from "../../components/asset/describe-asset.ts";
import { openTracking, type TrackedChoice } from "../../components/asset/track-forms.ts";
import { createFacetFeed } from "../../components/facets/facet-feed.ts";
import { facetStrip } from "../../components/facets/facet-strip.ts";
import { narrowingHandlers } from "../../components/facets/narrowing.ts";
import { openImport } from "../../components/import/import-forms.ts";
import { createListView } from "../../components/list/list-view.tsx";
import type { Marks } from "../../components/list/marks.ts";
import { openPurge } from "../../components/purge/purge-forms.ts";
import { besideShell, openShellOn } from "../../components/shell/open-shell.ts";
import { openAssign } from "../../components/tag/tag-forms.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { count } from "../../text/format.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";
import { assetColumns, valueTerm } from "./columns.ts";

export const assets: Screen<"assets"> = {
	id: "assets",
	title: "Assets",
	open(route, context) {
		const feed = createFacetFeed(
			(filter, signal) => context.client.call(facets, { filter }, { signal }),
			context.changed,
		);
		let inForce = () => route.filter ?? "";
		return createListView<Asset, AssetDetail>(
			{
				route,
				title: "Assets",
				filter: route.filter ?? "",
				nouns: ["asset", "assets"],
				example: "port:22 and severity>=4",
				scopes: ["narrowing", "assets"],
				marking: true,
				completes: "assets",
				columns: assetColumns,
				empty: [
					[["No machine is known yet.", "text"]],
					[],
					[
						[keyOf("everywhere", "new-scan"), "key"],
						[" scans some   ", "muted"],
						[keyOf("assets", "import"), "key"],
						[" takes in another scanner's file   ", "muted"],
						[keyOf("everywhere", "dashboard"), "key"],
						[" back to the dashboard", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, { ...request, counted: false }, { signal }),
				countRows: async (filter, signal) => (await context.client.call(countRows, { filter }, { signal })).total,
				watch: (changed) => feed.follow((told) => watchChanges(context.client, watch, told), changed),
				loadDetail: (id) => context.client.call(get, { id }),
				describe: summarizeAsset,
				titleOf: (row) => row.name,
				strip: () => facetStrip(feed.of(inForce()), inForce()),
				stripTitle: "Narrow",
				open: (row) => context.open({ to: "asset", asset: row.id }),
				extra(current, list) {
					const { filter, refresh, marks, take } = list;
					inForce = filter;
					const done = () => {
						marks.clear();
						refresh();
					};
					return {
						...narrowingHandlers(context, { nouns: ["asset", "assets"], feed, current, list, termOf: valueTerm }),
						...handle<"assets">({
							tag: {
								run: () => take("Tag", (rows) => context.opens(openAssign(context, rows, done))),
								disabled: () => (marks.rows().length > 0 ? undefined : "There is no asset to tag."),
							},
							purge: {
								run: () => openPurge(context, purgedBy(marks, filter()), done),
								disabled: () => (current() ? undefined : "There is no asset to purge."),
							},
							track: {
								run: () => openTracking(context, trackedBy(marks), done),
								disabled: () => (current() ? undefined : "There is no asset to track."),
							},
							merge: {
								run: () => take("Compare", (rows) => compareChosen(context, rows, marks.clear)),
								disabled: () => whyNotCompared(marks.count()),
							},
							import: { run: () => openImport(context, refresh) },
							shell: {
								run() {
									const row = current();
									if (row)
										openShellOn(context, row.id, (detail) =>
											besideShell(summarizeAsset(detail.asset, detail, context.now())),
										);
								},
								disabled: () => whyNoShell(current()),
							},
						}),
					};
				},
			},
			context,
		);
	},
};

function whyNoShell(row: Asset | undefined): string | undefined {
	if (row === undefined) return "There is no asset here.";
	return row.addresses.length > 0 ? undefined : "Somebody else has its address now: it has none.";
}

/** More do not fit side by side. */
const mostCompared = 8;

function whyNotCompared(marked: number): string | undefined {
	if (marked < 2)
		return `Mark the assets that are one machine first, two or more: ${keyOf("marks", "mark")} marks one.`;
	return marked > mostCompared
		? `${count(marked)} assets are marked: up to ${mostCompared} are compared and merged at once.`
		: undefined;
}

/** What is marked may have become fewer or more than was counted. */
function compareChosen(context: ScreenContext, rows: readonly Asset[], merged: () => void): void {
	const why = whyNotCompared(rows.length);
	const assets = rows.map(({ id }) => id).sort((one, other) => one - other);
	if (why === undefined) context.open({ to: "duplicate", chosen: { assets, merged } });
	else context.toast("info", why);
}

function trackedBy(marks: Marks<Asset>): TrackedChoice {
	const selection = marks.selection();
	return selection.kind === "matching" ? { filter: selection.filter } : { assets: [...selection.ids] };
}

/** What is marked, else what the filter shows, else the asset under the cursor. */
function purgedBy(marks: Marks<Asset>, filter: string): string {
	const selection = marks.selection();
	if (selection.kind === "matching") return selection.filter || "id>0";
	return (marks.count() === 0 && filter) || `id:[${selection.ids.join(", ")}]`;
}
