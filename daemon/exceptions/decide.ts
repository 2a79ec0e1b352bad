/** Deciding, and what ends a request. Who may is asked elsewhere (operators/four-eyes.ts). In the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Exception } from "../../protocol/model/exception.ts";
import { setExcepted } from "../store/excepted.ts";
import { countCovered, cover, coveredIds, uncovered } from "../store/exception-cover.ts";
import { addExceptionEvent, countException, getException, saveDecision, saveEnd } from "../store/exceptions.ts";
import { transaction } from "../store/sql.ts";
import { actRefusal, type ExceptionAct, endAfter } from "./lifecycle.ts";
import { resolveScopes } from "./scope.ts";

export interface Decision {
	readonly decision: "approve" | "reject";
	readonly note: string;
	/** Left out: as asked for. */
	readonly days?: number;
	readonly signature?: string;
	readonly by: string;
	/** Milliseconds. */
	readonly now: number;
}

/**
 * A live request covers also what has come since it was asked for. Where there is such, that is added to it, in a transaction of
 * its own, and must be seen before anybody approves it: returns what `decide` is to be refused with, null where nothing came.
 * Throws `conflict` for what cannot be approved, and `too-large` as asking does.
 */
export function refusalByGrowth(db: DatabaseSync, one: Exception, now: number): AppError | null {
	demand("approve", one, now);
	if (!one.live) return null;
	const { id } = one;
	const { ids, signatures } = resolveScopes(db, [one.scope], now);
	const known = new Set(coveredIds(db, id));
	const come = ids.filter((finding) => !known.has(finding));
	if (come.length === 0) return null;
	const { findings, assets } = transaction(db, () => {
		cover(db, id, come, signatures);
		const figures = countCovered(db, id);
		countException(db, id, figures);
		const text = `${come.length} more since it was asked for: ${come.slice(0, mostNamed).join(", ")}`;
		addExceptionEvent(db, id, { at: now, kind: "covered", who: "daemon", text });
		return figures;
	});
	return new AppError("conflict", `Request ${id} covers ${findings} findings on ${assets} assets now: look again.`, {
		hint: `${come.length} have come since it was shown. See it with: vedette except show ${id}`,
	});
}

const mostNamed = 100;

/** Returns the findings that are set apart by it. Throws `not-found`, `conflict`, and `invalid` for a rejection without a word. */
export function decide(db: DatabaseSync, id: number, { decision, note, by, now, ...more }: Decision): number {
	const one = getException(db, id);
	demand(decision, one, now);
	if (decision === "reject" && note === "")
		throw new AppError("invalid", "A rejection needs a note: who asked must know why.", {
			hint: 'For example: --note "the port answers from the office network"',
		});
	const days = more.days ?? one.days;
	if (days > one.days)
		throw new AppError("invalid", `${one.days} days were asked for: an approval is for as many or fewer.`);
	const state = decision === "approve" ? "approved" : "rejected";
	const until = decision === "approve" ? endAfter(days, now) : null;
	saveDecision(db, id, { state, by, at: now, note, days, until, signature: more.signature ?? null });
	addExceptionEvent(db, id, { at: now, kind: state, who: by, text: note });
	return decision === "approve" ? setExcepted(db, coveredIds(db, id), "exception", true, now).findings : 0;
}

/** Takes an approval back. Returns the findings that count again. Throws `not-found`, `conflict`. */
export function revoke(db: DatabaseSync, id: number, said: { note: string; by: string; now: number }): number {
	demand("revoke", getException(db, id), said.now);
	end(db, id, "revoked", said);
	const free = uncovered(db, coveredIds(db, id), said.now);
	return setExcepted(db, free, "exception", false, said.now).findings;
}

/** Throws `not-found`, `conflict`. */
export function withdraw(db: DatabaseSync, id: number, said: { note: string; by: string; now: number }): void {
	demand("withdraw", getException(db, id), said.now);
	end(db, id, "withdrawn", said);
}

/** Its time is over. What it covers stays set apart until the next scan that finds it. Throws `conflict` before that. */
export function expire(db: DatabaseSync, id: number, now: number): void {
	demand("expire", getException(db, id), now);
	end(db, id, "expired", { note: "", by: "daemon", now });
}

/** Throws `conflict` with who did what to it when. */
export function demand(act: ExceptionAct, one: Exception, now: number): void {
	const refusal = actRefusal(act, one, now);
	if (refusal !== null)
		throw new AppError("conflict", refusal, { hint: `See what became of it: vedette except show ${one.id}` });
}

function end(
	db: DatabaseSync,
	id: number,
	state: "withdrawn" | "expired" | "revoked",
	{ note, by, now }: { note: string; by: string; now: number },
): void {
	saveEnd(db, id, { state, by, at: now, note });
	addExceptionEvent(db, id, { at: now, kind: state, who: by, text: note });
}
