/** Work on many rows that is done a few at a time, and outlives the daemon: what is to be done, and how far it is. */
import type { DatabaseSync } from "node:sqlite";
import { all, first, run } from "./sql.ts";

/** What one step came to. */
export interface BulkStep {
	/** Where the next begins; null: all is done. */
	readonly next: number | null;
	/** How many it changed. */
	readonly changed: number;
	/** What comes next costs something else a row: how many rows fit in a step is not known from those before. */
	readonly isOther?: boolean;
	/** Numbers of what it made. */
	readonly made?: readonly number[];
}

/**
 * Does about `most` of a work, from a place on (0 at first), in the caller's transaction. What was there when the work began may
 * have changed or gone meanwhile: each step looks again.
 */
export type BulkStepOf<What> = (
	db: DatabaseSync,
	what: What,
	list: readonly number[],
	at: { readonly place: number; readonly most: number },
) => BulkStep;

/** For work that goes through its list. */
export function stepThrough(
	list: readonly number[],
	{ place, most }: { readonly place: number; readonly most: number },
	act: (some: readonly number[]) => Omit<BulkStep, "next">,
): BulkStep {
	const end = place + most;
	return { ...act(list.slice(place, end)), next: end < list.length ? end : null };
}

export interface StoredBulkWork {
	readonly id: number;
	readonly kind: string;
	readonly what: unknown;
	readonly list: readonly number[];
	readonly place: number;
}

/** `at` in milliseconds. Returns its number. */
export function addBulkWork(
	db: DatabaseSync,
	{ kind, what, list, at }: { kind: string; what: unknown; list: readonly number[]; at: number },
): number {
	const numbers = new Uint8Array(Float64Array.from(list).buffer);
	const text = "INSERT INTO bulk_work (kind, what, list, at) VALUES (?, ?, ?, ?)";
	return run(db, text, kind, JSON.stringify(what), numbers, at).id;
}

/** Null: it is done. */
export function findBulkWork(db: DatabaseSync, id: number): StoredBulkWork | null {
	const row = first<{ kind: string; what: string; list: Uint8Array; place: number | null }>(
		db,
		"SELECT w.kind, w.what, w.list, p.place FROM bulk_work w LEFT JOIN bulk_place p ON p.work = w.id WHERE w.id = ?",
		id,
	);
	if (row === undefined) return null;
	// Copied: what SQLite hands out need not lie where eight bytes may be read as one.
	const list = Array.from(new Float64Array(Uint8Array.from(row.list).buffer));
	return { id, kind: row.kind, what: JSON.parse(row.what), list, place: row.place ?? 0 };
}

/** Numbers of those that are not done, oldest first. */
export function listBulkWorks(db: DatabaseSync): number[] {
	return all<{ id: number }>(db, "SELECT id FROM bulk_work ORDER BY id").map(({ id }) => id);
}

/** Null: it is done, and forgotten. */
export function saveBulkPlace(db: DatabaseSync, work: number, place: number | null): void {
	if (place === null) {
		run(db, "DELETE FROM bulk_work WHERE id = ?", work);
		run(db, "DELETE FROM bulk_place WHERE work = ?", work);
		return;
	}
	const text = "INSERT INTO bulk_place (work, place) VALUES (?, ?) ON CONFLICT DO UPDATE SET place = excluded.place";
	run(db, text, work, place);
}
