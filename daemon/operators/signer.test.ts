import { expect, test } from "vitest";
import { noSettings } from "../store/settings-schema.ts";
import { findSigner } from "./signer.ts";

const at = "2026-03-01T00:00:00.000Z";
const token = (name: string, owner: string | null, isRevoked = false) => ({
	...{
		name,
		owner,
		access: "approve" as const,
		hash: "0".repeat(64),
		expiresAt: at,
		createdAt: at,
		createdBy: "unix:0",
	},
	revoked: isRevoked ? { at, by: "unix:0" } : null,
});

const data = {
	...noSettings,
	operators: {
		...noSettings.operators,
		tokens: [token("laptop", "person:nonesuch-ana"), token("ci", null), token("old", "person:nonesuch-ben", true)],
	},
};

test.each([
	["person:nonesuch-ana", "person:nonesuch-ana", "nonesuch-ana"],
	["person:Nonesuch-Ana", "person:nonesuch-ana", "nonesuch-ana"],
	["nonesuch-ana", "person:nonesuch-ana", "nonesuch-ana"],
	["token:laptop", "person:nonesuch-ana", "laptop"],
	["token:ci", "token:ci", "ci"],
	["root", "unix:0", "root"],
])("%s signs as %s", async (who, operator, name) => {
	expect(await findSigner(who, data)).toEqual({ operator, name });
});

test.each([
	["person:nonesuch-ben", /No token stands for person:nonesuch-ben/],
	["person:root", /No token stands for person:root/],
	["unix:nonesuch-ana", /no user "nonesuch-ana"/],
	["nobody at all", /no user "nobody at all"/],
])("%s is nobody who could sign", async (who, words) => {
	await expect(findSigner(who, data)).rejects.toThrow(words);
});
