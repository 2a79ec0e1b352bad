/** Stored signatures by QID: their own number, or one that others know them by. */
import type { DatabaseSync } from "node:sqlite";
import { firstAdvisoryNumber } from "./signatures.ts";
import { all } from "./sql.ts";
import { qids } from "./vulnerability-fields.ts";

export interface NumberedSignature {
	/** The stored signature's number. */
	readonly id: number;
	/** As it was asked for. */
	readonly qid: number;
	readonly title: string;
}

/** In the order of the numbers; several signatures can share one that others gave. */
export function signaturesByQid(db: DatabaseSync, wanted: readonly number[]): NumberedSignature[] {
	// Made from advisories they have no other number than ours, and they are many.
	return all<NumberedSignature>(
		db,
		`SELECT s.id, s.qid, s.title FROM signature s WHERE s.qid IN (SELECT value FROM json_each(?1))
		UNION SELECT s.id, j.value, s.title FROM signature s JOIN json_each(${qids("s")}) j
			WHERE s.qid < ${firstAdvisoryNumber} AND j.value IN (SELECT value FROM json_each(?1)) ORDER BY 2, 1`,
		JSON.stringify(wanted),
	);
}
