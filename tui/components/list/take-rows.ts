/** Hands an act the rows it is about. Those that match and are not here are read first, and how many that are is asked before. */
import type { ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";
import type { ListOptions } from "./list-options.ts";
import type { Marks } from "./marks.ts";
import { readRows } from "./read-rows.ts";

/** So many are done at once; the daemon's methods take no more. */
const mostTaken = 10_000;

export interface TakenRows<Row extends { readonly id: number }> {
	/** What will be done to them: `Tag`. */
	readonly verb: string;
	readonly options: Pick<ListOptions<Row, unknown>, "fetchPage" | "nouns">;
	readonly marks: Marks<Row>;
	readonly sort: string | undefined;
}

export function takeRows<Row extends { readonly id: number }>(
	context: ScreenContext,
	{ verb, options, marks, sort }: TakenRows<Row>,
	run: (rows: readonly Row[]) => void,
): void {
	const selection = marks.selection();
	if (selection.kind === "rows") {
		if (selection.rows.length > 0) run(selection.rows);
		return;
	}
	const { filter, total } = selection;
	const taken = Math.min(total, mostTaken);
	const what =
		filter.trim() === "" ? `There is no filter: that is every ${options.nouns[0]} here.` : `Filter: ${filter}`;
	context.open({
		to: "confirm",
		question: {
			title: `${verb} ${plural(taken, ...options.nouns)}?`,
			effect: [
				what,
				...(total > mostTaken
					? [`Of ${count(total)} that match the first ${count(mostTaken)}: more are not done at once.`]
					: []),
			],
			...{ yes: verb, no: "Back" },
			run() {
				const { signal } = new AbortController();
				context.opens(
					readRows(options.fetchPage, { filter, sort, most: mostTaken }, signal).then((rows) => {
						if (rows.length > 0) run(rows);
						else context.toast("info", "Nothing matches any more.");
					}),
				);
			},
		},
	});
}
