/** The daemon's own state and the figures of the dashboard. */
import { z } from "zod";
import { singleOperator } from "./operator.ts";
import { scan } from "./scan.ts";
import { severity, severityCounts } from "./severity.ts";
import { timestamp } from "./timestamp.ts";

export const knowledgeStatus = z.object({
	signatures: z.int().nonnegative(),
	problems: z.array(z.string()).describe("signature files that could not be used, and why"),
	version: z.string().describe("content hash of everything judged with"),
	updatedAt: timestamp,
	sources: z.array(z.object({ name: z.string(), records: z.int().nonnegative(), updatedAt: timestamp.nullable() })),
});
export type KnowledgeStatus = z.infer<typeof knowledgeStatus>;

export const engineChoice = z.object({
	name: z.string().describe("raw, connect-epoll, connect-node"),
	reason: z.string().describe("why this one, in sentences"),
	hint: z.string().nullable().default(null).describe("how to grant what a faster one lacks"),
});

/** How current what packages are judged with is. */
export const feedsAge = z.object({
	held: z.int().nonnegative(),
	freshAt: timestamp.nullable().describe("up to when the feed that lags most behind knows; null when none is held"),
	lagging: z.string().nullable().describe("that feed"),
	isOld: z.boolean().describe("longer ago than the settings find good"),
	updating: z.boolean().describe("an update or an import runs"),
});
export type FeedsAge = z.infer<typeof feedsAge>;

export const daemonStatus = z.object({
	version: z.string(),
	protocol: z.string(),
	pid: z.int().positive(),
	home: z.string(),
	socket: z.string(),
	startedAt: timestamp,
	rssBytes: z.int().nonnegative(),
	storeBytes: z.int().nonnegative(),
	engine: engineChoice.describe("port engine in use and why"),
	connections: z.int().nonnegative(),
	runningScans: z.int().nonnegative(),
	eventLoopP99Ms: z.number().nonnegative(),
	singleOperator: singleOperator.nullable().describe("null: four eyes decide"),
});
export type DaemonStatus = z.infer<typeof daemonStatus>;

export const overview = z.object({
	assets: z.int().nonnegative(),
	services: z.int().nonnegative(),
	findings: severityCounts,
	byType: z.object({ confirmed: z.int(), potential: z.int(), information: z.int() }),
	byStatus: z.object({ NEW: z.int(), ACTIVE: z.int(), REOPENED: z.int(), FIXED: z.int() }),
	/** Worst first. */
	topAssets: z.array(z.object({ id: z.int(), name: z.string(), findings: severityCounts })),
	/** Most widespread of the worst first. */
	topFindings: z.array(z.object({ signature: z.string(), title: z.string(), severity, assets: z.int().nonnegative() })),
	tickets: z.object({ open: z.int().nonnegative(), overdue: z.int().nonnegative() }),
	topServices: z.array(z.object({ name: z.string(), count: z.int().nonnegative() })),
	/** Open findings by severity at the end of each of the last days, oldest first. */
	trend: z.array(z.object({ day: z.string(), findings: severityCounts })),
	scans: z.array(scan).describe("running and the last few"),
	knowledge: knowledgeStatus,
	feeds: feedsAge,
	engine: engineChoice.describe("what scans ask ports with now"),
	singleOperator: z.boolean().describe("one operator alone may ask and decide"),
	updatedAt: timestamp,
});
export type Overview = z.infer<typeof overview>;
