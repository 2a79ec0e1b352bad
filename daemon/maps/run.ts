/**
 * One map's life: the domain's names first, then the netblock window by window, each address with every probe there is.
 * What a window found is stored together with how far the map has come, so that a pause or a restart repeats a window at
 * most.
 */
import type { Discovery, NetworkMap } from "../../protocol/model/map.ts";
import { noDomain } from "../../protocol/model/map.ts";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import { type GhostRules, noGhostRules } from "../ghosts/rules.ts";
import { readNodeStatus } from "../identity/netbios.ts";
import { askDatagrams } from "../packets/datagrams/ask.ts";
import type { DatagramAnswer, DatagramEngine, SkippedProbe } from "../packets/datagrams/job.ts";
import { skippedWords } from "../packets/datagrams/skipped-words.ts";
import type { NetworkFigures, PortEngine } from "../packets/engine.ts";
import type { TraceRoutes } from "../packets/trace/trace-routes.ts";
import { machineRoutes } from "../scan/discovery.ts";
import { countExcluded, type NamedExclusion, settleExcluded } from "../scan/excluded-by.ts";
import { RateMeter } from "../scan/meter.ts";
import type { DiscoveryProbes, ScanLimits } from "../scan/plan.ts";
import { AddressSet } from "../scope/address-set.ts";
import type { Scope } from "../scope/scope.ts";
import { saveMapGhosts } from "../store/ghosts.ts";
import { findMapCoverage, saveMapCoverage } from "../store/map-coverage.ts";
import { type FoundHost, isMapNamed, saveMapHosts } from "../store/maps.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { type SortedHosts, sortOutGhosts } from "./ghosts.ts";
import { MapLedger } from "./ledger.ts";
import { lookUpNames, Silence } from "./look-up-names.ts";
import { namesMissing, noNames } from "./name-words.ts";
import type { NameServer, NameServerOptions } from "./names.ts";
import { netblockOf } from "./targets.ts";
import { traceMap } from "./trace.ts";

export interface MapRunDependencies {
	readonly engine: PortEngine;
	/** Absent: nothing but TCP is tried. */
	readonly datagrams?: DatagramEngine;
	/** What is sent besides the map's own TCP and UDP ports. */
	readonly discovery: Pick<DiscoveryProbes, "icmp" | "arp" | "ackPorts">;
	readonly store: Store;
	readonly limits: ScanLimits;
	/** What the map may send to as exclusions stand now; asked before each window. */
	readonly scope: () => Promise<Scope>;
	/** The exclusions that hold now one by one, to say which keeps an address out. */
	readonly exclusions: () => Promise<readonly NamedExclusion[]>;
	/** Ports that are never sent a payload. */
	readonly fragilePorts: () => ReadonlySet<number>;
	/** What users said about ghosts; nothing when absent. */
	readonly ghostRules?: () => GhostRules;
	readonly openNameServer: (options: NameServerOptions) => NameServer;
	/** Absent: no route is traced, whatever the map says. */
	readonly traceRoutes?: TraceRoutes;
	/** How many addresses are asked at a time; a pause repeats at most these. */
	readonly window?: number;
}

export interface MapOutcome {
	readonly how: "finished" | "stopped";
	/** Why not everything could be done, a sentence; null when it could. */
	readonly partial: string | null;
	/** What else there is to know, sentences; null when nothing. */
	readonly note: string | null;
}

const defaultWindow = 256;
/** Questions a second to a name server, whatever the profile allows: it serves others too. */
const mostQuestionsPerSecond = 500;
const questionsAtOnce = 32;

/** What one window has learned of an address. */
interface Sighting {
	readonly discovery: Discovery[];
	names: string[];
	netbios: string | null;
	rttMs: number | null;
}

export class MapRun {
	readonly #map: NetworkMap;
	readonly #deps: MapRunDependencies;
	readonly #signal: AbortSignal;
	readonly #rate = new RateMeter();
	readonly #silence = new Silence();
	readonly #server: NameServer | null;
	readonly #notes: string[] = [];
	readonly #skipped = new Map<string, SkippedProbe>();
	readonly #ledger: MapLedger;

	/** `map` as stored; `signal` ends the run for any reason. */
	constructor(map: NetworkMap, deps: MapRunDependencies, signal: AbortSignal) {
		this.#map = map;
		this.#deps = deps;
		this.#signal = signal;
		this.#ledger = new MapLedger(map, deps.discovery, findMapCoverage(deps.store.db, map.id));
		this.#ledger.uses(deps.engine);
		const ratePerSecond = Math.min(deps.limits.ratePerSecond, mostQuestionsPerSecond);
		this.#server = map.dns ? deps.openNameServer({ resolver: map.resolver, ratePerSecond }) : null;
	}

	/** Probes and questions a second. */
	get rate(): number {
		return this.#rate.rate(performance.now());
	}

	/** What was asked and what came of it by now; `status` is what the map is called. */
	coverage(status: NetworkMap["status"]): MapCoverage {
		return this.#ledger.statement(status, this.#deps.store.clock.now());
	}

