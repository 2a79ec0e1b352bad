/** Who may connect in words: one of them, the socket they come by, and whether one operator alone decides. */
import type { Access } from "../../../protocol/define.ts";
import type { AccessOverview, NetworkDoor, SharedDoor } from "../../../protocol/model/operator.ts";
import { when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";
import { type AccessRow, identityOf, nameOf } from "./access-rows.ts";

/** Each level includes those before it. */
export const levelWords: Readonly<Record<Access, string>> = {
	read: "sees everything, changes nothing",
	operate: "scans, tags, asks for exceptions, works on tickets",
	approve: "decides on exceptions, rules and weights",
	admin: "credentials, shells, and who may connect",
};

export function describeAccess(row: AccessRow, overview: AccessOverview): Block[] {
	const field = (name: string, ...pieces: Piece[]): Block => ({ kind: "field", name, pieces });
	return [
		{ kind: "text", text: nameOf(row), token: "strong" },
		{ kind: "gap" },
		...ownBlocks(row, field),
		...aroundBlocks(overview),
	];
}

function ownBlocks(row: AccessRow, field: (name: string, ...pieces: Piece[]) => Block): Block[] {
	switch (row.kind) {
		case "operator": {
			const { kind, id, access, grantedAt, grantedBy } = row.operator;
			return [
				field("may", [access, "accent"], [`  ${levelWords[access]}`, "muted"]),
				field(kind === "unix" ? "user" : "group", [`number ${id}`], ["  what counts, whatever its name is", "muted"]),
				field("since", [when(grantedAt)], [`  by ${personName(grantedBy)}`, "muted"]),
			];
		}
		case "token": {
			const { access, state, expiresAt, createdAt, createdBy } = row.token;
			return [
				field("may", [access, "accent"], [`  ${levelWords[access]}`, "muted"]),
				field("acts as", [identityOf(row) ?? ""]),
				field("state", [state, state === "active" ? "good" : "warning"], [`  until ${when(expiresAt)} UTC`, "muted"]),
				field("made", [when(createdAt)], [`  by ${personName(createdBy)}`, "muted"]),
				{ kind: "gap" },
				{
					kind: "text",
					text: "Its secret was shown once, when it was made; the daemon keeps a hash of it.",
					token: "muted",
				},
			];
		}
		case "key": {
			const { operator, type, fingerprint, comment, addedAt, addedBy } = row.key;
			return [
				field("signs as", [personName(operator)]),
				field("key", [type], [`  ${fingerprint}`, "muted"]),
				field("comment", [comment]),
				field("since", [when(addedAt)], [`  by ${personName(addedBy)}`, "muted"]),
			];
		}
	}
}

/** What holds for all of them. */
function aroundBlocks({ you, door, network, singleOperator }: AccessOverview): Block[] {
	return [
		{ kind: "heading", text: "You" },
		{ kind: "pieces", pieces: [[personName(you.user)], [`  ${you.access} access`, "muted"]] },
		{ kind: "text", text: "Root and the daemon's own user are always admin.", token: "muted" },
		{ kind: "heading", text: "Where others connect" },
		...doorBlocks(door),
		...networkBlocks(network),
		{ kind: "heading", text: "Four eyes" },
		...(singleOperator === null
			? [{ kind: "text", text: "Nobody decides on what they asked for themselves." } as const]
			: [
					{
						kind: "pieces",
						pieces: [
							["! ", "warning"],
							["Single-operator mode is on", "warning"],
						],
					} as const,
					{
						...({ kind: "text", token: "muted" } as const),
						text: `since ${when(singleOperator.since)} by ${personName(singleOperator.by)}: ${singleOperator.reason}`,
					},
				]),
	];
}

const reaches: Readonly<Record<Exclude<SharedDoor["opensTo"], "nobody">, string>> = {
	group: "that group can reach it",
	everybody: "every local user can reach it; only those listed are let in",
};

function doorBlocks({ path, opensTo, problem }: SharedDoor): Block[] {
	if (problem !== null) return [{ kind: "text", text: `It could not be opened: ${problem}.`, token: "bad" }];
	if (opensTo === "nobody") return [{ kind: "text", text: "Nowhere: nobody else was granted access.", token: "muted" }];
	return [
		{ kind: "text", text: `VEDETTE_SOCKET=${path} vedette` },
		{ kind: "text", text: reaches[opensTo], token: "muted" },
	];
}

function networkBlocks({ listensOn, tls, fingerprint, validUntil, problem }: NetworkDoor): Block[] {
	const wrong: Block[] = problem === null ? [] : [{ kind: "text", text: `The network: ${problem}`, token: "bad" }];
	if (listensOn === null) return [...wrong, { kind: "text", text: "Not over the network.", token: "muted" }];
	return [
		...wrong,
		{ kind: "text", text: `${tls ? "wss" : "ws"}://${listensOn}, with a token` },
		...(fingerprint === null
			? []
			: [
					{
						kind: "text",
						text: `certificate ${fingerprint}, until ${validUntil?.slice(0, 10)}`,
						token: "muted",
					} as const,
				]),
	];
}
