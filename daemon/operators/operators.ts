/**
 * Who may connect and what each may do now, from what the settings hold at this moment: what is granted or taken away
 * counts for connections that are open as for new ones.
 */
import { type Access, lowerAccess } from "../../protocol/define.ts";
import type { Settings, SettingsData } from "../store/settings.ts";
import { findGrant } from "../store/settings-operators.ts";
import type { StoredToken } from "../store/settings-schema.ts";
import { type Admitted, type Gatekeeper, isOwner, type Peer } from "./gatekeeper.ts";
import type { People } from "./people.ts";
import { findByToken } from "./token.ts";

type Kept = Pick<SettingsData, "operators">;

/** Who the second socket must be reachable for; `gid`: the one group that all are in who were granted access. */
export type Audience = { readonly kind: "nobody" | "everybody" } | { readonly kind: "group"; readonly gid: number };

/** The longest time a timer can wait. Milliseconds. */
const longestWaitMs = 2 ** 31 - 1;

export class Operators implements Gatekeeper {
	readonly #settings: Settings;
	readonly #ownUid: number;
	readonly #now: () => number;
	readonly #people: People;
	readonly #listeners = new Set<() => void>();
	/** Groups that users had when they last came in; a connection's own are read from its socket. */
	readonly #groups = new Map<number, readonly number[]>();
	#expiry: NodeJS.Timeout | undefined;

	/** `now` in milliseconds. */
	constructor(settings: Settings, ownUid: number, now: () => number, people: People) {
		this.#settings = settings;
		this.#ownUid = ownUid;
		this.#now = now;
		this.#people = people;
		this.#meetThose();
		this.#awaitExpiry();
	}

	get singleOperator(): boolean {
		return this.#kept.operators.singleOperator !== null;
	}

	mayKnock(peer: Peer): boolean {
		return this.#ofPeer(peer) !== null || this.#activeTokens().length > 0;
	}

	admit(peer: Peer, secret: string | null): Admitted | null {
		const { uid } = peer;
		if (secret === null) {
			if (uid === null || this.#ofPeer(peer) === null) return null;
			this.#groups.set(uid, peer.gids);
			const user = `unix:${uid}`;
			this.#people.meet(user);
			return { user, uid, people: () => this.#people.list(), access: () => this.#ofPeer(peer) };
		}
		const token = findByToken(this.#activeTokens(), secret);
		if (token === null || this.#ofToken(token) === null) return null;
		const { name, owner } = token;
		const user = owner ?? `token:${name}`;
		this.#people.meet(user);
		return {
			user,
			uid,
			people: () => this.#people.list(),
			access: () => this.#ofToken(this.#activeTokens().find((one) => one.name === name)),
		};
	}

	/** Those who could be let in, as narrowly as the modes of a file can say it. */
	audience(): Audience {
		const { grants } = this.#kept.operators;
		if (grants.length === 0 && this.#activeTokens().length === 0) return { kind: "nobody" };
		const [only] = grants;
		const isOneGroup = only?.kind === "group" && grants.length === 1 && this.#activeTokens().length === 0;
		return isOneGroup ? { kind: "group", gid: only.id } : { kind: "everybody" };
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	/** To be called when the settings have been changed. */
	changed(): void {
		this.#meetThose();
		this.#awaitExpiry();
		for (const listener of [...this.#listeners]) listener();
	}

	/** Those who may come in are people one can name before they have. */
	#meetThose(): void {
		const { grants, tokens } = this.#kept.operators;
		const users = grants.flatMap(({ kind, id }) => (kind === "unix" ? `unix:${id}` : []));
		const ofTokens = tokens.flatMap(({ owner }) => owner ?? []);
		for (const one of new Set(["unix:0", `unix:${this.#ownUid}`, ...users, ...ofTokens])) this.#people.meet(one);
	}

	/**
	 * What somebody who is not connected may do: for what goes on in their name. Null too for a member of a group who has not
	 * come in since the daemon started.
	 */
	accessOf(identity: string): Access | null {
		const [kind, name] = identity.split(":");
		if (kind === "token") return this.#ofToken(this.#activeTokens().find((token) => token.name === name));
		if (kind === "person") {
			const theirs = this.#activeTokens().filter(({ owner }) => owner === identity);
			return theirs.map((token) => this.#ofToken(token)).reduce(higher, null);
		}
		if (kind !== "unix" || name === undefined || !/^\d{1,10}$/.test(name)) return null;
		const uid = Number(name);
		return this.#ofPeer({ uid, gids: this.#groups.get(uid) ?? [] });
	}

	/** True for a user who has access of their own, without their groups. */
	hasOwnAccess(uid: number): boolean {
		return this.#ofUid(uid) !== null;
	}

	close(): void {
		clearTimeout(this.#expiry);
		this.#listeners.clear();
	}

	get #kept(): Kept {
		return this.#settings.data;
	}

	#ofPeer({ uid, gids }: Peer): Access | null {
		if (uid === null) return null;
		const ofGroups = gids.map((id) => findGrant(this.#kept, { kind: "group", id })?.access ?? null);
		return [this.#ofUid(uid), ...ofGroups].reduce(higher, null);
	}

	#ofUid(uid: number): Access | null {
		if (isOwner(uid, this.#ownUid)) return "admin";
		return findGrant(this.#kept, { kind: "unix", id: uid })?.access ?? null;
	}

	/** A token of a user's holds no longer than their own access, and gives no more; others have no access of their own. */
	#ofToken(token: StoredToken | undefined): Access | null {
		if (token === undefined) return null;
		if (token.owner === null || !token.owner.startsWith("unix:")) return token.access;
		const ofOwner = this.#ofUid(Number(token.owner.slice("unix:".length)));
		return ofOwner === null ? null : lowerAccess(ofOwner, token.access);
	}

	#activeTokens(): StoredToken[] {
		const now = this.#now();
		return this.#kept.operators.tokens.filter(
			({ revoked, expiresAt }) => revoked === null && Date.parse(expiresAt) > now,
		);
	}

	/** Tells of the next token that expires when it does. */
	#awaitExpiry(): void {
		clearTimeout(this.#expiry);
		const next = Math.min(...this.#activeTokens().map(({ expiresAt }) => Date.parse(expiresAt)));
		if (!Number.isFinite(next)) return;
		this.#expiry = setTimeout(() => this.changed(), Math.min(longestWaitMs, next - this.#now() + 1)).unref();
	}
}

function higher(a: Access | null, b: Access | null): Access | null {
	if (a === null || b === null) return a ?? b;
	return lowerAccess(a, b) === a ? b : a;
}
