/** Knowledge brought here: sources, updates, and when they happen. Part of the knowledge area. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { knowledgeChange } from "../model/knowledge.ts";
import {
	listedSource,
	sourceName,
	sourceUrl,
	updateProgress,
	updateReport,
	updateSettings,
} from "../model/knowledge-update.ts";

export const sources = defineMethod({
	name: "knowledge.sources",
	summary: "Where knowledge comes from",
	description: "The sources that are known without being told, then your own by name; and how updates go about it.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(listedSource), total: z.int().nonnegative(), settings: updateSettings }),
});

export const setSource = defineMethod({
	name: "knowledge.setSource",
	summary: "Add or change a source",
	description:
		"What is absent stays as it is; a new source needs `urls`. A source of your own is called after `feed` once it is taken in, by default its name. `conflict` when another source is taken in under that name. Nothing is fetched.",
	access: "operate",
	audit: ["knowledge.source"],
	errors: ["conflict"],
	params: z.object({
		name: sourceName,
		urls: z.array(sourceUrl).min(1).max(8).optional().describe("https, http or file; mirrors are tried in this order"),
		feed: z.string().trim().min(1).max(100).optional(),
		about: z.string().trim().max(200).optional(),
		licence: z.string().trim().max(100).optional(),
		sha256Url: sourceUrl.nullable().optional(),
		enabled: z.boolean().optional(),
	}),
	result: listedSource,
});

export const removeSource = defineMethod({
	name: "knowledge.removeSource",
	summary: "Delete a source of your own, or undo the change of a built-in one",
	description: "What was taken in from it stays.",
	access: "operate",
	audit: ["knowledge.source"],
	errors: ["not-found"],
	params: z.object({ name: sourceName }),
	result: z.object({ name: z.string(), source: listedSource.nullable().describe("a built-in one, as it is again") }),
});

export const configure = defineMethod({
	name: "knowledge.configure",
	summary: "Say how updates go about it",
	description: "What is absent stays as it is. Without `everyHours` nothing is ever fetched unless somebody asks.",
	access: "operate",
	audit: ["knowledge.configure"],
	params: updateSettings.partial(),
	result: updateSettings,
});

export const update = defineMethod({
	name: "knowledge.update",
	summary: "Fetch what is new and take it in",
	description:
		"Fetches each source (going on where it was cut off, and only what has changed), takes all that is new into one base made beside the one in force, and puts that in its place. A source that fails is told in the report and the rest goes on; a feed older than what is held is refused unless `older`. It goes on when the caller goes away. `changes`: what it changed in the findings, null when nothing is new or `diff` is false.",
	access: "operate",
	audit: ["knowledge.update"],
	errors: ["busy", "not-found", "unavailable"],
	timeoutMs: 12 * 3_600_000,
	params: z.object({
		names: z.array(z.string().min(1).max(100)).max(200).default([]).describe("sources; none: all that are enabled"),
		older: z.boolean().default(false),
		allowHttp: z.boolean().default(false).describe("without TLS too; to this machine itself that is always allowed"),
		diff: z.boolean().default(true),
		limit: z.int().min(1).max(1_000).default(50).describe("of changes"),
	}),
	result: z.object({
		report: updateReport,
		changes: z
			.object({
				items: z.array(knowledgeChange),
				total: z.int().nonnegative(),
				counts: z.object({ new: z.int(), changed: z.int(), gone: z.int() }),
				hosts: z.int().nonnegative(),
				changedHosts: z.int().nonnegative(),
			})
			.nullable(),
	}),
});

export const stopUpdate = defineMethod({
	name: "knowledge.stopUpdate",
	summary: "End the update that runs",
	description:
		"Nothing of it is taken in; what has been fetched is kept for the next. `stopped` is false when none runs.",
	access: "operate",
	audit: { unlogged: "the entry of the update that is stopped says so" },
	params: z.object({}),
	result: z.object({ stopped: z.boolean() }),
});

export const updates = defineMethod({
	name: "knowledge.updates",
	summary: "How far the update is, and how the last one went",
	description: "`running` is null while none runs, `last` as long as there was none.",
	access: "read",
	params: z.object({}),
	result: z.object({ running: updateProgress.nullable(), last: updateReport.nullable() }),
});
