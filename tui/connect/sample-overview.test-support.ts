/** The whole in figures, as the fake daemon tells it. */
import type { DoctorReport } from "../../protocol/model/doctor.ts";
import type { DaemonStatus, Overview } from "../../protocol/model/overview.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { Severity, SeverityCounts } from "../../protocol/model/severity.ts";
import { countsOf, services } from "./sample-assets.test-support.ts";
import { before, type SampleOptions, sampleNow } from "./sample-data.test-support.ts";
import { signatures, titles } from "./sample-findings.test-support.ts";

/** `assets` 0: nothing has ever been scanned. */
export function overviewOf(assets: number, scans: readonly Scan[], { text }: SampleOptions): Overview {
	const known = assets > 0;
	const none: SeverityCounts = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };
	return {
		assets,
		services: known ? 1_412 : 0,
		findings: known ? { "5": 12, "4": 41, "3": 318, "2": 902, "1": 96 } : none,
		byType: known
			? { confirmed: 1_102, potential: 267, information: 3_020 }
			: { confirmed: 0, potential: 0, information: 0 },
		byStatus: known
			? { NEW: 37, ACTIVE: 1_320, REOPENED: 4, FIXED: 221 }
			: { NEW: 0, ACTIVE: 0, REOPENED: 0, FIXED: 0 },
		tickets: known ? { open: 12, overdue: 3 } : { open: 0, overdue: 0 },
		topAssets: known
			? Array.from({ length: 10 }, (_, index) => ({
					id: index + 1,
					name: text ?? `web-0${index}.corp.example`,
					findings: countsOf(index * 4 + 8),
				}))
			: [],
		topFindings: known
			? titles.map((title, index) => ({
					signature: signatures[index] ?? "",
					title: text ?? title,
					severity: Math.max(1, 5 - Math.floor(index / 2)) as Severity,
					assets: 60 - index * 6,
				}))
			: [],
		topServices: known
			? services.map(([name], index) => ({ name: text ?? name ?? "unknown", count: 400 - index * 60 }))
			: [],
		trend: known
			? Array.from({ length: 30 }, (_, index) => ({
					day: new Date(sampleNow - (30 - index) * 86_400_000).toISOString().slice(0, 10),
					findings: { "5": 12 + (index % 4), "4": 60 - index, "3": 318 - index * 3, "2": 700 + index * 7, "1": 90 },
				}))
			: [],
		scans: known ? scans.slice(0, 5) : [],
		knowledge: {
			signatures: 106,
			problems: [],
			version: "a1b2c3",
			updatedAt: before(60 * 24 * 2),
			sources: [{ name: text ?? "built in", records: 106, updatedAt: before(60 * 24 * 2) }],
		},
		feeds: { held: 3, freshAt: before(60 * 24 * 2), lagging: text ?? "kev", isOld: false, updating: false },
		engine: { name: "raw", reason: text ?? "SYN packets of our own.", hint: null },
		singleOperator: false,
		updatedAt: before(0),
	};
}

export function statusOf({ text = "raw" }: SampleOptions = {}): DaemonStatus {
	return {
		version: "0.1.0",
		protocol: "1.0",
		pid: 4_711,
		home: "/var/lib/vedette",
		socket: "/var/lib/vedette/run/daemon.sock",
		startedAt: before(90),
		rssBytes: 80_000_000,
		storeBytes: 1_000_000,
		engine: { name: "raw", reason: text, hint: null },
		connections: 1,
		runningScans: 1,
		eventLoopP99Ms: 1.2,
		singleOperator: null,
	};
}

export function reportOf({ text }: SampleOptions = {}): DoctorReport {
	return {
		checkedAt: before(0),
		checks: [
			{ id: "engine", title: "Port engine", state: "ok", found: text ?? "raw.", cure: [] },
			{ id: "disk", title: "Disk", state: "warning", found: text ?? "500 MB free.", cure: [text ?? "Make room."] },
			{ id: "database", title: "Database", state: "failed", found: text ?? "Damaged.", cure: [text ?? "Save it."] },
		],
	};
}
