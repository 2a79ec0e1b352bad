/**
 * The books of one map: every address of the netblock is entered once, when its window is settled, and the coverage
 * statement is drawn from them. Taken up from the last statement after a stop. Pure but for the clock it is handed.
 */
import type { NetworkMap } from "../../protocol/model/map.ts";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import type { SkippedProbe } from "../packets/datagrams/job.ts";
import { probeWords } from "../packets/datagrams/skipped-words.ts";
import type { NetworkFigures, PortEngine } from "../packets/engine.ts";
import { addExcluded, type ExcludedBy, sumExcluded } from "../scan/excluded-by.ts";
import { addNumbers } from "../scan/host-counts.ts";
import { addFigures, type NetworkSums, networksOf, readNetworks } from "../scan/network-sums.ts";
import type { DiscoveryProbes } from "../scan/plan.ts";
import type { FoundHost } from "../store/maps.ts";

/** What became of one window of addresses. */
export interface SettledWindow {
	readonly excludedBy: ExcludedBy;
	/** Addresses that were asked. */
	readonly asked: number;
	/** Of them: those no route leads to, where nobody answered at all. */
	readonly withoutRoute: number;
	/** What was found, before ghosts were sorted out. */
	readonly found: readonly FoundHost[];
	readonly ghosts: number;
}

/** The ways of asking, with how a host is marked that answered so. */
const ways: readonly { readonly kind: ProbeName; readonly isBy: (host: FoundHost) => boolean }[] = [
	{ kind: "link", isBy: by("ARP", "ND") },
	{ kind: "echo", isBy: (host) => host.discovery.some(({ method, port }) => method === "ICMP" && port === null) },
	{ kind: "ack", isBy: by("TCP ACK") },
	{ kind: "tcp", isBy: by("TCP", "TCP RST") },
	{
		kind: "udp",
		isBy: (host) => host.discovery.some(({ method, port }) => method === "UDP" || (method === "ICMP" && port !== null)),
	},
];
type ProbeName = SkippedProbe["kind"] | "tcp";

export class MapLedger {
	readonly #map: NetworkMap;
	readonly #probes: ReadonlyMap<ProbeName, string>;
	readonly #networks: NetworkSums;
	readonly #engines: Map<string, string>;
	readonly #unavailable: Map<string, string>;
	readonly #tried: Map<string, { asked: number; answered: number }>;
	#excludedBy: ExcludedBy;
	#addresses: Pick<MapCoverage["addresses"], "answered" | "ghosts" | "silent"> & { withoutRoute: number };
	#names: NonNullable<MapCoverage["names"]>;
	#routes: MapCoverage["routes"];
	#packets: MapCoverage["packets"];

	/** `last` as it was written when the map was stopped; null for one that begins. */
	constructor(
		map: NetworkMap,
		discovery: Pick<DiscoveryProbes, "icmp" | "arp" | "ackPorts">,
		last: MapCoverage | null,
	) {
		this.#map = map;
		this.#probes = probesOf(map, discovery);
		this.#networks = readNetworks(last?.networks ?? []);
		this.#engines = new Map(last?.engines.map(({ name, reason }) => [name, reason]));
		this.#unavailable = new Map(last?.unavailable.map(({ method, why }) => [method, why]));
		this.#tried = new Map(last?.probes.map(({ probe, asked, answered }) => [probe, { asked, answered }]));
		this.#excludedBy = last?.excludedBy ?? [];
		const { answered = 0, ghosts = 0, silent = 0, withoutRoute = 0 } = last?.addresses ?? {};
		this.#addresses = { answered, ghosts, silent, withoutRoute };
		this.#names = last?.names ?? { asked: 0, found: 0, refused: 0, silent: false };
		this.#routes = last?.routes ?? { traced: 0, reached: 0 };
		this.#packets = last?.packets ?? { sent: 0, tcp: 0, datagrams: 0, canaries: 0, trace: 0 };
	}

	uses({ name, reason }: PortEngine): void {
		this.#engines.set(name, reason);
	}

