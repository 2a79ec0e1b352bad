/**
 * What a new sighting means for approvals, in the transaction that brings it: what is found after an approval's end counts again,
 * and what is new is covered by a live one that it matches.
 */
import type { DatabaseSync } from "node:sqlite";
import { exceptedBits } from "../store/codes.ts";
import { setExcepted } from "../store/excepted.ts";
import { countCovered, cover, listLive, uncovered } from "../store/exception-cover.ts";
import { addExceptionEvent, countException } from "../store/exceptions.ts";
import { findingFromFor } from "../store/findings.ts";
import { scopeCondition } from "./scope.ts";

/** Findings seen at a moment (milliseconds) that carry the mark of an approval: those whose approval has ended lose it. */
export function lapse(db: DatabaseSync, seen: readonly { id: number; excepted: number }[], at: number): number {
	const marked = seen.flatMap(({ id, excepted }) => ((excepted & exceptedBits.exception) === 0 ? [] : id));
	return setExcepted(db, uncovered(db, marked, at), "exception", false, at).findings;
}

/** Findings of an asset that are new, or open again: those that live approvals match are covered by them. */
export function coverNew(db: DatabaseSync, ids: readonly number[], at: number): void {
	if (ids.length === 0) return;
	for (const { id, scope } of listLive(db, at)) {
		const { sql, params } = scopeCondition(scope, at);
		const rows = db
			.prepare(
				`SELECT f.id, f.signature FROM ${findingFromFor(sql)} WHERE f.id IN (SELECT value FROM json_each(?)) AND f.open = 1 AND (${sql})`,
			)
			.all(JSON.stringify(ids), ...params) as { id: number; signature: number }[];
		if (rows.length === 0) continue;
		const found = rows.map((row) => row.id);
		cover(db, id, found, new Set(rows.map(({ signature }) => signature)));
		setExcepted(db, found, "exception", true, at);
		countException(db, id, countCovered(db, id));
		const text = `${found.length} ${found.length === 1 ? "finding" : "findings"} that came later: ${found.join(", ")}`;
		addExceptionEvent(db, id, { at, kind: "covered", who: "daemon", text: text.slice(0, 1_000) });
	}
}
