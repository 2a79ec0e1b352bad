/** Scans and maps over the store: their targets come from it, what they find goes into it, and the hub hears of both. */
import type { Logger } from "pino";
import { steadyMs } from "./clock.ts";
import type { Hub } from "./hub.ts";
import type { HostLogins } from "./login/host-login.ts";
import { MapManager } from "./maps/manager.ts";
import { openNameServer } from "./maps/names.ts";
import type { OpenParts } from "./open-parts.ts";
import type { ReverseNames } from "./reverse-names.ts";
import type { Services } from "./rpc/services.ts";
import { ScanManager } from "./scan/manager.ts";
import { type PlanningContext, planStored } from "./scan/request.ts";
import type { StoredTargets } from "./scan/stored-targets.ts";
import { createScanJournal } from "./scan-journal.ts";
import type { Senders } from "./senders.ts";
import { findScan, findScanReach, listScanTargets, listUnfinishedScans } from "./store/scans.ts";
import type { Store } from "./store/store.ts";

export interface RunParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly senders: Senders;
	readonly hostLogins: HostLogins;
	readonly names: ReverseNames;
	readonly planning: PlanningContext;
	readonly knowledge: Services["knowledge"];
	readonly log: Logger;
}

/** Held by `parts`. What an earlier daemon left is taken up before anybody can ask for anything: nothing is started twice. */
export function openRuns(parts: OpenParts, given: RunParts): { manager: ScanManager; maps: MapManager } {
	const manager = openScans(given);
	parts.hold({ begin: () => manager.begin(), close: () => manager.suspend() });
	manager.recover(listUnfinishedScans(given.store.db));
	const maps = openMaps(given);
	parts.hold({ begin: () => maps.begin(), close: () => maps.suspend() });
	maps.recover();
	return { manager, maps };
}

function openScans({ store, hub, senders, hostLogins, names, planning, knowledge, log }: RunParts): ScanManager {
	const { engine, datagrams, pool, loginTurns } = senders;
	return new ScanManager({
		...{ engine, datagrams, pool, logins: hostLogins, loginTurns },
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

function openMaps({ store, hub, senders, planning, log }: RunParts): MapManager {
	const { engine, datagrams, traceRoutes } = senders;
	return new MapManager({
		...{ engine, datagrams, store, planning, openNameServer, traceRoutes, steady: steadyMs },
		onMap: (map) => hub.post({ kind: "map", map }),
		onFault: (map, err) => log.error({ map, err }, "a map failed"),
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
