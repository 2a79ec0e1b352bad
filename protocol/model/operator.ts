/** Operators: who may connect besides root and the daemon's own user, and what each may do. */
import { z } from "zod";
import { accessLevels } from "../define.ts";
import { timestamp } from "./timestamp.ts";

export const access = z
	.enum(accessLevels)
	.describe("each level includes those before it: read, operate, approve, admin");

/** How a connection is named, in the audit log too: by number, because a name can be given to somebody else. */
export const identity = z
	.string()
	.max(200)
	.describe("taken from the connection: unix:UID, person:NAME, or token:NAME of a token that stands for nobody else");

export const operator = z.object({
	who: z.string().describe("unix:NAME or group:NAME, as it was named when access was granted"),
	kind: z.enum(["unix", "group"]),
	id: z.int().nonnegative().describe("user or group number: what counts"),
	access,
	grantedAt: timestamp,
	grantedBy: identity,
});
export type Operator = z.infer<typeof operator>;

export const tokenName = z
	.string()
	.regex(/^[a-z0-9][a-z0-9._-]{0,49}$/, "small letters, digits, dot, dash and underscore; at most 50");

export const accessToken = z.object({
	name: tokenName,
	access,
	owner: identity.nullable().describe("whose connection it makes; null: its own, token:NAME"),
	createdAt: timestamp,
	createdBy: identity,
	expiresAt: timestamp,
	state: z.enum(["active", "expired", "revoked"]),
});
export type AccessToken = z.infer<typeof accessToken>;

export const singleOperator = z
	.object({ since: timestamp, by: identity, reason: z.string() })
	.describe("whoever asks for something may decide on it too; reports say so");
export type SingleOperator = z.infer<typeof singleOperator>;

export const operatorKey = z.object({
	operator: identity,
	name: z.string().describe("what they were called when it was added"),
	type: z.string(),
	fingerprint: z.string().describe("as ssh-keygen -l writes it"),
	comment: z.string(),
	addedAt: timestamp,
	addedBy: identity,
});
export type OperatorKey = z.infer<typeof operatorKey>;

/** The second socket, for others than root and the daemon's own user. */
export const sharedDoor = z.object({
	path: z.string(),
	opensTo: z
		.enum(["nobody", "group", "everybody"])
		.describe("who can reach the socket; who is let in is decided by what was granted, each time"),
	problem: z.string().nullable().describe("why it is not open although it should be"),
});
export type SharedDoor = z.infer<typeof sharedDoor>;

/** Where the daemon is to listen on the network. */
export const listener = z.object({
	address: z.string().max(100).describe("ADDRESS:PORT of this machine: 127.0.0.1:7443, 0.0.0.0:7443, [::]:7443"),
	tls: z.boolean().default(false).describe("on loopback too; elsewhere there is TLS in any case"),
	certificate: z
		.string()
		.max(4_096)
		.nullable()
		.default(null)
		.describe("PEM file on the daemon's machine, with those that vouch for it; null: one the daemon makes itself"),
	key: z.string().max(4_096).nullable().default(null).describe("PEM file of its key, without a passphrase"),
});
export type Listener = z.infer<typeof listener>;

/** The door to the network, which only those with a token come through. */
export const networkDoor = z.object({
	listensOn: z.string().nullable().describe("ADDRESS:PORT; null: nowhere"),
	tls: z.boolean(),
	fingerprint: z.string().nullable().describe("sha256:… of the certificate, to compare when attaching"),
	validUntil: timestamp.nullable().describe("of the certificate"),
	problem: z
		.string()
		.nullable()
		.describe("why it is not open although it should be, or what is wrong with the certificate"),
});
export type NetworkDoor = z.infer<typeof networkDoor>;

export const accessOverview = z.object({
	you: z.object({ user: identity, access }),
	operators: z.array(operator),
	tokens: z.array(accessToken).describe("the revoked ones too: a name is never given twice"),
	keys: z.array(operatorKey).describe("whose SSH signatures over decisions count"),
	singleOperator: singleOperator.nullable(),
	door: sharedDoor,
	network: networkDoor,
});
export type AccessOverview = z.infer<typeof accessOverview>;
