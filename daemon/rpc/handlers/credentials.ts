/** Handlers of the credentials area. Nothing secret leaves this file but into the seal. */
import { AppError } from "../../../protocol/errors.ts";
import type {
	Credential,
	CredentialMatches,
	CredentialWords,
	NewProof,
	ShownProof,
} from "../../../protocol/model/credential.ts";
import { type NamedItem, namedTarget } from "../../../protocol/target/item.ts";
import { withdrawLogins } from "../../assess/withdraw-logins.ts";
import { readLoginTarget, readTargets } from "../../credentials/match.ts";
import { openSecrets, type Secrets, sealWith } from "../../credentials/secrets.ts";
import { takeProofs } from "../../credentials/take-proofs.ts";
import {
	createCredential,
	deleteCredential,
	findSealed,
	getCredential,
	listCredentials,
	type Seal,
	saveCredential,
} from "../../store/credentials.ts";
import { findGroup } from "../../store/groups.ts";
import { transaction } from "../../store/sql.ts";
import { findTag } from "../../store/tags.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";
import { checkLogin } from "./check-login.ts";
import { untrack } from "./untrack.ts";

const nothing: Secrets = { proofs: [], ownPassword: null };

export function credentialsHandlers(services: Services): AreaHandlers<"credentials"> {
	const { store, audit, keys, logins, planning } = services;
	const { db, clock } = store;
	const isThere = (item: NamedItem) =>
		(item.kind === "group" ? findGroup(db, item.title) : findTag(db, item.name)) !== null;
	const state = () => ({ keptBy: keys.source, locked: keys.locked });
	/** Makes a change and its entry, both or neither. */
	const changed = (who: string, verb: string, before: Credential | null, change: () => Credential | null) => {
		const after = transaction(db, () => {
			const made = change();
			const object = `credential ${before?.name ?? made?.name ?? ""}`;
			audit.write({ who, action: `credential.${verb}`, object, before, after: made });
			return made;
		});
		logins.forget();
		return after;
	};
	const saved = (after: Credential | null): Credential => {
		if (after !== null) return after;
		throw new AppError("internal", "The credential was not stored.");
	};
	const matchesOf = (address: string | null, hostname: string | null): CredentialMatches => {
		const { used, unused } = logins.match(address, hostname);
		const brief = ({ id, name, user, ports }: Credential) => ({ id, name, user, ports });
		return {
			...{ address, hostname },
			used: used.map(({ credential, target, why }) => ({ ...brief(credential), target, why })),
			unused: unused.map(({ credential, why }) => ({ ...brief(credential), why })),
		};
	};
	return {
		list: () => {
			const items = listCredentials(db);
			return { items, total: items.length, secrets: state() };
		},
		get: ({ credential }) => getCredential(db, credential),
		create: async ({ name, proofs, ownPassword, order, ...given }, { user: who }) => {
			const words = tidied(given, null, isThere);
			const taken = await takeProofs(proofs, clock.now());
			const secrets: Secrets = { proofs: taken.secrets, ownPassword: ownOf(words, ownPassword ?? null) };
			refuseUnanswered(words, taken.shown, secrets);
			const draft = { name, words, proofs: taken.shown, order: order ?? null };
			const seal = sealWith(keys.key(), secrets);
			const made = { by: who, at: clock.now() };
			return saved(changed(who, "create", null, () => createCredential(db, draft, seal, made)));
		},
		edit: async ({ credential, name, proofs, ownPassword, order, sudo, ...given }, { user: who }) => {
			const wanted = getCredential(db, credential).id;
			const taken = proofs === undefined ? null : await takeProofs(proofs as NewProof[], clock.now());
			// Read again: checking a key takes its time, and somebody else may have changed it meanwhile.
			const before = getCredential(db, wanted);
			const meant = merged(before, { ...given, sudo: { ...before.sudo, ...present(sudo ?? {}) } });
			const words = tidied(meant, before, isThere);
			const draft = { name: name ?? before.name, words, proofs: taken?.shown ?? before.proofs, order: order ?? null };
			let seal: Seal | null = null;
			if (taken !== null || ownPassword !== undefined || words.sudo.password !== before.sudo.password) {
				const sealed = findSealed(db, wanted);
				const kept = sealed === null ? nothing : openSecrets(keys.key(), { id: wanted, ...sealed });
				const own = ownOf(words, ownPassword ?? kept.ownPassword);
				const secrets: Secrets = { proofs: taken?.secrets ?? kept.proofs, ownPassword: own };
				refuseUnanswered(words, draft.proofs, secrets);
				seal = sealWith(keys.key(), secrets);
			}
			const made = { by: who, at: clock.now() };
			return saved(changed(who, "edit", before, () => saveCredential(db, wanted, draft, seal, made)));
		},
		remove: async ({ credential }, { user: who, signal }) => {
			const before = getCredential(db, credential);
			changed(who, "remove", before, () => {
				deleteCredential(db, before.id);
				return null;
			});
			await withdrawLogins(store, services.knowledge(), before.name, signal);
			return { deleted: before };
		},
		match: async ({ target }) => {
			const { address, hostname } = readLoginTarget(target);
			logins.forget();
			const found = hostname === null ? [] : await Promise.resolve(planning.resolve(hostname)).catch(() => []);
			const addresses = hostname === null || found.length === 0 ? [address] : [...found];
			const items = addresses.map((one) => matchesOf(one, hostname));
			return { items, total: items.length };
		},
		check: ({ target, credential }, { user: who, signal }) => {
			audit.note({ who, action: "credential.check", object: `host ${target}` });
			return checkLogin(services, target, credential ?? null, signal);
		},
		untrack: ({ target, credential }, { user: who, signal }) => {
			audit.write({ who, action: "credential.untrack", object: `host ${target}` });
			return untrack(services, target, credential ?? null, signal);
		},
		unlock: ({ passphrase }, { user: who }) => {
			if (!keys.locked) return state();
			try {
				keys.unlock(passphrase);
			} catch (err) {
				audit.note({ who, action: "credential.unlock", object: "secrets", reason: "It failed." });
				throw err;
			}
			audit.note({ who, action: "credential.unlock", object: "secrets" });
			return state();
		},
		protect: ({ passphrase }, { user: who }) => {
			const before = state();
			// Locked secrets are refused before anything is written down.
			keys.key();
			const after = { keptBy: passphrase === null ? "a file or systemd" : "passphrase" };
			audit.write({ who, action: "credential.protect", object: "secrets", before, after });
			try {
				keys.protect(passphrase);
			} catch (err) {
				audit.note({ who, action: "credential.protect", object: "secrets", reason: "It failed: nothing was changed." });
				throw err;
			}
			return state();
		},
	};
}

