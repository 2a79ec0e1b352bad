/** Rows of a list beyond what is on the screen, read page by page as far as is sensible. */
import type { PageRequest } from "../../state/list-loader.ts";
import type { ListOptions } from "./list-options.ts";

/** The largest page the daemon gives. */
const pageSize = 1_000;

export interface RowsWanted {
	readonly filter: string;
	readonly sort: string | undefined;
	/** Rows at most. */
	readonly most: number;
	/** Rows to pass over first. */
	readonly skip?: number;
}

/** Pages one after the other; ends when there are no more, or `most` rows have come. */
export async function* readPages<Row extends { readonly id: number }>(
	fetchPage: ListOptions<Row, unknown>["fetchPage"],
	{ filter, sort, most, skip = 0 }: RowsWanted,
	signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
	let cursor: string | null = null;
	for (let read = 0; read < most; ) {
		const request: PageRequest = {
			...{ filter, limit: Math.min(pageSize, most - read) },
			...(sort === undefined ? {} : { sort }),
			...(cursor !== null ? { cursor } : skip > 0 ? { skip } : {}),
		};
		const page = await fetchPage(request, signal);
		if (page.items.length > 0) yield page.items;
		read += page.items.length;
		if (page.next === null || page.items.length === 0) return;
		cursor = page.next;
	}
}

export async function readRows<Row extends { readonly id: number }>(
	fetchPage: ListOptions<Row, unknown>["fetchPage"],
	wanted: RowsWanted,
	signal: AbortSignal,
): Promise<readonly Row[]> {
	const rows: Row[] = [];
	for await (const page of readPages(fetchPage, wanted, signal)) rows.push(...page);
	return rows;
}
