/** The scan manager over the store. */
import type { Logger } from "pino";
import { steadyMs } from "./clock.ts";
import type { Hub } from "./hub.ts";
import type { HostLogins } from "./login/host-login.ts";
import type { DatagramEngine } from "./packets/datagrams/job.ts";
import type { PortEngine } from "./packets/engine.ts";
import type { ReverseNames } from "./reverse-names.ts";
import type { Services } from "./rpc/services.ts";
import type { LoginTurns } from "./scan/login-turns.ts";
import { ScanManager } from "./scan/manager.ts";
import type { createProbePool } from "./scan/probe-pool.ts";
import { type PlanningContext, planStored } from "./scan/request.ts";
import type { StoredTargets } from "./scan/stored-targets.ts";
import { createScanJournal } from "./scan-journal.ts";
import { findScan, findScanReach, listScanTargets } from "./store/scans.ts";
import type { Store } from "./store/store.ts";

export interface ScanParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly engine: PortEngine;
	readonly datagrams: DatagramEngine;
	readonly pool: ReturnType<typeof createProbePool>;
	readonly logins: HostLogins;
	readonly names: ReverseNames;
	readonly loginTurns: LoginTurns;
	readonly planning: PlanningContext;
	readonly knowledge: Services["knowledge"];
	readonly log: Logger;
}

/** Scans of the store: their targets come from it, what they find goes into it, and the hub hears of both. */
export function openScans({
	store,
	hub,
	engine,
	datagrams,
	pool,
	logins,
	loginTurns,
	planning,
	knowledge,
	log,
	names,
}: ScanParts): ScanManager {
	return new ScanManager({
		engine,
		datagrams,
		pool,
		logins,
		loginTurns,
		reverseNames: names.of,
		isNetbios: names.isNetbios,
		journal: createScanJournal(store, knowledge, hub),
		now: () => store.clock.now(),
		steady: steadyMs,
		findScan: (id) => findScan(store.db, id),
		planOf: (scan) => planStored(scan, storedTargetsOf(store, scan.id), planning),
		onScan: (scan) => hub.post({ kind: "scan", scan }),
		onResults: (scan, results) => hub.post({ kind: "results", scan, results }),
		onFault: (scan, err) => log.error({ scan, err }, "a scan failed"),
	});
}

function storedTargetsOf(store: Store, scan: number): StoredTargets {
	return {
		targets: { [Symbol.iterator]: () => storedTargets(store, scan) },
		reach: findScanReach(store.db, scan),
	};
}

function* storedTargets(store: Store, scan: number): Generator<{ address: string; hostname: string | null }> {
	for (let after = -1; ; ) {
		const page = listScanTargets(store.db, scan, {
			states: ["pending", "alive", "dead", "done", "excluded"],
			after,
			limit: 10_000,
		});
		yield* page;
		const last = page.at(-1);
		if (last === undefined) return;
		after = last.index;
	}
}
