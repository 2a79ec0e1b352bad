/** Handlers of the scans area. */
import { AppError } from "../../../protocol/errors.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import { isInsideKind } from "../../evidence/inside.ts";
import { unbegun } from "../../scan/ledger.ts";
import { planRequest, reachOf, refuseTooLarge, refuseUnconfirmed, targetsOf } from "../../scan/request.ts";
import { scanFields } from "../../store/fields.ts";
import { startCoverage } from "../../store/scan-coverage.ts";
import {
	addScanTargets,
	createScan,
	findScan,
	listNotScanned,
	listScanResults,
	listScans,
	saveScanReach,
} from "../../store/scans.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { kindsOfChecks } from "./kinds-of-checks.ts";
import { networkOfTargets } from "./network-of-targets.ts";
import { scanRow } from "./scan-row.ts";
import { followScan, watchScans } from "./scan-streams.ts";

export function scansHandlers(services: Services): AreaHandlers<"scans"> {
	const { store, manager, maps, planning, lists, audit } = services;
	return {
		estimate: async (params) => {
			const { checks } = params;
			const logsIn = checks === undefined || kindsOfChecks(services, checks).some(isInsideKind);
			const { estimate } = await planRequest({ ...params, logsIn }, planning);
			refuseTooLarge(estimate);
			return estimate;
		},
		start: async (params, { user }) => {
			const network = networkOfTargets(services, params.network, params.targets);
			const planned = await planRequest(params, planning);
			refuseTooLarge(planned.estimate);
			if (!params.confirm) refuseUnconfirmed(planned.estimate);
			const only = params.checks === undefined ? undefined : kindsOfChecks(services, params.checks);
			const at = store.clock.now();
			const id = transaction(store.db, () => {
				const targets = lists.shown(params.targets);
				const exclusions = lists.shown(params.exclusions);
				const { profile, ports } = planned;
				const created = createScan(store.db, {
					title: params.title ?? titleOf(targets),
					targets,
					exclusions,
					ports,
					...(params.udp === undefined ? {} : { udp: params.udp }),
					profile: profile.name,
					profileVersion: profile.version,
					notScanned: planned.targets.notScanned.length,
					meanings: planned.estimate.meanings,
					window: planned.window,
					ignoreWindow: params.ignoreWindow,
					only,
					network,
					at,
				});
				saveScanReach(store.db, created, reachOf(planned));
				startCoverage(store.db, unbegun(created, planned, at));
				addScanTargets(store.db, created, targetsOf(planned, created));
				const { confirm: _, ...request } = params;
				audit.write({ who: user, action: "scan.start", object: `scan ${created}`, after: request });
				return created;
			});
			manager.enqueue(id);
			return manager.current(id);
		},
		list: (params) => {
			const { query } = compileListing(params, scanFields, store.clock.now());
			const page = listScans(store.db, query);
			return { ...page, items: page.items.map((scan) => scanRow(live(services, scan))) };
		},
		get: ({ scan }) => manager.current(scan),
		coverage: ({ scan }) => {
			const coverage = manager.coverage(scan);
			if (coverage !== null) return coverage;
			throw new AppError("not-found", `Scan ${scan} is from before coverage was kept.`, {
				hint: "Scan again to have it.",
			});
		},
		notScanned: ({ scan, limit }) => listNotScanned(store.db, manager.current(scan).id, limit),
		pause: async ({ scan }, { user }) => {
			const before = manager.current(scan).status;
			const paused = await manager.pause(scan);
			audit.note({ who: user, action: "scan.pause", object: `scan ${scan}`, before, after: paused.status });
			return paused;
		},
		resume: ({ scan, ignoreWindow }, { user }) => {
			const before = manager.current(scan).status;
			const reason = ignoreWindow ? "Its window is to be ignored." : null;
			if (before === "paused" || (before === "waiting" && ignoreWindow))
				audit.write({ who: user, action: "scan.resume", object: `scan ${scan}`, before, reason });
			return manager.resume(scan, { ignoreWindow });
		},
		cancel: async ({ scan }, { user }) => {
			const now = manager.current(scan);
			const before = now.status;
			if (!isOver(now)) audit.write({ who: user, action: "scan.cancel", object: `scan ${scan}`, before });
			return manager.cancel(scan);
		},
		stopAll: async (_params, { user }) => {
			// Silence first: the entry neither delays it nor can refuse it.
			const [stopped, paused] = await Promise.all([manager.stopAll(), maps.stopAll()]);
			const after = { scans: stopped, maps: paused };
			const audited = audit.note({ who: user, action: "stop-all", object: "everything that sends", after });
			return { stopped, maps: paused, audited };
		},
	};
}

export function scansStreams(services: Services): AreaStreams<"scans"> {
	const { store, hub, manager } = services;
	return {
		watch: watchScans(hub, () =>
			listScans(store.db, { where: null, sort: null, limit: 200, cursor: null }).items.map((scan) =>
				live(services, scan),
			),
		),
		follow: followScan(hub, {
			scan: (id) => manager.current(id),
			results: (id) => listScanResults(store.db, id, 500),
		}),
	};
}

function live(services: Services, scan: Scan): Scan {
	return !isOver(scan) && findScan(services.store.db, scan.id) !== null ? services.manager.current(scan.id) : scan;
}

function titleOf(targets: readonly string[]): string {
	const first = targets.slice(0, 3).join(", ");
	return targets.length > 3 ? `${first} and ${targets.length - 3} more` : first;
}
