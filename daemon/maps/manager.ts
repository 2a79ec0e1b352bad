/** All maps of the daemon: what the queue of runs is told of a map, and how one is carried out by what holds when it begins. */
import { AppError } from "../../protocol/errors.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import type { DatagramEngine } from "../packets/datagrams/job.ts";
import type { PortEngine } from "../packets/engine.ts";
import type { TraceRoutes } from "../packets/trace/trace-routes.ts";
import { RunBook } from "../runs/run-book.ts";
import type { Active, RunOwner } from "../runs/run-owner.ts";
import { RunQueue } from "../runs/run-queue.ts";
import { steadyTime } from "../runs/steady-time.ts";
import { exclusionsByName, type PlanningContext } from "../scan/request.ts";
import type { AddressSet } from "../scope/address-set.ts";
import { findMapCoverage, saveMapCoverage } from "../store/map-coverage.ts";
import { createMap, findMap, listUnfinishedMaps, type NewMap, saveMap } from "../store/maps.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { MapLedger, whyNotReached } from "./ledger.ts";
import type { NameServer, NameServerOptions } from "./names.ts";
import { scopeOf } from "./request.ts";
import { type MapOutcome, MapRun } from "./run.ts";
import { netblockOf } from "./targets.ts";

export interface MapManagerDependencies {
	readonly engine: PortEngine;
	/** Absent: hosts are found by TCP and names alone. */
	readonly datagrams?: DatagramEngine;
	readonly store: Store;
	readonly planning: PlanningContext;
	readonly openNameServer: (options: NameServerOptions) => NameServer;
	/** Each map that changed; while it runs, four times a second. */
	readonly onMap: (map: NetworkMap) => void;
	readonly onFault: (map: number, err: unknown) => void;
	/** Absent: no route is traced. */
	readonly traceRoutes?: TraceRoutes;
	/** Addresses asked at a time. */
	readonly window?: number;
	/** As in the manager of scans. Absent: the store's clock. */
	readonly steady?: () => number;
	/** As in `WindowWatch`. Absent: the system's timers. */
	readonly setTimer?: (ms: number, call: () => void) => () => void;
}

/** Maps at work at once; further ones wait their turn. */
const mapsInParallel = 2;
/** How often a running map tells where it stands. Milliseconds. */
const tellEveryMs = 250;

/** What is kept of a map while it is at work. */
interface Own {
	/** Milliseconds since it began that were really spent. */
	readonly elapsed: () => number;
	readonly activeBefore: number;
	run: MapRun | null;
}

const words = { one: "Map", many: "maps", list: "vedette map list", resume: "vedette map resume" };

export class MapManager {
	readonly #deps: MapManagerDependencies;
	readonly #book: RunBook<NetworkMap, MapCoverage>;
	readonly #queue: RunQueue<NetworkMap, Own, MapOutcome>;

