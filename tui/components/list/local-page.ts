/** A page of rows that are all here already: for methods that answer with everything. Words filter, a field sorts. */

import type { ListPage, PageRequest } from "../../state/list-loader.ts";
import { parseSort } from "./sort-keys.ts";

/** `textOf` is what the words are looked for in; `sorts` says what a column sorts by. */
export function localPage<Row>(
	rows: readonly Row[],
	request: PageRequest,
	textOf: (row: Row) => string,
	sorts: Readonly<Record<string, (row: Row) => string | number>>,
): ListPage<Row> {
	const words = request.filter
		.toLowerCase()
		.split(/\s+/)
		.filter((word) => word !== "");
	const found = rows.filter((row) => {
		const text = textOf(row).toLowerCase();
		return words.every((word) => text.includes(word));
	});
	const keys = parseSort(request.sort).flatMap(({ field, descending }) => {
		const by = sorts[field];
		return by === undefined ? [] : [(a: Row, b: Row) => compare(by(a), by(b)) * (descending ? -1 : 1)];
	});
	if (keys.length > 0) found.sort((a, b) => keys.reduce((order, key) => order || key(a, b), 0));
	const start = Number(request.cursor ?? 0) + (request.skip ?? 0);
	const end = start + request.limit;
	return { items: found.slice(start, end), total: found.length, next: end < found.length ? String(end) : null };
}

function compare(a: string | number, b: string | number): number {
	if (typeof a === "number" && typeof b === "number") return a - b;
	return String(a).localeCompare(String(b));
}
