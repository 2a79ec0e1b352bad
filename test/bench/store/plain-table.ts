/** The peer: findings as one would first write them down, a row-id table and an index for every question. */
import { statSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { findingsPerHost } from "./hosts.ts";

export interface PlainTable {
	db: DatabaseSync;
	upsert: StatementSync;
	sizeBytes(): number;
	close(): void;
}

export function openPlain(path: string): PlainTable {
	const db = new DatabaseSync(path);
	db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;");
	db.exec(`
		CREATE TABLE detection (
			id INTEGER PRIMARY KEY, asset TEXT, signature TEXT, port INTEGER, severity INTEGER, status TEXT,
			first_found TEXT, last_found TEXT, times_found INTEGER, result TEXT
		);
		CREATE UNIQUE INDEX detection_key ON detection (asset, signature, port);
		CREATE INDEX detection_severity ON detection (status, severity);
		CREATE INDEX detection_found ON detection (severity, last_found);
		CREATE INDEX detection_last ON detection (last_found);
		CREATE INDEX detection_signature ON detection (signature, status);
	`);
	const upsert = db.prepare(
		`INSERT INTO detection (asset, signature, port, severity, status, first_found, last_found, times_found, result)
		VALUES (?1, ?2, ?3, ?4, 'NEW', ?5, ?5, 1, ?6)
		ON CONFLICT DO UPDATE SET status = 'ACTIVE', last_found = excluded.last_found, times_found = times_found + 1`,
	);
	return {
		db,
		upsert,
		sizeBytes() {
			db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
			return statSync(path).size;
		},
		close: () => db.close(),
	};
}

export function ingestPlain({ db, upsert }: PlainTable, host: number, at: number): void {
	const alone = !db.isTransaction;
	if (alone) db.exec("BEGIN IMMEDIATE");
	const found = new Date(at).toISOString();
	for (let n = 0; n < findingsPerHost; n++) {
		const port = 6379 + Math.floor(n / 3);
		upsert.run(`host-${host}`, `bench/signature-${n % 3}`, port, (n % 5) + 1, found, `seen on port ${port}`);
	}
	if (alone) db.exec("COMMIT");
}

export function pageByOffset({ db }: PlainTable, limit: number, offset: number): number {
	const text =
		"SELECT * FROM detection WHERE status <> 'FIXED' ORDER BY severity DESC, last_found DESC LIMIT ? OFFSET ?";
	return db.prepare(text).all(limit, offset).length;
}

export function countsBySeverity({ db }: PlainTable): number {
	return db.prepare("SELECT status, severity, count(*) AS n FROM detection GROUP BY status, severity").all().length;
}
