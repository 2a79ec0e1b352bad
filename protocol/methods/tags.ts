/** Tags: words that assets carry, by hand or by a rule; a target of scans and a condition in queries. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { asset } from "../model/asset.ts";
import { deletedTag, tag as tagModel, tagName, tagPreview, tagRule, tagWords } from "../model/tag.ts";

const tag = z
	.string()
	.trim()
	.min(1)
	.max(4_000)
	.describe("its name, or its path (Parent/Name) where several have that name; without regard to case");
const some = z.object({
	ids: z.array(z.int().positive()).max(100_000).optional().describe("assets"),
	filter: z.string().max(4_000).optional().describe("query; instead of `ids`"),
});
const everything = z
	.boolean()
	.default(false)
	.describe("true: a rule that fits every asset is meant; else it is refused as `too-large`");

export const list = defineMethod({
	name: "tags.list",
	summary: "List tags",
	description: "All of them, parents before their children, siblings by name.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(tagModel), total: z.int().nonnegative() }),
});

export const get = defineMethod({
	name: "tags.get",
	summary: "One tag with the assets that carry it",
	description: "Its assets by name, at most `limit`, each with why it carries it; `tag.assets` counts all.",
	access: "read",
	errors: ["not-found", "conflict"],
	params: z.object({ tag, limit: z.int().min(0).max(10_000).default(100) }),
	result: z.object({
		tag: tagModel,
		children: z.array(z.string()).describe("names of the tags right below it"),
		assets: z.array(
			z.object({
				...asset.pick({ id: true, name: true }).shape,
				why: z.string().describe("the rule, or who put it on"),
				since: asset.shape.firstSeen,
			}),
		),
	}),
});

export const create = defineMethod({
	name: "tags.create",
	summary: "Create a tag",
	description:
		"With a rule it is put on every asset the rule fits, at once and from then on. `conflict` when a sibling has that name, or when a name that something is written with would mean two tags; `invalid` for a rule that cannot be read, with the reason.",
	access: "operate",
	audit: ["tag.create"],
	errors: ["conflict", "not-found", "too-large"],
	timeoutMs: 60_000,
	params: z.object({
		name: tagName,
		parent: tag.optional(),
		rule: tagRule.prefault({ kind: "static" }),
		colour: tagWords.shape.colour.default(null),
		description: tagWords.shape.description.default(""),
		favourite: tagWords.shape.favourite.default(false),
		criticality: tagWords.shape.criticality.default(null),
		everything,
	}),
	result: tagModel,
});

export const edit = defineMethod({
	name: "tags.edit",
	summary: "Change a tag",
	description:
		"What is left out stays. Another rule takes the tag off the assets it no longer fits; a rule that becomes static leaves them as they are. `conflict` for a parent that is the tag itself or below it, for what is fixed in a system tag, and for another name or place while an exclusion, a limit, a credential, a rule, an approved request, or a scan, map or recipe that is not over names the tag.",
	access: "operate",
	audit: ["tag.edit"],
	errors: ["not-found", "conflict", "too-large"],
	timeoutMs: 60_000,
	params: tagWords.partial().extend({
		tag,
		name: tagName.optional(),
		parent: tag.nullable().optional().describe("null: none"),
		rule: tagRule.optional(),
		everything,
	}),
	result: tagModel,
});

export const remove = defineMethod({
	name: "tags.remove",
	summary: "Delete a tag",
	description:
		"The assets stay. tags.restore puts it back for 30 days. `conflict` for a system tag, while there are tags below it, and while an exclusion, a limit, a credential, a rule, an approved request, or a scan, map or recipe that is not over names it: the message says which.",
	access: "operate",
	audit: ["tag.delete"],
	errors: ["not-found", "conflict"],
	params: z.object({ tag }),
	result: z.object({ deleted: tagModel }),
});

export const deleted = defineMethod({
	name: "tags.deleted",
	summary: "List tags that were deleted and can be put back",
	description: "Newest first.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(deletedTag), total: z.int().nonnegative() }),
});

export const restore = defineMethod({
	name: "tags.restore",
	summary: "Put back a tag that was deleted",
	description:
		"Under its own number, on the assets that carried it; a rule is applied again. `conflict` when another one has its name by now (give another `name`), or when its parent is gone.",
	access: "operate",
	audit: ["tag.restore"],
	errors: ["not-found", "conflict"],
	timeoutMs: 60_000,
	params: z.object({
		id: z.int().positive().optional().describe("number of the tag; missing: what was deleted last"),
		name: tagName.optional().describe("another name"),
	}),
	result: tagModel,
});

const changeOf = (verb: "assign" | "unassign", summary: string) =>
	defineMethod({
		name: `tags.${verb}`,
		summary,
		description: "Static tags only: what a rule put on or took off would not last (`conflict`).",
		access: "operate",
		audit: [`tag.${verb}`],
		errors: ["not-found", "conflict"],
		timeoutMs: 60_000,
		params: some.extend({ tag }),
		result: z.object({ tag: tagModel, changed: z.int().nonnegative() }),
	});

export const assign = changeOf("assign", "Put a tag on assets");
export const unassign = changeOf("unassign", "Take a tag off assets");

export const preview = defineMethod({
	name: "tags.preview",
	summary: "What a rule would change",
	description: "Of `tag` when it is named, else of a new tag. Nothing is changed.",
	access: "read",
	errors: ["not-found", "conflict"],
	timeoutMs: 60_000,
	params: z.object({ rule: tagRule, tag: tag.optional(), names: z.int().min(0).max(1_000).default(20) }),
	result: tagPreview,
});

export const evaluate = defineMethod({
	name: "tags.evaluate",
	summary: "Apply the rule of a tag again",
	description:
		"Rules are applied as evidence comes in, and once an hour where they speak of time; this is for not waiting.",
	access: "operate",
	audit: { unlogged: "it brings what assets carry in step with a rule, which is logged where it changes" },
	errors: ["not-found", "conflict"],
	timeoutMs: 60_000,
	params: z.object({ tag }),
	result: z.object({ tag: tagModel, added: z.int().nonnegative(), removed: z.int().nonnegative() }),
});
