/** The orders of lists of findings that columns can tell (finding-columns.ts): each row's place as a number. */
import type { DatabaseSync } from "node:sqlite";
import type { SqlValue } from "../query/fields.ts";
import { typeNumbers } from "./codes.ts";
import { potentialPoints, priorityTenths } from "./fields.ts";
import type { BoundKey } from "./finding-bounds.ts";
import { type Column, type ColumnName, markOf, portOf, protocolOf, type TextColumn } from "./finding-cells.ts";
import type { FindingColumns } from "./finding-columns.ts";
import type { MarkName } from "./finding-terms.ts";
import type { OrderKey } from "./page-order.ts";

/** A key but for the way it points. */
export type FindingOrder = Omit<BoundKey, "descending">;

export interface OrderPlan {
	readonly columns: readonly ColumnName[];
	/** To be called once the columns have been read. `after`: the value that the last row of the page before had. */
	begin(columns: FindingColumns, after: SqlValue | null): { order: FindingOrder; after: number };
}

/** Null: columns do not tell it. The keys are of `findingSorts`. */
export function orderPlan(db: DatabaseSync, { sql }: OrderKey): OrderPlan | null {
	const own = ownOrders[sql];
	if (own !== undefined) return own;
	if (sql === priorityTenths) return byPriority(db);
	const [table, ...tables] = new Set(sql.match(/\b[a-z]\./g));
	if (tables.length > 0 || (table !== "a." && table !== "s.")) return null;
	return byRank(db, table === "a." ? "asset" : "signature", sql);
}

const ownOrders: Readonly<Record<string, OrderPlan>> = {
	"f.id": byNumber("id"),
	"f.port": byValue("port", "place", portOf),
	"f.protocol": byValue("protocol", "place", protocolOf),
	"f.asset": byNumber("asset"),
	"f.severity": byMark("severity"),
	"f.type": byMark("type"),
	"ifnull(f.status, 0)": byMark("status"),
	"ifnull(f.fix, 0)": byMark("fix"),
	"f.first_found": byNumber("firstFound"),
	"f.last_found": byNumber("lastFound"),
	"ifnull(f.last_fixed, -1)": byValue("lastFixed", "lastFixed", (ms) => (Number.isNaN(ms) ? -1 : ms)),
	"f.times_found": byNumber("timesFound"),
	"f.address": byText("address"),
	"f.instance": byText("instance"),
};

/** The last key of every list. */
export function orderById(columns: FindingColumns): FindingOrder {
	return ofNumbers("id", columns);
}

function byNumber(name: ColumnName): OrderPlan {
	return {
		columns: [name],
		begin: (columns, after) => ({ order: ofNumbers(name, columns), after: Number(after) }),
	};
}

function ofNumbers(name: ColumnName, columns: FindingColumns): FindingOrder {
	const column = columns.column(name);
	return {
		...{ name, tables: [] },
		at: (row) => column[row] ?? 0,
		fill(from, to, places) {
			for (let row = from; row < to; row++) places[row - from] = column[row] ?? 0;
		},
	};
}

function byValue(name: string, from: ColumnName, placeOf: (number: number) => number): OrderPlan {
	return {
		columns: [from],
		begin: (columns, after) => ({ order: ofColumn(name, columns.column(from), placeOf), after: Number(after) }),
	};
}

function ofColumn(name: string, column: Column, placeOf: (number: number) => number): FindingOrder {
	return {
		...{ name, tables: [] },
		at: (row) => placeOf(column[row] ?? 0),
		fill(from, to, places) {
			for (let row = from; row < to; row++) places[row - from] = placeOf(column[row] ?? 0);
		},
	};
}

function byText(name: TextColumn): OrderPlan {
	return {
		columns: [name],
		begin(columns, after) {
			const texts = columns.texts(name);
			const order = ofColumn(name, columns.column(name), texts.places());
			return {
				// Places are among all there are.
				order: { ...order, tables: [Float64Array.of(texts.size)] },
				after: after === null ? 0 : texts.placeOf(String(after)),
			};
		},
	};
}