	sent(
		by: "tcp" | "datagrams" | "canaries" | "trace",
		packets: number,
		networks: readonly NetworkFigures[] = [],
	): void {
		this.#packets = addNumbers(this.#packets, { sent: packets, [by]: packets });
		addFigures(this.#networks, networks);
	}

	unavailable(skipped: readonly SkippedProbe[]): void {
		for (const { kind, reason } of skipped) this.#unavailable.set(probeWords[kind], reason);
	}

	settled({ excludedBy, asked, withoutRoute, found, ghosts }: SettledWindow): void {
		this.#excludedBy = addExcluded(this.#excludedBy, excludedBy);
		const live = found.filter(({ discovery }) => discovery.some(({ method }) => method !== "DNS")).length;
		const answered = live - ghosts;
		const silent = asked - live - withoutRoute;
		this.#addresses = addNumbers(this.#addresses, { answered, ghosts, silent, withoutRoute });
		for (const { kind, isBy } of ways) {
			const probe = this.#probes.get(kind);
			if (probe === undefined) continue;
			const sum = this.#tried.get(probe) ?? { asked: 0, answered: 0 };
			this.#tried.set(probe, addNumbers(sum, { asked, answered: found.filter(isBy).length }));
		}
	}

	names({ asked = 0, found = 0 }: { readonly asked?: number; readonly found?: number }): void {
		this.#names = { ...this.#names, asked: this.#names.asked + asked, found: this.#names.found + found };
	}

	/** What the name server refused in this run; whether it was given up. */
	nameServer(refused: number, silent: boolean): void {
		this.#names = { ...this.#names, refused: this.#names.refused + refused, silent: this.#names.silent || silent };
	}

	traced(reached: boolean): void {
		this.#routes = addNumbers(this.#routes, { traced: 1, reached: Number(reached) });
	}

	/** `at` in milliseconds. */
	statement(status: NetworkMap["status"], at: number): MapCoverage {
		const { id, addresses: named, dns } = this.#map;
		const { withoutRoute, ...asked } = this.#addresses;
		const excluded = sumExcluded(this.#excludedBy);
		const notReached = Math.max(0, named - excluded - asked.answered - asked.ghosts - asked.silent);
		const addresses = { named, excluded, ...asked, notReached, ...(withoutRoute > 0 ? { withoutRoute } : {}) };
		const possible = [...this.#tried].filter(
			([probe]) => ![...this.#unavailable.keys()].some((one) => probe.startsWith(one)),
		);
		return {
			...{ map: id, at: new Date(at).toISOString(), addresses },
			notReachedBecause: whyNotReached(addresses, status),
			excludedBy: this.#excludedBy,
			probes: possible.map(([probe, sums]) => ({ probe, ...sums })),
			unavailable: [...this.#unavailable].map(([method, why]) => ({ method, why })),
			names: dns ? this.#names : null,
			...{ routes: this.#routes, packets: this.#packets, networks: networksOf(this.#networks) },
			engines: [...this.#engines].map(([name, reason]) => ({ name, reason })),
		};
	}
}

/** Why addresses are left that were not reached. */
export function whyNotReached(
	{ notReached, withoutRoute = 0 }: MapCoverage["addresses"],
	status: NetworkMap["status"],
): MapCoverage["notReachedBecause"] {
	if (notReached === 0) return null;
	if (notReached === withoutRoute) return "no-route";
	return status === "cancelled" || status === "error" || status === "paused" ? "stopped" : "not-over";
}

function probesOf(
	{ tcpPorts, udpPorts }: NetworkMap,
	{ icmp, arp, ackPorts }: Pick<DiscoveryProbes, "icmp" | "arp" | "ackPorts">,
): ReadonlyMap<ProbeName, string> {
	const to = ({ length }: readonly number[]) => `to ${length} ${length === 1 ? "port" : "ports"}`;
	const all: [ProbeName, string, boolean][] = [
		["link", probeWords.link, arp],
		["echo", probeWords.echo, icmp],
		["ack", `${probeWords.ack} ${to(ackPorts)}`, ackPorts.length > 0],
		["tcp", `TCP connection attempts ${to(tcpPorts)}`, tcpPorts.length > 0],
		["udp", `${probeWords.udp} ${to(udpPorts)}`, udpPorts.length > 0],
	];
	return new Map(all.flatMap(([kind, words, isUsed]) => (isUsed ? [[kind, words]] : [])));
}

function by(...methods: string[]): (host: FoundHost) => boolean {
	return (host) => host.discovery.some(({ method }) => methods.includes(method));
}
