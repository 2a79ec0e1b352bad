/** What has come since a live request was asked for: it is added to what the request covers, and must be seen before anybody approves. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import { countCovered, cover, coveredIds } from "../store/exception-cover.ts";
import { addExceptionEvent, countException, getException } from "../store/exceptions.ts";
import { resolveScopes } from "./scope.ts";

export interface Growth {
	/** Findings that it does not cover yet. */
	readonly ids: readonly number[];
	/** Numbers of the signatures it is about now. */
	readonly signatures: readonly number[];
}

/** Throws `not-found`, and `too-large` as asking does. `now` in milliseconds. */
export function growthOf(db: DatabaseSync, id: number, now: number): Growth {
	const { ids, signatures } = resolveScopes(db, [getException(db, id).scope], now);
	const known = new Set(coveredIds(db, id));
	return { ids: ids.filter((finding) => !known.has(finding)), signatures: [...signatures] };
}

const mostNamed = 100;

/** Adds it, in the caller's transaction. Returns what whoever wanted to approve is refused with. `now` in milliseconds. */
export function takeGrowth(db: DatabaseSync, id: number, { ids, signatures }: Growth, now: number): AppError {
	cover(db, id, ids, signatures);
	const { findings, assets } = countCovered(db, id);
	countException(db, id, { findings, assets });
	const text = `${ids.length} more since it was asked for: ${ids.slice(0, mostNamed).join(", ")}`;
	addExceptionEvent(db, id, { at: now, kind: "covered", who: "daemon", text });
	return new AppError("conflict", `Request ${id} covers ${findings} findings on ${assets} assets now: look again.`, {
		hint: `${ids.length} have come since it was shown. See it with: vedette except show ${id}`,
	});
}
