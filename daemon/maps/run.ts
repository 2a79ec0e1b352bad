/**
 * One map's life: the domain's names first, then the netblock window by window, each address with every probe there is.
 * What a window found is stored together with how far the map has come, so that a pause or a restart repeats a window at
 * most.
 */
import { type NetworkMap, noDomain } from "../../protocol/model/map.ts";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import { type GhostRules, noGhostRules } from "../ghosts/rules.ts";
import type { DatagramEngine, SkippedProbe } from "../packets/datagrams/job.ts";
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
import { askWindow } from "./ask-window.ts";
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

	#window(addresses: readonly string[], scope: Scope): Promise<FoundHost[]> {
		const { engine, datagrams, discovery, limits, fragilePorts } = this.#deps;
		return askWindow(addresses, {
			...{ map: this.#map, engine, datagrams, discovery, limits, scope, fragilePorts: fragilePorts() },
			...{ server: this.#server, silence: this.#silence, signal: this.#signal },
			onSent: (by, packets, networks) => this.#sent(by, packets, networks),
			onSkipped: (skipped) => {
				for (const one of skipped) this.#skipped.set(one.kind, one);
				this.#ledger.unavailable(skipped);
			},
			onAsked: () => this.#asked(),
			onNamed: (hasName) => this.#ledger.names({ found: Number(hasName) }),
		});
	}
}
