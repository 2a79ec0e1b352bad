/** Totals of findings by columns in memory (finding-columns.ts). */
import type { DatabaseSync } from "node:sqlite";
import { storeFailure } from "./failure.ts";
import type { FindingColumns } from "./finding-columns.ts";
import type { Narrow } from "./finding-narrow.ts";
import { columnsOf, scanColumns } from "./finding-scan.ts";
import { setsOf } from "./finding-sets.ts";
import { all, atOneMoment } from "./sql.ts";

/** How many a filter means, where columns tell all of it; else null. Throws AppError `unavailable` when the store cannot be read. */
export function countByColumns(db: DatabaseSync, narrow: Narrow, columns: FindingColumns): number | null {
	const { term, whole } = narrow.told;
	if (term === null || !whole) return null;
	try {
		return atOneMoment(db, () => {
			const found = setsOf(db, term);
			if (found === null) return null;
			const { sets, nothing } = found;
			if (nothing) return 0;
			if (!columns.read(columnsOf(term))) return null;
			return scanColumns(columns, {
				opens: opensOf(db, narrow),
				term,
				sets,
				keys: [],
				after: null,
				limit: 0,
				counted: true,
			}).total;
		});
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

/** What `finding.open` may be of those that fit. */
export function opensOf(db: DatabaseSync, { opens, scope }: Narrow): readonly number[] {
	const text = `SELECT f.open FROM (SELECT value AS open FROM json_each(?)) f WHERE ${scope ?? "1"}`;
	return all<{ open: number }>(db, text, JSON.stringify(opens)).map(({ open }) => open);
}
