/** Purges: assets taken out of the inventory with all that is known of them, and put back while that is possible. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** How long a purge can be undone. */
export const purgeUndoDays = 30;

const figures = {
	assets: z.int().nonnegative(),
	findings: z.int().nonnegative().describe("open ones on those assets"),
};

export const purge = z.object({
	id: z.int().positive(),
	at: timestamp,
	by: z.string().describe("who did it"),
	query: z.string().describe("which assets were meant"),
	rule: z.string().nullable().describe("the purge rule that did it; null when somebody did"),
	reason: z.string(),
	...figures,
	restored: z.int().nonnegative().describe("assets put back since"),
	undoUntil: timestamp.describe("what was known of the assets is kept until then"),
	state: z
		.enum(["undoable", "undone", "final"])
		.describe("undone: every asset is back. final: nothing is kept any more"),
});
export type Purge = z.infer<typeof purge>;

export const purgedAsset = z.object({
	purge: z.int().positive(),
	asset: z.int().positive().describe("the number it had, and will have again"),
	name: z.string(),
	address: z.string(),
	findings: z.int().nonnegative().describe("open ones it had"),
	restoredAt: timestamp.nullable(),
	restoredBy: z.string().nullable(),
	kept: z.boolean().describe("it can be put back"),
});
export type PurgedAsset = z.infer<typeof purgedAsset>;

/** What a purge would do. */
export const purgePreview = z.object({
	...figures,
	of: z.int().nonnegative().describe("assets in the inventory"),
	everything: z.boolean().describe("nothing would be left"),
	services: z.int().nonnegative().describe("open ports on record that go"),
	records: z.int().nonnegative().describe("pieces of evidence that go"),
	first: z
		.array(z.object({ id: z.int().positive(), name: z.string(), lastSeen: timestamp, lastScan: timestamp.nullable() }))
		.describe("the ten not seen for longest"),
	stays: z.array(z.string()).describe("what a purge does not touch, a sentence each"),
	undoUntil: timestamp,
});
export type PurgePreview = z.infer<typeof purgePreview>;

export const purgeRuleName = z.string().trim().min(1).max(100);

/** A purge that happens by itself, once a day. */
export const purgeRule = z.object({
	name: purgeRuleName,
	query: z.string().trim().min(1).max(4_000).describe("which assets, e.g. lastSeen<now-90d"),
	reason: z.string().trim().min(1).max(1_000),
	most: z
		.int()
		.min(1)
		.max(1_000_000)
		.describe("when more assets match, none is purged and the rule says so: a network that is down looks like this"),
	enabled: z.boolean(),
	madeAt: timestamp,
	madeBy: z.string(),
	nextAt: timestamp.describe("when it looks again"),
	lastAt: timestamp.nullable(),
	lastOutcome: z.string().nullable().describe("what came of it, in words"),
});
export type PurgeRule = z.infer<typeof purgeRule>;
