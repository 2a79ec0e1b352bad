/** Reads the facts of one row that plans ask for: one statement for its columns and one for each kind of children. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SqlValue } from "./fields.ts";
import type { Facts, Needs, Row } from "./plan-test.ts";

interface Reader {
	readonly columns: readonly string[];
	readonly statement: StatementSync;
}

/** Made once for a set of plans. `from` as in `asset a`, `key` as in `a.id`. */
export class FactsReader {
	readonly #row: Reader;
	readonly #children: ReadonlyMap<string, Reader>;

	constructor(db: DatabaseSync, from: string, key: string, { columns, children }: Needs) {
		const reader = (names: ReadonlySet<string>, rest: string): Reader => {
			const listed = [...names];
			const cells = listed.length === 0 ? "1" : listed.join(", ");
			const statement = db.prepare(`SELECT ${cells} FROM ${from}${rest}`);
			statement.setReturnArrays(true);
			return { columns: listed, statement };
		};
		this.#row = reader(columns, ` WHERE ${key} = ?`);
		this.#children = new Map(
			Array.from(children, ([name, { field, columns: own }]) => [
				name,
				reader(own, `, ${field.exists.tables} WHERE ${key} = ? AND ${field.exists.on}`),
			]),
		);
	}

	read(id: number): Facts {
		return {
			row: rowsOf(this.#row, id)[0] ?? new Map(),
			children: new Map(Array.from(this.#children, ([name, reader]) => [name, rowsOf(reader, id)])),
		};
	}
}

function rowsOf({ columns, statement }: Reader, id: number): Row[] {
	return (statement.all(id) as unknown as (SqlValue | null)[][]).map(
		(cells) => new Map(columns.map((column, index) => [column, cells[index] ?? null])),
	);
}
