/** Pairs of assets that somebody said are two machines. */
import type { DatabaseSync } from "node:sqlite";
import type { NotSame } from "../../protocol/model/duplicate.ts";
import { standsFor } from "./merges.ts";
import { all, first, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/** How many of the pairs were not known before. */
export function saveNotSame(
	db: DatabaseSync,
	assets: readonly number[],
	said: { at: number; by: string; why: string },
): number {
	let pairs = 0;
	for (const [a, b] of pairsAmong(assets)) {
		pairs += run(
			db,
			"INSERT INTO not_same (a, b, at, by, why) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			...[a, b, said.at, said.by, said.why],
		).changes;
	}
	return pairs;
}

export function deleteNotSame(db: DatabaseSync, assets: readonly number[]): number {
	const parts = pairsAmong(assets);
	return parts.reduce((n, [a, b]) => n + run(db, "DELETE FROM not_same WHERE a = ? AND b = ?", a, b).changes, 0);
}

/** Newest first. */
export function listNotSame(db: DatabaseSync, limit: number): { items: NotSame[]; total: number } {
	const rows = all<NotSameRow>(
		db,
		`SELECT n.*, x.name AS a_name, y.name AS b_name FROM not_same n LEFT JOIN asset x ON x.id = n.a
		LEFT JOIN asset y ON y.id = n.b ORDER BY n.at DESC, n.a, n.b LIMIT ?`,
		limit,
	);
	const items = rows.map((row) => ({
		a: { id: row.a, name: row.a_name },
		b: { id: row.b, name: row.b_name },
		at: isoOf(row.at),
		by: row.by,
		why: row.why,
	}));
	return { items, total: first<{ n: number }>(db, "SELECT count(*) AS n FROM not_same")?.n ?? 0 };
}

/**
 * What was said, about the assets there are now: of one that was merged into another it holds for that one. By the pair, lower
 * id first, joined by a blank.
 */
export function readNotSame(db: DatabaseSync): ReadonlyMap<string, Said> {
	const state = stateOf(db);
	const known = kept.get(db);
	if (known?.state === state) return known.said;
	const said = readAnew(db);
	kept.set(db, { state, said });
	return said;
}

interface Said {
	readonly at: number;
	readonly by: string;
	readonly why: string;
}

const kept = new WeakMap<DatabaseSync, { state: string; said: ReadonlyMap<string, Said> }>();

/** Changes with what was said and with every merge, undoing and purge, which is all the reading depends on. */
function stateOf(db: DatabaseSync): string {
	const row = first(
		db,
		`SELECT (SELECT json_array(count(*), total(a), total(b), max(at)) FROM not_same) AS said,
			(SELECT json_array(count(*), count(undone_at)) FROM merge) AS merges, (SELECT n FROM counter WHERE key = 'assets') AS assets,
			(SELECT max(id) FROM asset) AS newest`,
	);
	return JSON.stringify(row);
}

function readAnew(db: DatabaseSync): Map<string, Said> {
	const standing = new Map<number, number | null>();
	const now = (asset: number) => {
		const known = standing.get(asset) ?? standsFor(db, asset);
		standing.set(asset, known);
		return known;
	};
	const said = new Map<string, Said>();
	for (const { a, b, at, by, why } of all<NotSameRow>(db, "SELECT * FROM not_same")) {
		const [one, other] = [now(a), now(b)];
		if (one === null || other === null || one === other) continue;
		said.set(pairKey(one, other), { at, by, why });
	}
	return said;
}

export function pairKey(a: number, b: number): string {
	return `${Math.min(a, b)} ${Math.max(a, b)}`;
}

interface NotSameRow {
	a: number;
	b: number;
	at: number;
	by: string;
	why: string;
	a_name: string | null;
	b_name: string | null;
}

function pairsAmong(assets: readonly number[]): [number, number][] {
	const sorted = [...new Set(assets)].sort((a, b) => a - b);
	return sorted.flatMap((a, at) => sorted.slice(at + 1).map((b): [number, number] => [a, b]));
}