	constructor(deps: MapManagerDependencies) {
		this.#deps = deps;
		const { db } = deps.store;
		this.#book = new RunBook({
			...{ words, onRun: deps.onMap, onFault: deps.onFault },
			find: (id) => findMap(db, id),
			save: (map, coverage) =>
				transaction(db, () => {
					saveMap(db, map);
					if (coverage !== undefined) saveMapCoverage(db, coverage);
				}),
			findCoverage: (id) => findMapCoverage(db, id),
		});
		this.#queue = new RunQueue(this.#owner());
	}

	#owner(): RunOwner<NetworkMap, Own, MapOutcome> {
		const { store, setTimer, steady, onFault } = this.#deps;
		const now = () => store.clock.now();
		return {
			...{ words, inParallel: mapsInParallel },
			...{ now, setTimer, onFault },
			get: (id) => this.#book.get(id),
			put: (map, own) => this.#book.put(map, own?.run?.coverage("running")),
			note: (map, own) => this.#book.note(map, own.run?.coverage("running")),
			still: (map) => ({ ...map, rate: 0 }),
			open: ({ activeMs }) => ({ elapsed: steadyTime(steady ?? now), activeBefore: activeMs, run: null }),
			standing: (id, own) => this.#standing(id, own),
			reachOf: (id) => netblockOf(this.#book.get(id)),
			carryOut: (map, active) => this.#carryOut(map, active),
			finished: (map, _, how) => finished(map, how),
			keep: async (id) => this.#book.get(id),
		};
	}

	/** Stores the maps, all or none, and begins with them. What `onStored` throws undoes it. */
	start(maps: readonly NewMap[], onStored?: (ids: readonly number[]) => void): NetworkMap[] {
		const { db, clock } = this.#deps.store;
		const ids = transaction(db, () => {
			const stored = maps.map((map) => createMap(db, map, clock.now()));
			onStored?.(stored);
			return stored;
		});
		for (const id of ids) this.#deps.onMap(this.#book.get(id));
		this.#queue.enqueue(...ids);
		return ids.map((id) => this.current(id));
	}

	/** As `RunQueue.recover`. */
	recover(): void {
		this.#queue.recover(listUnfinishedMaps(this.#deps.store.db));
	}

	/** Begins what waits, as far as there is room. */
	begin(): void {
		this.#queue.begin();
	}

	/** The map as it stands this moment, also while it runs. */
	current(id: number): NetworkMap {
		return this.#queue.current(id);
	}

	/** What it asked and what came of it, as it stands this moment; null for a map from before that was kept. */
	coverage(id: number): MapCoverage | null {
		const map = this.current(id);
		const run = this.#queue.own(id)?.run;
		if (run != null) return run.coverage(map.status);
		const stored = this.#book.coverage(id);
		if (stored !== null) return { ...stored, notReachedBecause: whyNotReached(stored.addresses, map.status) };
		if (map.startedAt !== null) return null;
		const nothing = { icmp: false, arp: false, ackPorts: [] };
		return new MapLedger(map, nothing, null).statement(map.status, this.#deps.store.clock.now());
	}

	/** Number of maps that may be sending. */
	get running(): number {
		return this.#queue.running;
	}

	/** Resolves when nothing is sent any more. `reason` is shown with the map. */
	pause(id: number, reason: string | null = null): Promise<NetworkMap> {
		return this.#queue.pause(id, reason);
	}

	/** `ignoreWindow`: at once, and until it is paused or over. */
	resume(id: number, how?: { ignoreWindow: boolean }): NetworkMap {
		return this.#queue.resume(id, how);
	}

	cancel(id: number): Promise<NetworkMap> {
		return this.#queue.cancel(id);
	}

	/** Pauses everything; resolves when no packet leaves any more. */
	stopAll(): Promise<number[]> {
		return this.#queue.stopAll();
	}

	/** As `RunQueue.replan`. */
	replan(addresses: AddressSet | null): Promise<number[]> {
		return this.#queue.replan(addresses);
	}

	/** As `RunQueue.suspend`. */
	async suspend(): Promise<void> {
		await this.#queue.suspend();
		this.#book.close();
	}

	async #carryOut(map: NetworkMap, { own, controller: { signal } }: Active<Own>): Promise<MapOutcome> {
		const { engine, datagrams, store, planning, openNameServer, traceRoutes, window } = this.#deps;
		const profile = planning.profileOf(map.profile, null);
		if (profile === null) throw new AppError("invalid", `The option profile "${map.profile}" is gone.`);
		const scope = () => scopeOf(map, planning);
		const { fragilePorts, ghostRules } = planning;
		const { limits, discovery } = profile;
		const optional = {
			...(datagrams === undefined ? {} : { datagrams }),
			...(window === undefined ? {} : { window }),
			...(traceRoutes === undefined ? {} : { traceRoutes }),
			...(ghostRules === undefined ? {} : { ghostRules }),
		};
		const exclusions = () => exclusionsByName(map.exclusions, planning);
		const parts = { engine, store, limits, discovery, scope, exclusions, fragilePorts, openNameServer, ...optional };
		const run = new MapRun(map, parts, signal);
		own.run = run;
		const timer = setInterval(() => this.#deps.onMap(this.current(map.id)), tellEveryMs);
		try {
			return await run.run();
		} finally {
			clearInterval(timer);
		}
	}

	#standing(id: number, { activeBefore, elapsed, run }: Own): NetworkMap {
		return { ...this.#book.get(id), activeMs: activeBefore + elapsed(), rate: run?.rate ?? 0 };
	}
}

function finished(map: NetworkMap, { partial, note }: MapOutcome): NetworkMap {
	const none =
		(map.ghosts ?? 0) > 0
			? "Nothing that answered is a host: something answers for them. See why with: vedette ghosts"
			: "No address answered and no name was found.";
	const nobody = map.hosts === 0 ? none : null;
	const said = [partial, note, partial === null && note === null ? nobody : null].filter((text) => text !== null);
	return { ...map, reason: said.length === 0 ? null : said.join(" "), partial: partial !== null, progress: 1 };
}
