/** Where feeds come from, and what bringing them here comes to. */
import { z } from "zod";
import { refusedDocuments } from "./knowledge.ts";
import { timestamp } from "./timestamp.ts";

export const sourceName = z
	.string()
	.trim()
	.regex(/^[a-z0-9][a-z0-9._-]{0,59}$/, "lower-case letters, digits, dots and dashes, at most 60")
	.describe("e.g. osv-debian");

export const sourceUrl = z.url({ protocol: /^(https?|file)$/ }).max(2_000);

export const feedSource = z.object({
	name: sourceName,
	feed: z.string().trim().min(1).max(100).describe("what it is called once taken in, as `knowledge.feeds` lists it"),
	about: z.string().max(200),
	licence: z.string().max(100).describe("of what it says; empty when nobody said"),
	urls: z.array(sourceUrl).min(1).max(8).describe("https, http or file; mirrors are tried in this order"),
	sha256Url: sourceUrl.nullable().describe("where its SHA-256 is published, as sha256sum writes it"),
	enabled: z.boolean().describe("part of an update that names no source"),
});
export type FeedSource = z.infer<typeof feedSource>;

export const listedSource = feedSource.extend({
	builtIn: z.boolean().describe("known without being told; such a one is disabled rather than removed"),
	changed: z.boolean().describe("a built-in one with another address, or switched on or off"),
});
export type ListedSource = z.infer<typeof listedSource>;

export const stepStates = [
	...(["waiting", "downloading", "downloaded", "importing"] as const),
	...(["updated", "unchanged", "older", "failed"] as const),
] as const;

/** One source within an update. */
export const updateStep = z.object({
	source: z.string(),
	feed: z.string(),
	state: z.enum(stepStates).describe("older: refused, as it is older than what is held"),
	bytes: z.int().nonnegative().describe("that are here"),
	totalBytes: z.int().nonnegative().nullable(),
	resumedFrom: z.int().nonnegative().describe("bytes that were here from an attempt before"),
	records: z.int().nonnegative().describe("taken in so far"),
	attempt: z.int().positive(),
	trouble: z.string().nullable().describe("what the last attempt ended with"),
	why: z.string().nullable().describe("for failed and older: the reason"),
	hint: z.string().nullable(),
	refused: refusedDocuments.optional(),
});
export type UpdateStep = z.infer<typeof updateStep>;

export const updateProgress = z.object({
	startedAt: timestamp,
	steps: z.array(updateStep),
	bytesPerSecond: z.number().nonnegative().nullable().describe("of the last seconds"),
	etaSeconds: z.number().nonnegative().nullable().describe("until the source that comes now is here"),
});
export type UpdateProgress = z.infer<typeof updateProgress>;

export const updateReport = z.object({
	startedAt: timestamp,
	finishedAt: timestamp,
	by: z.string().describe("who asked for it; `schedule` when nobody did"),
	steps: z.array(updateStep),
	swapped: z.boolean().describe("a new base is in force since"),
	cutOff: z.string().nullable().describe("why it did not come to its end"),
});
export type UpdateReport = z.infer<typeof updateReport>;

/** How updates go about it. */
export const updateSettings = z.object({
	everyHours: z.int().min(1).max(8_760).nullable().describe("null: never by itself"),
	oldAfterDays: z.int().min(1).max(3_650).describe("from when on screens warn of the knowledge's age"),
	allowHttp: z.boolean().describe("without TLS too, and not only to this machine itself"),
});
export type UpdateSettings = z.infer<typeof updateSettings>;
