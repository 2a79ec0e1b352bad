/** Values that are stored for a field, for who is writing a query. */
import type { DatabaseSync } from "node:sqlite";
import type { ColumnField } from "../query/fields.ts";
import { all } from "./sql.ts";

/** At most twenty that begin with `beginning`, without regard to case; none for a field that has no `suggest`. */
export function storedValues(db: DatabaseSync, { suggest }: ColumnField, beginning: string): string[] {
	if (suggest === undefined) return [];
	const pattern = `${beginning.slice(0, 100).replace(/[\\%_]/g, "\\$&")}%`;
	const text = `SELECT value FROM (${suggest}) WHERE value LIKE ? ESCAPE '\\' LIMIT 20`;
	return all<{ value: string }>(db, text, pattern).map(({ value }) => value);
}
