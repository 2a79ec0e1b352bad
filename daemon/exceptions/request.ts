/** Asking: what requests are to cover is settled first, then they are made; and asking for one again. */

import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { AppError } from "../../protocol/errors.ts";
import type { Exception, ExceptionKind, ExceptionScope } from "../../protocol/model/exception.ts";
import { cover, uncover } from "../store/exception-cover.ts";
import { carryEvidence } from "../store/exception-evidence.ts";
import {
	addExceptionEvent,
	getException,
	insertException,
	listExceptionsById,
	reserveException,
	saveBatch,
} from "../store/exceptions.ts";
import { personName } from "../store/people.ts";
import { transaction } from "../store/sql.ts";
import { actRefusal } from "./lifecycle.ts";
import { differentScopes, digestOf, type Resolved, resolveScopes, scopeRefusal, subjectOf } from "./scope.ts";

/** What one request is to cover. */
export interface Covering {
	readonly scope: ExceptionScope;
	readonly subject: string;
	readonly ids: readonly number[];
	readonly assets: number;
	/** Numbers of signatures. */
	readonly signatures: readonly number[];
	/** Why it cannot be asked for; null when it can. */
	readonly refusal: string | null;
}

export interface ResolvedWish {
	/** In the order of the scopes. */
	readonly each: readonly Covering[];
	readonly findings: number;
	readonly assets: number;
	readonly refusal: string | null;
	readonly digest: string;
}

/** Changes nothing. Throws as a preview does. `now` in milliseconds. */
export function resolveWish(db: DatabaseSync, asked: readonly ExceptionScope[], now: number): ResolvedWish {
	const scopes = differentScopes(asked);
	const resolved = resolveScopes(db, scopes, now);
	const coveringOf = (scope: ExceptionScope, own: Resolved): Covering => ({
		...{ scope, subject: subjectOf(db, own), ids: own.ids, assets: own.assets.size },
		...{ signatures: [...own.signatures], refusal: scopeRefusal(db, [scope], own) },
	});
	return {
		each: scopes.map((scope) => coveringOf(scope, scopes.length === 1 ? resolved : resolveScopes(db, [scope], now))),
		findings: resolved.ids.length,
		assets: resolved.assets.size,
		refusal: scopeRefusal(db, scopes, resolved),
		digest: digestOf(scopes, resolved),
	};
}

/** Throws `conflict` when it is not what was shown, and `invalid` when it may not be asked for. `digest`: of what was shown. */
export function demandAskable({ each, findings, assets, refusal, digest }: ResolvedWish, shown: string): void {
	const why = refusal ?? each.find((one) => one.refusal !== null)?.refusal ?? null;
	if (why !== null) throw new AppError("invalid", why, { hint: "See what it would hide: vedette except preview" });
	if (digest === shown) return;
	throw new AppError("conflict", "What it covers is no longer what was shown: findings have come or gone meanwhile.", {
		hint: `It is ${findings} findings on ${assets} assets now. Look at the preview again.`,
	});
}

/** More are written down ahead of the request, a few at a time. */
const fewRows = 5_000;

/**
 * Makes requests in one transaction. What large ones cover is written down before they are there, with others served in between:
 * such rows mean nothing until then, and go when the daemon starts (`dropUnmade`). `make` is handed the numbers kept for these,
 * null for the others.
 */
export async function aheadOf<T>(
	db: DatabaseSync,
	each: readonly Covering[],
	make: (numbers: readonly (number | null)[]) => T,
): Promise<T> {
	const numbers = each.map(({ ids }) => (ids.length > fewRows ? transaction(db, () => reserveException(db)) : null));
	try {
		for (const [at, { ids }] of each.entries()) {
			const id = numbers[at] ?? null;
			for (let from = 0; id !== null && from < ids.length; from += fewRows) {
				await setImmediate();
				transaction(db, () => cover(db, id, ids.slice(from, from + fewRows), []));
			}
		}
		return transaction(db, () => make(numbers));
	} catch (err) {
		for (const id of numbers) while (id !== null && uncover(db, id, fewRows) > 0) await setImmediate();
		throw err;
	}
}

export interface Wish {
	readonly kind: ExceptionKind;
	readonly reason: string;
	readonly days: number;
	readonly requester: string;
	/** Of the process that asks in their name; null when that is not known. */
	readonly requesterUid: number | null;
	/** Milliseconds. */
	readonly now: number;
}

/** A request for each, in the caller's transaction. `numbers`: of `aheadOf`. */
export function makeRequests(
	db: DatabaseSync,
	{ each }: Pick<ResolvedWish, "each">,
	numbers: readonly (number | null)[],
	wish: Wish,
): Exception[] {
	const ids = each.map((covering, at) => store(db, covering, numbers[at] ?? null, { ...wish, previous: null }));
	if (ids.length > 1) saveBatch(db, ids);
	return listExceptionsById(db, ids).toReversed();
}

/** Throws `not-found`, `conflict`. */
export function demandResubmittable(db: DatabaseSync, id: number, now: number): Exception {
	const old = getException(db, id);
	const refusal = actRefusal("resubmit", old, now, (identity) => personName(db, identity));
	if (refusal === null) return old;
	throw new AppError("conflict", refusal, { hint: `See what became of it: vedette except show ${old.next ?? id}` });
}

/**
 * A new request for what an old one was about, with its evidence, in the caller's transaction; what is left out is the old one's.
 * Throws `not-found`, `conflict`, and `invalid` when there is nothing left to ask for.
 */
export function resubmit(
	db: DatabaseSync,
	id: number,
	{ covering, number }: { readonly covering: Covering; readonly number: number | null },
	wish: Pick<Wish, "requester" | "requesterUid" | "now"> & Partial<Pick<Wish, "kind" | "reason" | "days">>,
): Exception {
	const old = demandResubmittable(db, id, wish.now);
	if (covering.refusal !== null) throw new AppError("invalid", covering.refusal);
	const { kind = old.kind, reason = old.reason, days = old.days, ...asked } = wish;
	const { requester, now } = asked;
	const made = store(db, covering, number, { ...asked, kind, reason, days, previous: id });
	const carried = carryEvidence(db, id, made);
	if (carried > 0) {
		const text = `${carried} ${carried === 1 ? "piece" : "pieces"} carried over from request ${id}`;
		addExceptionEvent(db, made, { at: now, kind: "evidence", who: requester, text });
	}
	addExceptionEvent(db, id, { at: now, kind: "resubmitted", who: requester, text: `as request ${made}` });
	return getException(db, made);
}

function store(
	db: DatabaseSync,
	{ scope, subject, ids, assets, signatures }: Covering,
	number: number | null,
	wish: Wish & { readonly previous: number | null },
): number {
	const { now: at, ...asked } = wish;
	const id = insertException(db, { ...asked, number, findings: ids.length, assets, scope, subject, batch: null, at });
	cover(db, id, number === null ? ids : [], signatures);
	addExceptionEvent(db, id, { at, kind: "requested", who: asked.requester, text: asked.reason });
	return id;
}