/** Groups and tags it already has may be gone by now; new ones must be there. */
function tidied(
	words: CredentialWords,
	before: Credential | null,
	isThere: (item: NamedItem) => boolean,
): CredentialWords {
	const had = new Set([...(before?.targets ?? []), ...(before?.excluded ?? [])].map((text) => text.toLowerCase()));
	const known = (item: NamedItem) => had.has(namedTarget(item).toLowerCase()) || isThere(item);
	const [targets, excluded] = [readTargets(words.targets, known), readTargets(words.excluded, known)];
	return { ...words, ports: [...new Set(words.ports)], targets, excluded };
}

/** What a person says of it, without what the store adds. */
function merged(before: Credential, given: Partial<{ [K in keyof CredentialWords]: unknown }>): CredentialWords {
	const { user, ports, sudo, leastPrivilege, jump, tracking, targets, excluded, enabled } = before;
	const words = { user, ports, sudo, leastPrivilege, jump, tracking, targets, excluded, enabled };
	return { ...words, ...present(given) } as CredentialWords;
}

function present<T extends object>(value: T): Partial<T> {
	return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}

/** Kept only while it is of use. */
function ownOf({ sudo }: CredentialWords, password: string | null): string | null {
	return sudo.method !== "none" && sudo.password === "own" ? password : null;
}

/** Throws `invalid` for a password that is to be given and is not there. */
function refuseUnanswered({ sudo }: CredentialWords, proofs: readonly ShownProof[], { ownPassword }: Secrets): void {
	if (sudo.method === "none" || sudo.password === "none") return;
	if (sudo.password === "own" ? ownPassword !== null : proofs.some(({ kind }) => kind === "password")) return;
	const which = sudo.password === "own" ? "a password of its own" : "the login's password";
	throw new AppError("invalid", `${sudo.method} is to be answered with ${which}, and there is none.`, {
		hint: "Give it too, or choose another: --sudo-password none, login or own.",
	});
}
