/** The orders of lists of findings that columns can tell (finding-columns.ts): each row's place as a number. */
import type { DatabaseSync } from "node:sqlite";
import type { SqlValue } from "../query/fields.ts";
import { findingSorts } from "./fields.ts";
import { type ColumnName, type FindingColumns, markOf, portOf, protocolOf } from "./finding-columns.ts";
import type { MarkName } from "./finding-terms.ts";
import type { Order } from "./page-order.ts";
import { arrays } from "./sql.ts";

export interface FindingOrder {
	/** Of one row. */
	at(row: number): number;
	/** Of rows from `from` up to `to`, put down from the beginning on. */
	fill(from: number, to: number, places: Float64Array): void;
}

export interface OrderPlan {
	readonly columns: readonly ColumnName[];
	/** To be called once the columns have been read. `after`: the value that the last row of the page before had. */
	begin(columns: FindingColumns, after: SqlValue | null): { order: FindingOrder; after: number };
}

/** Null: columns do not tell it. The keys are of `findingSorts`. */
export function orderPlan(db: DatabaseSync, [{ sql }, ...others]: Order["keys"]): OrderPlan | null {
	if (others.length > 0) return null;
	const own = ownOrders[sql];
	if (own !== undefined) return own;
	return ofSignature.has(sql) ? bySignature(db, sql) : null;
}

/** As they come. */
export const noOrder: FindingOrder = { at: () => 0, fill: (_from, _to, places) => void places.fill(0) };

const ownOrders: Readonly<Record<string, OrderPlan>> = {
	"f.id": byNumber("id"),
	"f.port": byValue("place", portOf),
	"f.protocol": byValue("place", protocolOf),
	"f.severity": byMark("severity"),
	"f.type": byMark("type"),
	"ifnull(f.status, 0)": byMark("status"),
	"ifnull(f.fix, 0)": byMark("fix"),
	"f.first_found": byNumber("firstFound"),
	"f.last_found": byNumber("lastFound"),
	"ifnull(f.last_fixed, -1)": byValue("lastFixed", (ms) => (Number.isNaN(ms) ? -1 : ms)),
	"f.times_found": byNumber("timesFound"),
};
const ofSignature = new Set(Object.values(findingSorts).filter((sql) => /\bs\./.test(sql) && !/\b[far]\./.test(sql)));

function byNumber(name: ColumnName): OrderPlan {
	return {
		columns: [name],
		begin(columns, after) {
			const column = columns.column(name);
			const order: FindingOrder = {
				at: (row) => column[row] ?? 0,
				fill(from, to, places) {
					for (let row = from; row < to; row++) places[row - from] = column[row] ?? 0;
				},
			};
			return { order, after: Number(after) };
		},
	};
}

function byValue(name: ColumnName, placeOf: (number: number) => number): OrderPlan {
	return {
		columns: [name],
		begin(columns, after) {
			const column = columns.column(name);
			const order: FindingOrder = {
				at: (row) => placeOf(column[row] ?? 0),
				fill(from, to, places) {
					for (let row = from; row < to; row++) places[row - from] = placeOf(column[row] ?? 0);
				},
			};
			return { order, after: Number(after) };
		},
	};
}

function byMark(name: MarkName): OrderPlan {
	const values = Float64Array.from({ length: 65_536 }, (_, mark) => Number(markOf[name](mark) ?? 0));
	return {
		columns: ["marks"],
		begin: (columns, after) => ({ order: byTable(columns.column("marks"), values), after: Number(after) }),
	};
}

function byTable(column: ReturnType<FindingColumns["column"]>, table: Float64Array): FindingOrder {
	return {
		at: (row) => table[column[row] ?? 0] ?? 0,
		fill(from, to, places) {
			for (let row = from; row < to; row++) places[row - from] = table[column[row] ?? 0] ?? 0;
		},
	};
}

/** Signatures are put in order, which are far fewer; findings go by the place of theirs. */
function bySignature(db: DatabaseSync, sql: string): OrderPlan {
	return {
		columns: ["signature"],
		begin(columns, after) {
			const text = `SELECT s.id, 2 * dense_rank() OVER (ORDER BY ${sql}), (${sql}) < ?1, (${sql}) = ?1 FROM signature s`;
			const rows = arrays<[id: number, place: number, before: number | null, same: number | null]>(db, text, after);
			const places = new Float64Array(rows.reduce((most, [id]) => Math.max(most, id), 0) + 1);
			// Between two, where no signature has the value any more.
			let reached = 1;
			for (const [id, place, before, same] of rows) {
				places[id] = place;
				if (before === 1) reached = Math.max(reached, place + 1);
				if (same === 1) reached = Math.max(reached, place);
			}
			return { order: byTable(columns.column("signature"), places), after: reached };
		},
	};
}