function byMark(name: MarkName): OrderPlan {
	const values = Float64Array.from({ length: 65_536 }, (_, mark) => Number(markOf[name](mark) ?? 0));
	return {
		columns: ["marks"],
		begin: (columns, after) => ({ order: byTable(name, columns.column("marks"), values), after: Number(after) }),
	};
}

function byTable(name: string, column: Column, table: Float64Array): FindingOrder {
	return {
		...{ name, tables: [table] },
		at: (row) => table[column[row] ?? 0] ?? 0,
		fill(from, to, places) {
			for (let row = from; row < to; row++) places[row - from] = table[column[row] ?? 0] ?? 0;
		},
	};
}

/** Assets or signatures are put in order, which are far fewer; findings go by the place of theirs. */
function byRank(db: DatabaseSync, table: "asset" | "signature", sql: string): OrderPlan {
	const from = `${table} ${table === "asset" ? "a" : "s"}`;
	return {
		columns: [table],
		begin(columns, after) {
			const places = numbersOf(db, table, `SELECT id, 2 * dense_rank() OVER (ORDER BY ${sql}) FROM ${from}`);
			// Between two, where none has the value any more.
			const reached = `SELECT 2 * count(DISTINCT ${sql}) + 1 - count(DISTINCT CASE WHEN (${sql}) = ?1 THEN 1 END) AS n
				FROM ${from} WHERE (${sql}) <= ?1`;
			const placeOf = (value: SqlValue) => {
				const one = db.prepare(`SELECT id FROM ${from} WHERE (${sql}) = ? LIMIT 1`).get(value);
				return one === undefined ? Number(db.prepare(reached).get(value)?.n) : (places[Number(one.id)] ?? 0);
			};
			return { order: byTable(sql, columns.column(table), places), after: after === null ? 0 : placeOf(after) };
		},
	};
}

/** `priorityTenths` (fields.ts). */
function byPriority(db: DatabaseSync): OrderPlan {
	return {
		columns: ["signature", "asset"],
		begin(columns, after) {
			const points = numbersOf(db, "signature", "SELECT s.id, s.points FROM signature s");
			const potential = numbersOf(db, "signature", `SELECT s.id, ${potentialPoints} FROM signature s`);
			const stakes = numbersOf(db, "asset", "SELECT a.id, a.stakes FROM asset a");
			const [marks, signatures, assets] = [
				columns.column("marks"),
				columns.column("signature"),
				columns.column("asset"),
			];
			const at = (row: number) => {
				const of = markOf.type(marks[row] ?? 0) === typeNumbers.potential ? potential : points;
				return (of[signatures[row] ?? 0] ?? 0) + (stakes[assets[row] ?? 0] ?? 0);
			};
			const fill: FindingOrder["fill"] = (from, to, places) => {
				for (let row = from; row < to; row++) places[row - from] = at(row);
			};
			return { order: { name: "priority", tables: [points, potential, stakes], at, fill }, after: Number(after) };
		},
	};
}

const kept = new WeakMap<DatabaseSync, Map<string, { version: number; numbers: Float64Array }>>();

/** By id, what a SELECT of ids and numbers of a table says: of columns that `order_version` minds. Kept until one has changed. */
function numbersOf(db: DatabaseSync, table: "asset" | "signature", select: string): Float64Array {
	const version = Number(db.prepare("SELECT n FROM order_version WHERE of = ?").get(table)?.n);
	const known = kept.get(db) ?? new Map();
	kept.set(db, known);
	const before = known.get(select);
	if (before?.version === version) return before.numbers;
	const numbers = readNumbers(db, table, select);
	known.set(select, { version, numbers });
	return numbers;
}

/** Taken as findings are (finding-columns.ts). */
function readNumbers(db: DatabaseSync, table: "asset" | "signature", select: string): Float64Array {
	const numbers = new Float64Array(Number(db.prepare(`SELECT ifnull(max(id), 0) AS n FROM ${table}`).get()?.n) + 1);
	db.function("finding_order", { directOnly: true }, ((id: number, number: number) => {
		numbers[id] = number;
		return null;
	}) as (...values: unknown[]) => null);
	db.prepare(`WITH t (id, number) AS (${select}) SELECT count(finding_order(id, number)) FROM t`).get();
	return numbers;
}
