/**
 * An operator's SSH signature over a decision. The client writes `decisionText` of protocol/decision.ts, signs it with
 * `ssh-keygen -Y sign -n vedette`, and sends what that prints as `signature`; the handler makes the same `Decision` of what it is
 * about to do and calls `checkDecision`. What it returns is to be kept beside the decision and in its audit entry.
 */
import { type Decision, decisionNamespace, decisionText } from "../../protocol/decision.ts";
import { AppError } from "../../protocol/errors.ts";
import { isSignatureOver, parseArmoredSignature } from "../../protocol/ssh/signature.ts";
import type { SettingsData } from "../store/settings.ts";

export interface CheckedSignature {
	/** Of the key, as `ssh-keygen -l` writes it. */
	readonly fingerprint: string;
	/** As it came: with the text it can be verified again by anybody who has the public key. */
	readonly armored: string;
}

/** Who decides, as everything they may have come as, and what they are called. */
export interface Signer {
	readonly identities: readonly string[];
	readonly name: string;
}

/**
 * Throws `invalid` for what is no signature or not one over this decision, `forbidden` when its key is not one that was
 * added for the operator who decides.
 */
export function checkDecision(
	decision: Decision,
	armored: string,
	{ identities, name }: Signer,
	{ operators }: Pick<SettingsData, "operators">,
): CheckedSignature {
	const found = parseArmoredSignature(armored);
	if (found === null) {
		throw new AppError("invalid", "That is no SSH signature.", {
			hint: `It is what this prints: ssh-keygen -Y sign -n ${decisionNamespace} -f KEY`,
		});
	}
	if (!operators.keys.some(({ operator, key }) => identities.includes(operator) && key === found.key)) {
		throw new AppError("forbidden", `The key ${found.fingerprint} is not one of ${name}'s.`, {
			hint: "An admin adds it: vedette access key add NAME KEY.pub",
		});
	}
	if (!isSignatureOver(found, decisionText(decision), decisionNamespace)) {
		throw new AppError("invalid", "The signature is not over this decision as it stands.", {
			hint: "Look at it again, then sign what you see.",
		});
	}
	return { fingerprint: found.fingerprint, armored };
}
