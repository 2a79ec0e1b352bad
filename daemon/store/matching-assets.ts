/** The assets a query means, as numbers and figures: what work over many of them starts from. */
import type { DatabaseSync } from "node:sqlite";
import { readCounters } from "./counters.ts";
import { storeFailure } from "./failure.ts";
import type { Where } from "./page.ts";
import { isoOf, isoOrNull } from "./time.ts";

/** Their ids, ascending; `where` null means all. */
export function matchingAssetIds(db: DatabaseSync, where: Where | null): number[] {
	return rowsOf<{ id: number }>(db, `SELECT a.id FROM asset a ${condition(where)} ORDER BY a.id`, where).map(
		({ id }) => id,
	);
}

export function isAny(db: DatabaseSync, where: Where | null): boolean {
	return rowsOf(db, `SELECT 1 FROM asset a ${condition(where)} LIMIT 1`, where).length > 0;
}

export interface MatchingFigures {
	readonly assets: number;
	/** Open ones. */
	readonly findings: number;
	readonly services: number;
	readonly records: number;
	/** Assets in the whole inventory. */
	readonly of: number;
}

export function matchingFigures(db: DatabaseSync, where: Where | null): MatchingFigures {
	const ids = `SELECT a.id FROM asset a ${condition(where)}`;
	const one = (text: string) => rowsOf<{ n: number }>(db, text, where)[0]?.n ?? 0;
	return {
		assets: one(`SELECT count(*) AS n FROM (${ids})`),
		findings: one(`SELECT ifnull(sum(a.n1 + a.n2 + a.n3 + a.n4 + a.n5), 0) AS n FROM asset a ${condition(where)}`),
		services: one(`SELECT count(*) AS n FROM service WHERE asset IN (${ids})`),
		records: one(`SELECT count(*) AS n FROM record WHERE asset IN (${ids})`),
		of: readCounters(db).get("assets") ?? 0,
	};
}

/** Those not seen for longest. */
export function stalest(
	db: DatabaseSync,
	where: Where | null,
	limit: number,
): { id: number; name: string; lastSeen: string; lastScan: string | null }[] {
	const text = `SELECT a.id, a.name, a.last_seen, a.last_scan FROM asset a ${condition(where)} ORDER BY a.last_seen, a.id LIMIT ${limit}`;
	return rowsOf<{ id: number; name: string; last_seen: number; last_scan: number | null }>(db, text, where).map(
		(row) => ({ id: row.id, name: row.name, lastSeen: isoOf(row.last_seen), lastScan: isoOrNull(row.last_scan) }),
	);
}

function condition(where: Where | null): string {
	return where === null ? "" : `WHERE (${where.sql})`;
}

function rowsOf<Row>(db: DatabaseSync, text: string, where: Where | null): Row[] {
	try {
		return db.prepare(text).all(...(where?.params ?? [])) as Row[];
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}
