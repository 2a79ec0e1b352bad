/** Handlers of the daemon area. `hello` is answered by the connection itself, before any handler. */
import { overview } from "../../store/overview.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import type { Services } from "../services.ts";
import { watchTogether } from "../watch-hub.ts";
import { feedsAge } from "./feeds-age.ts";
import { scanRow } from "./scan-row.ts";

export function daemonHandlers(services: Services): Omit<AreaHandlers<"daemon">, "hello"> {
	return {
		status: () => services.status(),
		getOverview: () => currentOverview(services),
		doctor: () => services.examine(),
		stop: (_params, { user }) => {
			services.audit.note({ who: user, action: "daemon.stop", object: "daemon" });
			services.requestStop();
			return { stopping: true };
		},
	};
}

export function daemonStreams(services: Services): AreaStreams<"daemon"> {
	return {
		watchOverview: watchTogether(services.hub, {
			everyMs: 500,
			snapshot: () => currentOverview(services),
			event: () => ({ kind: "overview" as const, overview: currentOverview(services) }),
		}),
	};
}

/** Running scans are as they stand this moment, not as last written down. */
function currentOverview(services: Services) {
	const now = services.store.clock.now();
	const figures = overview(services.store.db, { now, knowledge: services.knowledge().status() });
	const { singleOperator } = services.operators;
	const scans = figures.scans.map((scan) =>
		scanRow(scan.status === "running" ? services.manager.current(scan.id) : scan),
	);
	return { ...figures, scans, feeds: feedsAge(services, now), engine: services.status().engine, singleOperator };
}
