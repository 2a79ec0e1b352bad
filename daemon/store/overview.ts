/** The figures of the dashboard: a handful of look-ups, whatever the size of the store. */
import type { DatabaseSync } from "node:sqlite";
import type { KnowledgeStatus, Overview } from "../../protocol/model/overview.ts";
import { topAssets } from "./assets.ts";
import { openCounts, readCounters, readTrend } from "./counters.ts";
import { listScans, listUnfinishedScans } from "./scans.ts";
import { topServices } from "./services.ts";
import { topSignatures } from "./signatures.ts";
import { countTickets } from "./tickets.ts";
import { isoOf } from "./time.ts";

const topCount = 10;
const recentScans = 10;
const trendDays = 30;

/** `now` in milliseconds; what the store cannot know is handed in. */
export function overview(
	db: DatabaseSync,
	options: { now: number; knowledge: KnowledgeStatus },
): Omit<Overview, "engine" | "feeds" | "singleOperator"> {
	const counters = readCounters(db);
	const n = (key: string) => counters.get(key) ?? 0;
	const unfinished = listUnfinishedScans(db);
	const recent = listScans(db, { where: null, sort: null, limit: recentScans, cursor: null }).items;
	const known = new Set(recent.map((scan) => scan.id));
	return {
		assets: n("assets"),
		services: n("services"),
		findings: openCounts(counters),
		byType: {
			confirmed: n("type:confirmed"),
			potential: n("type:potential"),
			information: n("type:information"),
		},
		byStatus: {
			NEW: n("status:NEW"),
			ACTIVE: n("status:ACTIVE"),
			REOPENED: n("status:REOPENED"),
			FIXED: n("status:FIXED"),
		},
		tickets: countTickets(db, options.now),
		topAssets: topAssets(db, topCount),
		topFindings: topSignatures(db, topCount),
		topServices: topServices(db, topCount),
		trend: readTrend(db, options.now, trendDays),
		scans: [...unfinished.filter((scan) => !known.has(scan.id)).reverse(), ...recent],
		knowledge: options.knowledge,
		updatedAt: isoOf(options.now),
	};
}
