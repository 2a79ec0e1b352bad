/** Who may connect, as rows of one list: operators and groups, tokens, keys that sign. Pure. */
import type { AccessOverview, AccessToken, Operator, OperatorKey } from "../../../protocol/model/operator.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Column } from "../list/columns.ts";

export type AccessRow = { readonly id: number } & (
	| { readonly kind: "operator"; readonly operator: Operator }
	| { readonly kind: "token"; readonly token: AccessToken }
	| { readonly kind: "key"; readonly key: OperatorKey }
);

export function accessRows({ operators, tokens, keys }: AccessOverview): AccessRow[] {
	const rows = [
		...operators.map((operator) => ({ kind: "operator" as const, operator })),
		...tokens.map((token) => ({ kind: "token" as const, token })),
		...keys.map((key) => ({ kind: "key" as const, key })),
	];
	return rows.map((row, index) => ({ id: index + 1, ...row }));
}

/** Whose it is, as one reads it. */
export function nameOf(row: AccessRow): string {
	if (row.kind === "operator") return row.operator.who;
	return row.kind === "token" ? row.token.name : row.key.name;
}

/** What the audit log calls who acts by it; undefined for a group, in whose name nobody acts. */
export function identityOf(row: AccessRow): string | undefined {
	if (row.kind === "key") return row.key.operator;
	if (row.kind === "token") return row.token.owner ?? `token:${row.token.name}`;
	return row.operator.kind === "unix" ? `unix:${row.operator.id}` : undefined;
}

function whatPiece(row: AccessRow): Piece {
	if (row.kind === "operator") return [row.operator.kind === "unix" ? "operator" : "group"];
	return row.kind === "token" ? ["token", "accent"] : ["signing key", "muted"];
}

const levelTokens = { read: "muted", operate: "text", approve: "accent", admin: "warning" } as const;

function levelPieces(row: AccessRow): Piece[] {
	if (row.kind === "key") return [["signs", "muted"]];
	const { access } = row.kind === "operator" ? row.operator : row.token;
	return [[access, levelTokens[access]]];
}

const stateTokens = { active: "good", expired: "warning", revoked: "faint" } as const;

function untilPieces(row: AccessRow): Piece[] {
	if (row.kind !== "token") return [["—", "faint"]];
	const { state, expiresAt } = row.token;
	return state === "active" ? [[expiresAt.slice(0, 10)]] : [[state, stateTokens[state]]];
}

function sinceOf(row: AccessRow): { readonly at: string; readonly by: string } {
	if (row.kind === "operator") return { at: row.operator.grantedAt, by: row.operator.grantedBy };
	if (row.kind === "token") return { at: row.token.createdAt, by: row.token.createdBy };
	return { at: row.key.addedAt, by: row.key.addedBy };
}

export const accessColumns: readonly Column<AccessRow>[] = [
	{ id: "what", title: "WHAT", sort: "what", width: 11, worth: 95, draw: (row) => [whatPiece(row)] },
	{
		...{ id: "who", title: "WHO", sort: "who", width: 18, grow: 2, most: 40, worth: 100 },
		draw: (row) => [[nameOf(row), "strong"]],
	},
	{ id: "level", title: "MAY", sort: "level", width: 8, worth: 98, draw: levelPieces },
	{ id: "until", title: "UNTIL", width: 10, worth: 85, draw: untilPieces },
	{
		...{ id: "as", title: "ACTS AS", width: 14, grow: 1, most: 40, worth: 70 },
		draw: (row) => [[identityOf(row) ?? "its members", "muted"]],
	},
	{
		...{ id: "since", title: "SINCE", sort: "since", width: 10, worth: 60 },
		draw: (row) => [[sinceOf(row).at.slice(0, 10), "muted"]],
	},
	{
		...{ id: "by", title: "BY", width: 12, grow: 1, most: 30, worth: 50 },
		draw: (row) => [[personName(sinceOf(row).by), "muted"]],
	},
];

export const accessSorts: Readonly<Record<string, (row: AccessRow) => string>> = {
	what: (row) => row.kind,
	who: nameOf,
	level: (row) => (row.kind === "key" ? "" : row.kind === "operator" ? row.operator.access : row.token.access),
	since: (row) => sinceOf(row).at,
};

/** What words of a filter are looked for in. */
export function accessText(row: AccessRow): string {
	const more = row.kind === "key" ? `${row.key.fingerprint} ${row.key.comment}` : "";
	return `${whatPiece(row)[0]} ${nameOf(row)} ${identityOf(row) ?? ""} ${levelPieces(row)[0]?.[0] ?? ""} ${more}`;
}
