/**
 * The topology of a map as a tree: from here over the routers to the networks that hang on them. Built from hosts and
 * their routes; a network hangs where its traced hosts do. Pure.
 */
import type { MapHost } from "../../../protocol/model/map.ts";

export type TopologyRow =
	| { readonly kind: "here"; readonly branch: string }
	/** `address` null: a router that kept silent. `host`: what else the map knows of it. */
	| {
			readonly kind: "router";
			readonly branch: string;
			readonly address: string | null;
			readonly host: MapHost | undefined;
	  }
	| {
			readonly kind: "network";
			readonly branch: string;
			/** `10.0.3.0/24`; a traced host by itself when it is the only one. */
			readonly network: string;
			readonly hosts: number;
			readonly traced: number;
			/** The way ends before it: silence after the last router. */
			readonly isCut: boolean;
	  }
	| { readonly kind: "host"; readonly branch: string; readonly host: MapHost }
	/** Hosts of networks nobody of which was traced. */
	| { readonly kind: "untraced"; readonly branch: string; readonly hosts: number };

interface Network {
	readonly name: string;
	readonly hosts: MapHost[];
	traced: number;
	isCut: boolean;
}

interface Router {
	readonly address: string | null;
	readonly routers: Map<string, Router>;
	readonly networks: Map<string, Network>;
}

const ipv4Bytes = 3;
const ipv6Groups = 4;

/** Rows of the tree from the top. Hosts come in the order they are given; those that answered nothing are left out. */
export function topologyRows(hosts: readonly MapHost[]): TopologyRow[] {
	const root: Router = { address: null, routers: new Map(), networks: new Map() };
	const known = new Map(hosts.map((host) => [host.address, host]));
	const routers = new Set(hosts.flatMap(({ links }) => links));
	const live = hosts.filter((host) => host.flags.live && !(routers.has(host.address) && isRouterOnly(host)));
	/** Where each network hangs: where its farthest host that answered does, a router in it being nearer; else any. */
	const places = new Map<string, Network>();
	const farthest = live.toSorted((a, b) => (b.route?.hops.length ?? 0) - (a.route?.hops.length ?? 0));
	for (const isReached of [true, false]) {
		for (const host of farthest) {
			if (host.route === null || host.route.reached !== isReached) continue;
			const name = networkOf(host.address);
			const network = networkAt(routerAt(root, host.route.hops), name);
			network.hosts.push(host);
			network.traced++;
			network.isCut ||= !isReached;
			if (!places.has(name)) places.set(name, network);
		}
	}
	const order = new Map(live.map((host, index) => [host, index]));
	const lost: MapHost[] = [];
	for (const host of live) {
		if (host.route !== null) continue;
		const network = places.get(networkOf(host.address));
		if (network === undefined) lost.push(host);
		else network.hosts.push(host);
	}
	const inOrder = (a: MapHost, b: MapHost) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
	for (const network of places.values()) network.hosts.sort(inOrder);
	return [{ kind: "here", branch: "" }, ...below(root, known, lost, "")];
}

/** A router outside the networks that were asked, seen on the way only: it stands in the tree as a router. */
function isRouterOnly({ discovery }: MapHost): boolean {
	return discovery.every(({ method }) => method === "TraceRoute" || method === "DNS");
}

function routerAt(root: Router, hops: readonly (string | null)[]): Router {
	let router = root;
	for (const hop of hops) {
		const key = hop ?? "silent";
		const next = router.routers.get(key) ?? { address: hop, routers: new Map(), networks: new Map() };
		router.routers.set(key, next);
		router = next;
	}
	return router;
}

function networkAt(router: Router, name: string): Network {
	const known = router.networks.get(name);
	if (known !== undefined) return known;
	const network: Network = { name, hosts: [], traced: 0, isCut: false };
	router.networks.set(name, network);
	return network;
}

function below(
	router: Router,
	known: ReadonlyMap<string, MapHost>,
	lost: readonly MapHost[],
	indent: string,
): TopologyRow[] {
	const networks = [...router.networks.values()];
	const children = [...networks, ...router.routers.values(), ...(lost.length > 0 ? [lost] : [])];
	return children.flatMap((child, index): TopologyRow[] => {
		const isLast = index === children.length - 1;
		const branch = `${indent}${isLast ? "└─ " : "├─ "}`;
		const inner = `${indent}${isLast ? "   " : "│  "}`;
		if (isLost(child)) return [{ kind: "untraced", branch, hosts: child.length }, ...leaves(child, inner)];
		if ("routers" in child) {
			const host = child.address === null ? undefined : known.get(child.address);
			return [{ kind: "router", branch, address: child.address, host }, ...below(child, known, [], inner)];
		}
		const { name: network, hosts, traced, isCut } = child;
		return [{ kind: "network", branch, network, hosts: hosts.length, traced, isCut }, ...leaves(hosts, inner)];
	});
}

function isLost(child: Router | Network | readonly MapHost[]): child is readonly MapHost[] {
	return Array.isArray(child);
}

function leaves(hosts: readonly MapHost[], indent: string): TopologyRow[] {
	return hosts.map((host, index) => ({
		kind: "host",
		branch: `${indent}${index === hosts.length - 1 ? "└─ " : "├─ "}`,
		host,
	}));
}

/** The /24 or /64 an address lies in, as it is written. */
export function networkOf(address: string): string {
	if (!address.includes(":")) return `${address.split(".").slice(0, ipv4Bytes).join(".")}.0/24`;
	const [head = "", tail] = address.split("::");
	const groups = head === "" ? [] : head.split(":");
	const after = tail === undefined || tail === "" ? [] : tail.split(":");
	const filled = [
		...groups,
		...Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => "0"),
		...after,
	];
	const kept = (tail === undefined ? groups : filled).slice(0, ipv6Groups);
	while (kept.at(-1) === "0") kept.pop();
	return `${kept.join(":")}::/64`;
}
