/**
 * Puts what a merged asset's evidence was moved from one address to another (store/fold-address.ts) back to where it was seen,
 * where the two addresses go to different sides when the merge is undone.
 */
import type { DatabaseSync } from "node:sqlite";
import { assetTables } from "../store/asset-tables.ts";
import { nextNumber } from "../store/counters.ts";
import { type LooseRow, readLooseRows, removeLooseRows, writeLooseRow } from "../store/loose-rows.ts";
import type { Fold } from "../store/merge-folds.ts";
import { splitRows, unifyRows } from "./unify.ts";
import type { FirstArrival } from "./unify-finding.ts";

/** `since`: what first came in at the address the rows went to. */
export function unfold(db: DatabaseSync, asset: number, fold: Fold, since: FirstArrival): void {
	for (const table of assetTables(db)) {
		const rows = fold.rows.get(table.name);
		if (rows === undefined) continue;
		const current = readLooseRows(db, table, asset, [fold.target]);
		const here = splitRows(table, { own: rows.target, merged: rows.made, current }, since);
		// Something may have been seen at the address again: that goes on from where it was.
		const again = readLooseRows(db, table, asset, [fold.source]);
		const back = unifyRows(table, [rows.source, again]);
		const leave = removeLooseRows(db, table, asset, current, [fold.target]);
		const leaveAgain = removeLooseRows(db, table, asset, again, [fold.source]);
		const taken = new Set<number>();
		for (const row of [...back, ...here]) writeLooseRow(db, table, asset, numbered(db, table.name, row, taken));
		leaveAgain();
		leave();
	}
}

/** Two sides may each have what was one finding: the second gets a number of its own. */
export function numbered(db: DatabaseSync, table: string, row: LooseRow, taken: Set<number>): LooseRow {
	if (table !== "finding") return row;
	const id = Number(row.columns.id);
	const free = taken.has(id) ? nextNumber(db, "finding") : id;
	taken.add(free);
	return free === id ? row : { ...row, columns: { ...row.columns, id: free } };
}
