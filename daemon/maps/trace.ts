/** The last stage of a map: the routers on the way to its live hosts, stored route by route. */
import type { MapHost, NetworkMap } from "../../protocol/model/map.ts";
import type { TracedRoute } from "../packets/trace/messages.ts";
import type { TraceOutcome, TraceRoutes } from "../packets/trace/trace-routes.ts";
import type { Scope } from "../scope/scope.ts";
import { type FoundHost, listUntraced, saveMapHosts } from "../store/maps.ts";
import type { Store } from "../store/store.ts";
import { netblockOf } from "./targets.ts";

export interface TraceDependencies {
	readonly traceRoutes: TraceRoutes;
	readonly store: Store;
	readonly scope: Scope;
	readonly fragilePorts: ReadonlySet<number>;
	readonly ratePerSecond: number;
	readonly timeoutMs: number;
	readonly signal: AbortSignal;
	readonly onSent: (count: number) => void;
}

/** Routers answer a few a second each and do better things than that. */
const mostProbesPerSecond = 200;
const longestWaitMs = 1_000;
const triesPerHop = 3;
/** Of a network nobody of which answers, so many hosts are tried. */
const hostsPerNetwork = 3;

/** What is traced already is left out, so that a map that goes on repeats nothing. Null: nothing was to be done. */
export async function traceMap(map: NetworkMap, deps: TraceDependencies): Promise<TraceOutcome | null> {
	if (map.trace === "none" || deps.signal.aborted) return null;
	const { store, scope, signal } = deps;
	const all = map.trace === "all";
	const groups = listUntraced(store.db, map.id, all)
		.map(({ addresses }) => addresses.filter((address) => scope.mayProbe(address)))
		.map((addresses) => (all ? addresses : addresses.slice(0, hostsPerNetwork)))
		.filter(({ length }) => length > 0);
	const netblock = netblockOf(map);
	let counted = 0;
	return deps.traceRoutes(
		{
			...{ groups, all, guard: scope.guard(), fragilePorts: [...deps.fragilePorts] },
			limits: {
				ratePerSecond: Math.min(deps.ratePerSecond, mostProbesPerSecond),
				timeoutMs: Math.min(deps.timeoutMs, longestWaitMs),
				tries: triesPerHop,
			},
		},
		{
			signal,
			onRoute: (route) =>
				saveMapHosts(
					store.db,
					map.id,
					hostsOf(route, (one) => netblock.has(one)),
					{},
				),
			onSent(sent) {
				deps.onSent(sent - counted);
				counted = sent;
			},
		},
	);
}

/** The host with its route, and the routers, each with the part of it that leads there. */
function hostsOf({ address, hops, reached }: TracedRoute, inNetblock: (address: string) => boolean): FoundHost[] {
	const found = (one: string, discovery: MapHost["discovery"], route: FoundHost["route"]): FoundHost => ({
		...{ address: one, names: [], netbios: null, discovery, rttMs: null, inNetblock: inNetblock(one) },
		...(route === undefined ? {} : { route }),
	});
	const routers = hops.flatMap((hop, index) => {
		if (hop === null || hop === address) return [];
		const way = { hops: hops.slice(0, index), reached: true };
		return [found(hop, [{ method: "TraceRoute", port: null }], way)];
	});
	return [...routers, found(address, [], { hops: [...hops], reached })];
}
