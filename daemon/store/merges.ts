/** Merges as recorded: who, when and why, the assets as they were, and the shelf with what both sides had. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { bytesIn, bytesOut, insertBody, type LooseRow } from "./loose-rows.ts";
import { all, first, run } from "./sql.ts";

/** Fields whose value somebody chose: it holds until the merge is undone. */
export type ChosenFields = Readonly<Record<string, SQLOutputValue>>;

export interface StoredMerge {
	readonly id: number;
	readonly survivor: number;
	readonly at: number;
	readonly by: string;
	readonly why: string;
	readonly automatic: boolean;
	readonly confidence: number | null;
	/** JSON of the links as they were. */
	readonly evidence: string;
	readonly chosen: ChosenFields;
	readonly undone: { readonly at: number; readonly by: string; readonly why: string } | null;
}

export interface MergeSide {
	readonly asset: number;
	readonly name: string;
	/** The asset's row as it was. */
	readonly row: Readonly<Record<string, SQLOutputValue>>;
	/** Sort keys of every address it had rows of. */
	readonly addresses: readonly string[];
}

/** `again`: the number of a merge that was undone and is made again. */
export function insertMerge(db: DatabaseSync, merge: Omit<StoredMerge, "id" | "undone">, again?: number): number {
	if (again !== undefined) run(db, "DELETE FROM merge_side WHERE merge = ?", again);
	return run(
		db,
		`INSERT INTO merge (id, survivor, at, by, why, automatic, confidence, evidence, chosen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET chosen = excluded.chosen, undone_at = NULL, undone_by = NULL, undone_why = NULL`,
		again ?? null,
		merge.survivor,
		merge.at,
		merge.by,
		merge.why,
		Number(merge.automatic),
		merge.confidence,
		merge.evidence,
		JSON.stringify(merge.chosen, bytesOut),
	).id;
}

export function insertSide(db: DatabaseSync, merge: number, side: MergeSide): void {
	run(
		db,
		"INSERT INTO merge_side (merge, asset, name, row, addresses) VALUES (?, ?, ?, ?, ?)",
		merge,
		side.asset,
		side.name,
		JSON.stringify(side.row, bytesOut),
		JSON.stringify(side.addresses),
	);
}

/** Puts rows of one side on the shelf, as they were. */
export function shelve(db: DatabaseSync, merge: number, asset: number, table: string, rows: readonly LooseRow[]): void {
	for (const { body, ...row } of rows) {
		const stored = body === undefined ? null : insertBody(db, body);
		run(
			db,
			"INSERT INTO merge_row (merge, asset, tbl, row, body) VALUES (?, ?, ?, ?, ?)",
			...[merge, asset, table, JSON.stringify(row, bytesOut), stored],
		);
	}
}

/** The shelf of a merge, or some tables of it: rows by table and asset, in the order they were put there. */
export function readShelf(
	db: DatabaseSync,
	merge: number,
	tables: readonly string[] | null = null,
): Map<string, Map<number, LooseRow[]>> {
	const shelf = new Map<string, Map<number, LooseRow[]>>();
	const rows = all<ShelfRow>(
		db,
		`SELECT m.asset, m.tbl, m.row, b.packed, b.data, b.list FROM merge_row m LEFT JOIN body b ON b.id = m.body
		WHERE m.merge = ?1 AND (?2 IS NULL OR m.tbl IN (SELECT value FROM json_each(?2))) ORDER BY m.id`,
		merge,
		tables === null ? null : JSON.stringify(tables),
	);
	for (const { asset, tbl, row, packed, data, list } of rows) {
		const ofTable = shelf.get(tbl) ?? new Map<number, LooseRow[]>();
		shelf.set(tbl, ofTable);
		const loose = JSON.parse(row, bytesIn) as LooseRow;
		const body = data === null ? {} : { body: { packed: packed ?? 0, data, list } };
		const rowsOf = ofTable.get(asset) ?? [];
		ofTable.set(asset, rowsOf);
		rowsOf.push({ ...loose, ...body });
	}
	return shelf;
}

interface ShelfRow {
	asset: number;
	tbl: string;
	row: string;
	packed: number | null;
	data: Uint8Array | null;
	list: number | null;
}

