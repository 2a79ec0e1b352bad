/**
 * Pages of findings where a filter or an order leaves few of millions: rather than going through all of them, a stretch of
 * the order is tried first; where too little of it fits, the page starts from the few assets or signatures that the filter
 * speaks of, or from what columns in memory tell (finding-columns.ts). Null where none of it helps.
 */
import type { DatabaseSync } from "node:sqlite";
import type { SqlValue } from "../query/fields.ts";
import { openNumbers } from "./codes.ts";
import { storeFailure } from "./failure.ts";
import { findingOrder } from "./fields.ts";
import type { FindingColumns } from "./finding-columns.ts";
import { opensOf } from "./finding-count.ts";
import type { Narrow } from "./finding-narrow.ts";
import { orderPlan } from "./finding-orders.ts";
import { columnsOf, type Scan, scanColumns } from "./finding-scan.ts";
import { setsOf } from "./finding-sets.ts";
import { asksForFewIds, type ColumnTerm } from "./finding-terms.ts";
import type { Where } from "./page.ts";
import { beyondPlace, type Order, orderBy, type PageColumns, type Place, pageColumns } from "./page-order.ts";
import { arrays, atOneMoment, first } from "./sql.ts";

export interface FindingQuery {
	/** Over `finding f` and what is joined to it. */
	readonly where: Where;
	readonly narrow: Narrow;
	/** Over the same tables. */
	readonly order: Order;
	/** The last row of the page before. */
	readonly after: Place | null;
	/** Rows wanted. */
	readonly limit: number;
}

/** The list's columns, and what is joined to `finding f` for them. */
export interface FindingTables {
	readonly columns: string;
	readonly joined: string;
}

type Row = PageColumns & Record<string, unknown>;

/** Each has the findings of one `open` in the list's own order. */
const indexes: Readonly<Record<number, string>> = {
	[openNumbers.fixed]: "finding_fixed",
	[openNumbers.open]: "finding_open",
	[openNumbers.information]: "finding_information",
	[openNumbers.excepted]: "finding_excepted",
};
/** Columns that each of these indexes has. */
const covered = "open|severity|id|asset|signature|address|port|protocol|instance";
/** The filter looks at rows themselves, ten times as dear as an index. */
const beyondIndex = new RegExp(`\\bf\\.(?!(?:${covered})\\b)|\\b[rt]\\.`);
/** Rows of the order that are tried first, and once nothing else helps: by the index alone, and where rows must be looked at. */
const usual = { short: { inIndex: 4_000, inRows: 2_000 }, long: { inIndex: 80_000, inRows: 10_000 } };
export type Stretches = typeof usual;
type Stretch = Stretches["short"];
/** More assets or signatures than this are no few. */
const mostKeys = 20_000;
/** So many are asked one by one, each in the order of its index. */
const mostApart = 20;
/** Findings that are sorted rather than gone through in order. */
const mostSorted = 40_000;
/** Where columns tell a part of the filter: so many that fit it are asked for the rest, more where that was not enough. */
const asked = [1_000, 10_000, 40_000];
const anything: ColumnTerm = { kind: "and", terms: [] };
const isAnything = (term: ColumnTerm | null) => term?.kind === "and" && term.terms.length === 0;

/** The list's own or that turned round, as the indexes are. */
export function isOwnOrder({ keys }: Order): boolean {
	return keys[0].sql === findingOrder.order.sql && keys[1]?.sql === findingOrder.among[0]?.sql;
}

export interface FoundPage {
	readonly rows: Row[];
	/** On all pages; null: they were not counted. */
	readonly total: number | null;
}

