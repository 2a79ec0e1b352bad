/** Ignoring checks on hosts, and restoring what was ignored. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { ignoreDays, ignorePreview, ignoreRequest, ignoreWish } from "../model/ignore.ts";

const id = z.int().positive();

export const preview = defineMethod({
	name: "ignores.preview",
	summary: "What ignoring checks on hosts would do",
	description:
		"Changes nothing. Only confirmed and potential findings, and only hosts that were scanned. `digest` of the answer is what `ignores.add` wants to be told.",
	access: "read",
	errors: ["not-found"],
	params: ignoreWish,
	result: ignorePreview,
	timeoutMs: 60_000,
});

export const add = defineMethod({
	name: "ignores.add",
	summary: "Ignore checks on hosts",
	description:
		"Up to ten QIDs. Hosts are those the query means now: others that come to fit it later are not covered; what the checks find on these hosts later is. Findings are set apart, their tickets closed as ignored and made where there are none. A purge of a host ends it there. Needs approve access unless the settings of tickets say otherwise. `conflict` when it would do something else than the preview said.",
	access: "operate",
	audit: ["ignore.add"],
	errors: ["not-found", "conflict", "forbidden", "unavailable"],
	params: ignoreWish.extend({
		digest: z.string().max(64),
		reason: z.string().trim().min(1).max(4_000),
		days: ignoreDays.nullable().default(null).describe("it ends by itself after so many; null: never"),
	}),
	result: z.object({ request: ignoreRequest }),
	timeoutMs: 120_000,
});

export const list = defineMethod({
	name: "ignores.list",
	summary: "What was ignored, by whom and why",
	description: "Newest first. What rules of the policy and single tickets ignore is in the list of tickets.",
	access: "read",
	params: z.object({ limit: z.int().min(1).max(1_000).default(100) }),
	result: z.object({ items: z.array(ignoreRequest), total: z.int().nonnegative() }),
});

export const restore = defineMethod({
	name: "ignores.restore",
	summary: "Ignore no longer",
	description: "The findings count again and their tickets are open, with new due dates.",
	access: "operate",
	audit: ["ignore.restore"],
	errors: ["not-found", "conflict", "forbidden", "unavailable"],
	params: z.object({ id, reason: z.string().trim().min(1).max(4_000) }),
	result: z.object({ request: ignoreRequest, findings: z.int().nonnegative() }),
	timeoutMs: 120_000,
});
