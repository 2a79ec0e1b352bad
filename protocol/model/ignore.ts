/** Ignoring: checks (by QID) that are set apart on hosts, chosen once; other than an exception it needs no second person. */
import { z } from "zod";
import { dueDays } from "./ticket.ts";
import { timestamp } from "./timestamp.ts";

/** Required or unauthorised services and ports: what these report is asked for by somebody, so nobody may ignore it. */
export const neverIgnoredQids = [38175, 82043, 38228, 82051] as const;
export const mostIgnoredQids = 10;

export const ignoreWish = z.object({
	qids: z.array(z.int().positive()).min(1).max(mostIgnoredQids),
	assets: z
		.string()
		.trim()
		.min(1)
		.max(4_000)
		.describe("which hosts, in the query language: group:Web, tag:pci, address:10.0.0.0/24, name:db01, id:7"),
});
export type IgnoreWish = z.infer<typeof ignoreWish>;

export const ignorePreview = z.object({
	findings: z.int().nonnegative().describe("open ones that would be ignored"),
	assets: z.int().nonnegative().describe("hosts they are on"),
	pairs: z.int().nonnegative().describe("of a QID and a host"),
	matched: z.int().nonnegative().describe("hosts the query means"),
	withoutData: z.int().nonnegative().describe("of them never scanned: not ignored there"),
	tickets: z.int().nonnegative().describe("open tickets that would be closed"),
	checks: z.array(
		z.object({
			qid: z.int().positive(),
			title: z.string(),
			findings: z.int().nonnegative(),
			assets: z.int().nonnegative(),
		}),
	),
	digest: z.string().describe("says which these are; the request wants to be told it"),
});
export type IgnorePreview = z.infer<typeof ignorePreview>;

export const ignoreRequest = z.object({
	id: z.int().positive(),
	at: timestamp,
	by: z.string(),
	reason: z.string(),
	qids: z.array(z.int().positive()),
	query: z.string().describe("which hosts were meant then"),
	until: timestamp.nullable().describe("it ends then by itself"),
	findings: z.int().nonnegative().describe("ignored at first"),
	pairs: z.int().nonnegative().describe("of a QID and a host that it still holds for"),
	restoredAt: timestamp.nullable(),
	restoredBy: z.string().nullable(),
});
export type IgnoreRequest = z.infer<typeof ignoreRequest>;

export const ignoreDays = dueDays;
