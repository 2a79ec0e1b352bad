/** Deciding on a request, and taking an approval back: who may, what is signed, the entry, and then the findings. */
import type { SignedState } from "../../../protocol/audit/signed.ts";
import { decisionText } from "../../../protocol/decision.ts";
import { AppError } from "../../../protocol/errors.ts";
import type { Exception } from "../../../protocol/model/exception.ts";
import type { BulkBegun } from "../../bulk/bulk-desk.ts";
import { decide, demand, revoke } from "../../exceptions/decide.ts";
import { takeGrowth } from "../../exceptions/growth.ts";
import type { ExceptionNotice } from "../../hub.ts";
import { getException } from "../../store/exceptions.ts";
import { transaction } from "../../store/sql.ts";
import type { CallContext } from "../handler.ts";
import type { RefusalsNoted } from "../refusals-noted.ts";
import type { Services } from "../services.ts";
import { decisionOn, type Said, signatureOn, whetherAlone } from "./who-decides.ts";

export interface DecidingParts {
	readonly services: Services;
	readonly noting: RefusalsNoted;
	readonly tell: (one: Exception, what: ExceptionNotice["what"], who: string, text: string) => void;
	/** Findings of a request count otherwise than before. */
	readonly changed: (id: number) => void;
}

/**
 * Returns how many findings are set apart by it. Throws as `exceptions.decide` says. `listed`: it was signed together with others,
 * and the signature has been checked.
 */
export async function decideOne(
	parts: DecidingParts,
	context: CallContext,
	id: number,
	said: Said,
	listed?: SignedState,
): Promise<number> {
	const { services, tell, noting } = parts;
	const { db, clock } = services.store;
	const { user, signal } = context;
	const { decision, note } = said;
	const event = { who: user, action: `exception.${decision}`, object: nameOf(id), reason: note || null };
	const begun = await noting(event, async () => {
		whetherAlone(services, getException(db, id), context);
		if (decision === "approve") await refuseGrowth(services, id, signal);
		return transaction(db, () => {
			const before = getException(db, id);
			const alone = whetherAlone(services, before, context);
			const signed =
				listed === undefined
					? signatureOn(services, before, said, user)
					: asListed(services, before, said, user, listed);
			const now = clock.now();
			decide(db, id, { ...said, by: user, now });
			const begun = decision === "approve" ? setApartOf(services, before, true, now) : null;
			const covered = begun === null ? 0 : (begun.done?.changed ?? before.findings);
			const { state, days } = getException(db, id);
			services.audit.write({
				...{ ...event, before: stateOf(before), after: { state, covered, days, ...signed, ...alone } },
			});
			return begun;
		});
	});
	const exception = getException(db, id);
	tell(exception, exception.state === "approved" ? "approved" : "rejected", user, note || exception.subject);
	return begun === null ? 0 : await afterwards(parts, id, begun);
}

/** Returns how many findings count again. Throws as `exceptions.revoke` says. */
export async function revokeOne(
	parts: DecidingParts,
	{ user }: CallContext,
	{ id, note }: { readonly id: number; readonly note: string },
): Promise<number> {
	const { services, tell, noting } = parts;
	const { db, clock } = services.store;
	const event = { who: user, action: "exception.revoke", object: nameOf(id), reason: note };
	const begun = await noting(event, () =>
		transaction(db, () => {
			const before = getException(db, id);
			const now = clock.now();
			revoke(db, id, { note, by: user, now });
			const begun = setApartOf(services, before, false, now);
			const after = { state: "revoked", restored: begun.done?.changed ?? before.findings };
			services.audit.write({ ...event, before: stateOf(before), after });
			return begun;
		}),
	);
	tell(getException(db, id), "revoked", user, note);
	return await afterwards(parts, id, begun);
}

/** Something may have been attached since the list was checked. */
function asListed(services: Services, before: Exception, said: Said, by: string, signed: SignedState) {
	if (decisionText(decisionOn(services, before, said, by)) === signed.decision) return { signed };
	throw new AppError("conflict", `Request ${before.id} is no longer as it was signed.`, {
		hint: `Look at it again: vedette except show ${before.id}`,
	});
}

function setApartOf({ bulk }: Services, { id, findings }: Exception, apart: boolean, at: number): BulkBegun {
	return bulk.start("exception", { exception: id, apart, at }, { list: [], size: findings });
}

/** What is more than a few tells of its end itself, whoever still waits for it. */
async function afterwards({ services, changed }: DecidingParts, id: number, begun: BulkBegun): Promise<number> {
	if (begun.done !== null) changed(id);
	return (await services.bulk.finish(begun)).changed;
}

/** A live request covers also what has come since: whoever approves must have seen it. Throws `conflict` where there is such. */
async function refuseGrowth({ bulk, store, hub }: Services, id: number, signal: AbortSignal): Promise<void> {
	const { db, clock } = store;
	const one = getException(db, id);
	demand(db, "approve", one, clock.now());
	if (!one.live) return;
	const growth = await bulk.ask("exceptions.growth", { id, now: clock.now() }, signal);
	if (growth.ids.length === 0) return;
	const refusal = transaction(db, () => {
		demand(db, "approve", getException(db, id), clock.now());
		return takeGrowth(db, id, growth, clock.now());
	});
	// Consoles that show it read it again.
	hub.post({ kind: "findings-changed" });
	throw refusal;
}

function nameOf(id: number): string {
	return `request ${id}`;
}

function stateOf({ state, findings, assets, until }: Exception) {
	return { state, findings, assets, until };
}
