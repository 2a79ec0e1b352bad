/** Handlers of the access area. */
import { AppError } from "../../../protocol/errors.ts";
import { isOwner } from "../../operators/gatekeeper.ts";
import { makeToken } from "../../operators/token.ts";
import { findUnixName, type UnixName } from "../../operators/unix-names.ts";
import {
	addToken,
	findGrant,
	getGrant,
	getToken,
	listOperators,
	listTokens,
	removeGrant,
	revokeToken,
	setGrant,
	shownOperator,
	shownToken,
} from "../../store/settings-operators.ts";
import type { StoredGrant, StoredToken } from "../../store/settings-schema.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

/** A token is for a while: what nobody renews ends. */
const longestTokenMs = 400 * 86_400_000;

export function accessHandlers(services: Services): AreaHandlers<"access"> {
	const { settings, store, hub, operators, sharedDoor } = services;
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
			singleOperator: settings.data.operators.singleOperator,
			door: sharedDoor.state(),
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

/** The identity a token stands for: of somebody with access of their own, so that taking that away ends the token too. */
async function ownerOf(who: string, { operators }: Services): Promise<string> {
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
