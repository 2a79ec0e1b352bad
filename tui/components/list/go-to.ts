/** `#` in a list: to a row by its place, or to the next one that has a number or text in it, wherever that is. */
import { keyOf } from "../../keys/find-binding.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { count } from "../../text/format.ts";
import type { Column } from "./columns.ts";
import { cellText } from "./copy-rows.ts";
import { isFound, type Jump, parseJump } from "./jump.ts";
import type { ListOptions } from "./list-options.ts";
import { createPromptLine, type PromptLine } from "./prompt-line.ts";
import { readPages } from "./read-rows.ts";

/** Further than this a filter finds it sooner. Rows. */
const mostSearched = 20_000;

export interface WalkedList<Row extends { readonly id: number }> {
	readonly options: Pick<ListOptions<Row, unknown>, "fetchPage" | "columns">;
	place(): {
		readonly cursor: number;
		readonly total: number;
		readonly filter: string;
		readonly sort: string | undefined;
	};
	jump(to: number): void;
}

export interface GoTo {
	readonly line: PromptLine;
	/** Nobody waits for what is being looked for. */
	close(): void;
}

export function createGoTo<Row extends { readonly id: number }>(
	context: ScreenContext,
	{ options, place, jump }: WalkedList<Row>,
): GoTo {
	let last = "";
	let searching: AbortController | undefined;

	async function search(wanted: Extract<Jump, { kind: "search" }>, typed: string): Promise<void> {
		searching?.abort();
		const job = new AbortController();
		searching = job;
		const { cursor, total, filter, sort } = place();
		let index = cursor + 1;
		const from = index;
		// From behind the cursor to the end, then from the beginning.
		for (const [skip, most] of [
			[from, Math.min(mostSearched, Math.max(0, total - from))],
			[0, Math.min(mostSearched, from)],
		] as const) {
			index = skip;
			if (most <= 0) continue;
			for await (const page of readPages(options.fetchPage, { filter, sort, most, skip }, job.signal)) {
				const at = page.findIndex((row) => isFound(wanted, row.id, textsOf(options.columns, row, context.now())));
				if (job.signal.aborted) return;
				if (at >= 0) return jump(index + at);
				index += page.length;
				if (index - skip < total) context.toast("info", `Looking for ${typed}: row ${count(index)} …`);
			}
		}
		const where =
			total > mostSearched
				? ` in the ${count(mostSearched)} rows from here on; ${keyOf("list", "filter")} looks in all`
				: "";
		context.toast("info", `No row has ${typed}${where}.`);
	}

	const line = createPromptLine((text) => {
		const typed = text.trim() === "" ? last : text.trim();
		last = typed;
		const wanted = parseJump(typed, place().total);
		if (wanted?.kind === "row") jump(wanted.index);
		else if (wanted) {
			search(wanted, typed).catch((err: unknown) => {
				if (searching?.signal.aborted !== true) context.fail(err);
			});
		}
	}, context.changed);
	return { line, close: () => searching?.abort() };
}

function textsOf<Row>(columns: readonly Column<Row>[], row: Row, now: number): string[] {
	return columns.map((column) => cellText(column, row, now));
}
