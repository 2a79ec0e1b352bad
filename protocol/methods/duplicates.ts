/** Duplicates: assets that may be one machine, merging them, undoing that, and saying that they are two. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import {
	duplicateDetail,
	duplicateGroup,
	duplicatesStatus,
	mergeField,
	mergePreview,
	mergeRecord,
	mergeUndone,
	notSame,
} from "../model/duplicate.ts";
import { listParams, pageOf } from "../model/listing.ts";

const id = z.int().positive();
const why = z.string().max(1_000).default("");
const wanted = z.object({
	assets: z.array(id).min(1).max(64).describe("ids of assets, or of one group of duplicates alone"),
	into: id.optional().describe("the asset that stays; missing: the one that is known best and longest"),
	fields: z.partialRecord(mergeField, id).default({}).describe("by field, the asset whose value is taken, and holds"),
	force: z.boolean().default(false).describe("merges also what speaks against it; the reasons are kept"),
});

export const list = defineMethod({
	name: "duplicates.list",
	summary: "List groups of assets that may be one machine",
	description: "Surest first unless sorted. Fields: id, confidence, assets, reason, name, address, foundAt.",
	access: "read",
	params: listParams,
	result: pageOf(duplicateGroup),
});

export const get = defineMethod({
	name: "duplicates.get",
	summary: "One group in full",
	description: "The evidence for and against between its members as of now, and their fields side by side.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ id: id.describe("the group, or any asset in it") }),
	result: duplicateDetail,
});

export const compare = defineMethod({
	name: "duplicates.compare",
	summary: "Any assets side by side",
	description:
		"As duplicates.get, for assets that need not be a group. Of two it also says why they are shown as one machine or not.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ assets: z.array(id).min(2).max(16) }),
	result: duplicateDetail,
});

export const preview = defineMethod({
	name: "duplicates.preview",
	summary: "What a merge would do",
	description: "Which asset stays, what goes into it, which values win, and what speaks against it. Changes nothing.",
	access: "read",
	errors: ["not-found"],
	params: wanted,
	result: mergePreview,
});

export const merge = defineMethod({
	name: "duplicates.merge",
	summary: "Merge assets into one",
	description:
		"Everything the assets have is the one's that stays. Recorded with its reasons, and undone by duplicates.undo. Answers `conflict` where something speaks against it, unless `force` is given.",
	access: "operate",
	audit: ["duplicates.merge"],
	errors: ["not-found", "conflict"],
	params: wanted.extend({ why }),
	result: mergeRecord,
});

export const merges = defineMethod({
	name: "duplicates.merges",
	summary: "List merges, undone ones too",
	description:
		"Newest first unless sorted. Fields: id, at, by, why, automatic, confidence, undone, survivor, asset, contradicted.",
	access: "read",
	params: listParams,
	result: pageOf(mergeRecord),
});

export const undo = defineMethod({
	name: "duplicates.undo",
	summary: "Undo a merge",
	description:
		"Each asset is as it was, under its own id; what came in since goes to the one whose address or identifiers it came with. Merges that build on it are kept. Answers `conflict` when one of them joined what only came by this one and has to be undone first, or the asset that stayed is gone.",
	access: "operate",
	audit: ["duplicates.undo"],
	errors: ["not-found", "conflict"],
	params: z.object({
		merge: id,
		why,
		notSame: z
			.boolean()
			.optional()
			.describe("remember that they are not the same; missing: yes for what was merged automatically, else no"),
	}),
	result: mergeUndone,
});

export const keep = defineMethod({
	name: "duplicates.keep",
	summary: "Keep a merge though something speaks against it",
	description:
		"What came in for a merged asset and speaks against the merge does not split it; it is told with the merge until somebody undoes that or says here that it is right. What comes in later is told again.",
	access: "operate",
	audit: ["duplicates.keep"],
	errors: ["not-found", "conflict"],
	params: z.object({ merge: id, why }),
	result: mergeRecord,
});

export const reject = defineMethod({
	name: "duplicates.reject",
	summary: "Say that assets are not the same machine",
	description: "Holds for every pair of them until it is taken back: they are not in one group and are not merged.",
	access: "operate",
	audit: ["duplicates.reject"],
	errors: ["not-found"],
	params: z.object({ assets: z.array(id).min(1).max(64).describe("assets, or one group alone"), why }),
	result: z.object({ pairs: z.int().nonnegative().describe("pairs that were not known before") }),
});

export const unreject = defineMethod({
	name: "duplicates.unreject",
	summary: "Take back that assets are not the same",
	description: "For every pair of them; they are compared again at once.",
	access: "operate",
	audit: ["duplicates.unreject"],
	errors: ["not-found"],
	params: z.object({ assets: z.array(id).min(2).max(64) }),
	result: z.object({ pairs: z.int().nonnegative() }),
});

export const rejections = defineMethod({
	name: "duplicates.rejections",
	summary: "List pairs that were said not to be the same",
	description: "Newest first.",
	access: "read",
	params: z.object({ limit: z.int().min(1).max(1_000).default(100) }),
	result: z.object({ items: z.array(notSame), total: z.int().nonnegative() }),
});

export const search = defineMethod({
	name: "duplicates.search",
	summary: "Search the whole inventory for duplicates",
	description:
		"Starts a search beside everything else, unless one is going on. New evidence is looked at as it comes in without this.",
	access: "operate",
	audit: ["duplicates.search"],
	errors: ["unavailable"],
	params: z.object({}),
	result: duplicatesStatus,
});

export const status = defineMethod({
	name: "duplicates.status",
	summary: "How the search for duplicates stands",
	description: "With the values that are on too many assets to tell anything.",
	access: "read",
	params: z.object({}),
	result: duplicatesStatus,
});

export const auto = defineMethod({
	name: "duplicates.auto",
	summary: "Merge sure duplicates by themselves, or see what that would do",
	description:
		"`above` sets the confidence from which groups are merged without being asked, now and from now on; null switches it off. With `dryRun` nothing is changed. Groups with anything against them are left to people.",
	access: "operate",
	audit: ["duplicates.auto"],
	params: z.object({
		above: z.int().min(50).max(100).nullable(),
		dryRun: z.boolean().default(false),
		limit: z.int().min(1).max(1_000).default(100).describe("previews answered at most"),
	}),
	result: z.object({
		above: z.int().nullable(),
		groups: z.int().nonnegative().describe("groups this sure that nothing speaks against"),
		previews: z.array(mergePreview),
	}),
	timeoutMs: 30_000,
});

export const watch = defineStream({
	name: "duplicates.watch",
	summary: "Tells when the duplicates have changed",
	description: "No rows: a list that is on screen asks again for its page. Once a second at most.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ total: z.int().nonnegative() }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("changed"), total: z.int().nonnegative() })]),
});
