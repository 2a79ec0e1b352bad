/** Four eyes: whether somebody may decide on what somebody asked for. Pure: who they are and what they may is handed in. */
import { type Access, mayAccess } from "../../protocol/define.ts";

export interface Party {
	/** As the connection gave it, e.g. `unix:1001`, `person:ana` or `token:ci`. */
	readonly identity: string;
	/** What that is called. */
	readonly name: string;
	/** Of the process that spoke for them; null when that is not known. */
	readonly uid: number | null;
}

export interface Decider {
	/** Who asked. */
	readonly requester: Party;
	/** Who decides. */
	readonly approver: Party;
	/** What the approver may do now, not when the console was opened. */
	readonly access: Access;
	/** Switched on knowingly: one's own requests may then be decided on. */
	readonly singleOperator: boolean;
}

/** Why a decision is refused, and what to do about it, as sentences to show. */
export interface DecisionRefusal {
	readonly message: string;
	readonly hint: string;
}

/** Null when it may be made. */
export function decisionRefusal({ requester, approver, access, singleOperator }: Decider): DecisionRefusal | null {
	const { identity, name } = approver;
	if (!mayAccess(access, "approve"))
		return { message: `Deciding needs approve access; ${name} has ${access}.`, hint: "Ask somebody who has it." };
	if (singleOperator) return null;
	const refused = (why: string) => ({ message: `${why}: ${needed}`, hint: aloneHint });
	if (requester.identity === identity) return refused(`${name} asked for this and cannot decide on it`);
	const uid = uidInCommon(requester, approver);
	if (uid !== null)
		return refused(
			`${requester.identity} asked for this, and ${identity} is the same user of the machine (uid ${uid})`,
		);
	// A token for somebody without an account, and the account that they have got since, or elsewhere.
	if (requester.name.toLowerCase() === name.toLowerCase())
		return refused(`${requester.identity} asked for this, and ${identity} is the same person, ${name}`);
	const unknown = [approver, requester].find((party) => !isSomebody(party));
	return unknown === undefined
		? null
		: { message: `${unknown.identity} is nobody's: ${neededNames}`, hint: nobodysHint };
}

const needed = "four eyes are needed. Somebody else with approve access must decide.";
const neededNames = "four eyes are needed, and two tokens may be one person's. It cannot be told who this is.";
const aloneHint =
	"Who works alone can say so, knowingly, and it stands in every report: vedette access single-operator on --reason WHY";
const nobodysHint =
	"Come with a token that says whose it is: vedette access token create NAME --for person:ana (or --for unix:ana), and ask again with it.";

/** Over the network a token alone says who comes; on this machine the kernel does, whatever the token says. */
function isSomebody({ identity, uid }: Party): boolean {
	return uid !== null || /^(unix|person):/.test(identity);
}

/**
 * A token is a second name for whoever holds it, and who makes one for somebody else can hold it too: besides the name the
 * user counts that the kernel told of.
 */
function uidInCommon(a: Party, b: Party): number | null {
	const uids = uidsOf(b);
	return uidsOf(a).find((uid) => uids.includes(uid)) ?? null;
}

function uidsOf({ identity, uid }: Party): number[] {
	const named = /^unix:(\d{1,10})$/.exec(identity)?.[1];
	return [...(named === undefined ? [] : [Number(named)]), ...(uid === null ? [] : [uid])];
}
