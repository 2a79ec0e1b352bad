/** Purges: taking assets out of the inventory, by query or by a rule once a day, and undoing it. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { listParams, pageOf } from "../model/listing.ts";
import { purge, purgedAsset, purgePreview, purgeRule, purgeRuleName } from "../model/purge.ts";

const id = z.int().positive();
const filter = z.string().trim().min(1).max(4_000).describe("which assets, in the query language; `*` for all");
const shape = purgeRule.shape;

export const preview = defineMethod({
	name: "purges.preview",
	summary: "What a purge would take away",
	description: "Changes nothing. `assets` of the answer is what `purges.run` wants to be told as `expected`.",
	access: "read",
	params: z.object({ filter }),
	result: purgePreview,
	timeoutMs: 60_000,
});

export const run = defineMethod({
	name: "purges.run",
	summary: "Purge assets",
	description:
		"Assets, services, identifiers, evidence and findings with their histories go; results of scans, maps, groups and the audit log stay. `conflict` when the query no longer matches as many assets as were expected, or matches all and `everything` is not set. Undone for 30 days by `purges.undo`. An asset that a scan meets again comes back as a new one.",
	access: "operate",
	audit: ["purge.run"],
	errors: ["conflict", "unavailable"],
	params: z.object({
		filter,
		expected: z.int().min(1).describe("how many assets the preview spoke of"),
		reason: z.string().trim().min(1).max(1_000),
		everything: z.boolean().default(false).describe("yes, all of the inventory"),
	}),
	result: purge,
	timeoutMs: 600_000,
});

export const undo = defineMethod({
	name: "purges.undo",
	summary: "Put purged assets back",
	description:
		"All of a purge, or the named ones, each exactly as it was. An asset whose address another one has now is left out, unless `beside`, and named in `refused`, with the reason.",
	access: "operate",
	audit: ["purge.undo"],
	errors: ["not-found", "conflict", "unavailable"],
	params: z.object({
		purge: id,
		assets: z.array(id).min(1).max(10_000).optional().describe("only these"),
		beside: z
			.boolean()
			.default(false)
			.describe("also where another asset has the address now: both are then there, to be merged"),
	}),
	result: z.object({
		purge,
		restored: z.int().nonnegative(),
		refused: z.array(z.object({ asset: id, name: z.string(), reason: z.string() })).describe("the first hundred"),
		refusedTotal: z.int().nonnegative(),
	}),
	timeoutMs: 600_000,
});

export const list = defineMethod({
	name: "purges.list",
	summary: "List purges",
	description: "Newest first. Fields: id, at, by, query, rule, reason, assets.",
	access: "read",
	params: listParams,
	result: pageOf(purge),
});

export const assets = defineMethod({
	name: "purges.assets",
	summary: "List the assets of a purge",
	description: "By number unless sorted. Fields: asset, name, address, findings, restored.",
	access: "read",
	errors: ["not-found"],
	params: listParams.extend({ purge: id }),
	result: pageOf(purgedAsset),
});

export const rules = defineMethod({
	name: "purges.rules",
	summary: "List the rules that purge by themselves",
	description: "By name.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(purgeRule), total: z.int().nonnegative() }),
});

export const saveRule = defineMethod({
	name: "purges.saveRule",
	summary: "Make or change a rule that purges by itself",
	description:
		"It looks once a day while the daemon runs; a day missed is made up for at the next start. What is left out of a rule that is there stays. `conflict` when its query matches every asset there is.",
	access: "operate",
	audit: ["purge.save-rule"],
	errors: ["conflict"],
	params: z.object({
		name: purgeRuleName,
		query: shape.query.optional().describe("which assets; a new rule needs it"),
		reason: shape.reason.optional(),
		most: shape.most.optional().describe("default: a tenth of the inventory, at least 10"),
		enabled: z.boolean().optional(),
	}),
	result: z.object({ rule: purgeRule, matches: z.int().nonnegative().describe("assets it would take now") }),
	timeoutMs: 60_000,
});

export const removeRule = defineMethod({
	name: "purges.removeRule",
	summary: "Delete a rule that purges by itself",
	description: "What it purged stays purged, and can be undone as before.",
	access: "operate",
	audit: ["purge.delete-rule"],
	errors: ["not-found"],
	params: z.object({ name: purgeRuleName }),
	result: z.object({ deleted: purgeRule }),
});
