/** A map and its hosts in words: flags, how a host was found, the way to it. For the console and the command line. */
import type { MapHost, Route } from "../../../protocol/model/map.ts";
import type { TopologyRow } from "./topology.ts";

/** `A-LN`: a letter or a dash for each, always in the same place. */
export function flagsText({ flags }: Pick<MapHost, "flags">): string {
	return [
		flags.approved ? "A" : "-",
		flags.scannable ? "S" : "-",
		flags.live ? "L" : "-",
		flags.netblock ? "N" : "-",
	].join("");
}

export const flagsMeaning = "A approved, S scannable (in the inventory), L live, N in the netblock";

/** `ARP 52:54:00:12:34:56, TCP 22 80, TCP RST 23, ICMP echo, ICMP 53, DNS`. */
export function foundByText({ discovery }: Pick<MapHost, "discovery">): string {
	const ports = new Map<string, number[]>();
	for (const { method, port, mac } of discovery) {
		const echo = method === "ICMP" && port === null ? "ICMP echo" : method;
		const words = mac === undefined ? echo : `${echo} ${mac}`;
		ports.set(words, [...(ports.get(words) ?? []), ...(port === null ? [] : [port])]);
	}
	return [...ports].map(([method, each]) => [method, ...each].join(" ")).join(", ");
}

/** `10.0.0.1 › * › 10.0.3.1`; null: not traced. A host on the own wire has no router before it. */
export function routeText(route: Route | null): string | null {
	if (route === null) return null;
	const hops = route.hops.map((hop) => hop ?? "*");
	if (!route.reached) return [...hops, "…"].join(" › ");
	return hops.length === 0 ? "direct" : hops.join(" › ");
}

/** The last router before a host: what it hangs on. Null when nothing is known of it. */
export function viaText({ route, links }: Pick<MapHost, "route" | "links">): string | null {
	if (route === null) return null;
	return links.at(-1) ?? (route.reached && route.hops.length === 0 ? "direct" : null);
}

/** What a row of the tree says, without its branch. */
export function topologyText(row: TopologyRow): string {
	switch (row.kind) {
		case "here":
			return "this machine";
		case "router":
			return row.address === null ? "* (a router that kept silent)" : `${row.address}  router${namesOf(row.host)}`;
		case "network":
			return `${row.network}  ${row.hosts} ${row.hosts === 1 ? "host" : "hosts"}, ${row.traced} traced${row.isCut ? "; the way is not known to its end" : ""}`;
		case "host":
			return `${row.host.address}  ${flagsText(row.host)}${namesOf(row.host)}`;
		case "untraced":
			return `not traced  ${row.hosts} ${row.hosts === 1 ? "host" : "hosts"}`;
	}
}

function namesOf(host: MapHost | undefined): string {
	const name = host?.names[0] ?? host?.netbios;
	return name === undefined || name === null ? "" : `  ${name}`;
}
