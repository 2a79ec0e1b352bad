/** The latest moment the records speak of, to tell a clock that is behind. */
import type { DatabaseSync } from "node:sqlite";

/** Unix milliseconds; null while nothing was ever scanned. */
export function latestMoment(db: DatabaseSync): number | null {
	const row = db.prepare("SELECT max(max(created_at), ifnull(max(finished_at), 0)) AS latest FROM scan").get();
	return row?.latest == null ? null : Number(row.latest);
}
