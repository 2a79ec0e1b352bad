/**
 * Lists in pages: filter, order and a cursor that names the last row seen, so that page 4,000 costs what page 1 does. Who jumps
 * passes rows over (`skip`); from then on it is cursors again.
 */
import type { DatabaseSync } from "node:sqlite";
import type { SqlValue } from "../query/fields.ts";
import { storeFailure } from "./failure.ts";
import type { Sorts } from "./fields.ts";
import type { Narrow } from "./finding-narrow.ts";
import {
	beyondPlace,
	cursorAt,
	type Order,
	type OwnOrder,
	orderBy,
	orderOf,
	type PageColumns,
	pageColumns,
	placeOf,
	type SortKey,
} from "./page-order.ts";
import { first } from "./sql.ts";

/** A condition over a list's FROM, made by the query language from the list's field catalogue. */
export interface Where {
	sql: string;
	params: (SqlValue | null)[];
}

export interface ListQuery {
	where: Where | null;
	/** The first decides, the next among its equals; null: the list's own order. */
	sort: readonly SortKey[] | null;
	limit: number;
	/** `next` of the page before; it is only good with the same sort. */
	cursor: string | null;
	/** Rows to pass over first: those of the page before, or of the list's beginning, are as far as the cursor knows. */
	skip?: number;
	/** False: the page does not wait for its total to be counted. */
	counted?: boolean;
	/** Of a list of findings: where to look for it (finding-narrow.ts). */
	narrow?: Narrow;
}

export interface Page<T> {
	items: T[];
	/** Everything that matches, on all pages. */
	total: number;
	/** `total` is only what is known so far. */
	atLeast?: true;
	next: string | null;
}

/** How one list is read. */
export interface Listing<Row, T> extends OwnOrder {
	columns: string;
	from: string;
	/** Unique integer column: the last word in every order. */
	key: string;
	sorts: Sorts;
	map(row: Row): T;
}

/** The same from behind the rows to be passed over; null: there are none behind them. */
export function passOver<Query extends ListQuery>(
	db: DatabaseSync,
	listing: Pick<Listing<never, unknown>, "from" | "key" | "sorts" | keyof OwnOrder>,
	query: Query,
): Query | null {
	if (query.skip === undefined || query.skip === 0) return query;
	const order = orderOf(listing, query.sort);
	const { text, params } = rowsBehind(listing, query, order);
	// The keys alone, of the last of them: what is joined for the columns is left out, and an index is enough.
	const select = `SELECT ${pageColumns(order)} ${text} LIMIT 1 OFFSET ?`;
	try {
		const row = db.prepare(select).get(...params, query.skip - 1) as unknown as PageColumns | undefined;
		return row === undefined ? null : { ...query, skip: 0, cursor: cursorAt(order, row) };
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

/** The page behind the last row. */
export function beyondAll<T>(total: number | undefined): Page<T> {
	return { items: [], total: total ?? 0, ...(total === undefined && { atLeast: true }), next: null };
}

/** FROM, WHERE and ORDER BY of what comes after the cursor. */
function rowsBehind(
	{ from }: { readonly from: string },
	{ where, cursor }: ListQuery,
	order: Order,
): { text: string; params: (SqlValue | null)[] } {
	const conditions = [
		...(where === null ? [] : [{ sql: `(${where.sql})`, params: where.params }]),
		...(cursor === null ? [] : [beyondPlace(order, placeOf(cursor, order))]),
	];
	const matching = conditions.length === 0 ? "" : ` WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`;
	return {
		text: `FROM ${from}${matching} ORDER BY ${orderBy(order)}`,
		params: conditions.flatMap(({ params }) => params),
	};
}

/**
 * One page. `total` is counted unless it is handed in or not waited for. Throws `invalid` for an unknown sort field or a bad
 * cursor.
 */
export function listPage<Row extends object, T>(
	db: DatabaseSync,
	listing: Listing<Row, T>,
	asked: ListQuery,
	total?: number,
): Page<T> {
	const order = orderOf(listing, asked.sort);
	try {
		total ??= totalOf(db, listing, asked);
		const query = passOver(db, listing, asked);
		if (query === null) return beyondAll(total);
		const { text, params } = rowsBehind(listing, query, order);
		const select = `SELECT ${listing.columns}, ${pageColumns(order)} ${text} LIMIT ?`;
		const rows = db.prepare(select).all(...params, query.limit + 1) as (Row & PageColumns)[];
		return pageOfRows(listing, query, rows, order, total);
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

/** Undefined: nobody waits for it, and it is not known from before. */
export function totalOf(
	db: DatabaseSync,
	listing: { readonly from: string },
	{ where, counted }: Pick<ListQuery, "where" | "counted">,
): number | undefined {
	const asked = counting(listing, where);
	return counted === false ? countsOf(db).get(JSON.stringify(asked)) : count(db, asked);
}

/** Of rows in order, one more than fit where there are more. */
export function pageOfRows<Row extends object, T>(
	listing: Pick<Listing<Row, T>, "map">,
	query: Pick<ListQuery, "limit" | "cursor">,
	rows: readonly (Row & PageColumns)[],
	order: Order,
	total: number | undefined,
): Page<T> {
	const shown = rows.slice(0, query.limit);
	const last = shown.at(-1);
	const next = rows.length > query.limit && last ? cursorAt(order, last) : null;
	const items = shown.map((row) => listing.map(row));
	if (total !== undefined) return { items, total, next };
	const isAll = query.cursor === null && next === null;
	return { items, total: rows.length, ...(isAll ? {} : { atLeast: true as const }), next };
}

/** How many rows a list has that fit. */
export function countListing(
	db: DatabaseSync,
	listing: Pick<Listing<never, unknown>, "from">,
	where: Where | null,
): number {
	try {
		return count(db, counting(listing, where));
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

interface Counting {
	readonly text: string;
	readonly params: readonly (SqlValue | null)[];
}

function counting({ from }: { readonly from: string }, where: Where | null): Counting {
	const matching = where === null ? "" : ` WHERE (${where.sql})`;
	return { text: `SELECT count(*) AS n FROM ${from}${matching}`, params: where?.params ?? [] };
}

/** The last counts of each connection: paging through a quiet list counts once. */
const counts = new WeakMap<DatabaseSync, { state: string; totals: Map<string, number> }>();
const countsKept = 32;

/** Counts, unless nothing has been written since this connection last counted the same. */
function count(db: DatabaseSync, asked: Counting): number {
	const known = countsOf(db);
	const key = JSON.stringify(asked);
	const total = known.get(key) ?? Number(db.prepare(asked.text).get(...asked.params)?.n);
	if (known.size >= countsKept) known.clear();
	known.set(key, total);
	return total;
}

function countsOf(db: DatabaseSync): Map<string, number> {
	// The one tells of this connection's writes, the other of everybody else's (https://sqlite.org/pragma.html).
	const own = first<{ n: number }>(db, "SELECT total_changes() AS n")?.n;
	const state = `${own} ${first<{ data_version: number }>(db, "PRAGMA data_version")?.data_version}`;
	const known = counts.get(db);
	if (known?.state === state) return known.totals;
	const totals = new Map<string, number>();
	counts.set(db, { state, totals });
	return totals;
}
