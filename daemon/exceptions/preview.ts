/** What a request would hide, before it is asked for. Changes nothing. */
import type { DatabaseSync } from "node:sqlite";
import type { ExceptionPreview, ExceptionScope } from "../../protocol/model/exception.ts";
import { listSimilar, readCovered } from "../store/exception-cover.ts";
import { listExceptionsById } from "../store/exceptions.ts";
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
