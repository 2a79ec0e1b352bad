/**
 * The operator's own signature that an entry of the audit log carries, verified again from the entry alone: over what text, that
 * it is about what the entry says, and that it holds. Whose key that is must be known from elsewhere, as with the log's own.
 */
import { z } from "zod";
import { decisionNamespace, hashOfDecision } from "../decision.ts";
import type { AuditEntry } from "../model/audit.ts";
import { isSignatureOver, parseArmoredSignature } from "../ssh/signature.ts";

/** What a signed decision leaves in `after` of its entry. */
export const signedState = z.object({
	signed: z.object({
		key: z.string().describe("fingerprint, as ssh-keygen -l writes it"),
		text: z.string().describe("what is signed"),
		signature: z.string().describe("armoured"),
		decision: z
			.string()
			.optional()
			.describe("of several signed at once this one's text; its hash is in what is signed"),
	}),
});
export type SignedState = z.infer<typeof signedState>["signed"];

export type SignedVerdict =
	| { readonly key: string; readonly fault: null }
	/** `fault`: what is wrong, as a clause. */
	| { readonly key: string | null; readonly fault: string };

const decided = z.object({
	action: z.string(),
	object: z.string(),
	by: z.string(),
	reason: z.string().nullable(),
	content: z.looseObject({ decisions: z.array(z.string()).optional() }),
});

/** Null: nobody but the installation signed it. Never throws, whatever the entry is. */
export function checkSignedEntry({
	action,
	object,
	who,
	reason,
	after,
}: Omit<AuditEntry, "hash">): SignedVerdict | null {
	if (typeof after !== "object" || after === null || !("signed" in after)) return null;
	const { data } = signedState.safeParse(after);
	if (data === undefined) return { key: null, fault: "its signature cannot be read" };
	const { key, text, signature, decision = text } = data.signed;
	const wrong = (fault: string): SignedVerdict => ({ key, fault });
	const found = parseArmoredSignature(signature);
	if (found === null || found.fingerprint !== key) return wrong("its signature is not by the key it names");
	if (!isSignatureOver(found, text, decisionNamespace)) return wrong("its signature does not hold");
	const [whole, one] = [read(text), read(decision)];
	if (whole === null || one === null) return wrong("what is signed is no decision");
	if (decision !== text && whole.content.decisions?.includes(hashOfDecision(decision)) !== true)
		return wrong("what is signed is another list of decisions");
	const same = one.action === action && one.object === object && one.by === who && one.reason === reason;
	return same ? { key, fault: null } : wrong("what is signed is another decision");
}

function read(text: string): z.infer<typeof decided> | null {
	try {
		return decided.safeParse(JSON.parse(text)).data ?? null;
	} catch {
		return null;
	}
}
