/** Findings: what is wrong, worst first; also as it stood on a day of the past. */
import { count as countRows, facets, get, list, watch } from "../../../protocol/methods/findings.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import { createFacetFeed } from "../../components/facets/facet-feed.ts";
import { facetStrip } from "../../components/facets/facet-strip.ts";
import { describeFinding, type FindingDetail, whereOf } from "../../components/finding/describe-finding.ts";
import { createListView, type ListHandle } from "../../components/list/list-view.tsx";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { when } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import type { Screen } from "../view.ts";
import { findingColumns, pastColumns } from "./columns.ts";
import { findingsHandlers } from "./handlers.ts";

export const findings: Screen<"findings"> = {
	id: "findings",
	title: "Findings",
	open(route, context) {
		const past = route.asOf === undefined ? {} : { asOf: route.asOf };
		const feed = createFacetFeed(
			(filter, signal) => context.client.call(facets, { filter, ...past }, { signal }),
			context.changed,
		);
		let handle: ListHandle<Finding> | undefined;
		const filter = () => handle?.filter() ?? "";
		return createListView<Finding, FindingDetail>(
			{
				route,
				title: "Findings",
				filter: route.filter ?? "",
				nouns: ["finding", "findings"],
				example: "severity>=4 and port:443",
				scopes: ["narrowing", "findings", "mending"],
				marking: true,
				completes: "findings",
				columns: route.asOf === undefined ? findingColumns : pastColumns,
				chips: () => (route.asOf === undefined ? [] : [`as of ${when(route.asOf)} UTC, ranked as today`]),
				empty: route.asOf === undefined ? nothingOpen() : nothingThen(),
				fetchPage: (request, signal) => context.client.call(list, { ...request, ...past, counted: false }, { signal }),
				countRows: async (text, signal) =>
					(await context.client.call(countRows, { filter: text, ...past }, { signal })).total,
				watch: (changed) => feed.follow((told) => watchChanges(context.client, watch, told), changed),
				loadDetail: (id) => context.client.call(get, { id }),
				describe: describeFinding,
				titleOf: whereOf,
				strip: () => facetStrip(feed.of(filter()), filter()),
				stripTitle: "Narrow",
				open: (row) => context.open({ to: "finding", finding: row.id }),
				extra(current, given) {
					handle = given;
					return findingsHandlers(context, { current, list: given, feed, asOf: route.asOf });
				},
			},
			context,
		);
	},
};

const nothingOpen = (): readonly (readonly Piece[])[] => [
	[["✓ ", "good"], ["Nothing is open."]],
	[],
	[
		[keyOf("everywhere", "new-scan"), "key"],
		[" starts a scan   ", "muted"],
		[keyOf("everywhere", "scans"), "key"],
		[" shows the scans", "muted"],
	],
];
const nothingThen = (): readonly (readonly Piece[])[] => [
	[["Nothing was open then."]],
	[],
	[
		[keyOf("everywhere", "back"), "key"],
		[" back to now   ", "muted"],
		[keyOf("findings", "as-of"), "key"],
		[" another day", "muted"],
	],
];
