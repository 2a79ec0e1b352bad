/** Which inventory this is: what makes the identifiers it gives out different from those of any other. */
import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { findMeta, saveMeta } from "./counters.ts";

/** A UUID made when it is first asked for, and kept with the data. */
export function installationId(db: DatabaseSync): string {
	const known = findMeta(db, "installation");
	if (known !== null) return known;
	const made = randomUUID();
	saveMeta(db, "installation", made);
	return made;
}
