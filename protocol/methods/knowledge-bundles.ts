/** Knowledge carried by hand: signed bundles and the keys they are signed with. Part of the knowledge area. */
import { z } from "zod";
import { changesNothing, defineMethod } from "../define.ts";
import { feed } from "../model/knowledge.ts";
import { bundleKey, inspectedBundle, keptBundle, keyName } from "../model/knowledge-bundle.ts";

const path = z.string().min(1).max(4_096).describe("absolute, on the daemon's machine");

export const createBundle = defineMethod({
	name: "knowledge.createBundle",
	summary: "Write the knowledge into one signed file",
	description:
		"All feeds held, or those named, with whatever they say. With `since` only what has changed since that state (a hash that `knowledge.bundles` or `knowledge.feeds` tells, its first eight digits at least, `last` for the newest bundle made here, or the path of a bundle): much smaller, and of use only where that state is held. `not-found` for a state that is not known here any more.",
	access: "operate",
	audit: ["knowledge.bundle"],
	errors: ["not-found", "conflict", "busy", "unavailable"],
	timeoutMs: 3_600_000,
	params: z.object({
		path,
		since: z.string().min(1).max(4_096).optional(),
		key: keyName.optional().describe("which of one's own keys signs it; not needed when there is only one"),
		feeds: z.array(z.string().min(1).max(100)).max(1_000).default([]),
	}),
	result: keptBundle,
});

export const inspectBundle = defineMethod({
	name: "knowledge.inspectBundle",
	summary: "Look into a bundle",
	description: "Null for a file that is no bundle. Verifies who signed it; takes nothing in.",
	access: "operate",
	audit: changesNothing,
	params: z.object({ path }),
	result: z.object({ bundle: inspectedBundle.nullable() }),
});

export const importBundle = defineMethod({
	name: "knowledge.importBundle",
	summary: "Take in a bundle",
	description:
		"Only when a key that is trusted here signed it, what came is what was signed, and what is held is what it goes on from. A new base is made beside the one in force and takes its place whole, or not at all. `forbidden` for a signature that is not good, `conflict` for a bundle that does not fit or is older than what is held.",
	access: "operate",
	audit: ["knowledge.import"],
	errors: ["conflict", "busy", "unavailable", "forbidden"],
	timeoutMs: 3_600_000,
	params: z.object({ path, older: z.boolean().default(false) }),
	result: z.object({ bundle: keptBundle, feeds: z.array(feed), changed: z.array(z.string()).describe("feeds") }),
});

export const bundles = defineMethod({
	name: "knowledge.bundles",
	summary: "The chain of bundles",
	description: "Those made and taken in here, newest first; and the hash of the knowledge in force, null for none.",
	access: "read",
	params: z.object({}),
	result: z.object({
		items: z.array(keptBundle),
		total: z.int().nonnegative(),
		state: z.string().nullable(),
	}),
});

export const keys = defineMethod({
	name: "knowledge.keys",
	summary: "Keys that bundles are trusted by",
	description: "By name. Secret halves are never told.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(bundleKey), total: z.int().nonnegative() }),
});

export const newKey = defineMethod({
	name: "knowledge.newKey",
	summary: "Make a key that signs bundles",
	description:
		"Its secret half is sealed as credentials are and never leaves this daemon; `line` is what others trust.",
	access: "admin",
	audit: ["knowledge.key-new"],
	errors: ["conflict", "unavailable"],
	params: z.object({ name: keyName }),
	result: z.object({ key: bundleKey, line: z.string() }),
});

export const trustKey = defineMethod({
	name: "knowledge.trustKey",
	summary: "Trust bundles that are signed with a key",
	description:
		"`line` is what `knowledge.newKey` told on the other machine. `conflict` for a name or key already known.",
	access: "admin",
	audit: ["knowledge.key-trust"],
	errors: ["conflict"],
	params: z.object({
		line: z.string().trim().min(1).max(400),
		name: keyName.optional().describe("instead of the line's"),
	}),
	result: bundleKey,
});

export const removeKey = defineMethod({
	name: "knowledge.removeKey",
	summary: "Trust a key no longer",
	description: "What was taken in by it stays. With it goes the secret half, if it was made here.",
	access: "admin",
	audit: ["knowledge.key-remove"],
	errors: ["not-found"],
	params: z.object({ name: keyName }),
	result: bundleKey,
});
