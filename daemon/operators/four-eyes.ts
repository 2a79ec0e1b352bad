/** Four eyes: whether somebody may decide on what somebody asked for. Pure: who they are and what they may is handed in. */
import { type Access, mayAccess } from "../../protocol/define.ts";

export interface Person {
	/** As the connection gave it, e.g. `unix:1001` or `token:ci`. */
	readonly identity: string;
	/** Of the process that spoke for them; null when that is not known. */
	readonly uid: number | null;
}

export interface Decider {
	/** Who asked. */
	readonly requester: Person;
	/** Who decides. */
	readonly approver: Person;
	/** What the approver may do now, not when the console was opened. */
	readonly access: Access;
	/** Switched on knowingly: one's own requests may then be decided on. */
	readonly singleOperator: boolean;
}

/** Why the decision is refused, as a sentence to show; null when it may be made. */
export function decisionRefusal({ requester, approver, access, singleOperator }: Decider): string | null {
	const { identity } = approver;
	if (!mayAccess(access, "approve")) return `Deciding needs approve access; ${identity} has ${access}.`;
	if (singleOperator) return null;
	const needed = "four eyes are needed. Somebody else with approve access must decide.";
	if (requester.identity === identity) return `${identity} asked for this and cannot decide on it: ${needed}`;
	const uid = uidInCommon(requester, approver);
	if (uid === null) return null;
	return `${requester.identity} asked for this, and ${identity} is the same user of the machine (uid ${uid}): ${needed}`;
}

/**
 * A token is a second name for whoever holds it, and who makes one for somebody else can hold it too: besides the name the
 * user counts that the kernel told of.
 */
function uidInCommon(a: Person, b: Person): number | null {
	const uids = uidsOf(b);
	return uidsOf(a).find((uid) => uids.includes(uid)) ?? null;
}

function uidsOf({ identity, uid }: Person): number[] {
	const named = /^unix:(\d{1,10})$/.exec(identity)?.[1];
	return [...(named === undefined ? [] : [Number(named)]), ...(uid === null ? [] : [uid])];
}
