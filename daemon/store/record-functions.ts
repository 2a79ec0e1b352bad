/** What lies packed in evidence, for SQL: functions of the connection. */
import type { DatabaseSync } from "node:sqlite";
import { unpackNumbers } from "./number-list.ts";
import { recordText } from "./record-bodies.ts";

export function registerRecordFunctions(db: DatabaseSync): void {
	const options = { deterministic: true } as const;
	db.function("record_text", options, (packed, data) => {
		if (!(data instanceof Uint8Array) || typeof packed !== "number") return null;
		return recordText({ packed, data });
	});
	// The first byte of a list of packages is its manager.
	db.function("package_numbers", options, (data) =>
		data instanceof Uint8Array ? JSON.stringify(unpackNumbers(data, 1)) : null,
	);
}
