/**
 * The lines of every feed in one state of the knowledge, as keys alone: eight bytes a line, kept beside the base so that a
 * later bundle can hold only what has changed since.
 */

import { hash } from "node:crypto";
import { closeSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { lineKey, recordLines } from "./record-lines.ts";

export interface FeedIndex {
	readonly name: string;
	readonly digest: string;
	/** Ascending; a line that is there twice has its key twice. */
	readonly keys: BigUint64Array;
}

export interface FeedRef {
	readonly id: number;
	readonly name: string;
	readonly format: string;
	readonly digest: string;
}

/** What stands for the knowledge that these feeds make up: 64 hexadecimal digits. */
export function stateOf(feeds: readonly { readonly name: string; readonly digest: string }[]): string {
	const lines = feeds.map(({ name, digest }) => `${name}\n${digest}`).toSorted();
	return hash("sha256", lines.join("\n"));
}

export function feedsOf(db: DatabaseSync): FeedRef[] {
	return db
		.prepare("SELECT id, name, format, digest FROM feed ORDER BY name")
		.all()
		.map((row) => ({
			...{ id: Number(row.id), name: String(row.name), format: String(row.format), digest: String(row.digest) },
		}));
}

export function keysOf(db: DatabaseSync, feed: FeedRef): BigUint64Array {
	return sorted(Array.from(recordLines(db, feed), lineKey));
}

export function sorted(keys: readonly bigint[]): BigUint64Array {
	return BigUint64Array.from(keys).sort();
}

/** Of a whole base. */
export function indexBase(path: string): FeedIndex[] {
	const db = new DatabaseSync(path, { readOnly: true });
	try {
		return feedsOf(db).map((feed) => ({ name: feed.name, digest: feed.digest, keys: keysOf(db, feed) }));
	} finally {
		db.close();
	}
}

/** One line of JSON a feed, then its keys as bytes. */
export function writeIndex(path: string, feeds: readonly FeedIndex[]): void {
	const next = `${path}.next`;
	const fd = openSync(next, "w", 0o600);
	try {
		for (const { name, digest, keys } of feeds) {
			writeSync(fd, `${JSON.stringify({ name, digest, lines: keys.length })}\n`);
			for (let at = 0; at < keys.byteLength; ) {
				at += writeSync(fd, new Uint8Array(keys.buffer, keys.byteOffset + at, keys.byteLength - at));
			}
		}
	} finally {
		closeSync(fd);
	}
	renameSync(next, path);
}

/** Throws for a file that is none, or cut off. */
export function readIndex(path: string): FeedIndex[] {
	const bytes = readFileSync(path);
	const feeds: FeedIndex[] = [];
	for (let at = 0; at < bytes.length; ) {
		const end = bytes.indexOf(10, at);
		const head = JSON.parse(bytes.toString("utf8", at, end < 0 ? bytes.length : end)) as Record<string, unknown>;
		const lines = Number(head.lines);
		at = end + 1 + lines * 8;
		if (end < 0 || !(lines >= 0) || at > bytes.length) throw new Error("the index is cut off");
		const keys = new BigUint64Array(new Uint8Array(bytes.subarray(end + 1, at)).buffer);
		feeds.push({ name: String(head.name), digest: String(head.digest), keys });
	}
	return feeds;
}

/** Keys that are taken out one by one; what is left in the end was not asked for. */
export class KeyBag {
	readonly #keys: BigUint64Array;
	readonly #taken: Uint8Array;

	constructor(keys: BigUint64Array) {
		this.#keys = keys;
		this.#taken = new Uint8Array(keys.length);
	}

	/** False when there is none of it, or none any more. */
	take(key: bigint): boolean {
		let [low, high] = [0, this.#keys.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#keys[middle] ?? 0n) < key) low = middle + 1;
			else high = middle;
		}
		for (; this.#keys[low] === key; low++) {
			if (this.#taken[low] === 1) continue;
			this.#taken[low] = 1;
			return true;
		}
		return false;
	}

	left(): BigUint64Array {
		return this.#keys.filter((_, index) => this.#taken[index] === 0);
	}
}