export function findMerge(db: DatabaseSync, id: number): StoredMerge | null {
	const row = first<MergeRow>(db, "SELECT * FROM merge WHERE id = ?", id);
	return row === undefined ? null : toMerge(row);
}

export function listSides(db: DatabaseSync, merge: number): MergeSide[] {
	const rows = all<{ asset: number; name: string; row: string; addresses: string }>(
		db,
		"SELECT asset, name, row, addresses FROM merge_side WHERE merge = ? ORDER BY asset",
		merge,
	);
	return rows.map(({ asset, name, row, addresses }) => ({
		asset,
		name,
		row: JSON.parse(row, bytesIn) as MergeSide["row"],
		addresses: JSON.parse(addresses) as string[],
	}));
}

/** Merges that build on this one and hold: they took the asset that stayed into another, or others into it. Earliest first. */
export function listLaterMerges(db: DatabaseSync, merge: Pick<StoredMerge, "id" | "survivor">): number[] {
	return all<{ id: number }>(
		db,
		`WITH RECURSIVE later (id, survivor) AS (SELECT ?1, ?2 UNION SELECT m.id, m.survivor FROM later l
			JOIN merge_side s ON s.asset = l.survivor JOIN merge m ON m.id = s.merge WHERE m.id > l.id AND m.undone_at IS NULL)
		SELECT DISTINCT id FROM later WHERE id <> ?1 ORDER BY id`,
		...[merge.id, merge.survivor],
	).map(({ id }) => id);
}

/** Merges that hold of which the asset is what stayed, the latest first. */
export function listMergesInto(db: DatabaseSync, asset: number): number[] {
	const text = "SELECT id FROM merge WHERE survivor = ? AND undone_at IS NULL ORDER BY id DESC";
	return all<{ id: number }>(db, text, asset).map(({ id }) => id);
}

/** The asset that an asset's rows are under now: itself, or what it was merged into; null when there is neither. */
export function standsFor(db: DatabaseSync, asset: number): number | null {
	const present = first(db, "SELECT 1 FROM asset WHERE id = ?", asset);
	if (present !== undefined) return asset;
	const into = first<{ survivor: number }>(
		db,
		`SELECT m.survivor FROM merge_side s JOIN merge m ON m.id = s.merge
		WHERE s.asset = ? AND m.survivor <> s.asset AND m.undone_at IS NULL ORDER BY m.id DESC LIMIT 1`,
		asset,
	);
	return into === undefined ? null : standsFor(db, into.survivor);
}

/** Every asset that is in this one by merges that hold, itself too. */
export function partsOf(db: DatabaseSync, asset: number): number[] {
	return all<{ asset: number }>(
		db,
		`WITH RECURSIVE part (asset) AS (SELECT ? UNION SELECT s.asset FROM part p JOIN merge m ON m.survivor = p.asset
			JOIN merge_side s ON s.merge = m.id WHERE m.undone_at IS NULL) SELECT asset FROM part`,
		asset,
	).map((row) => row.asset);
}

/** The shelf and what came in are no longer needed then. */
export function markUndone(db: DatabaseSync, merge: number, undone: { at: number; by: string; why: string }): void {
	run(
		db,
		"UPDATE merge SET undone_at = ?, undone_by = ?, undone_why = ? WHERE id = ?",
		undone.at,
		undone.by,
		undone.why,
		merge,
	);
	run(db, "DELETE FROM body WHERE id IN (SELECT body FROM merge_row WHERE merge = ?)", merge);
	for (const table of ["merge_row", "merge_arrival", "merge_arrival_identifier"]) {
		run(db, `DELETE FROM ${table} WHERE merge = ?`, merge);
	}
}

export interface MergeRow {
	id: number;
	survivor: number;
	at: number;
	by: string;
	why: string;
	automatic: number;
	confidence: number | null;
	evidence: string;
	chosen: string;
	undone_at: number | null;
	undone_by: string | null;
	undone_why: string | null;
}

export function toMerge(row: MergeRow): StoredMerge {
	const { undone_at, undone_by, undone_why, automatic, chosen, ...rest } = row;
	return {
		...rest,
		automatic: automatic === 1,
		chosen: JSON.parse(chosen, bytesIn) as ChosenFields,
		undone: undone_at === null ? null : { at: undone_at, by: undone_by ?? "", why: undone_why ?? "" },
	};
}
