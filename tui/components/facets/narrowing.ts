/** What a list can be narrowed by: what its rows have in common, and the value under the cursor. */
import { type Handler, handle, type ScreenContext } from "../../screens/view.ts";
import { opposite, withTerm } from "../../text/filter-terms.ts";
import type { ListHandle } from "../list/list-view.tsx";
import type { FacetFeed } from "./facet-feed.ts";

export function narrowingHandlers<Row>(
	context: ScreenContext,
	parts: {
		readonly nouns: readonly [one: string, many: string];
		readonly feed: FacetFeed;
		current(): Row | undefined;
		readonly list: ListHandle<Row>;
		/** What of the query language means the value of a row in a column; undefined as column: none was chosen. */
		termOf(column: string | undefined, row: Row): string;
	},
): Readonly<Record<string, Handler | undefined>> {
	const { filter, narrow, column } = parts.list;
	const byValue = (of: (term: string) => string): Handler => ({
		run() {
			const row = parts.current();
			if (row !== undefined) narrow(withTerm(filter(), of(parts.termOf(column(), row))));
		},
		disabled: () => (parts.current() === undefined ? "There is no value here." : undefined),
	});
	return handle<"narrowing">({
		facets: {
			run: () => context.open({ to: "facets", chooser: { nouns: parts.nouns, facets: parts.feed.of, filter, narrow } }),
		},
		keep: byValue((term) => term),
		"leave-out": byValue(opposite),
	});
}
