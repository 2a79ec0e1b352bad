/** Which rows of signatures and results a filter over findings means: looked for once, each by its number. */
import type { DatabaseSync } from "node:sqlite";
import { columnsOf, type Sets } from "./finding-scan.ts";
import type { ColumnTerm } from "./finding-terms.ts";
import { first } from "./sql.ts";

/** They are kept beside the columns while a list is read. */
const mostBytes = 16 * 1024 * 1024;
/** Numbers looked through in one statement. */
const takenInOne = 50_000;

type RowTerm = ColumnTerm & { kind: "row" };
type Sizes = Readonly<Record<RowTerm["table"], number>>;

export interface FoundSets {
	readonly sets: Sets;
	/** No finding fits: one of those that must hold is empty. */
	readonly nothing: boolean;
}

/** Null: they would take more than `most` bytes. */
export function setsOf(db: DatabaseSync, term: ColumnTerm, most: number = mostBytes): FoundSets | null {
	const sizes = { signature: sizeOf(db, "signature"), result: sizeOf(db, "result") };
	const bytes = columnsOf(term).reduce((sum, name) => sum + (isTable(name) ? sizes[name] : 0), 0);
	if (bytes > most) return null;
	const sets = new Map<ColumnTerm, Uint8Array>();
	const nothing = fillSets(db, term, sizes, sets);
	return { sets, nothing };
}

function isTable(name: string): name is RowTerm["table"] {
	return name === "signature" || name === "result";
}

/** A byte for each number there may be. */
function sizeOf(db: DatabaseSync, table: RowTerm["table"]): number {
	return (first<{ n: number }>(db, `SELECT ifnull(max(id), 0) AS n FROM ${table}`)?.n ?? 0) + 1;
}

/** True: nothing can fit. */
function fillSets(db: DatabaseSync, term: ColumnTerm, sizes: Sizes, sets: Map<ColumnTerm, Uint8Array>): boolean {
	switch (term.kind) {
		case "and":
			return term.terms.some((one) => fillSets(db, one, sizes, sets));
		case "or": {
			const empty = term.terms.map((one) => fillSets(db, one, sizes, sets));
			return empty.every((one) => one);
		}
		case "not":
			fillSets(db, term.term, sizes, sets);
			return false;
		case "row": {
			const set = new Uint8Array(sizes[term.table]);
			sets.set(term, set);
			return fillSet(db, term, set) === 0;
		}
		default:
			return false;
	}
}

/** By a function that SQLite calls with each number, for there may be millions. Returns how many there are. */
function fillSet(db: DatabaseSync, { table, where: { sql, params } }: RowTerm, set: Uint8Array): number {
	db.function("finding_set", { directOnly: true }, ((id: number) => {
		set[id] = 1;
		return 1;
	}) as (...values: unknown[]) => number);
	const [id, from] =
		table === "signature"
			? ["f.signature", "(SELECT id AS signature FROM signature) f JOIN signature s ON s.id = f.signature"]
			: ["r.id", "result r"];
	const part = db.prepare(
		`SELECT count(finding_set(${id})) AS n FROM ${from} WHERE (${sql}) AND ${id} >= ? AND ${id} < ?`,
	);
	let found = 0;
	// What Node makes of the numbers is let go of when a statement ends.
	for (let at = 0; at < set.length; at += takenInOne) found += Number(part.get(...params, at, at + takenInOne)?.n);
	return found;
}
