/** The last stage of a map: the routers on the way to its live hosts, stored route by route. */
import type { MapHost, NetworkMap } from "../../protocol/model/map.ts";
import type { EngineLimits } from "../packets/engine.ts";
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
	readonly limits: EngineLimits;
	readonly signal: AbortSignal;
	readonly onSent: (count: number) => void;
	/** A host whose way was looked for, and whether it answered at the end. */
	readonly onTraced: (reached: boolean) => void;
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
		.map((addresses) => (all ? addresses : addresses.toSorted(asSamples).slice(0, hostsPerNetwork)))
		.filter(({ length }) => length > 0);
	const netblock = netblockOf(map);
	let counted = 0;
	return deps.traceRoutes(
		{
			...{ groups, all, guard: scope.guard(), fragilePorts: [...deps.fragilePorts] },
			sender: { limits: deps.limits, group: `map-${map.id}` },
			limits: {
				ratePerSecond: Math.min(deps.limits.ratePerSecond, mostProbesPerSecond),
				timeoutMs: Math.min(deps.limits.timeoutMs, longestWaitMs),
				tries: triesPerHop,
			},
		},
		{
			signal,
			onRoute(route) {
				deps.onTraced(route.reached);
				const found = hostsOf(route, (one) => netblock.has(one));
				saveMapHosts(store.db, map.id, found, {});
			},
			onSent(sent) {
				deps.onSent(sent - counted);
				counted = sent;
			},
		},
	);
}

/**
 * Routers are often the first or last of their network, and the way to one ends before the network does: these come last.
 * Otherwise by a number that an address always has, so that the next map traces the same host and can be compared.
 */
function asSamples(a: string, b: string): number {
	return Number(isEdge(a)) - Number(isEdge(b)) || lotOf(a) - lotOf(b);
}

function isEdge(address: string): boolean {
	return /\.(1|254)$|::(1|fffe)?$/.test(address);
}

/** FNV-1a: spread well enough, and the same on every machine. */
function lotOf(address: string): number {
	let lot = 0x811c9dc5;
	for (const character of address) lot = Math.imul(lot ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
	return lot;
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
