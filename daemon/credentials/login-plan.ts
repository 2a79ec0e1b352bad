/**
 * What a login works with: which credentials to try at an address, in order, and their secrets, opened only when they are
 * asked for. What is opened is for the login alone: never logged, stored or sent on.
 */
import { readFileSync, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Credential, Jump, LoginOutcome, Privileges, TrustedHostKey } from "../../protocol/model/credential.ts";
import type { AddressSet } from "../../protocol/target/address-set.ts";
import type { NamedItem } from "../../protocol/target/item.ts";
import { findCredential, findSealed, listCredentials, noteLoginOutcome } from "../store/credentials.ts";
import { findGroup, groupAddresses, groupNames } from "../store/groups.ts";
import { listHostKeys } from "../store/host-keys.ts";
import { meaningOfTag, type TagMeaning } from "../tags/meaning.ts";
import type { KeyStore } from "./key-store.ts";
import { CredentialMatcher, type Match, type NamedMeaning, type Unused } from "./match.ts";
import type { Proof } from "./proof.ts";
import { openSecrets, type Secrets } from "./secrets.ts";

export interface LoginPlan {
	/** Its id, for `noteOutcome` and evidence. */
	readonly credential: number;
	readonly name: string;
	readonly user: string;
	/** Where SSH may listen: tried in order. At least one. */
	readonly ports: readonly number[];
	readonly sudo: Privileges;
	readonly leastPrivilege: boolean;
	readonly jump: Jump;
	/** A host id may be written to the target. */
	readonly tracking: boolean;
	/** Why this one, a sentence. */
	readonly why: string;
	/** Throws `forbidden` while the secrets are locked, `conflict` when a key file cannot be read or there is no agent. Never empty. */
	proofs(): Proof[];
	/** The answer to sudo, su or doas: null when none is to be given. Throws as `proofs` does. */
	privilegePassword(): string | null;
}

export interface LoginSource {
	/** Most specific target first, then by order; empty when there is none. `address` canonical. */
	findLogins(address: string, hostname: string | null): LoginPlan[];
	/** One by id or name, also a disabled one: for a jump host with a credential of its own. */
	findLogin(credential: number | string): LoginPlan | null;
	/** Host keys somebody has confirmed: they count beside those of known_hosts. `host` in lower case. */
	trustedKeys(): TrustedHostKey[];
	/** Kept as the credential's newest outcome. */
	noteOutcome(credential: number, outcome: LoginOutcome): void;
}

/** Groups and tags are looked up again after this long even when nothing is known to have changed. Milliseconds. */
const meaningsGoodMs = 1_000;
/** … and no more often than this many times as long as that takes: with 100,000 hosts a tag is not read in a moment. */
const restsPerLook = 20;
/** No private key is longer. Bytes. */
const largestKeyFile = 65_536;

export interface LoginParts {
	readonly db: DatabaseSync;
	readonly keys: KeyStore;
	readonly env: NodeJS.ProcessEnv;
}

export function openLogins(parts: LoginParts): Logins {
	return new Logins(parts);
}

export class Logins implements LoginSource {
	readonly #parts: LoginParts;
	#matcher: CredentialMatcher | null = null;
	#goodUntil = 0;

	constructor(parts: LoginParts) {
		this.#parts = parts;
	}

	/** To be called when a credential has changed. */
	forget(): void {
		this.#matcher = null;
	}

	match(address: string | null, hostname: string | null): { used: Match[]; unused: Unused[] } {
		return this.#current().match(address, hostname);
	}

	/** How many of the addresses a credential is used for; see `CredentialMatcher.reach`. */
	reach(addresses: AddressSet, names: ReadonlyMap<string, string>): number {
		return this.#current().reach(addresses, names);
	}

