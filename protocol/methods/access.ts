/** Access: who may connect and what each may do. Root and the daemon's own user are always admin. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import {
	access,
	accessOverview,
	accessToken,
	listener,
	networkDoor,
	operator,
	operatorKey,
	singleOperator,
	tokenName,
} from "../model/operator.ts";
import { personFound, personPattern } from "../model/person.ts";
import { timestamp } from "../model/timestamp.ts";

const unixPattern = /^unix:[A-Za-z0-9_][\w.@$-]{0,99}$/;
const who = z
	.string()
	.trim()
	.regex(/^(unix|group):[A-Za-z0-9_][\w.@$-]{0,99}$/, "unix:NAME or group:NAME, or a number in place of the name");
const tokenOwner = z
	.string()
	.trim()
	.regex(new RegExp(`${unixPattern.source}|${personPattern.source}`), "unix:NAME or person:NAME");
const reason = z.string().trim().min(1).max(500);

export const list = defineMethod({
	name: "access.list",
	summary: "Who may connect",
	description:
		"Operators by name, tokens by name (never the secret), whether one operator alone may decide, and the socket that others than root and the daemon's own user connect to.",
	access: "read",
	params: z.object({}),
	result: accessOverview,
});

export const grant = defineMethod({
	name: "access.grant",
	summary: "Let a user or a group of this machine in",
	description:
		"Replaces what they had. The highest of one's own and one's groups' levels holds, from the next call on. The first grant opens a second socket that those who were granted access can reach.",
	access: "admin",
	audit: ["access.grant"],
	errors: ["not-found", "conflict", "too-large", "unavailable"],
	params: z.object({ who, access }),
	result: z.object({ operator }),
});

export const revoke = defineMethod({
	name: "access.revoke",
	summary: "Take a user's or a group's access away",
	description: "At once: their connections are closed. Tokens that stand for that user end with it.",
	access: "admin",
	audit: ["access.revoke"],
	errors: ["not-found", "unavailable"],
	params: z.object({ who }),
	result: z.object({ revoked: operator }),
});

export const createToken = defineMethod({
	name: "access.createToken",
	summary: "Make an access token",
	description:
		"For programs, and for consoles that come from elsewhere. The secret is in this answer and nowhere else: the daemon keeps a hash of it.",
	access: "admin",
	audit: ["access.create-token"],
	errors: ["not-found", "conflict", "too-large", "unavailable"],
	params: z.object({
		name: tokenName,
		access,
		expiresAt: timestamp.describe("at most 400 days ahead"),
		owner: tokenOwner
			.optional()
			.describe(
				"unix:NAME with access of its own: the token's connections count as theirs, with no more. person:NAME: somebody without an account here, whose tokens are one person's. Default: nobody's, as programs have; four eyes do not take such for a person",
			),
	}),
	result: z.object({ token: accessToken, secret: z.string() }),
});

export const findPerson = defineMethod({
	name: "access.findPerson",
	summary: "Who is meant by a name",
	description:
		"Of those who were let in, or may be. For whoever names somebody: names that nobody has are allowed, and seldom meant.",
	access: "read",
	params: z.object({ word: z.string().trim().min(1).max(200) }),
	result: personFound,
});

export const revokeToken = defineMethod({
	name: "access.revokeToken",
	summary: "End an access token",
	description: "At once: connections made with it are closed. Its name is not given again.",
	access: "admin",
	audit: ["access.revoke-token"],
	errors: ["not-found", "conflict", "unavailable"],
	params: z.object({ name: tokenName }),
	result: z.object({ token: accessToken }),
});

export const addKey = defineMethod({
	name: "access.addKey",
	summary: "Let an operator sign decisions with an SSH key",
	description:
		"Signatures over decisions count when the key was added here for whoever decides. Ed25519, ECDSA, RSA from 2,048 bits, and security keys (sk-).",
	access: "admin",
	audit: ["access.add-key"],
	errors: ["not-found", "conflict", "too-large", "unavailable"],
	params: z.object({
		who: z.string().max(110).describe("unix:NAME, person:NAME whom a token stands for, or token:NAME"),
		publicKey: z.string().max(8_192).describe("the line of its .pub file"),
	}),
	result: z.object({ key: operatorKey }),
});

export const removeKey = defineMethod({
	name: "access.removeKey",
	summary: "Let an SSH key sign no more decisions",
	description: "What it has signed stays signed.",
	access: "admin",
	audit: ["access.remove-key"],
	errors: ["not-found", "unavailable"],
	params: z.object({ fingerprint: z.string().max(100) }),
	result: z.object({ removed: operatorKey }),
});

export const setListener = defineMethod({
	name: "access.setListener",
	summary: "Listen on the network, or no longer",
	description:
		"Off until somebody asks for it. Who comes that way shows a token, every time. Beyond this machine there is always TLS; without certificate files the daemon makes one and keeps it, to be compared by its fingerprint. Null ends it, and the connections that came that way.",
	access: "admin",
	audit: ["access.listen"],
	errors: ["conflict", "unavailable"],
	params: z.object({ listener: listener.nullable() }),
	result: z.object({ network: networkDoor }),
});

export const setSingleOperator = defineMethod({
	name: "access.setSingleOperator",
	summary: "Let one operator ask and decide, or end that",
	description:
		"While it is on, whoever asks for an exception may approve it too. Consoles show it and reports print it, with who switched it on and why.",
	access: "admin",
	audit: ["access.single-operator"],
	errors: ["conflict", "unavailable"],
	params: z.object({ on: z.boolean(), reason }),
	result: z.object({ singleOperator: singleOperator.nullable() }),
});
