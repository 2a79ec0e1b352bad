/** Packages that no list has any more, and subjects that no set has, are removed: by looking at all lists, in short turns. */
import type { DatabaseSync } from "node:sqlite";
import { findMeta, saveMeta } from "./counters.ts";
import { unpackNumbers } from "./number-list.ts";
import { forgetPackages, savePackageList, unpackHashes } from "./package-lists.ts";
import { all, first, run, transaction } from "./sql.ts";

/** A table of rows, the table of lists that have them by number, and where in a list's data the numbers begin. */
interface Kept {
	readonly rows: "package" | "subject";
	readonly lists: "package_list" | "subject_set";
	readonly from: number;
}
const packages: Kept = { rows: "package", lists: "package_list", from: 1 };
const subjects: Kept = { rows: "subject", lists: "subject_set", from: 0 };

const listsAtOnce = 50;
const rowsAtOnce = 500;
/** Lists that must have gone since the last time for it to be worth while: so many, and a part of all. */
const leastGone = 20;
const leastShare = 0.02;

/** `pause` is called between two short pieces of work; when it throws, what was done stays done. */
export async function sweepPackages(
	db: DatabaseSync,
	pause: () => Promise<void>,
): Promise<{ packages: number; subjects: number }> {
	await numberOldLists(db, pause);
	return { packages: await sweep(db, packages, pause), subjects: await sweep(db, subjects, pause) };
}

async function sweep(db: DatabaseSync, kept: Kept, pause: () => Promise<void>): Promise<number> {
	const gone = listsGone(db, kept);
	if (gone === null) return 0;
	const last = first<{ id: number }>(db, `SELECT ifnull(max(id), 0) AS id FROM ${kept.rows}`)?.id ?? 0;
	const used = new Uint8Array(last + 1);
	let seen = 0;
	for (;;) {
		const to = mark(db, kept, used, seen, listsAtOnce);
		if (to === seen) break;
		seen = to;
		await pause();
	}
	let removed = 0;
	for (let after = 0; after < last; await pause()) {
		transaction(db, () => {
			// What was stored since the last look may have a row that nobody had then.
			for (let to = -1; to !== seen; ) {
				to = seen;
				seen = mark(db, kept, used, seen, listsAtOnce);
			}
			const ids = rowIds(db, kept, after, last);
			const unused = ids.filter((id) => used[id] === 0);
			run(db, `DELETE FROM ${kept.rows} WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(unused));
			removed += unused.length;
			after = ids.length < rowsAtOnce ? last : (ids.at(-1) ?? last);
		});
		forgetPackages(db);
	}
	saveMeta(db, `gone-${kept.lists}`, String(gone));
	return removed;
}

/** How many lists have gone in all; null when these are too few to look for what they had. */
function listsGone(db: DatabaseSync, { lists }: Kept): number | null {
	const made = first<{ seq: number }>(db, "SELECT seq FROM sqlite_sequence WHERE name = ?", lists)?.seq ?? 0;
	const there = first<{ n: number }>(db, `SELECT count(*) AS n FROM ${lists}`)?.n ?? 0;
	const since = made - there - Number(findMeta(db, `gone-${lists}`) ?? 0);
	return since >= Math.max(leastGone, there * leastShare) ? made - there : null;
}

/** Marks what some lists above a number have; returns the last one's number. */
function mark(db: DatabaseSync, { lists, from }: Kept, used: Uint8Array, after: number, limit: number): number {
	const text = `SELECT id, data FROM ${lists} WHERE id > ? ORDER BY id LIMIT ?`;
	let last = after;
	for (const { id, data } of all<{ id: number; data: Uint8Array }>(db, text, after, limit)) {
		last = id;
		for (const number of unpackNumbers(data, from)) used[number] = 1;
	}
	return last;
}

function rowIds(db: DatabaseSync, { rows }: Kept, after: number, last: number): number[] {
	const text = `SELECT id FROM ${rows} WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`;
	return all<{ id: number }>(db, text, after, last, rowsAtOnce).map(({ id }) => id);
}

/** Lists from before lists had numbers get one, once. */
async function numberOldLists(db: DatabaseSync, pause: () => Promise<void>): Promise<void> {
	if (findMeta(db, "lists-numbered") !== null) return;
	for (let after = { asset: 0, address: "" }; ; await pause()) {
		const rows = all<{ asset: number; address: string; id: number; packed: number; data: Uint8Array }>(
			db,
			`SELECT r.asset, r.address, b.id, b.packed, b.data FROM record r INDEXED BY record_packages JOIN body b ON b.id = r.body
			WHERE r.kind = 'packages' AND (r.asset, r.address) > (?, ?) ORDER BY r.asset, r.address LIMIT ?`,
			...[after.asset, after.address, listsAtOnce],
		);
		transaction(db, () => {
			for (const { asset, address, id, packed, data } of rows) {
				after = { asset, address };
				const list = packed === 2 ? savePackageList(db, unpackHashes(db, data)) : null;
				if (list !== null) run(db, "UPDATE body SET packed = 3, data = x'', list = ? WHERE id = ?", list, id);
			}
		});
		if (rows.length < listsAtOnce) break;
	}
	saveMeta(db, "lists-numbered", "1");
}
