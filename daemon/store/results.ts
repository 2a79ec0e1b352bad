/** Texts of results, each kept once and gone with its last use. */
import type { DatabaseSync } from "node:sqlite";
import { contentHash } from "./record-bodies.ts";
import { first, run } from "./sql.ts";

/** The number of a text, with one more use of it, or several. */
export function takeResult(db: DatabaseSync, text: string, uses = 1): number {
	const row = first<{ id: number }>(
		db,
		"INSERT INTO result (hash, text, uses) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET uses = uses + excluded.uses RETURNING id",
		hashOf(text),
		text,
		uses,
	);
	return row?.id ?? 0;
}

/** Thousands of hosts have the same few results. */
const hashes = new Map<string, Uint8Array>();
const mostHashes = 1_000;
const longest = 500;

function hashOf(text: string): Uint8Array {
	const known = hashes.get(text);
	if (known !== undefined) return known;
	const hash = contentHash(text);
	if (hashes.size >= mostHashes) hashes.clear();
	if (text.length <= longest) hashes.set(text, hash);
	return hash;
}

/** Gives up `n` uses of a text; it goes with the last one. */
export function dropResult(db: DatabaseSync, id: number, n: number): void {
	const row = first<{ uses: number }>(db, "UPDATE result SET uses = uses - ? WHERE id = ? RETURNING uses", n, id);
	if (row?.uses === 0) run(db, "DELETE FROM result WHERE id = ?", id);
}
