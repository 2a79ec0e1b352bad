/** Assets that scans looked for and did not find alive. */
import type { DatabaseSync } from "node:sqlite";
import { all, first, run } from "./sql.ts";

/** Scans that have finished and whose silent targets are not counted yet, oldest first. */
export function listUncountedScans(
	db: DatabaseSync,
): { id: number; profile: string; version: number | null; startedAt: number }[] {
	return all(
		db,
		`SELECT id, profile, profile_version AS version, ifnull(started_at, created_at) AS startedAt FROM scan
		WHERE misses_counted = 0 AND status = 'finished' ORDER BY id`,
	);
}

export function markMissesCounted(db: DatabaseSync, scan: number): void {
	run(db, "UPDATE scan SET misses_counted = 1 WHERE id = ?", scan);
}

/** In how many scans in a row the asset was missed, this one counted; and whether its findings are closed for that already. */
export function countMiss(db: DatabaseSync, asset: number): { missed: number; gone: boolean } {
	const row = first<{ missed: number; gone: number }>(
		db,
		"UPDATE asset SET missed = missed + 1 WHERE id = ? RETURNING missed, gone_at IS NOT NULL AS gone",
		asset,
	);
	return { missed: row?.missed ?? 0, gone: row?.gone === 1 };
}

/** `at` in milliseconds. */
export function markGone(db: DatabaseSync, asset: number, at: number): void {
	run(db, "UPDATE asset SET gone_at = ? WHERE id = ?", at, asset);
}

/** Scans in a row that missed it, and when its findings were closed for that; milliseconds, null: they were not. */
export function findMisses(db: DatabaseSync, asset: number): { missed: number; goneAt: number | null } {
	const text = "SELECT missed, gone_at AS goneAt FROM asset WHERE id = ?";
	return first(db, text, asset) ?? { missed: 0, goneAt: null };
}

/** Its findings were closed because it was not found alive, and it was not seen since. */
export function isGone(db: DatabaseSync, asset: number): boolean {
	return first(db, "SELECT 1 FROM asset WHERE id = ? AND gone_at IS NOT NULL", asset) !== undefined;
}

/** It is there: true when its findings had been closed because it was not. */
export function markSeen(db: DatabaseSync, asset: number): boolean {
	const row = first<{ missed: number; gone: number }>(
		db,
		"SELECT missed, gone_at IS NOT NULL AS gone FROM asset WHERE id = ?",
		asset,
	);
	// Nearly always there is nothing to write.
	if (row === undefined || (row.missed === 0 && row.gone === 0)) return false;
	run(db, "UPDATE asset SET missed = 0, gone_at = NULL WHERE id = ?", asset);
	return row.gone === 1;
}

/** The key of the address an asset is at, and when anything last saw it, in milliseconds. */
export function findWhereabouts(db: DatabaseSync, asset: number): { address: string; lastSeen: number } | undefined {
	return first(db, "SELECT address, last_seen AS lastSeen FROM asset WHERE id = ?", asset);
}
