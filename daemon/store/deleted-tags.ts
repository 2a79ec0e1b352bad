/** Tags that were deleted and can be put back for 30 days, each under its own number with the assets that carried it. */
import type { DatabaseSync } from "node:sqlite";
import type { DeletedTag } from "../../protocol/model/tag.ts";
import { standsFor } from "./merges.ts";
import { all, first, run } from "./sql.ts";
import type { StoredTag } from "./tags.ts";
import { isoOf } from "./time.ts";

const tagsKeptMs = 30 * 86_400_000;

/** A tag as it was, with who carried it. Times in milliseconds. */
export interface KeptTag {
	readonly tag: StoredTag;
	readonly carriers: readonly Carrier[];
}

interface Carrier {
	readonly asset: number;
	readonly why: string | null;
	readonly since: number;
}

/** Called before the tag is deleted. `at` in milliseconds. */
export function keepDeletedTag(db: DatabaseSync, tag: StoredTag, { at, by }: { at: number; by: string }): void {
	const carriers = all<{ asset: number; why: string | null; since: number }>(
		db,
		"SELECT asset, why, since FROM asset_tag WHERE tag = ?",
		tag.id,
	);
	run(
		db,
		"INSERT INTO deleted_tag (id, path, at, by, row, carriers) VALUES (?, ?, ?, ?, ?, ?)",
		...[tag.id, tag.path, at, by, JSON.stringify(tag), JSON.stringify(carriers)],
	);
}

/** Newest first. */
export function listDeletedTags(db: DatabaseSync): DeletedTag[] {
	const rows = all<{ id: number; path: string; at: number; by: string; carriers: number }>(
		db,
		"SELECT id, path, at, by, json_array_length(carriers) AS carriers FROM deleted_tag ORDER BY at DESC, id DESC",
	);
	return rows.map(({ at, carriers, ...row }) => ({
		...row,
		...{ assets: carriers, deletedAt: isoOf(at), until: isoOf(at + tagsKeptMs) },
	}));
}

/** Null when none of that number was deleted, or too long ago. */
export function findDeletedTag(db: DatabaseSync, id: number): KeptTag | null {
	const kept = first<{ row: string; carriers: string }>(db, "SELECT row, carriers FROM deleted_tag WHERE id = ?", id);
	if (kept === undefined) return null;
	return { tag: JSON.parse(kept.row) as StoredTag, carriers: JSON.parse(kept.carriers) as Carrier[] };
}

/** Puts it on the assets that carried it and are still there, or on what they were merged into, and forgets the rest. */
export function putBackCarriers(db: DatabaseSync, { tag, carriers }: KeptTag): void {
	for (const { asset, why, since } of carriers) {
		const standing = standsFor(db, asset);
		if (standing === null) continue;
		const insert = "INSERT INTO asset_tag (tag, asset, why, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
		run(db, insert, tag.id, standing, why, since);
	}
	run(db, "DELETE FROM deleted_tag WHERE id = ?", tag.id);
}

/** Forgets what was deleted too long ago; `now` in milliseconds. */
export function dropDeletedTags(db: DatabaseSync, now: number): void {
	run(db, "DELETE FROM deleted_tag WHERE at <= ?", now - tagsKeptMs);
}
