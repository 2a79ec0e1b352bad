/** Texts of results, each kept once and gone with its last use. */
import type { DatabaseSync } from "node:sqlite";
import { contentHash } from "./record-bodies.ts";
import { first, type Gathered, gather, run } from "./sql.ts";

/** The number of a text, with one more use of it, or several. */
export function takeResult(db: DatabaseSync, text: string, uses = 1): number {
	return gather(db, ResultUses, (changes) => changes.take(db, text, uses));
}

/** Gives up `n` uses of a text; it goes with the last one. */
export function dropResult(db: DatabaseSync, id: number, n: number): void {
	gather(db, ResultUses, (changes) => changes.drop(id, n));
}

/**
 * Uses taken and given up in one transaction, counted at its end: until then a text that is given up can be taken again, and
 * `uses` says less or more than there are.
 */
class ResultUses implements Gathered {
	readonly #changes = new Map<number, number>();
	readonly #ids = new Map<string, number>();

	take(db: DatabaseSync, text: string, uses: number): number {
		const known = this.#ids.get(text);
		if (known !== undefined) {
			this.#add(known, uses);
			return known;
		}
		const row = first<{ id: number }>(
			db,
			"INSERT INTO result (hash, text, uses) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET uses = uses + excluded.uses RETURNING id",
			hashOf(text),
			text,
			uses,
		);
		const id = row?.id ?? 0;
		if (text.length <= longest && this.#ids.size < mostKept) this.#ids.set(text, id);
		return id;
	}

	drop(id: number, uses: number): void {
		this.#add(id, -uses);
	}

	#add(id: number, uses: number): void {
		this.#changes.set(id, (this.#changes.get(id) ?? 0) + uses);
	}

	write(db: DatabaseSync): void {
		for (const [id, change] of this.#changes) {
			if (change === 0) continue;
			const text = "UPDATE result SET uses = uses + ? WHERE id = ? RETURNING uses";
			if (first<{ uses: number }>(db, text, change, id)?.uses === 0) run(db, "DELETE FROM result WHERE id = ?", id);
		}
	}
}

/** Thousands of hosts have the same few results. */
const hashes = new Map<string, Uint8Array>();
const mostKept = 1_000;
const longest = 500;

function hashOf(text: string): Uint8Array {
	const known = hashes.get(text);
	if (known !== undefined) return known;
	const hash = contentHash(text);
	if (hashes.size >= mostKept) hashes.clear();
	if (text.length <= longest) hashes.set(text, hash);
	return hash;
}
