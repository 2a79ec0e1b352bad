/** The addresses of a scan and how far each has come: what a scan picks up from after a stop. */
import type { DatabaseSync } from "node:sqlite";
import { all, first, run, transaction } from "./sql.ts";

const targetStates = ["pending", "alive", "dead", "done", "excluded"] as const;
export type TargetState = (typeof targetStates)[number];

export interface ScanTarget {
	/** Place in the scan's order, from 0. */
	index: number;
	address: string;
	hostname: string | null;
	state: TargetState;
	/** What proved it alive or dead. */
	how: string | null;
	rttMs: number | null;
	/** Checkpoint of the port stage, opaque here. */
	ports: string | null;
}

/** Appends targets in the order given, all or none; an address the scan already has is left alone. Returns how many are new. */
export function addScanTargets(
	db: DatabaseSync,
	scanId: number,
	targets: Iterable<{ address: string; hostname: string | null }>,
): number {
	return transaction(db, () => {
		const last = first<{ idx: number | null }>(db, "SELECT max(idx) AS idx FROM scan_target WHERE scan = ?", scanId);
		let index = (last?.idx ?? -1) + 1;
		const start = index;
		for (const { address, hostname } of targets) {
			index += run(
				db,
				"INSERT INTO scan_target (scan, idx, address, hostname) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
				scanId,
				index,
				address,
				hostname,
			).changes;
		}
		count(db, scanId, "pending", index - start);
		return index - start;
	});
}

/**
 * Turns the next `limit` places of a large scan's order into targets and remembers how far it came, all or nothing.
 * `order` gives the addresses from a place on, null for one that is left out. Returns how many places were taken.
 */
export function feedScanTargets(
	db: DatabaseSync,
	scanId: number,
	order: (from: number) => Iterable<string | null>,
	limit: number,
): number {
	return transaction(db, () => {
		const from = first<{ fed: number }>(db, "SELECT fed FROM scan WHERE id = ?", scanId)?.fed ?? 0;
		const taken: (string | null)[] = [];
		for (const address of order(from)) {
			taken.push(address);
			if (taken.length === limit) break;
		}
		const targets = taken.filter((address) => address !== null).map((address) => ({ address, hostname: null }));
		addScanTargets(db, scanId, targets);
		run(db, "UPDATE scan SET fed = ? WHERE id = ?", from + taken.length, scanId);
		return taken.length;
	});
}

/** Targets in one of `states`, in order, from behind the index `after`. */
export function listScanTargets(
	db: DatabaseSync,
	scanId: number,
	options: { states: readonly TargetState[]; after?: number; limit: number },
): ScanTarget[] {
	return all<TargetRow>(
		db,
		`SELECT idx, address, hostname, state, how, rtt_ms, ports FROM scan_target
		WHERE scan = ? AND idx > ? AND state IN (SELECT value FROM json_each(?)) ORDER BY idx LIMIT ?`,
		scanId,
		options.after ?? -1,
		JSON.stringify(options.states),
		options.limit,
	).map(toTarget);
}

/** Targets with a checkpoint or a tally, in order, from behind the index `after`. */
export function listBegunTargets(db: DatabaseSync, scanId: number, after: number, limit: number): ScanTarget[] {
	return all<TargetRow>(
		db,
		`SELECT idx, address, hostname, state, how, rtt_ms, ports FROM scan_target
		WHERE scan = ? AND idx > ? AND ports IS NOT NULL ORDER BY idx LIMIT ?`,
		scanId,
		after,
		limit,
	).map(toTarget);
}

/** How many targets stand where for which reason; pending and dead ones are left out. */
export function countScanTargetsHow(
	db: DatabaseSync,
	scanId: number,
): { state: TargetState; how: string | null; n: number }[] {
	return all(
		db,
		`SELECT state, how, count(*) AS n FROM scan_target
		WHERE scan = ? AND state IN ('alive', 'done', 'excluded') GROUP BY state, how`,
		scanId,
	);
}

/** Changes what is given, leaves the rest. False when there is no such address, or its state is what it was. */
export function saveScanTarget(
	db: DatabaseSync,
	scanId: number,
	address: string,
	patch: { state?: TargetState; how?: string | null; rttMs?: number | null; ports?: string | null },
): boolean {
	return transaction(db, () => {
		const row = first<TargetRow>(
			db,
			"SELECT idx, state, how, rtt_ms, ports FROM scan_target WHERE scan = ? AND address = ?",
			scanId,
			address,
		);
		if (row === undefined) return false;
		const state = patch.state ?? row.state;
		run(
			db,
			"UPDATE scan_target SET state = ?, how = ?, rtt_ms = ?, ports = ? WHERE scan = ? AND idx = ?",
			state,
			patch.how === undefined ? row.how : patch.how,
			patch.rttMs === undefined ? row.rtt_ms : patch.rttMs,
			patch.ports === undefined ? row.ports : patch.ports,
			scanId,
			row.idx,
		);
		if (state === row.state) return false;
		count(db, scanId, row.state, -1);
		count(db, scanId, state, 1);
		return true;
	});
}

/** How many targets stand where; kept as they change, so it costs the same for one and for a million. */
export function countScanTargets(db: DatabaseSync, scanId: number): Record<TargetState, number> {
	const counts: Record<TargetState, number> = { pending: 0, alive: 0, dead: 0, done: 0, excluded: 0 };
	for (const { state, n } of all<{ state: TargetState; n: number }>(
		db,
		"SELECT state, n FROM scan_target_count WHERE scan = ?",
		scanId,
	)) {
		counts[state] = n;
	}
	return counts;
}

interface TargetRow {
	idx: number;
	address: string;
	hostname: string | null;
	state: TargetState;
	how: string | null;
	rtt_ms: number | null;
	ports: string | null;
}

function toTarget(row: TargetRow): ScanTarget {
	return {
		index: row.idx,
		address: row.address,
		hostname: row.hostname,
		state: row.state,
		how: row.how,
		rttMs: row.rtt_ms,
		ports: row.ports,
	};
}

function count(db: DatabaseSync, scanId: number, state: TargetState, change: number): void {
	if (change === 0) return;
	run(
		db,
		"INSERT INTO scan_target_count (scan, state, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
		scanId,
		state,
		change,
	);
}
