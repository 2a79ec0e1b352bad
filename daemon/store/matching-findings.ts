/** The findings a query means, as numbers. */
import type { DatabaseSync } from "node:sqlite";
import { storeFailure } from "./failure.ts";
import { findingFrom } from "./findings.ts";
import type { Where } from "./page.ts";

/** Their ids, ascending; `where` null means all. */
export function matchingFindingIds(db: DatabaseSync, where: Where | null): number[] {
	const condition = where === null ? "" : ` WHERE ${where.sql}`;
	try {
		const statement = db.prepare(`SELECT f.id FROM ${findingFrom}${condition} ORDER BY f.id`);
		return (statement.all(...(where?.params ?? [])) as { id: number }[]).map(({ id }) => id);
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}
