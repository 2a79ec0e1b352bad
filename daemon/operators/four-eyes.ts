/** Four eyes: whether somebody may decide on what somebody asked for. Pure: who they are and what they may is handed in. */
import { type Access, mayAccess } from "../../protocol/define.ts";

export interface Decider {
	/** Identity of who asked, as the connection gave it, e.g. `unix:1001` or `token:ci`. */
	readonly requester: string;
	/** Identity of who decides. */
	readonly approver: string;
	/** What the approver may do now, not when the console was opened. */
	readonly access: Access;
	/** Switched on knowingly: one's own requests may then be decided on. */
	readonly singleOperator: boolean;
}

/** Why the decision is refused, as a sentence to show; null when it may be made. */
export function decisionRefusal({ requester, approver, access, singleOperator }: Decider): string | null {
	if (!mayAccess(access, "approve")) return `Deciding needs approve access; ${approver} has ${access}.`;
	if (requester === approver && !singleOperator) {
		return `${approver} asked for this and cannot decide on it: four eyes are needed. Somebody else with approve access must decide.`;
	}
	return null;
}
