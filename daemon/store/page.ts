/** Lists in pages: filter, order and a cursor that names the last row seen. Never OFFSET: page 4,000 costs what page 1 does. */
import type { DatabaseSync } from "node:sqlite";
import type { SqlValue } from "../query/fields.ts";
import { storeFailure } from "./failure.ts";
import type { Sorts } from "./fields.ts";
import type { Narrow } from "./finding-narrow.ts";
import {
	beyondPlace,
	cursorAt,
	type Order,
	type OrderKey,
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
export interface Listing<Row, T> {
	columns: string;
	from: string;
	/** Unique integer column: the last word in every order. */
	key: string;
	sorts: Sorts;
	/** The order without `sort`; `sql` never null. */
	order: OrderKey;
	map(row: Row): T;
}

/**
 * One page. `total` is counted unless it is handed in or not waited for. Throws `invalid` for an unknown sort field or a bad
 * cursor.
 */
export function listPage<Row extends object, T>(
	db: DatabaseSync,
	listing: Listing<Row, T>,
	query: ListQuery,
	total?: number,
): Page<T> {
	const order = orderOf(listing, query.sort);
	const conditions: string[] = [];
	const params: (SqlValue | null)[] = [];
	if (query.where !== null) {
		conditions.push(`(${query.where.sql})`);
		params.push(...query.where.params);
	}
	try {
		total ??= totalOf(db, listing, query);
		if (query.cursor !== null) {
			const beyond = beyondPlace(order, placeOf(query.cursor, order));
			conditions.push(beyond.sql);
			params.push(...beyond.params);
		}
		const text =
			`SELECT ${listing.columns}, ${pageColumns(order)} FROM ${listing.from}` +
			(conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`) +
			` ORDER BY ${orderBy(order)} LIMIT ?`;
		const rows = db.prepare(text).all(...params, query.limit + 1) as (Row & PageColumns)[];
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
