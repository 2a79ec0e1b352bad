/** Asking: what a request would hide, making it, and asking for one again. In the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Exception, ExceptionKind, ExceptionPreview, ExceptionScope } from "../../protocol/model/exception.ts";
import { cover, listSimilar, readCovered } from "../store/exception-cover.ts";
import {
	addExceptionEvent,
	getException,
	insertException,
	listExceptionsById,
	saveBatch,
} from "../store/exceptions.ts";
import { actRefusal } from "./lifecycle.ts";
import {
	differentScopes,
	digestOf,
	openFindings,
	type Resolved,
	resolveScopes,
	scopeRefusal,
	subjectOf,
} from "./scope.ts";

/** Throws `invalid` and `not-found` for scopes that mean nothing, `too-large` for those that mean too much. `now` in milliseconds. */
export function previewException(db: DatabaseSync, asked: readonly ExceptionScope[], now: number): ExceptionPreview {
	const scopes = differentScopes(asked);
	const resolved = resolveScopes(db, scopes, now);
	return {
		subject: subjectOf(db, resolved),
		findings: resolved.ids.length,
		assets: resolved.assets.size,
		bySeverity: resolved.bySeverity,
		excepted: resolved.excepted,
		of: openFindings(db),
		first: readCovered(db, resolved.worst),
		similar: similarTo(db, resolved, 0),
		refusal: scopeRefusal(db, scopes, resolved),
		digest: digestOf(scopes, resolved),
	};
}

export interface Wish {
	readonly scopes: readonly ExceptionScope[];
	readonly kind: ExceptionKind;
	readonly reason: string;
	readonly days: number;
	readonly digest: string;
	readonly requester: string;
	/** Of the process that asks in their name; null when that is not known. */
	readonly requesterUid: number | null;
	/** Milliseconds. */
	readonly now: number;
}

/** A request for each scope. Throws `conflict` when it is not what was shown, and `invalid` when it may not be asked for. */
export function makeRequests(db: DatabaseSync, wish: Wish): Exception[] {
	const { now } = wish;
	const scopes = differentScopes(wish.scopes);
	const resolved = resolveScopes(db, scopes, now);
	const refusal = scopeRefusal(db, scopes, resolved);
	if (refusal !== null)
		throw new AppError("invalid", refusal, { hint: "See what it would hide: vedette except preview" });
	if (digestOf(scopes, resolved) !== wish.digest) {
		throw new AppError(
			"conflict",
			"What it covers is no longer what was shown: findings have come or gone meanwhile.",
			{
				hint: `It is ${resolved.ids.length} findings on ${resolved.assets.size} assets now. Look at the preview again.`,
			},
		);
	}
	const ids = scopes.map((scope) => {
		const each = scopes.length === 1 ? resolved : resolveScopes(db, [scope], now);
		const nothing = scopeRefusal(db, [scope], each);
		if (nothing !== null) throw new AppError("invalid", nothing);
		return store(db, scope, each, { ...wish, previous: null });
	});
	if (ids.length > 1) saveBatch(db, ids);
	return listExceptionsById(db, ids).toReversed();
}

/** A new request for what an old one was about; what is left out is the old one's. Throws `not-found`, `conflict`, `invalid`. */
export function resubmit(
	db: DatabaseSync,
	id: number,
	wish: Pick<Wish, "requester" | "requesterUid" | "now"> & { kind?: ExceptionKind; reason?: string; days?: number },
): Exception {
	const old = getException(db, id);
	const refusal = actRefusal("resubmit", old, wish.now);
	if (refusal !== null) throw new AppError("conflict", refusal);
	const resolved = resolveScopes(db, [old.scope], wish.now);
	const nothing = scopeRefusal(db, [old.scope], resolved);
	if (nothing !== null) throw new AppError("invalid", nothing);
	const { kind = old.kind, reason = old.reason, days = old.days, ...asked } = wish;
	const { requester, now } = asked;
	const made = store(db, old.scope, resolved, { ...asked, kind, reason, days, previous: id });
	addExceptionEvent(db, id, { at: now, kind: "resubmitted", who: requester, text: `as request ${made}` });
	return getException(db, made);
}

/** What was decided before on the same vulnerabilities or, where they are few, assets. */
export function similarTo(
	db: DatabaseSync,
	{ signatures, assets }: Pick<Resolved, "signatures" | "assets">,
	not: number,
) {
	const some = { signatures: [...signatures].slice(0, 100), assets: assets.size > mostAssets ? [] : [...assets] };
	return listExceptionsById(db, listSimilar(db, { ...some, not }));
}

/** On more of them nothing is alike. */
const mostAssets = 20;

function store(
	db: DatabaseSync,
	scope: ExceptionScope,
	resolved: Resolved,
	wish: Pick<Wish, "kind" | "reason" | "days" | "requester" | "requesterUid" | "now"> & { previous: number | null },
): number {
	const { now: at, ...asked } = wish;
	const figures = { findings: resolved.ids.length, assets: resolved.assets.size };
	const id = insertException(db, { ...asked, ...figures, scope, subject: subjectOf(db, resolved), batch: null, at });
	cover(db, id, resolved.ids, resolved.signatures);
	addExceptionEvent(db, id, { at, kind: "requested", who: asked.requester, text: asked.reason });
	return id;
}
