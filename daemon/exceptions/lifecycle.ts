/**
 * The life of a request: requested, then approved, rejected or withdrawn; approved, then expired or revoked; and asked for
 * again. Pure: what may be done with one, and why not.
 */
import { type Exception, type ExceptionState, exceptionLimits } from "../../protocol/model/exception.ts";

const dayMs = 86_400_000;

export type ExceptionAct = "approve" | "reject" | "withdraw" | "revoke" | "expire" | "resubmit" | "attach";

const from: Readonly<Record<ExceptionAct, readonly ExceptionState[]>> = {
	approve: ["requested"],
	reject: ["requested"],
	withdraw: ["requested"],
	attach: ["requested"],
	revoke: ["approved"],
	expire: ["approved"],
	resubmit: ["rejected", "withdrawn", "expired", "revoked", "approved"],
};

type Standing = Pick<Exception, "id" | "state" | "until" | "next" | "requester"> &
	Pick<Exception, "decidedBy" | "decidedAt" | "endedBy" | "endedAt">;

/** Why it cannot be done now, as a sentence; null when it can. `now` in milliseconds; `nameOf`: what an identity is called. */
export function actRefusal(
	act: ExceptionAct,
	one: Standing,
	now: number,
	nameOf: (identity: string) => string,
): string | null {
	if (!from[act].includes(one.state)) return `Request ${one.id} ${standingOf(one, nameOf)}.`;
	if (act === "expire" && endOf(one) > now) return `Request ${one.id} holds until ${dateOf(one.until)}.`;
	if (act !== "resubmit") return null;
	if (one.next !== null) return `Request ${one.id} was asked for again already: that is request ${one.next}.`;
	if (one.state === "approved" && !isEnding(one, now))
		return `Request ${one.id} holds until ${dateOf(one.until)}: it can be asked for again in its last ${exceptionLimits.warnDays} days.`;
	return null;
}

/** In the days before its end. */
function isEnding(one: Pick<Exception, "until">, now: number): boolean {
	return endOf(one) - exceptionLimits.warnDays * dayMs <= now;
}

/** When an approval of so many days ends. Milliseconds. */
export function endAfter(days: number, now: number): number {
	return now + days * dayMs;
}

function endOf({ until }: Pick<Exception, "until">): number {
	return until === null ? Number.POSITIVE_INFINITY : Date.parse(until);
}

function standingOf(
	{ state, requester, decidedBy, decidedAt, endedBy, endedAt }: Standing,
	nameOf: (identity: string) => string,
): string {
	const decided = `by ${nameOf(decidedBy ?? "nobody")} on ${dateOf(decidedAt)}`;
	switch (state) {
		case "requested":
			return `waits for a decision; ${nameOf(requester)} asked for it`;
		case "approved":
		case "rejected":
			return `was ${state} ${decided}`;
		case "expired":
			return `expired on ${dateOf(endedAt)}; it was approved ${decided}`;
		default:
			return `was ${state} by ${nameOf(endedBy ?? "nobody")} on ${dateOf(endedAt)}`;
	}
}

function dateOf(at: string | null): string {
	return at === null ? "no date" : `${at.slice(0, 16).replace("T", " ")} UTC`;
}
