/** Operators and access tokens within the settings. Pure; who changes data writes it. */
import { AppError } from "../../protocol/errors.ts";
import type { AccessToken, Operator, OperatorKey } from "../../protocol/model/operator.ts";
import type { SettingsData, StoredGrant, StoredSigner, StoredToken } from "./settings-schema.ts";

type Kept = Pick<SettingsData, "operators">;
export type Grantee = Pick<StoredGrant, "kind" | "id">;

const seeThem = { hint: "See them with: vedette access" };

/** By kind and name. */
export function listOperators({ operators }: Kept): Operator[] {
	return operators.grants.map(shownOperator).toSorted((a, b) => (a.who < b.who ? -1 : 1));
}

export function shownOperator({ kind, id, name, access, at, by }: StoredGrant): Operator {
	return { who: `${kind}:${name}`, kind, id, access, grantedAt: at, grantedBy: by };
}

/** Newest first. `now` in milliseconds. */
export function listTokens({ operators }: Kept, now: number): AccessToken[] {
	return operators.tokens.map((token) => shownToken(token, now)).reverse();
}

export function shownToken({ hash: _, revoked, ...token }: StoredToken, now: number): AccessToken {
	const state = revoked !== null ? "revoked" : Date.parse(token.expiresAt) <= now ? "expired" : "active";
	return { ...token, state };
}

export function findGrant({ operators }: Kept, { kind, id }: Grantee): StoredGrant | null {
	return operators.grants.find((one) => one.kind === kind && one.id === id) ?? null;
}

/** Adds it, or puts it in the place of the one before. */
export function setGrant(data: Kept, grant: StoredGrant): void {
	const others = data.operators.grants.filter((one) => one.kind !== grant.kind || one.id !== grant.id);
	data.operators.grants = [...others, grant];
}

/** By name or number, so that those too can be taken out whom the system no longer knows. Throws `not-found`. */
export function getGrant({ operators }: Kept, who: string): StoredGrant {
	const [kind, word] = who.split(":");
	const found = operators.grants.find((one) => one.kind === kind && (one.name === word || String(one.id) === word));
	if (found === undefined) throw new AppError("not-found", `${who} has no access that was granted.`, seeThem);
	return found;
}

/** Throws `not-found`. */
export function removeGrant(data: Kept, who: string): void {
	const found = getGrant(data, who);
	data.operators.grants = data.operators.grants.filter((one) => one !== found);
}

/** Throws `conflict` for a name that was given before. */
export function addToken(data: Kept, token: StoredToken): void {
	if (data.operators.tokens.some(({ name }) => name === token.name)) {
		throw new AppError("conflict", `There is or was a token "${token.name}".`, {
			hint: "A name is given once, so that the audit log says who it was. Choose another.",
		});
	}
	data.operators.tokens = [...data.operators.tokens, token];
}

/** Throws `not-found`. */
export function getToken({ operators }: Kept, name: string): StoredToken {
	const found = operators.tokens.find((one) => one.name === name);
	if (found === undefined) throw new AppError("not-found", `There is no token "${name}".`, seeThem);
	return found;
}

/** Throws `not-found`, and `conflict` for one that is revoked already. */
export function revokeToken(data: Kept, name: string, revoked: { at: string; by: string }): void {
	const found = getToken(data, name);
	if (found.revoked !== null) throw new AppError("conflict", `The token "${name}" is revoked already.`, seeThem);
	found.revoked = revoked;
}

/** By name. */
export function listKeys({ operators }: Kept): OperatorKey[] {
	return operators.keys.map(shownKey).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function shownKey({ key: _, at, by, ...rest }: StoredSigner): OperatorKey {
	return { ...rest, addedAt: at, addedBy: by };
}

/** Throws `conflict` for a key that somebody has: a signature must say who made it. */
export function addKey(data: Kept, key: StoredSigner): void {
	const twin = data.operators.keys.find((one) => one.key === key.key);
	if (twin !== undefined) throw new AppError("conflict", `That key is ${twin.name}'s already.`, seeThem);
	data.operators.keys = [...data.operators.keys, key];
}

/** Throws `not-found`. */
export function getKey({ operators }: Kept, fingerprint: string): StoredSigner {
	const found = operators.keys.find((one) => one.fingerprint === fingerprint);
	if (found === undefined) throw new AppError("not-found", `No operator has the key ${fingerprint}.`, seeThem);
	return found;
}

/** Throws `not-found`. */
export function removeKey(data: Kept, fingerprint: string): void {
	const found = getKey(data, fingerprint);
	data.operators.keys = data.operators.keys.filter((one) => one !== found);
}
