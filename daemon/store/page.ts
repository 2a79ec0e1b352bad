/** Lists in pages: filter, order and a cursor that names the last row seen. Never OFFSET: page 4,000 costs what page 1 does. */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { AppError } from "../../protocol/errors.ts";
import type { SqlValue } from "../query/fields.ts";
import { storeFailure } from "./failure.ts";
import type { Sorts } from "./fields.ts";
import type { Narrow } from "./finding-narrow.ts";
import { first } from "./sql.ts";

/** A condition over a list's FROM, made by the query language from the list's field catalogue. */
export interface Where {
	sql: string;
	params: (SqlValue | null)[];
}

export interface ListQuery {
	where: Where | null;
	sort: { field: string; descending: boolean } | null;
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
	order: { sql: string; descending: boolean };
	map(row: Row): T;
}

const cursorShape = z.tuple([z.string().max(61), z.union([z.string(), z.number()]), z.int()]);

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
			const [value, id] = openCursor(query.cursor, order.name);
			conditions.push(`(${order.sql}, ${listing.key}) ${order.descending ? "<" : ">"} (?, ?)`);
			params.push(value, id);
		}
		const direction = order.descending ? "DESC" : "ASC";
		const text =
			`SELECT ${listing.columns}, ${order.sql} AS page_value, ${listing.key} AS page_key FROM ${listing.from}` +
			(conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`) +
			` ORDER BY ${order.sql} ${direction}, ${listing.key} ${direction} LIMIT ?`;
		const rows = db.prepare(text).all(...params, query.limit + 1) as (Row & PageColumns)[];
		return pageOfRows(listing, query, rows, order.name, total);
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

/** Of rows in order, one more than fit where there are more. `name` is the order's. */
export function pageOfRows<Row extends object, T>(
	listing: Pick<Listing<Row, T>, "map">,
	query: Pick<ListQuery, "limit" | "cursor">,
	rows: readonly (Row & PageColumns)[],
	name: string,
	total: number | undefined,
): Page<T> {
	const shown = rows.slice(0, query.limit);
	const last = shown.at(-1);
	const next = rows.length > query.limit && last ? makeCursor(name, last) : null;
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

/** What every row of a page has beside the columns of its list. */
export interface PageColumns {
	page_value: string | number;
	page_key: number;
}

interface Order {
	/** `field` or `-field`; empty for the list's own order. */
	name: string;
	sql: string;
	descending: boolean;
}

/** Throws `invalid` for a field that the list cannot be sorted by. */
export function orderOf(
	listing: { sorts: Sorts; order: { sql: string; descending: boolean } },
	sort: ListQuery["sort"],
): Order {
	if (sort === null) return { name: "", ...listing.order };
	const sql = Object.hasOwn(listing.sorts, sort.field) ? listing.sorts[sort.field] : undefined;
	if (sql === undefined) {
		throw new AppError("invalid", `This list cannot be sorted by "${sort.field}".`, {
			hint: `Sort by one of: ${Object.keys(listing.sorts).join(", ")}.`,
			details: { field: sort.field },
		});
	}
	return { name: (sort.descending ? "-" : "") + sort.field, sql, descending: sort.descending };
}

function makeCursor(name: string, row: PageColumns): string {
	return Buffer.from(JSON.stringify([name, row.page_value, row.page_key])).toString("base64url");
}

/** The value of the order and the key. Throws `invalid` for a cursor of another order. */
export function openCursor(cursor: string, name: string): [string | number, number] {
	let value: unknown;
	try {
		value = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
	} catch {
		value = null;
	}
	const opened = cursorShape.safeParse(value);
	if (!opened.success || opened.data[0] !== name) {
		throw new AppError("invalid", "The cursor does not belong to this list.", {
			hint: "Ask again without a cursor, and use each page's `next` with the same sort.",
			details: { field: "cursor" },
		});
	}
	return [opened.data[1], opened.data[2]];
}