	#current(): CredentialMatcher {
		const began = performance.now();
		if (this.#matcher === null || began > this.#goodUntil) {
			const { db } = this.#parts;
			this.#matcher = new CredentialMatcher(listCredentials(db), (item) => meaningOfNamed(db, item));
			const ended = performance.now();
			this.#goodUntil = ended + Math.max(meaningsGoodMs, restsPerLook * (ended - began));
		}
		return this.#matcher;
	}

	findLogins(address: string, hostname: string | null): LoginPlan[] {
		return this.match(address, hostname).used.map(({ credential, why }) => planOf(this.#parts, credential, why));
	}

	findLogin(wanted: number | string): LoginPlan | null {
		const found = findCredential(this.#parts.db, wanted);
		return found === null ? null : planOf(this.#parts, found, "It was asked for by name.");
	}

	trustedKeys(): TrustedHostKey[] {
		return listHostKeys(this.#parts.db);
	}

	noteOutcome(credential: number, outcome: LoginOutcome): void {
		noteLoginOutcome(this.#parts.db, credential, outcome);
	}
}

function meaningOfNamed(db: DatabaseSync, item: NamedItem): NamedMeaning | null {
	if (item.kind === "tag") {
		const tag = findUnambiguous(db, item);
		return tag === null ? null : { addresses: tag.addresses, names: new Set() };
	}
	const group = findGroup(db, item.title);
	if (group === null) return null;
	return { addresses: groupAddresses(db, group), names: new Set(groupNames(db, group)) };
}

/** A name that two tags have by now is nobody's. */
function findUnambiguous(db: DatabaseSync, { name, ranges }: Extract<NamedItem, { kind: "tag" }>): TagMeaning | null {
	try {
		return meaningOfTag(db, name, { ranges });
	} catch (err) {
		if (err instanceof AppError) return null;
		throw err;
	}
}

function planOf(parts: LoginParts, credential: Credential, why: string): LoginPlan {
	const { id, name, user, ports, sudo, leastPrivilege, jump, tracking } = credential;
	const open = () => secretsOf(parts, id);
	const proofs = () => openProofs(credential, open(), parts.env);
	return {
		...{ credential: id, name, user, ports, sudo, leastPrivilege, jump, tracking, why, proofs },
		privilegePassword: () => {
			if (sudo.method === "none" || sudo.password === "none") return null;
			const { ownPassword, proofs: kept } = open();
			if (sudo.password === "own") return ownPassword;
			return kept.find(({ password }) => password !== undefined)?.password ?? null;
		},
	};
}

function secretsOf({ db, keys }: LoginParts, id: number): Secrets {
	const found = findSealed(db, id);
	if (found === null) throw new AppError("not-found", `Credential ${id} is gone.`);
	return openSecrets(keys.key(), { id, ...found });
}

function openProofs({ proofs, name }: Credential, secrets: Secrets, env: NodeJS.ProcessEnv): Proof[] {
	return proofs.map((proof, i): Proof => {
		const { privateKey, passphrase, certificate, password } = secrets.proofs[i] ?? {};
		if (proof.kind === "agent") return { kind: "agent", socket: proof.socket ?? agentOf(env, name) };
		if (proof.kind === "password") return { kind: "password", password: password ?? "" };
		return {
			kind: "key",
			privateKey: proof.path === null ? (privateKey ?? "") : readKeyFile(proof.path),
			passphrase: passphrase ?? null,
			name: proof.path ?? proof.fingerprint ?? "key",
			certificate: certificate ?? null,
		};
	});
}

function agentOf(env: NodeJS.ProcessEnv, name: string): string {
	const socket = env.SSH_AUTH_SOCK;
	if (socket !== undefined && socket !== "") return socket;
	throw new AppError("conflict", `The credential ${JSON.stringify(name)} uses an agent, and the daemon has none.`, {
		hint: "Start the daemon where SSH_AUTH_SOCK is set, or name the agent's socket: vedette credential edit --agent PATH",
	});
}

/** A private key on this machine. Throws `conflict` when it cannot be read. */
export function readKeyFile(path: string): string {
	try {
		if (statSync(path).size <= largestKeyFile) return readFileSync(path, "utf8");
	} catch (cause) {
		const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : "cannot be read";
		throw new AppError("conflict", `The private key ${path} ${why} on the daemon's machine.`, {
			hint: "Check the path and its permissions, or store the key itself: vedette credential edit --key FILE",
			cause,
		});
	}
	throw new AppError("conflict", `${path} is too large to be a private key.`, { hint: "Check the path." });
}
