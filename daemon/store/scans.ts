/** Scans, their targets and the last of what they found: rows in, `protocol/model/scan.ts` out. */
import type { DatabaseSync } from "node:sqlite";
import type { RunStatus } from "../../protocol/model/run-status.ts";
import { type Scan, type ScanResult, type Stage, stageNames, type TargetMeaning } from "../../protocol/model/scan.ts";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import { scanSorts } from "./fields.ts";
import { defaultNetwork } from "./networks.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf, isoOrNull, msOrNull } from "./time.ts";

/** Results kept for each scan: what the live view shows. The findings themselves are elsewhere. */
const resultsKept = 2_000;

export interface ScanRequest {
	title: string;
	targets: readonly string[];
	exclusions: readonly string[];
	ports: string;
	/** The profile's when absent. */
	udp?: string;
	profile: string;
	profileVersion?: number;
	/** How many targets led nowhere, and what groups and lists stood for. */
	notScanned?: number;
	meanings?: readonly TargetMeaning[];
	window?: ScanWindow | null;
	ignoreWindow?: boolean;
	/** Kinds of evidence; all when absent. */
	only?: readonly string[] | undefined;
	/** The default one when absent. */
	network?: number;
	/** Milliseconds since the epoch. */
	at: number;
}

/** Stores a queued scan; returns its id. Ids are never used again. */
export function createScan(db: DatabaseSync, request: ScanRequest): number {
	const stages: Stage[] = stageNames.flatMap((name) => (name === "login" ? [] : [{ name, done: 0, total: 0 }]));
	return run(
		db,
		`INSERT INTO scan (title, targets, exclusions, ports, udp, profile, profile_version, not_scanned, meanings,
			run_window, ignore_window, only_kinds, network, status, stages, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)`,
		request.title,
		JSON.stringify(request.targets),
		JSON.stringify(request.exclusions),
		request.ports,
		request.udp ?? null,
		request.profile,
		request.profileVersion ?? null,
		request.notScanned ?? 0,
		JSON.stringify(request.meanings ?? []),
		request.window == null ? null : JSON.stringify(request.window),
		Number(request.ignoreWindow ?? false),
		request.only === undefined ? null : JSON.stringify(request.only),
		request.network ?? defaultNetwork,
		JSON.stringify(stages),
		request.at,
	).id;
}

export function findScan(db: DatabaseSync, id: number): Scan | null {
	const row = first<ScanRow>(db, "SELECT * FROM scan WHERE id = ?", id);
	return row === undefined ? null : toScan(row);
}

/** Writes everything about a scan that can change. Does nothing when there is no such scan. */
export function saveScan(db: DatabaseSync, scan: Scan): void {
	run(
		db,
		`UPDATE scan SET title = ?, status = ?, ignore_window = ?, continues_at = ?, reason = ?, partial = ?, progress = ?, stages = ?, rate = ?, eta_ms = ?,
			started_at = ?, finished_at = ?, active_ms = ?, hosts_total = ?, hosts_alive = ?, hosts_dead = ?, hosts_excluded = ?, hosts_done = ?, hosts_ghosts = ?,
			open_ports = ?, services = ?, n1 = ?, n2 = ?, n3 = ?, n4 = ?, n5 = ?, new_findings = ?, fixed_findings = ?
		WHERE id = ?`,
		scan.title,
		scan.status,
		Number(scan.ignoreWindow ?? false),
		msOrNull(scan.continuesAt ?? null),
		scan.reason,
		Number(scan.partial),
		scan.progress,
		JSON.stringify(scan.stages),
		scan.rate,
		scan.etaMs,
		msOrNull(scan.startedAt),
		msOrNull(scan.finishedAt),
		scan.activeMs,
		scan.hosts.total,
		scan.hosts.alive,
		scan.hosts.dead,
		scan.hosts.excluded ?? 0,
		scan.hosts.done,
		scan.hosts.ghosts ?? 0,
		scan.openPorts,
		scan.services,
		scan.findings["1"],
		scan.findings["2"],
		scan.findings["3"],
		scan.findings["4"],
		scan.findings["5"],
		scan.newFindings,
		scan.fixedFindings,
		scan.id,
	);
}

/** Newest first unless sorted. */
export function listScans(db: DatabaseSync, query: ListQuery): Page<Scan> {
	return listPage(db, listing, query);
}