/** `columns` null: this connection keeps none. Throws AppError `unavailable` when the store cannot be read. */
export function pageOfFindings(
	db: DatabaseSync,
	tables: FindingTables,
	query: FindingQuery,
	columns: FindingColumns | null,
	stretches: Stretches = usual,
): FoundPage | null {
	try {
		// A row that left between two statements would be missing, and the page taken for the last one.
		return atOneMoment(db, () => new FindingPager(db, tables, query, columns).page(stretches));
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

class FindingPager {
	readonly #db: DatabaseSync;
	readonly #tables: FindingTables;
	readonly #query: FindingQuery;
	readonly #columns: FindingColumns | null;
	readonly #opens: readonly number[];
	readonly #fewFound = new Map<"asset" | "signature", number[] | null>();
	#total: number | null = null;

	constructor(db: DatabaseSync, tables: FindingTables, query: FindingQuery, columns: FindingColumns | null) {
		this.#db = db;
		this.#tables = tables;
		this.#query = query;
		this.#columns = columns;
		this.#opens = opensOf(db, query.narrow);
	}

	page({ short, long }: Stretches): FoundPage | null {
		// Their numbers find them.
		if (asksForFewIds(this.#query.narrow.told.term)) return null;
		const inOrder = (stretch: Stretch) => (isOwnOrder(this.#query.order) ? this.#inOrder(stretch) : null);
		// Where few assets or signatures are all that is asked for, an index is quicker still.
		const { alone } = this.#query.narrow;
		const few = () => this.#fromFew();
		const columns = () => this.#fromColumns();
		const keys =
			(this.#looksUpFew() ? few() : null) ??
			inOrder(short) ??
			(alone === null ? (columns() ?? few()) : (few() ?? columns())) ??
			inOrder(long);
		return keys && { rows: this.#rowsOf(keys), total: this.#total };
	}

	/** Null when the stretch did not give the whole page. */
	#inOrder(stretch: Stretch): Key[] | null {
		const { limit, narrow } = this.#query;
		// All severities are one stretch; each by itself where only some are asked for.
		const severities = narrow.severities ?? [null];
		const found = this.#opens.flatMap((open) => severities.map((severity) => this.#stretchOf(open, severity, stretch)));
		const order = (a: Key, b: Key) => this.#compare(a, b);
		// Beyond the nearest end of a stretch there may be others.
		const [end] = found.flatMap((one) => (one.end === null ? [] : [one.end])).sort(order);
		const keys = found.flatMap((one) => one.keys).sort(order);
		const sure = end === undefined ? keys : keys.filter((key) => order(key, end) <= 0);
		return end === undefined || sure.length >= limit ? sure.slice(0, limit) : null;
	}

	/** `end`: beyond it nothing was looked at; null: there is nothing beyond. */
	#stretchOf(open: number, severity: number | null, stretch: Stretch): { keys: Key[]; end: Key | null } {
		const { limit } = this.#query;
		const where = this.#whereKnown();
		const from = `finding f INDEXED BY ${indexes[open]}`;
		const here = `f.open = ${open}${severity === null ? "" : ` AND f.severity = ${severity}`}`;
		const length = beyondIndex.test(where.sql) ? stretch.inRows : stretch.inIndex;
		const [last] = this.#keys(from, { sql: here, params: [] }, 1, length - 1);
		const [names, marks] = [this.#placeNames().join(", "), this.#placeNames().map(() => "?")];
		const within = last === undefined ? "" : ` AND (${names}) ${this.#isDescending() ? ">=" : "<="} (${marks})`;
		const keys = this.#keys(
			`${from} ${this.#tables.joined}`,
			{
				sql: `${here} AND (${where.sql})${within}`,
				params: [...where.params, ...(last?.place ?? [])],
			},
			limit,
		);
		const full = keys.length < limit ? undefined : keys.at(-1);
		return { keys, end: full ?? last ?? null };
	}

	/** They are so few that their findings are quicker than a stretch of the order. */
	#looksUpFew(): boolean {
		const { assets } = this.#query.narrow;
		const few = assets !== null && this.#looksUpAssets() ? this.#few("asset", assets) : null;
		return few !== null && few.length <= mostApart;
	}

	/** All that is asked for is assets that are looked for among all, before the first row of a stretch: then once, for whatever follows. */
	#looksUpAssets(): boolean {
		const { alone, assets } = this.#query.narrow;
		return alone === "asset" && assets !== null && /\bf\.asset IN \(/.test(assets.sql);
	}

	/** The filter, with the assets it means once they are known. */
	#whereKnown(): Where {
		const known = this.#looksUpAssets() ? this.#fewFound.get("asset") : null;
		if (known === null || known === undefined) return this.#query.where;
		const { sql } = this.#isInScope();
		return { sql: `${sql} AND f.asset IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(known)] };
	}

	#fromFew(): Key[] | null {
		const { narrow, where, limit } = this.#query;
		const few: { column: string; keys: readonly number[]; n: number; where: Where }[] = [];
		for (const [column, condition] of [
			["asset", narrow.assets],
			["signature", narrow.signatures],
		] as const) {
			const keys = condition && this.#few(column, condition);
			if (keys?.length === 0) return [];
			if (keys === null) continue;
			const rest = narrow.alone === column ? this.#isInScope() : where;
			few.push({ column, keys, n: this.#areApart(keys, rest) ? 0 : this.#findingsOf(column, keys), where: rest });
		}
		const [least] = few.toSorted((a, b) => a.n - b.n);
		if (least === undefined || least.n >= mostSorted) return null;
		// Said of one alone, SQLite takes the index that has only those.
		const open = this.#opens.length === 1 ? `f.open = ${this.#opens[0]} AND ` : "";
		const { sql, params } = least.where;
		if (this.#areApart(least.keys, least.where)) {
			const apart = least.keys.flatMap((key) =>
				this.#keys(
					`finding f ${this.#tables.joined}`,
					{ sql: `${open}f.${least.column} = ${key} AND (${sql})`, params },
					limit,
				),
			);
			return apart.sort((a, b) => this.#compare(a, b)).slice(0, limit);
		}
		const from = `json_each(?) few CROSS JOIN finding f ON f.${least.column} = few.value ${this.#tables.joined}`;
		return this.#keys(from, { sql: `${open}(${sql})`, params: [JSON.stringify(least.keys), ...params] }, limit);
	}

	#isInScope(): Where {
		return { sql: `f.open IN (${this.#opens.join(", ")})`, params: [] };
	}

	/** Null where columns tell too little. */
	#fromColumns(): Pick<Key, "id">[] | null {
		const { order, after, limit, narrow } = this.#query;
		const { term, whole } = narrow.told;
		const columns = this.#columns;
		if (columns === null || (term === null && isOwnOrder(order))) return null;
		const found = setsOf(this.#db, term ?? anything);
		if (found === null) return null;
		const { sets, nothing } = found;
		if (nothing) {
			this.#total = 0;
			return [];
		}
		const plans = order.keys.flatMap((key) => orderPlan(this.#db, key) ?? []);
		if (plans.length < order.keys.length) return null;
		const names = [...plans.flatMap((plan) => plan.columns), ...columnsOf(term ?? anything)];
		if (!columns.read(names)) return null;
		const begun = plans.map((plan, at) => plan.begin(columns, after?.[at] ?? null));
		const from = {
			...{ opens: this.#opens, term: term ?? anything, sets },
			keys: begun.map((one, at) => ({ ...one.order, descending: order.keys[at]?.descending === true })),
			after: after === null ? null : [...begun.map((one) => one.after), Number(after.at(-1))],
		};
		if (!whole) return this.#asked(columns, from);
		// How many there are without a filter is known.
		const { ids, total } = scanColumns(columns, { ...from, limit, counted: !isAnything(term) });
		this.#total = total;
		return ids.map((id) => ({ id }));
	}

	/** Those that fit, of the first ones in order that fit as far as columns tell. */
	#asked(columns: FindingColumns, scan: Omit<Scan, "limit" | "counted">): Pick<Key, "id">[] | null {
		const { where, limit } = this.#query;
		const text = `SELECT f.id AS id FROM json_each(?) k CROSS JOIN finding f ON f.id = k.value ${this.#tables.joined}
			WHERE (${where.sql}) ORDER BY k.key LIMIT ?`;
		for (const [turn, many] of asked.entries()) {
			const few = turn === 1 ? this.#fromFew() : null;
			if (few !== null) return few;
			const { ids } = scanColumns(columns, { ...scan, limit: many, counted: false });
			const found = this.#db.prepare(text).all(JSON.stringify(ids), ...where.params, limit) as { id: number }[];
			if (found.length >= limit || ids.length < many) return found;
		}
		return null;
	}

	/** What the filter asks beside may cost each time what it costs once. */
	#areApart(keys: readonly number[], where: Where): boolean {
		return isOwnOrder(this.#query.order) && keys.length <= (where.params.length === 0 ? mostApart : 2);
	}

	#isDescending(): boolean {
		return this.#query.order.keys[0].descending;
	}

	/** In the order of the list, where that is its own. */
	#compare(a: Key, b: Key): number {
		const at = a.place.findIndex((value, n) => value !== b.place[n]);
		const distance = Number(a.place[at] ?? 0) - Number(b.place[at] ?? 0);
		return this.#isDescending() ? -distance : distance;
	}

	/** Of the keys and the unique key. */
	#placeNames(): string[] {
		return [...this.#query.order.keys.map(({ sql }) => sql), "f.id"];
	}

	/** Null when they are many. */
	#few(table: "asset" | "signature", where: Where): number[] | null {
		const known = this.#fewFound.get(table);
		if (known !== undefined) return known;
		const few = this.#findFew(table, where);
		this.#fewFound.set(table, few);
		return few;
	}

	#findFew(table: "asset" | "signature", { sql, params }: Where): number[] | null {
		const alias = table === "asset" ? "a" : "s";
		// A set by itself need not be looked for among all again. `join` puts more than one into brackets.
		const [, set] = new RegExp(`^f\\.${table} IN \\(([^]+)\\)$`).exec(sql) ?? [];
		const text =
			set === undefined
				? `SELECT f.${table} AS id FROM (SELECT id AS ${table} FROM ${table}) f
					JOIN ${table} ${alias} ON ${alias}.id = f.${table} WHERE ${sql} LIMIT ${mostKeys}`
				: `WITH few (id) AS (${set}) SELECT DISTINCT id FROM few LIMIT ${mostKeys}`;
		const rows = arrays<[id: number]>(this.#db, text, ...params);
		return rows.length < mostKeys ? rows.map(([id]) => id) : null;
	}

	/** How many findings they have, whatever became of them; not counted beyond what is too many. */
	#findingsOf(column: string, keys: readonly number[]): number {
		const text = `SELECT count(*) AS n FROM (SELECT 1 FROM json_each(?) few CROSS JOIN finding f ON f.${column} = few.value
			LIMIT ${mostSorted})`;
		return first<{ n: number }>(this.#db, text, JSON.stringify(keys))?.n ?? 0;
	}

	/** Keys alone: rows are read only of what is shown. */
	#keys(from: string, { sql, params }: Where, limit: number, offset = 0): Key[] {
		const { after, order } = this.#query;
		const beyond = after === null ? null : beyondPlace(order, after);
		const text = `SELECT ${this.#placeNames().join(", ")} FROM ${from}
			WHERE ${sql}${beyond === null ? "" : ` AND ${beyond.sql}`} ORDER BY ${orderBy(order)} LIMIT ? OFFSET ?`;
		const rows = arrays<SqlValue[]>(this.#db, text, ...params, ...(beyond?.params ?? []), limit, offset);
		return rows.map((place) => ({ place, id: Number(place.at(-1)) }));
	}

	#rowsOf(keys: readonly Pick<Key, "id">[]): Row[] {
		const text = `SELECT ${this.#tables.columns}, ${pageColumns(this.#query.order)}
			FROM json_each(?) k CROSS JOIN finding f ON f.id = k.value ${this.#tables.joined} ORDER BY k.key`;
		return this.#db.prepare(text).all(JSON.stringify(keys.map(({ id }) => id))) as Row[];
	}
}

interface Key {
	/** Numbers where the order is the list's own. */
	readonly place: readonly SqlValue[];
	readonly id: number;
}
