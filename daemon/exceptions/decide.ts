/** Deciding, and what ends a request. Who may is asked elsewhere (operators/four-eyes.ts). In the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Exception } from "../../protocol/model/exception.ts";
import { addExceptionEvent, getException, saveDecision, saveEnd } from "../store/exceptions.ts";
import { personName } from "../store/people.ts";
import { actRefusal, type ExceptionAct, endAfter } from "./lifecycle.ts";

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

/** What it covers is then to be set apart (set-apart.ts). Throws `not-found`, `conflict`, and `invalid` for a rejection without a word. */
export function decide(db: DatabaseSync, id: number, { decision, note, by, now, ...more }: Decision): void {
	const one = getException(db, id);
	demand(db, decision, one, now);
	if (decision === "reject" && note === "")
		throw new AppError("invalid", "A rejection needs a note: who asked must know why.", {
			hint: "For example: the port answers from the office network",
		});
	const days = more.days ?? one.days;
	if (days > one.days)
		throw new AppError("invalid", `${one.days} days were asked for: an approval is for as many or fewer.`);
	const state = decision === "approve" ? "approved" : "rejected";
	const until = decision === "approve" ? endAfter(days, now) : null;
	saveDecision(db, id, { state, by, at: now, note, days, until, signature: more.signature ?? null });
	addExceptionEvent(db, id, { at: now, kind: state, who: by, text: note });
}

/** Takes an approval back: what it covers is then to count again (set-apart.ts). Throws `not-found`, `conflict`. */
export function revoke(db: DatabaseSync, id: number, said: { note: string; by: string; now: number }): void {
	demand(db, "revoke", getException(db, id), said.now);
	end(db, id, "revoked", said);
}

/** Throws `not-found`, `conflict`. */
export function withdraw(db: DatabaseSync, id: number, said: { note: string; by: string; now: number }): void {
	demand(db, "withdraw", getException(db, id), said.now);
	end(db, id, "withdrawn", said);
}

/** Its time is over. What it covers stays set apart until the next scan that finds it. Throws `conflict` before that. */
export function expire(db: DatabaseSync, id: number, now: number): void {
	demand(db, "expire", getException(db, id), now);
	end(db, id, "expired", { note: "", by: "daemon", now });
}

/** Throws `conflict` with who did what to it when. */
export function demand(db: DatabaseSync, act: ExceptionAct, one: Exception, now: number): void {
	const refusal = actRefusal(act, one, now, (identity) => personName(db, identity));
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
