/** Recipes: several steps of ordinary work, one after the other, that the daemon sees through. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

const targetTexts = z.array(z.string().min(1).max(253)).min(1).max(10_000);
const profile = z.string().trim().min(1).max(100);

const network = z
	.string()
	.trim()
	.min(1)
	.max(60)
	.optional()
	.describe("the network all of it is in; when left out that of the asset groups named, else `default`");

/** A light scan, a tag on what it found, and a full scan of that. */
export const lightInventory = z.object({
	kind: z.literal("light-inventory"),
	targets: targetTexts.describe("as a scan takes them"),
	exclusions: z.array(z.string().min(1).max(253)).max(10_000).default([]),
	tag: z.string().trim().min(1).max(100).describe("a static tag, made when there is none"),
	onlyNew: z.boolean().default(false).describe("tag only assets that the light scan met for the first time"),
	lightProfile: profile.default("Light inventory"),
	fullProfile: profile.default("Initial"),
	network,
});

/** A map of a netblock, approval, the inventory, a scan with logins, and how its hosts are tracked. */
export const newSubnet = z.object({
	kind: z.literal("new-subnet"),
	netblock: targetTexts.describe("addresses, blocks and ranges"),
	domain: z
		.string()
		.min(1)
		.max(253)
		.default("none")
		.describe("whose names the map looks for; `none` for plain addresses"),
	approve: z.enum(["ask", "live"]).default("ask").describe("live: every live host is approved without asking"),
	profile: profile.default("Initial").describe("of the scan; its logins are those the credentials say"),
	tracking: z.enum(["IP", "DNS"]).default("IP").describe("DNS: hosts with a host name are tracked by it afterwards"),
	network,
});

export const recipeRequest = z.discriminatedUnion("kind", [lightInventory, newSubnet]);
export type RecipeRequest = z.output<typeof recipeRequest>;

export const recipeStep = z.object({
	name: z.enum(["light-scan", "tag", "full-scan", "map", "approve", "inventory", "scan", "tracking"]),
	state: z.enum(["pending", "running", "waiting", "done", "skipped", "failed"]),
	text: z.string().describe("what it does, or what came of it"),
	scan: z.int().positive().nullable(),
	map: z.int().positive().nullable(),
});
export type RecipeStep = z.infer<typeof recipeStep>;

export const recipe = z.object({
	id: z.int().positive(),
	request: recipeRequest,
	title: z.string(),
	status: z
		.enum(["running", "waiting", "finished", "failed", "cancelled"])
		.describe("waiting: for somebody to say how it goes on"),
	steps: z.array(recipeStep),
	by: z.string(),
	createdAt: timestamp,
	finishedAt: timestamp.nullable(),
});
export type Recipe = z.infer<typeof recipe>;

/** A recipe that begins by itself. */
export const recipeSchedule = z.object({
	id: z.int().positive(),
	name: z.string(),
	request: recipeRequest,
	when: z.string().describe("as cron writes it: minute, hour, day of the month, month, weekday"),
	timeZone: z.string().describe("whose clock; empty: the machine's"),
	by: z.string().describe("in whose name"),
	nextAt: timestamp,
	lastAt: timestamp.nullable(),
	recipe: z.int().positive().nullable().describe("the one begun last"),
	problem: z.string().nullable().describe("why none was begun when it was time the last time"),
});
export type RecipeSchedule = z.infer<typeof recipeSchedule>;
