/**
 * Findings read one after the other, however many: which ones is settled once, in a table of the connection's own, and they are
 * read by its numbers. Between two reads no transaction is open, so that the write-ahead log can start over.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Finding } from "../../protocol/model/finding.ts";
import { findingReading } from "./findings.ts";
import type { Where } from "./page.ts";
import { all, first } from "./sql.ts";

/** Settles which findings are read, in place of those settled before, in the order in which they lie. Returns how many. */
export function pickFindings(db: DatabaseSync, where: Where | null): number {
	db.exec(
		"DROP TABLE IF EXISTS temp.picked; CREATE TEMP TABLE picked (n INTEGER PRIMARY KEY, finding INTEGER NOT NULL)",
	);
	db.prepare(
		`INSERT INTO temp.picked (finding) SELECT f.id FROM ${findingReading.from} ${where === null ? "" : `WHERE ${where.sql}`}
		ORDER BY f.asset, f.signature, f.address, f.port, f.protocol, f.instance`,
	).run(...(where?.params ?? []));
	return first<{ n: number }>(db, "SELECT count(*) AS n FROM temp.picked")?.n ?? 0;
}

export interface PickedFinding {
	readonly n: number;
	readonly finding: Finding;
}

/** The next ones after number `after`, at most `limit`; those that have gone meanwhile are left out. */
export function readPicked(db: DatabaseSync, after: number, limit: number): PickedFinding[] {
	const { columns, from, map } = findingReading;
	// CROSS: the numbers lead, whatever SQLite thinks of the sizes.
	return all<{ n: number }>(
		db,
		`SELECT ${columns}, p.n FROM temp.picked p CROSS JOIN ${from}
		WHERE f.id = p.finding AND p.n > ?1 AND p.n <= ?1 + ?2 ORDER BY p.n`,
		after,
		limit,
	).map((row) => ({ n: row.n, finding: map(row) }));
}

export function assetName(db: DatabaseSync, id: number): string | null {
	return first<{ name: string }>(db, "SELECT name FROM asset WHERE id = ?", id)?.name ?? null;
}
