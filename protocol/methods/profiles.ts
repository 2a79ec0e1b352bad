/** Option profiles: how scans go about their targets. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { profile, profileName, profileOptions } from "../model/profile.ts";
import { timestamp } from "../model/timestamp.ts";

const version = z.int().positive();
const name = z.string().min(1).max(100).describe("upper and lower case are the same");

export const list = defineMethod({
	name: "profiles.list",
	summary: "List option profiles",
	description: "Built-in ones first, each in its newest version.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(profile), total: z.int().nonnegative() }),
});

export const get = defineMethod({
	name: "profiles.get",
	summary: "One option profile",
	description:
		"The newest version, or the one named; old versions stay readable after a profile is deleted, since scans refer to them. `versions` is newest first.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ name, version: version.optional() }),
	result: z.object({
		profile,
		versions: z.array(z.object({ version, editedAt: timestamp.nullable(), editedBy: z.string().nullable() })),
	}),
});

export const clone = defineMethod({
	name: "profiles.clone",
	summary: "Make an option profile of another one",
	description:
		"The way to a profile of one's own, with the other's options or those given. `conflict` when the name is taken; versions of a deleted profile of that name are counted on.",
	access: "operate",
	audit: ["profile.clone"],
	errors: ["not-found", "conflict"],
	params: z.object({ from: name, name: profileName.describe("of the new one"), options: profileOptions.optional() }),
	result: profile,
});

export const edit = defineMethod({
	name: "profiles.edit",
	summary: "Make a new version of an option profile",
	description:
		"`options` replaces all of them; `version` is the one they were made from, so that nobody's edit is lost: `conflict` when it is no longer the newest, or the profile is built in. Scans begun earlier, paused ones too, keep the version they were started with.",
	access: "operate",
	audit: ["profile.edit"],
	errors: ["not-found", "conflict"],
	params: z.object({ name, version, options: profileOptions }),
	result: profile,
});

// `delete` is a word of the language.
export const remove = defineMethod({
	name: "profiles.delete",
	summary: "Delete an option profile",
	description: "No new scan can use it; its versions are kept for the scans that did. `conflict` for a built-in one.",
	access: "operate",
	audit: ["profile.delete"],
	errors: ["not-found", "conflict"],
	params: z.object({ name }),
	result: z.object({ deleted: z.string() }),
});
