/** A decision as the text that an operator signs: both sides of the wire write the same one. */
import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import type { Exception, ExceptionEvidence } from "./model/exception.ts";

/** What signatures over decisions are made for (`ssh-keygen -Y sign -n vedette`): one for git or a file does not count. */
export const decisionNamespace = "vedette";

export interface Decision {
	/** As in the audit log, e.g. `exception.approve`. */
	readonly action: string;
	/** What is decided on, e.g. `request 12`. */
	readonly object: string;
	/** Everything about it that the decision is made by: changed afterwards, the signature holds no more. */
	readonly content: unknown;
	/** Identity of who decides, as `daemon.hello` told it. */
	readonly by: string;
	readonly reason: string | null;
	/** The daemon's own key, as `audit.head` tells it: the same decision at another daemon is another one. */
	readonly installation: string;
}

/** Canonical JSON on one line. */
export function decisionText({ action, object, content, by, reason, installation }: Decision): string {
	return `${canonicalJson({ vedette: "decision 1", action, object, content, by, reason, installation })}\n`;
}

export interface ExceptionVerdict {
	readonly decision: "approve" | "reject";
	readonly note: string;
	/** Left out: as asked for. */
	readonly days?: number | undefined;
	readonly by: string;
	readonly installation: string;
}

/**
 * The decision on a request, with all that it is decided by: what it covers, what was said and shown for it, and for how long.
 * `evidence`: all that is attached, in any order.
 */
export function exceptionDecision(
	one: Exception,
	evidence: readonly Pick<ExceptionEvidence, "sha256">[],
	{ decision, note, days, by, installation }: ExceptionVerdict,
): Decision {
	const { kind, scope, findings, assets, reason, requester, requestedAt } = one;
	return {
		...{ action: `exception.${decision}`, object: `request ${one.id}`, by, installation },
		content: {
			...{ kind, scope, findings, assets, reason, requester, requestedAt, days: days ?? one.days },
			evidence: evidence.map(({ sha256 }) => sha256).sort(),
		},
		reason: note === "" ? null : note,
	};
}

/** By which one decision stands in a list of them. Hexadecimal. */
export function hashOfDecision(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

/** Several decisions of one kind under one signature, each by its hash: all of them are as they were seen, or none holds. */
export function listedDecisions(decisions: readonly Decision[]): Decision {
	const [{ action, by, reason, installation } = nothing] = decisions;
	return {
		...{ action, by, reason, installation, object: `${decisions.length} requests` },
		content: { decisions: decisions.map((one) => hashOfDecision(decisionText(one))) },
	};
}

const nothing = { action: "", by: "", reason: null, installation: "" };
