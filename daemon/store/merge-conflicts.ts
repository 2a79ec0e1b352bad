/** What came in for a merged asset and speaks against the merge: it holds until somebody undoes it, and says so until then. */
import type { DatabaseSync } from "node:sqlite";
import { all, first, run } from "./sql.ts";

/** Times in milliseconds. */
export interface MergeConflict {
	/** Sort key. */
	readonly address: string;
	/** Of identifier, or `boot`. */
	readonly kind: string;
	readonly at: number;
	/** Null: by no scan. */
	readonly scan: number | null;
	/** What the asset had, and what was seen; at most a few of each. */
	readonly known: readonly string[];
	readonly seen: readonly string[];
	/** Who looked at it and keeps the merge; null: nobody yet. */
	readonly kept: { readonly at: number; readonly by: string; readonly why: string } | null;
}

const valuesKept = 8;

/** The first of its kind at an address is kept. */
export function saveMergeConflict(db: DatabaseSync, merge: number, conflict: Omit<MergeConflict, "kept">): void {
	const { address, kind, at, scan, known, seen } = conflict;
	run(
		db,
		`INSERT INTO merge_conflict (merge, address, kind, at, scan, known, seen) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`,
		...[merge, address, kind, at, scan],
		...[JSON.stringify(known.slice(0, valuesKept)), JSON.stringify(seen.slice(0, valuesKept))],
	);
}

/** Newest first. */
export function listMergeConflicts(db: DatabaseSync, merge: number): MergeConflict[] {
	return all<ConflictRow>(
		db,
		`SELECT address, kind, at, scan, known, seen, kept_at, kept_by, kept_why FROM merge_conflict WHERE merge = ?
		ORDER BY at DESC, address, kind`,
		merge,
	).map(({ kept_at, kept_by, kept_why, known, seen, ...row }) => ({
		...row,
		known: JSON.parse(known) as string[],
		seen: JSON.parse(seen) as string[],
		kept: kept_at === null ? null : { at: kept_at, by: kept_by ?? "", why: kept_why ?? "" },
	}));
}

/** Merges that hold and that something speaks against which nobody has looked at. */
export function countContradictedMerges(db: DatabaseSync): number {
	const text = `SELECT count(DISTINCT c.merge) AS n FROM merge_conflict c JOIN merge m ON m.id = c.merge
		WHERE c.kept_at IS NULL AND m.undone_at IS NULL`;
	return first<{ n: number }>(db, text)?.n ?? 0;
}

/** The merge is kept for all that is known to speak against it now. Returns how much that is. */
export function keepAgainstConflicts(
	db: DatabaseSync,
	merge: number,
	{ at, by, why }: { at: number; by: string; why: string },
): number {
	const text = "UPDATE merge_conflict SET kept_at = ?, kept_by = ?, kept_why = ? WHERE merge = ? AND kept_at IS NULL";
	return run(db, text, at, by, why, merge).changes;
}

interface ConflictRow {
	address: string;
	kind: string;
	at: number;
	scan: number | null;
	known: string;
	seen: string;
	kept_at: number | null;
	kept_by: string | null;
	kept_why: string | null;
}
