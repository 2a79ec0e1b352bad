/** Coverage statements of scans: what was excluded at the start, and how the books stood when they were last written. */
import type { DatabaseSync } from "node:sqlite";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import { listNotScanned } from "./scan-reach.ts";
import { first, run } from "./sql.ts";

/** Targets that led nowhere, told one by one. */
const notScannedTold = 100;

/** Once for each scan, when it is made: what is excluded by now was excluded at its start. */
export function startCoverage(db: DatabaseSync, coverage: ScanCoverage): void {
	run(
		db,
		"INSERT INTO scan_coverage (scan, excluded_by, body) VALUES (?, ?, ?)",
		coverage.scan,
		JSON.stringify(coverage.excludedBy),
		JSON.stringify(coverage),
	);
}

/** Does nothing for a scan there is not. */
export function saveCoverage(db: DatabaseSync, coverage: ScanCoverage): void {
	run(
		db,
		`INSERT INTO scan_coverage (scan, excluded_by, body) SELECT id, '[]', ? FROM scan WHERE id = ?
		ON CONFLICT DO UPDATE SET body = excluded.body`,
		JSON.stringify(coverage),
		coverage.scan,
	);
}

export function findCoverage(db: DatabaseSync, scan: number) {
	const row = first<{ excluded_by: string; body: string | null }>(
		db,
		"SELECT excluded_by, body FROM scan_coverage WHERE scan = ?",
		scan,
	);
	if (row === undefined) return { start: null, last: null };
	const { items, total } = listNotScanned(db, scan, notScannedTold);
	return {
		start: {
			excludedBy: JSON.parse(row.excluded_by) as ScanCoverage["excludedBy"],
			notScanned: items,
			notScannedTotal: total,
		},
		last: row.body === null ? null : (JSON.parse(row.body) as ScanCoverage),
	};
}
