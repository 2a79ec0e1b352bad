/** What a decision on a request needs of who makes it: that they are not who asked, and a signature that is theirs. */
import { decisionText, exceptionDecision } from "../../../protocol/decision.ts";
import { AppError } from "../../../protocol/errors.ts";
import type { Exception } from "../../../protocol/model/exception.ts";
import type { Decision } from "../../exceptions/decide.ts";
import { decisionRefusal } from "../../operators/four-eyes.ts";
import { checkDecision } from "../../operators/signature.ts";
import { listEvidence } from "../../store/exception-evidence.ts";
import { requesterUid } from "../../store/exceptions.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";

/** For the audit log: whether one person asked and decides. Throws `forbidden` where that may not be. */
export function whetherAlone(
	{ store, settings }: Services,
	{ id, requester }: Exception,
	{ user, uid, access }: CallContext,
): { singleOperator?: true } {
	const people = {
		requester: { identity: requester, uid: requesterUid(store.db, id) },
		approver: { identity: user, uid },
	};
	const singleOperator = settings.data.operators.singleOperator !== null;
	const refusal = decisionRefusal({ ...people, access, singleOperator });
	if (refusal !== null)
		throw new AppError("forbidden", refusal, {
			hint: "Who works alone can say so, knowingly, and it stands in every report: vedette access single-operator on",
		});
	return decisionRefusal({ ...people, access, singleOperator: false }) === null ? {} : { singleOperator: true };
}

/** Checks the signature that came with a decision; for the audit log, with all that verifies it again. */
export function signatureOn(
	{ store, settings, installation }: Services,
	before: Exception,
	said: Omit<Decision, "by" | "now">,
	by: string,
) {
	if (said.signature === undefined) return {};
	const evidence = listEvidence(store.db, before.id);
	const decision = exceptionDecision(before, evidence, { ...said, by, installation: installation.fingerprint });
	const { fingerprint, armored } = checkDecision(decision, said.signature, settings.data);
	return { signed: { key: fingerprint, text: decisionText(decision), signature: armored } };
}
