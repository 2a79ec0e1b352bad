/**
 * A merged asset has left an address, and what was seen there moves to another of its addresses (fold-address.ts). Where the
 * two came from different assets, both are kept as they were, so that undoing the merge can tell them apart again.
 */
import type { DatabaseSync } from "node:sqlite";
import { assetTables } from "./asset-tables.ts";
import { bytesIn, bytesOut, insertBody, type LooseRow, readLooseRows } from "./loose-rows.ts";
import { listSides, partsOf } from "./merges.ts";
import { all, run } from "./sql.ts";

/** What was at the address left, at the address it went to, and what that made. */
const foldParts = ["source", "target", "made"] as const;
export type FoldPart = (typeof foldParts)[number];

export interface Fold {
	/** Sort keys. */
	readonly source: string;
	readonly target: string;
	/** By table. */
	readonly rows: ReadonlyMap<string, Readonly<Record<FoldPart, readonly LooseRow[]>>>;
}

const folded = new Set(["service", "record", "coverage", "finding"]);

/** Called before rows move from one address of an asset to another; what it returns is called after. */
export function noteFold(db: DatabaseSync, asset: number, source: string, target: string): () => void {
	const merges = mergesApart(db, asset, source, target);
	if (merges.length === 0) return () => undefined;
	const folds = merges.map(
		(merge) => run(db, "INSERT INTO merge_fold (merge, source, target) VALUES (?, ?, ?)", merge, source, target).id,
	);
	keep(db, folds, asset, "source", source);
	keep(db, folds, asset, "target", target);
	return () => keep(db, folds, asset, "made", target);
}

/** Of a merge, the latest first. */
export function listFolds(db: DatabaseSync, merge: number): Fold[] {
	const folds = all<{ id: number; source: string; target: string }>(
		db,
		"SELECT id, source, target FROM merge_fold WHERE merge = ? ORDER BY id DESC",
		merge,
	);
	return folds.map(({ id, source, target }) => ({ source, target, rows: rowsOf(db, id) }));
}

export function forgetFolds(db: DatabaseSync, merge: number): void {
	run(
		db,
		`DELETE FROM body WHERE id IN (SELECT r.body FROM merge_fold f JOIN merge_fold_row r ON r.fold = f.id WHERE f.merge = ?)`,
		merge,
	);
	run(db, "DELETE FROM merge_fold WHERE merge = ?", merge);
}

/** Merges that hold, in which the two addresses came from different assets. */
function mergesApart(db: DatabaseSync, asset: number, source: string, target: string): number[] {
	const merges = all<{ id: number }>(
		db,
		"SELECT id FROM merge WHERE undone_at IS NULL AND survivor IN (SELECT value FROM json_each(?)) ORDER BY id",
		JSON.stringify(partsOf(db, asset)),
	);
	return merges.flatMap(({ id }) => {
		const having = listSides(db, id).filter(({ addresses }) => addresses.includes(source));
		const together = having.every(({ addresses }) => addresses.includes(target));
		return having.length === 0 || together ? [] : id;
	});
}

function keep(db: DatabaseSync, folds: readonly number[], asset: number, part: FoldPart, address: string): void {
	for (const table of assetTables(db).filter(({ name }) => folded.has(name))) {
		for (const { body, ...row } of readLooseRows(db, table, asset, [address])) {
			for (const fold of folds) {
				const stored = body === undefined ? null : insertBody(db, body);
				run(
					db,
					"INSERT INTO merge_fold_row (fold, part, tbl, row, body) VALUES (?, ?, ?, ?, ?)",
					...[fold, part, table.name, JSON.stringify(row, bytesOut), stored],
				);
			}
		}
	}
}

interface FoldRow {
	part: FoldPart;
	tbl: string;
	row: string;
	packed: number | null;
	data: Uint8Array | null;
	list: number | null;
}

function rowsOf(db: DatabaseSync, fold: number): Fold["rows"] {
	const byTable = new Map<string, Record<FoldPart, LooseRow[]>>();
	const rows = all<FoldRow>(
		db,
		`SELECT r.part, r.tbl, r.row, b.packed, b.data, b.list FROM merge_fold_row r LEFT JOIN body b ON b.id = r.body
		WHERE r.fold = ? ORDER BY r.id`,
		fold,
	);
	for (const { part, tbl, row, packed, data, list } of rows) {
		const ofTable = byTable.get(tbl) ?? { source: [], target: [], made: [] };
		byTable.set(tbl, ofTable);
		const body = data === null ? {} : { body: { packed: packed ?? 0, data, list } };
		ofTable[part].push({ ...(JSON.parse(row, bytesIn) as LooseRow), ...body });
	}
	return byTable;
}
