/** Coverage statements of maps: how the books stood when they were last written. */
import type { DatabaseSync } from "node:sqlite";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import { first, run } from "./sql.ts";

/** Does nothing for a map there is not. */
export function saveMapCoverage(db: DatabaseSync, coverage: MapCoverage): void {
	run(db, "UPDATE map SET coverage = ? WHERE id = ?", JSON.stringify(coverage), coverage.map);
}

/** Null for a map that has none: it has not begun, or is from before coverage was kept. */
export function findMapCoverage(db: DatabaseSync, map: number): MapCoverage | null {
	const text = first<{ coverage: string | null }>(db, "SELECT coverage FROM map WHERE id = ?", map)?.coverage ?? null;
	return text === null ? null : (JSON.parse(text) as MapCoverage);
}