	/** Resolves when the last address is settled, or soon after the signal; rejects only on a fault of ours. */
	async run(): Promise<MapOutcome> {
		const cancel = () => this.#server?.cancel();
		this.#signal.addEventListener("abort", cancel, { once: true });
		try {
			await this.#names();
			await this.#netblock();
			await this.#routes();
		} finally {
			this.#signal.removeEventListener("abort", cancel);
			this.#ledger.nameServer(this.#server?.refused ?? 0, this.#silence.givenUp);
			this.#ledger.uses(this.#deps.engine);
			cancel();
		}
		this.#notes.push(...skippedWords([...this.#skipped.values()]));
		const note = this.#notes.length === 0 ? null : this.#notes.join(" ");
		return { how: this.#signal.aborted ? "stopped" : "finished", partial: this.#partial(), note };
	}

	#partial(): string | null {
		const { givenUp, lastCode } = this.#silence;
		const refused = this.#server?.refused ?? 0;
		return namesMissing(this.#map.resolver, { silentCode: givenUp ? lastCode : null, refused });
	}

	async #names(): Promise<void> {
		const { domain, id } = this.#map;
		const { db } = this.#deps.store;
		if (this.#server === null || domain === noDomain || this.#signal.aborted || isMapNamed(db, id)) return;
		const netblock = netblockOf(this.#map);
		const asked = () => this.#asked();
		const found = await lookUpNames(domain, this.#server, this.#silence, (one) => netblock.has(one), asked);
		if (this.#signal.aborted) return;
		this.#ledger.names({ found: found.length });
		saveMapHosts(db, id, found, { named: true });
		const problem = this.#server.problemWith(domain);
		if (found.length === 0 && problem !== null) this.#notes.push(...noNames(domain, problem, this.#map.resolver));
	}

	async #netblock(): Promise<void> {
		const addresses = netblockOf(this.#map);
		const { store, window = defaultWindow } = this.#deps;
		// The seed makes the order the same each time, so that it can be taken up at a place.
		const order = addresses.permuted(this.#map.id, this.#map.settled);
		let withoutAnyRoute = 0;
		for (let settled = this.#map.settled; settled < addresses.size && !this.#signal.aborted; ) {
			const scope = await this.#deps.scope();
			const exclusions = await this.#deps.exclusions();
			const asked: string[] = [];
			const excluded: string[] = [];
			let places = 0;
			while (places < window) {
				const { value, done } = order.next();
				if (done === true) break;
				places++;
				(scope.mayProbe(value) ? asked : excluded).push(value);
			}
			const found = await this.#window(asked, scope);
			const { hosts, ghosts } = await this.#sort(found, asked, scope);
			if (this.#signal.aborted) return;
			const leads = found.length === 0 ? machineRoutes() : () => true;
			const withoutRoute = asked.filter((address) => !leads(address)).length;
			withoutAnyRoute += withoutRoute;
			settled += places;
			const named = AddressSet.fromText(excluded.map((address) => [address, address] as const));
			const excludedBy = settleExcluded(countExcluded(named, exclusions), excluded.length);
			this.#ledger.settled({ excludedBy, asked: asked.length, withoutRoute, found, ghosts: ghosts.length });
			transaction(store.db, () => {
				saveMapCoverage(store.db, this.coverage("running"));
				saveMapHosts(store.db, this.#map.id, hosts, { settled });
				saveMapGhosts(store.db, this.#map.id, ghosts, store.clock.now());
			});
		}
		if (withoutAnyRoute > 0) {
			const which = withoutAnyRoute === 1 ? "1 address" : `${withoutAnyRoute.toLocaleString("en-US")} addresses`;
			this.#notes.push(`No route of this machine leads to ${which}, and nobody answered there. See: ip route`);
		}
	}

	async #routes(): Promise<void> {
		const { traceRoutes, store, limits, fragilePorts, scope } = this.#deps;
		if (traceRoutes === undefined || this.#signal.aborted) return;
		const outcome = await traceMap(this.#map, {
			...{ traceRoutes, store, limits, signal: this.#signal },
			...{ scope: await scope(), fragilePorts: fragilePorts() },
			onSent: (count) => this.#sent("trace", count),
			onTraced: (reached) => this.#ledger.traced(reached),
		});
		if (outcome?.problem) this.#notes.push(`Routes were not traced: ${outcome.problem}.`);
	}

	#sort(found: readonly FoundHost[], asked: readonly string[], scope: Scope): Promise<SortedHosts> {
		const { engine, limits, fragilePorts, ghostRules } = this.#deps;
		const { id: map, tcpPorts } = this.#map;
		return sortOutGhosts(found, {
			...{ engine, limits, map, tcpPorts, asked, signal: this.#signal },
			...{ guard: scope.guard(), group: `map-${map}`, fragilePorts: fragilePorts() },
			rules: ghostRules?.() ?? noGhostRules,
			onSent: (attempts) => this.#sent("canaries", attempts),
		});
	}

	#sent(
		by: "tcp" | "datagrams" | "canaries" | "trace",
		packets: number,
		networks: readonly NetworkFigures[] = [],
	): void {
		this.#rate.add(packets, performance.now());
		this.#ledger.sent(by, packets, networks);
	}

	/** A question to the name server. */
	#asked(): void {
		this.#rate.add(1, performance.now());
		this.#ledger.names({ asked: 1 });
	}

	/** Every probe on every address; nothing stops at the first answer. */
	async #window(addresses: readonly string[], scope: Scope): Promise<FoundHost[]> {
		const seen = new Map<string, Sighting>(
			addresses.map((address) => [address, { discovery: [], names: [], netbios: null, rttMs: null }]),
		);
		if (addresses.length === 0) return [];
		await Promise.all([this.#tcp(seen, scope), this.#datagrams(seen, scope), this.#reverse(seen)]);
		return [...seen]
			.filter(([, sighting]) => sighting.discovery.length > 0)
			.map(([address, { discovery, names, netbios, rttMs }]) => ({
				...{ address, discovery, names, netbios, rttMs },
				inNetblock: true,
			}));
	}

	async #tcp(seen: ReadonlyMap<string, Sighting>, scope: Scope): Promise<void> {
		const run = this.#deps.engine.run({
			addresses: [...seen.keys()],
			ports: this.#map.tcpPorts,
			limits: this.#deps.limits,
			guard: scope.guard(),
			group: `map-${this.#map.id}`,
		});
		const stop = () => void run.stop();
		this.#signal.addEventListener("abort", stop, { once: true });
		let sent = 0;
		try {
			if (this.#signal.aborted) return;
			for await (const batch of run) {
				this.#sent("tcp", batch.sent - sent, batch.networks);
				sent = batch.sent;
				for (const { address, port, state, rttMs } of batch.answers) {
					if (state !== "open" && state !== "closed") continue;
					note(seen.get(address), { method: state === "open" ? "TCP" : "TCP RST", port }, rttMs);
				}
			}
		} finally {
			this.#signal.removeEventListener("abort", stop);
			await run.stop();
		}
	}

	async #datagrams(seen: ReadonlyMap<string, Sighting>, scope: Scope): Promise<void> {
		const { datagrams, discovery, limits, fragilePorts } = this.#deps;
		if (datagrams === undefined) return;
		const { icmp: echo, arp: link, ackPorts } = discovery;
		const job = {
			addresses: [...seen.keys()],
			probes: { echo, link, ackPorts, udpPorts: this.#map.udpPorts },
			...{ limits, fragilePorts: [...fragilePorts()], guard: scope.guard(), group: `map-${this.#map.id}` },
		};
		const asked = await askDatagrams(datagrams, job, this.#signal, ({ answers, networks }, sent) => {
			this.#sent("datagrams", sent, networks);
			for (const answer of answers) this.#heard(seen.get(answer.address), answer);
		});
		for (const one of asked?.skipped ?? []) this.#skipped.set(one.kind, one);
		this.#ledger.unavailable(asked?.skipped ?? []);
	}

	#heard(sighting: Sighting | undefined, answer: DatagramAnswer): void {
		if (sighting === undefined || !answer.alive) return;
		const { kind, port, state, rttMs, mac, reply, address } = answer;
		if (kind === "link") {
			const method = address.includes(":") ? "ND" : "ARP";
			note(sighting, { method, port: null, ...(mac === null ? {} : { mac }) }, rttMs);
		} else if (kind === "echo") note(sighting, { method: "ICMP", port: null }, rttMs);
		else if (kind === "ack") note(sighting, { method: "TCP ACK", port }, rttMs);
		else note(sighting, { method: state === "open" ? "UDP" : "ICMP", port }, rttMs);
		if (kind === "udp" && port === 137 && reply !== null) sighting.netbios ??= readNodeStatus(reply)?.name ?? null;
	}

	/** Also of addresses that answer no probe: a name says that somebody means a host to be there. */
	async #reverse(seen: ReadonlyMap<string, Sighting>): Promise<void> {
		const server = this.#server;
		if (server === null) return;
		const waiting = [...seen];
		const lane = async () => {
			for (let one = waiting.shift(); one !== undefined && !this.#signal.aborted; one = waiting.shift()) {
				const [address, sighting] = one;
				this.#asked();
				sighting.names = await this.#silence.ask(() => server.namesOf(address));
				this.#ledger.names({ found: Number(sighting.names.length > 0) });
				if (sighting.names.length > 0) note(sighting, { method: "DNS", port: null }, null);
			}
		};
		await Promise.all(Array.from({ length: questionsAtOnce }, lane));
	}
}

function note(sighting: Sighting | undefined, discovery: Discovery, rttMs: number | null): void {
	if (sighting === undefined) return;
	sighting.discovery.push(discovery);
	if (rttMs !== null) sighting.rttMs = Math.min(sighting.rttMs ?? Number.POSITIVE_INFINITY, rttMs);
}
