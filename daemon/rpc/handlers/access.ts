/** Handlers of the access area. */
import { AppError } from "../../../protocol/errors.ts";
import type { Listener } from "../../../protocol/model/operator.ts";
import { parsePublicKeyLine } from "../../../protocol/ssh/public-key.ts";
import { isOwner } from "../../operators/gatekeeper.ts";
import { findSigner } from "../../operators/signer.ts";
import { makeToken } from "../../operators/token.ts";
import { findUnixName, type UnixName } from "../../operators/unix-names.ts";
import {
	addKey,
	addToken,
	findGrant,
	getGrant,
	getKey,
	getToken,
	listKeys,
	listOperators,
	listTokens,
	removeGrant,
	removeKey,
	revokeToken,
	setGrant,
	shownKey,
	shownOperator,
	shownToken,
} from "../../store/settings-operators.ts";
import type { StoredGrant, StoredSigner, StoredToken } from "../../store/settings-schema.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers } from "../handler.ts";
import { placeOf } from "../network-door.ts";
import type { Services } from "../services.ts";

/** A token is for a while: what nobody renews ends. */
const longestTokenMs = 400 * 86_400_000;

export function accessHandlers(services: Services): AreaHandlers<"access"> {
	const { settings, store, hub, operators, people, sharedDoor, networkDoor } = services;
	const now = () => store.clock.now();
	const stamp = () => new Date(now()).toISOString();
	const change = async (...args: [Parameters<typeof updateAudited>[1], Parameters<typeof updateAudited>[2]]) => {
		await updateAudited(services, ...args);
		operators.changed();
		hub.post({ kind: "access-changed" });
		await sharedDoor.follow();
	};
	return {
		list: (_params, { user, access }) => ({
			you: { user, access },
			operators: listOperators(settings.data),
			tokens: listTokens(settings.data, now()),
			keys: listKeys(settings.data),
			singleOperator: settings.data.operators.singleOperator,
			door: sharedDoor.state(),
			network: networkDoor.state(),
		}),
		grant: async ({ who, access }, { user }) => {
			const { kind, id, name } = await findGrantee(who);
			const grant: StoredGrant = { kind, id, name, access, at: stamp(), by: user };
			const before = findGrant(settings.data, grant)?.access ?? null;
			await change(
				(data) => setGrant(data, grant),
				() => ({ who: user, action: "access.grant", object: `${kind}:${id} (${name})`, before, after: access }),
			);
			return { operator: shownOperator(grant) };
		},
		revoke: async ({ who }, { user }) => {
			const gone = getGrant(settings.data, who);
			const object = `${gone.kind}:${gone.id} (${gone.name})`;
			await change(
				(data) => removeGrant(data, who),
				() => ({ who: user, action: "access.revoke", object, before: gone.access }),
			);
			return { revoked: shownOperator(gone) };
		},
		findPerson: ({ word }) => people.find(word),
		createToken: async ({ name, access, expiresAt, owner }, { user }) => {
			refuseExpiry(expiresAt, now());
			const { secret, hash } = makeToken();
			const token: StoredToken = {
				...{ name, access, hash, expiresAt, createdAt: stamp(), createdBy: user, revoked: null },
				owner: owner === undefined ? null : await ownerOf(owner, services),
			};
			const after = { access, owner: token.owner, expiresAt };
			await change(
				(data) => addToken(data, token),
				() => ({ who: user, action: "access.create-token", object: `token ${name}`, after }),
			);
			return { token: shownToken(token, now()), secret };
		},
		revokeToken: async ({ name }, { user }) => {
			const before = getToken(settings.data, name).access;
			await change(
				(data) => revokeToken(data, name, { at: stamp(), by: user }),
				() => ({ who: user, action: "access.revoke-token", object: `token ${name}`, before }),
			);
			return { token: shownToken(getToken(settings.data, name), now()) };
		},
		addKey: async ({ who, publicKey }, { user }) => {
			const read = parsePublicKeyLine(publicKey);
			if (read === null) {
				throw new AppError("invalid", "That is no SSH public key that signatures can be checked with.", {
					hint: "It is the one line of a .pub file: Ed25519, ECDSA, RSA from 2,048 bits, or a security key.",
				});
			}
			const key: StoredSigner = { ...(await findSigner(who, settings.data)), ...read, at: stamp(), by: user };
			const { fingerprint } = key;
			await change(
				(data) => addKey(data, key),
				() => ({
					who: user,
					action: "access.add-key",
					object: `${key.operator} (${key.name})`,
					after: { fingerprint },
				}),
			);
			return { key: shownKey(key) };
		},
		removeKey: async ({ fingerprint }, { user }) => {
			const gone = getKey(settings.data, fingerprint);
			const object = `${gone.operator} (${gone.name})`;
			await change(
				(data) => removeKey(data, fingerprint),
				() => ({ who: user, action: "access.remove-key", object, before: { fingerprint } }),
			);
			return { removed: shownKey(gone) };
		},
		setListener: async ({ listener }, { user }) => {
			await listenElsewhere(services, user, listener);
			return { network: networkDoor.state() };
		},
		setSingleOperator: async ({ on, reason }, { user }) => {
			const before = settings.data.operators.singleOperator;
			if ((before !== null) === on) {
				throw new AppError("conflict", `Single-operator mode is ${on ? "on" : "off"} already.`);
			}
			const after = on ? { since: stamp(), by: user, reason } : null;
			await change(
				(data) => {
					data.operators.singleOperator = after;
				},
				() => ({ who: user, action: "access.single-operator", object: "single-operator mode", before, after, reason }),
			);
			return { singleOperator: after };
		},
	};
}

