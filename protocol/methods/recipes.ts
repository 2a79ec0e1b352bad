/** Recipes: a new subnet, a light inventory and a full scan of it; the daemon goes from step to step. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import { listParams, pageOf } from "../model/listing.ts";
import { recipe, recipeRequest, recipeSchedule } from "../model/recipe.ts";

const one = z.object({ recipe: z.int().positive() });

export const start = defineMethod({
	name: "recipes.start",
	summary: "Start a recipe",
	description:
		"Answers at once. The daemon takes the next step when the one before is done, over restarts too. Each step is one of the ordinary methods, done in the name of who started the recipe, with no more access than they have then, and has its audit entry.",
	access: "operate",
	audit: ["recipe.start"],
	errors: ["out-of-scope", "too-large", "conflict", "not-found"],
	timeoutMs: 120_000,
	params: z.object({
		request: recipeRequest,
		confirm: z.boolean().default(false).describe("of scans as large as they may be"),
	}),
	result: recipe,
});

export const list = defineMethod({
	name: "recipes.list",
	summary: "List recipes",
	description: "Newest first. Fields: id, title, status, by, createdAt.",
	access: "read",
	params: listParams,
	result: pageOf(recipe),
});

export const get = defineMethod({
	name: "recipes.get",
	summary: "One recipe with its steps",
	description: "As it stands.",
	access: "read",
	errors: ["not-found"],
	params: one,
	result: recipe,
});

export const goOn = defineMethod({
	name: "recipes.goOn",
	summary: "Let a recipe go on",
	description:
		"One that waits for approval: the named hosts of its map are approved, or every live one, or no more than are approved already. One that failed: the step that failed is tried once more. `conflict` for any other.",
	access: "approve",
	audit: ["recipe.go-on"],
	errors: ["not-found", "conflict"],
	timeoutMs: 120_000,
	params: one.extend({
		addresses: z.array(z.string().min(1).max(253)).min(1).max(10_000).optional().describe("approve these"),
		approved: z
			.boolean()
			.default(false)
			.describe("approve no more, and go on with those that are; not with `addresses`"),
	}),
	result: recipe,
});

export const cancel = defineMethod({
	name: "recipes.cancel",
	summary: "Cancel a recipe",
	description: "With the scan or map it is in. What is done stays done.",
	access: "operate",
	audit: ["recipe.cancel"],
	errors: ["not-found"],
	timeoutMs: 60_000,
	params: one,
	result: recipe,
});

export const schedule = defineMethod({
	name: "recipes.schedule",
	summary: "Let a recipe begin by itself",
	description:
		"At the times given, in the name and with the access of who says so, or what is left of it then; not while the one of the time before is under way, and once for what was missed while no daemon ran. One of that name is replaced. `invalid` for times that cannot be read.",
	access: "operate",
	audit: ["recipe.schedule"],
	params: z.object({
		name: z.string().trim().min(1).max(100),
		request: recipeRequest,
		when: z
			.string()
			.min(1)
			.max(200)
			.describe("minute, hour, day of the month, month, weekday, as cron has them: 0 3 * * 1; or @daily"),
		timeZone: z.string().max(100).default("").describe("IANA name; empty: the machine's"),
		confirm: z.boolean().default(false).describe("of scans as large as they may be"),
	}),
	result: recipeSchedule,
});

export const schedules = defineMethod({
	name: "recipes.schedules",
	summary: "List recipes that begin by themselves",
	description: "By name.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(recipeSchedule), total: z.int().nonnegative() }),
});

export const unschedule = defineMethod({
	name: "recipes.unschedule",
	summary: "No longer let a recipe begin by itself",
	description: "One that is under way goes on.",
	access: "operate",
	audit: ["recipe.unschedule"],
	errors: ["not-found"],
	params: z.object({ name: z.string().min(1).max(100) }),
	result: z.object({ deleted: recipeSchedule }),
});

export const watch = defineStream({
	name: "recipes.watch",
	summary: "Tells when a recipe has changed",
	description: "No rows: ask again. Four times a second at most.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ running: z.int().nonnegative() }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("changed"), running: z.int().nonnegative() })]),
});
