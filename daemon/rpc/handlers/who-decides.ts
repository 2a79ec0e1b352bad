/** What a decision on a request needs of who makes it: that they are not who asked, and a signature that is theirs. */
import type { SignedState } from "../../../protocol/audit/signed.ts";
import { decisionText, exceptionDecision, listedDecisions } from "../../../protocol/decision.ts";
import { AppError } from "../../../protocol/errors.ts";
import type { Exception, ExceptionForCaller } from "../../../protocol/model/exception.ts";
import type { Decision } from "../../exceptions/decide.ts";
import { type Decider, decisionRefusal } from "../../operators/four-eyes.ts";
import { checkDecision, type Signer } from "../../operators/signature.ts";
import { listEvidence } from "../../store/exception-evidence.ts";
import { getException, requesterUid } from "../../store/exceptions.ts";
import { identitiesOf } from "../../store/people.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";

/** For the audit log: whether one person asked and decides. Throws `forbidden` where that may not be. */
export function whetherAlone(services: Services, one: Exception, caller: CallContext): { singleOperator?: true } {
	const decider = deciderOf(services, one, caller);
	const refusal = decisionRefusal(decider);
	if (refusal !== null) throw new AppError("forbidden", refusal.message, { hint: refusal.hint });
	return decisionRefusal({ ...decider, singleOperator: false }) === null ? {} : { singleOperator: true };
}

/** A request with what the caller is to know before they try to decide on it. */
export function asSeenBy(services: Services, one: Exception, caller: CallContext): ExceptionForCaller {
	// That their access does not do is said of the action, not of each request.
	const refusal = decisionRefusal({ ...deciderOf(services, one, caller), access: "approve" });
	return { ...one, refusal: refusal?.message ?? null };
}

function deciderOf(
	{ store, settings, people }: Services,
	{ id, requester }: Exception,
	{ user, uid, access }: CallContext,
): Decider {
	return {
		requester: { identity: requester, uid: requesterUid(store.db, id), name: people.nameOf(requester) },
		approver: { identity: user, uid, name: people.nameOf(user) },
		...{ access, singleOperator: settings.data.operators.singleOperator !== null },
	};
}

export type Said = Omit<Decision, "by" | "now">;

/** The decision as whoever makes it signs it, of a request as it stands now. */
export function decisionOn({ store, installation }: Services, before: Exception, said: Said, by: string) {
	const evidence = listEvidence(store.db, before.id);
	return exceptionDecision(before, evidence, { ...said, by, installation: installation.fingerprint });
}

function signerOf({ store, people }: Services, identity: string): Signer {
	return { identities: identitiesOf(store.db, identity), name: people.nameOf(identity) };
}

/** Checks the signature that came with a decision; for the audit log, with all that verifies it again. */
export function signatureOn(services: Services, before: Exception, said: Said, by: string): { signed?: SignedState } {
	if (said.signature === undefined) return {};
	const decision = decisionOn(services, before, said, by);
	const { fingerprint, armored } = checkDecision(
		decision,
		said.signature,
		signerOf(services, by),
		services.settings.data,
	);
	return { signed: { key: fingerprint, text: decisionText(decision), signature: armored } };
}

/** The same for the signature over several decisions; of each what its entry keeps. Throws `not-found`. */
export function signatureOnList(services: Services, ids: readonly number[], said: Said, by: string) {
	const { signature } = said;
	if (signature === undefined) return new Map<number, SignedState>();
	const decisions = ids.map((id) => decisionOn(services, getException(services.store.db, id), said, by));
	const list = listedDecisions(decisions);
	const { fingerprint, armored } = checkDecision(list, signature, signerOf(services, by), services.settings.data);
	const text = decisionText(list);
	return new Map(
		ids.map((id, at): [number, SignedState] => {
			const decision = decisions[at] === undefined ? "" : decisionText(decisions[at]);
			return [id, { key: fingerprint, text, signature: armored, decision }];
		}),
	);
}
