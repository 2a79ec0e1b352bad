/**
 * The order of a list: its keys, the condition for what comes after a row, and the cursor that names that row. Keys may point
 * both ways; the list's unique key is the last word and goes the way of the last of them.
 */
import { z } from "zod";
import { AppError } from "../../protocol/errors.ts";
import type { SqlValue } from "../query/fields.ts";
import type { Sorts } from "./fields.ts";

export interface SortKey {
	readonly field: string;
	readonly descending: boolean;
}

export interface OrderKey {
	/** Never null. */
	readonly sql: string;
	readonly descending: boolean;
}

export interface Order {
	/** As it is asked for, `-severity,port`; empty for the list's own. */
	readonly name: string;
	/** At least one; without the unique key. */
	readonly keys: readonly [OrderKey, ...OrderKey[]];
	/** The list's unique key. */
	readonly key: string;
}

/** Values of the keys and the unique key of a row. */
export type Place = readonly [...values: SqlValue[], id: number];

/** What every row of a page has beside the columns of its list: `page_value0` and on, one a key, and the unique key. */
export interface PageColumns {
	[value: `page_value${number}`]: string | number;
	page_key: number;
}

/** Name of the order, a value for each of its keys, and the key of the row. */
const cursorShape = z.tuple([z.string().max(200)], z.union([z.string(), z.number()]));

/** The order a list has without being sorted. */
export interface OwnOrder {
	readonly order: OrderKey;
	/** Among its equals, all the same way. */
	readonly among?: readonly OrderKey[];
	/** What asks for just that. */
	readonly asOwn?: SortKey;
}

/** Throws `invalid` for a field that the list cannot be sorted by. */
export function orderOf(
	listing: OwnOrder & { readonly sorts: Sorts; readonly key: string },
	sort: readonly SortKey[] | null,
): Order {
	const { sorts, key, asOwn } = listing;
	const [first, ...others] = sort ?? [];
	if (first === undefined) return { name: "", keys: ownKeys(listing, false), key };
	const name = [first, ...others].map(({ field, descending }) => (descending ? "-" : "") + field).join(",");
	if (first.field === asOwn?.field && others.length === 0)
		return { name, keys: ownKeys(listing, first.descending !== asOwn.descending), key };
	return { name, keys: [keyOf(sorts, first), ...others.map((one) => keyOf(sorts, one))], key };
}

function ownKeys({ order, among = [] }: OwnOrder, isTurned: boolean): Order["keys"] {
	const way = (key: OrderKey): OrderKey => ({ ...key, descending: key.descending !== isTurned });
	return [way(order), ...among.map(way)];
}

function keyOf(sorts: Sorts, { field, descending }: SortKey): OrderKey {
	const sql = Object.hasOwn(sorts, field) ? sorts[field] : undefined;
	if (sql !== undefined) return { sql, descending };
	throw new AppError("invalid", `This list cannot be sorted by "${field}".`, {
		hint: `Sort by one of: ${Object.keys(sorts).join(", ")}.`,
		details: { field },
	});
}

/** With the unique key, which makes every place one of its own. */
function allKeys({ keys, key }: Order): readonly OrderKey[] {
	return [...keys, { sql: key, descending: keys.at(-1)?.descending === true }];
}

export function orderBy(order: Order): string {
	return allKeys(order)
		.map(({ sql, descending }) => `${sql} ${descending ? "DESC" : "ASC"}`)
		.join(", ");
}

/** For the SELECT: what `cursorAt` reads. */
export function pageColumns({ keys, key }: Order): string {
	return [...keys.map(({ sql }, n) => `${sql} AS page_value${n}`), `${key} AS page_key`].join(", ");
}

/** What comes after a place. */
export function beyondPlace(order: Order, place: Place): { sql: string; params: SqlValue[] } {
	const keys = allKeys(order);
	const sign = ({ descending }: OrderKey) => (descending ? "<" : ">");
	if (keys.every(({ descending }) => descending === keys[0]?.descending)) {
		const marks = keys.map(() => "?").join(", ");
		return { sql: `(${keys.map(({ sql }) => sql).join(", ")}) ${sign(order.keys[0])} (${marks})`, params: [...place] };
	}
	// Equal in all before it and beyond in one; the first is said of all of them, so that an index on it is of use.
	const ways = keys.map((key, n) => {
		const same = keys.slice(0, n).map(({ sql }) => `${sql} = ?`);
		return { sql: `(${[...same, `${key.sql} ${sign(key)} ?`].join(" AND ")})`, params: place.slice(0, n + 1) };
	});
	const [first] = order.keys;
	return {
		sql: `${first.sql} ${sign(first)}= ? AND (${ways.map(({ sql }) => sql).join(" OR ")})`,
		params: [...place.slice(0, 1), ...ways.flatMap(({ params }) => params)],
	};
}

export function cursorAt({ name, keys }: Order, row: PageColumns): string {
	const values = keys.map((_, n) => row[`page_value${n}`]);
	return Buffer.from(JSON.stringify([name, ...values, row.page_key])).toString("base64url");
}

/** Throws `invalid` for a cursor of another order. */
export function placeOf(cursor: string, { name, keys }: Order): Place {
	let value: unknown;
	try {
		value = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
	} catch {
		value = null;
	}
	const opened = cursorShape.safeParse(value);
	const [of, ...place] = opened.success ? opened.data : [null];
	const id = place.pop();
	if (of === name && place.length === keys.length && Number.isSafeInteger(id)) return [...place, Number(id)];
	throw new AppError("invalid", "The cursor does not belong to this list.", {
		hint: "Ask again without a cursor, and use each page's `next` with the same sort.",
		details: { field: "cursor" },
	});
}