/** Queued, waiting, running, pausing, paused and cancelling, oldest first: what a daemon that starts has to deal with. */
export function listUnfinishedScans(db: DatabaseSync): Scan[] {
	// The condition repeats the partial index's own words; SQLite uses the index for nothing less.
	return all<ScanRow>(
		db,
		`SELECT * FROM scan WHERE status IN ('queued', 'waiting', 'running', 'pausing', 'paused', 'cancelling') ORDER BY id`,
	).map(toScan);
}

/** Adds to the live view's lines; the oldest beyond 2,000 of a scan are dropped. */
export function addScanResults(db: DatabaseSync, scanId: number, results: readonly ScanResult[]): void {
	if (results.length === 0) return;
	transaction(db, () => {
		let n = first<{ n: number | null }>(db, "SELECT max(n) AS n FROM scan_result WHERE scan = ?", scanId)?.n ?? 0;
		for (const result of results.slice(-resultsKept)) {
			run(db, "INSERT INTO scan_result (scan, n, body) VALUES (?, ?, ?)", scanId, ++n, JSON.stringify(result));
		}
		run(db, "DELETE FROM scan_result WHERE scan = ? AND n <= ?", scanId, n - resultsKept);
	});
}

/** The newest `limit` results, oldest of them first. */
export function listScanResults(db: DatabaseSync, scanId: number, limit: number): ScanResult[] {
	return all<{ body: string }>(db, "SELECT body FROM scan_result WHERE scan = ? ORDER BY n DESC LIMIT ?", scanId, limit)
		.reverse()
		.map((row) => JSON.parse(row.body) as ScanResult);
}

interface ScanRow {
	id: number;
	title: string;
	targets: string;
	exclusions: string;
	ports: string;
	profile: string;
	udp: string | null;
	profile_version: number | null;
	not_scanned: number;
	meanings: string;
	run_window: string | null;
	ignore_window: number;
	only_kinds: string | null;
	continues_at: number | null;
	status: RunStatus;
	reason: string | null;
	partial: number;
	progress: number;
	stages: string;
	rate: number;
	eta_ms: number | null;
	created_at: number;
	started_at: number | null;
	finished_at: number | null;
	active_ms: number;
	hosts_total: number;
	hosts_alive: number;
	hosts_dead: number;
	hosts_excluded: number;
	hosts_done: number;
	hosts_ghosts: number;
	open_ports: number;
	services: number;
	n1: number;
	n2: number;
	n3: number;
	n4: number;
	n5: number;
	new_findings: number;
	fixed_findings: number;
}

const listing: Listing<ScanRow, Scan> = {
	columns: "c.*",
	from: "scan c",
	key: "c.id",
	sorts: scanSorts,
	order: { sql: "c.id", descending: true },
	map: toScan,
};

function toScan(row: ScanRow): Scan {
	return {
		id: row.id,
		title: row.title,
		targets: JSON.parse(row.targets) as string[],
		exclusions: JSON.parse(row.exclusions) as string[],
		ports: row.ports,
		profile: row.profile,
		...(row.udp === null ? {} : { udp: row.udp }),
		profileVersion: row.profile_version,
		notScanned: row.not_scanned,
		meanings: JSON.parse(row.meanings) as TargetMeaning[],
		...(row.run_window === null ? {} : { window: JSON.parse(row.run_window) as ScanWindow }),
		...(row.ignore_window === 0 ? {} : { ignoreWindow: true }),
		...(row.only_kinds === null ? {} : { only: JSON.parse(row.only_kinds) as string[] }),
		...(row.continues_at === null ? {} : { continuesAt: isoOf(row.continues_at) }),
		status: row.status,
		reason: row.reason,
		partial: row.partial === 1,
		progress: row.progress,
		stages: JSON.parse(row.stages) as Stage[],
		rate: row.rate,
		etaMs: row.eta_ms,
		createdAt: isoOf(row.created_at),
		startedAt: isoOrNull(row.started_at),
		finishedAt: isoOrNull(row.finished_at),
		activeMs: row.active_ms,
		hosts: {
			...{ total: row.hosts_total, alive: row.hosts_alive, dead: row.hosts_dead, done: row.hosts_done },
			...(row.hosts_excluded === 0 ? {} : { excluded: row.hosts_excluded }),
			...(row.hosts_ghosts === 0 ? {} : { ghosts: row.hosts_ghosts }),
		},
		openPorts: row.open_ports,
		services: row.services,
		findings: { "1": row.n1, "2": row.n2, "3": row.n3, "4": row.n4, "5": row.n5 },
		newFindings: row.new_findings,
		fixedFindings: row.fixed_findings,
	};
}

export * from "./scan-reach.ts";
export * from "./scan-targets.ts";
