/** What the daemon's door asks before it lets somebody in, and who it takes them to be. */
import type { Access } from "../../protocol/define.ts";
import type { Person } from "../../protocol/model/person.ts";

/** The process at the other end of a socket, as the kernel tells it. */
export interface Peer {
	/** Null: it is on another machine, or reached us as if it were; it is nobody without a token. */
	readonly uid: number | null;
	readonly gids: readonly number[];
}

export interface Admitted {
	/** `unix:UID`, `person:NAME`, or `token:NAME` of a token that is nobody's. */
	readonly user: string;
	/** Of the process that came in, whoever a token says it is; null: over the network, nobody knows. */
	readonly uid: number | null;
	/** What they may do now; null: nothing any more. */
	access(): Access | null;
	/** What everybody is called; absent: nobody keeps that. */
	readonly people?: () => readonly Person[];
}

export interface Gatekeeper {
	/** False: whatever this peer says, it is not let in. */
	mayKnock(peer: Peer): boolean;
	/** Null: not let in. A token that does not hold is never made up for by who the peer is. */
	admit(peer: Peer, token: string | null): Admitted | null;
	/** Calls back when what somebody may do may have changed. Returns the way to stop. */
	onChange(listener: () => void): () => void;
}

/** Root and the user the daemon runs as may do everything. */
export function isOwner(uid: number | null, ownUid: number): boolean {
	if (uid === null) return false;
	return uid === 0 || uid === ownUid;
}

/** Who comes over the network. */
export const overNetwork: Peer = { uid: null, gids: [] };

/** Lets the owners in and nobody else. */
export function ownerOnly(ownUid: number): Gatekeeper {
	return {
		mayKnock: ({ uid }) => isOwner(uid, ownUid),
		admit: ({ uid }, token) =>
			token === null && isOwner(uid, ownUid) ? { user: `unix:${uid}`, uid, access: () => "admin" } : null,
		onChange: () => () => undefined,
	};
}