/** Saves where to listen and goes there; where that cannot be done, things are as they were. Throws what `access.setListener` says. */
async function listenElsewhere(services: Services, user: string, listener: Listener | null): Promise<void> {
	const { settings, networkDoor, listensByCommand } = services;
	if (listensByCommand) {
		throw new AppError("conflict", "This daemon was told on its command line where to listen.", {
			hint: "Start it without --listen; then the settings say it.",
		});
	}
	if (listener !== null) placeOf(listener);
	const before = settings.data.listener;
	const save = async (to: Listener | null, reason?: string) => {
		const entry = { who: user, action: "access.listen", object: "network", before: settings.data.listener, after: to };
		await updateAudited(
			services,
			(data) => {
				data.listener = to;
			},
			() => ({ ...entry, ...(reason === undefined ? {} : { reason }) }),
		);
		await networkDoor.follow();
	};
	await save(listener);
	const { listensOn, problem } = networkDoor.state();
	if (listener === null || listensOn !== null) return;
	await save(before, "It could not be opened: back to what was.");
	throw new AppError("conflict", problem ?? "The daemon cannot listen there.", {
		hint: before === null ? "Nothing was changed." : `Nothing was changed: it listens on ${before.address} as before.`,
	});
}

/** Throws `not-found` for a name nobody has here, `conflict` for those whose access cannot be changed. */
async function findGrantee(who: string): Promise<UnixName & { kind: StoredGrant["kind"] }> {
	const kind = who.startsWith("group:") ? "group" : "unix";
	const word = who.slice(kind.length + 1);
	const found = await findUnixName(kind, word);
	if (found === null) {
		throw new AppError("not-found", `This machine knows no ${kind === "unix" ? "user" : "group"} "${word}".`, {
			hint: `See whether it does with: getent ${kind === "unix" ? "passwd" : "group"} ${word}`,
		});
	}
	if (kind === "unix" && isOwner(found.id, process.getuid?.() ?? -1)) {
		throw new AppError("conflict", `${found.name} is always admin: it is root, or the user the daemon runs as.`);
	}
	return { kind, ...found };
}

/**
 * The identity a token stands for: of a user with access of their own, so that taking that away ends the token too, or of somebody
 * without an account here.
 */
async function ownerOf(who: string, { operators }: Services): Promise<string> {
	if (who.startsWith("person:")) return who.toLowerCase();
	const found = who.startsWith("unix:") ? await findUnixName("unix", who.slice("unix:".length)) : null;
	if (found !== null && operators.hasOwnAccess(found.id)) return `unix:${found.id}`;
	throw new AppError("not-found", `${who} has no access of their own that a token could stand for.`, {
		hint: `Grant it first: vedette access grant ${who} read`,
	});
}

function refuseExpiry(expiresAt: string, now: number): void {
	const left = Date.parse(expiresAt) - now;
	if (left > 0 && left <= longestTokenMs) return;
	throw new AppError("invalid", `A token ends within 400 days and not before now; ${expiresAt} does not.`, {
		hint: "For example: --expires 90d",
	});
}
