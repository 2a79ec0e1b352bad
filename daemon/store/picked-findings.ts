/**
 * Findings read one after the other, however many: which ones is settled once, in a table of the connection's own, and they are
 * read by its numbers. Between two reads no transaction is open, so that the write-ahead log can start over.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Finding } from "../../protocol/model/finding.ts";
import { findingReading } from "./findings.ts";
import type { Where } from "./page.ts";
import { all } from "./sql.ts";

/** By asset, so that what lies together is read together; `signature`: by signature first. */
export type PickOrder = "asset" | "signature";

const orders: Readonly<Record<PickOrder, string>> = {
	asset: "f.asset, f.signature, f.address, f.port, f.protocol, f.instance",
	signature: "f.signature, f.asset, f.address, f.port, f.protocol, f.instance",
};

/** Settles which findings are read, in place of those settled before. Returns how many. */
export function pickFindings(db: DatabaseSync, where: Where | null, order: PickOrder): number {
	db.exec(
		`DROP TABLE IF EXISTS temp.picked;
		CREATE TEMP TABLE picked (n INTEGER PRIMARY KEY, finding INTEGER NOT NULL, signature INTEGER NOT NULL)`,
	);
	const condition = where === null ? "" : `WHERE ${where.sql}`;
	db.prepare(
		`INSERT INTO temp.picked (finding, signature) SELECT f.id, f.signature FROM ${findingReading.from} ${condition}
		ORDER BY ${orders[order]}`,
	).run(...(where?.params ?? []));
	return all<{ n: number }>(db, "SELECT count(*) AS n FROM temp.picked")[0]?.n ?? 0;
}

export interface PickedFinding {
	readonly n: number;
	/** Its signature's number in the store. */
	readonly signature: number;
	readonly finding: Finding;
}

/** The next ones after number `after`, at most `limit`; those that have gone meanwhile are left out. */
export function readPicked(db: DatabaseSync, after: number, limit: number): PickedFinding[] {
	return read(db, "p.n > ?1 AND p.n <= ?1 + ?2", after, limit);
}

/** Of one signature, the next ones after `after`. */
export function readPickedOf(db: DatabaseSync, signature: number, after: number, limit: number): PickedFinding[] {
	return read(
		db,
		"p.n IN (SELECT n FROM temp.picked WHERE signature = ?3 AND n > ?1 ORDER BY n LIMIT ?2)",
		after,
		limit,
		signature,
	);
}

/** Signatures of the picked findings: number, name and CVEs. Needs the order `signature`. */
export function pickedSignatures(db: DatabaseSync): { id: number; name: string; cves: string[] }[] {
	db.exec("CREATE INDEX IF NOT EXISTS temp.picked_signature ON picked (signature, n)");
	return all<{ id: number; name: string; cves: string }>(
		db,
		`SELECT s.id, s.name, s.cves FROM (SELECT DISTINCT signature FROM temp.picked) p JOIN signature s ON s.id = p.signature
		ORDER BY s.name`,
	).map((row) => ({ id: row.id, name: row.name, cves: JSON.parse(row.cves) as string[] }));
}

interface PickedRow {
	n: number;
	signature_number: number;
}

function read(db: DatabaseSync, condition: string, ...params: number[]): PickedFinding[] {
	const { columns, from, map } = findingReading;
	// CROSS: the numbers lead, whatever SQLite thinks of the sizes.
	return all<PickedRow>(
		db,
		`SELECT ${columns}, p.n, f.signature AS signature_number FROM temp.picked p CROSS JOIN ${from}
		WHERE f.id = p.finding AND ${condition} ORDER BY p.n`,
		...params,
	).map((row) => ({ n: row.n, signature: row.signature_number, finding: map(row) }));
}
