/** Handlers of the scans area. */
import type { Scan } from "../../../protocol/model/scan.ts";
import { planRequest, refuseTooLarge, refuseUnconfirmed, targetsOf } from "../../scan/request.ts";
import { scanFields } from "../../store/fields.ts";
import { addScanTargets, createScan, findScan, listScanResults, listScans } from "../../store/scans.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { followScan, watchScans } from "./scan-streams.ts";

export function scansHandlers(services: Services): AreaHandlers<"scans"> {
	const { store, manager, maps, planning } = services;
	return {
		estimate: async (params) => {
			const { estimate } = await planRequest(params, planning);
			refuseTooLarge(estimate);
			return estimate;
		},
		start: async (params) => {
			const planned = await planRequest(params, planning);
			refuseTooLarge(planned.estimate);
			if (!params.confirm) refuseUnconfirmed(planned.estimate);
			const at = store.clock.now();
			const id = transaction(store.db, () => {
				const { targets, exclusions } = params;
				const { profile, ports } = planned;
				const created = createScan(store.db, {
					title: params.title ?? titleOf(targets),
					targets,
					exclusions,
					ports,
					profile: profile.name,
					profileVersion: profile.version,
					at,
				});
				addScanTargets(store.db, created, targetsOf(planned, created));
				return created;
			});
			manager.enqueue(id);
			return manager.current(id);
		},
		list: (params) => {
			const { query } = compileListing(params, scanFields, store.clock.now());
			const page = listScans(store.db, query);
			return { ...page, items: page.items.map((scan) => live(services, scan)) };
		},
		get: ({ scan }) => manager.current(scan),
		pause: ({ scan }) => manager.pause(scan),
		resume: ({ scan }) => manager.resume(scan),
		cancel: ({ scan }) => manager.cancel(scan),
		stopAll: async () => {
			const [stopped, paused] = await Promise.all([manager.stopAll(), maps.stopAll()]);
			return { stopped, maps: paused };
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
	return scan.status === "running" && findScan(services.store.db, scan.id) !== null
		? services.manager.current(scan.id)
		: scan;
}

function titleOf(targets: readonly string[]): string {
	const first = targets.slice(0, 3).join(", ");
	return targets.length > 3 ? `${first} and ${targets.length - 3} more` : first;
}
