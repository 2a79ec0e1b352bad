/**
 * All maps of the daemon: starts, pauses, resumes and cancels them, runs a few at a time, and carries on after a restart
 * where an earlier process stopped.
 */
import { AppError } from "../../protocol/errors.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import type { RunStatus } from "../../protocol/model/run-status.ts";
import type { DatagramEngine } from "../packets/datagrams/job.ts";
import type { PortEngine } from "../packets/engine.ts";
import type { TraceRoutes } from "../packets/trace/trace-routes.ts";
import { exclusionsByName, type PlanningContext } from "../scan/request.ts";
import { steadyTime } from "../scan/steady-time.ts";
import { WindowWatch } from "../scan/window-watch.ts";
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

interface Active {
	readonly controller: AbortController;
	/** On the clock on the wall. */
	readonly beganAt: number;
	/** Milliseconds since then that were really spent. */
	readonly elapsed: () => number;
	readonly activeBefore: number;
	run: MapRun | null;
	ended: Promise<void>;
	/** Why it was ended: decides what it becomes. A `replan` gives way to any other, a `wait` to all but that. */
	end: "pause" | "cancel" | "suspend" | "replan" | "wait" | null;
	reason: string | null;
}

export class MapManager {
	readonly #deps: MapManagerDependencies;
	readonly #active = new Map<number, Active>();
	readonly #queue: number[] = [];
	/** Waiting for their windows. */
	readonly #waiting = new Set<number>();
	readonly #windows: WindowWatch;
	#begun = false;
	#suspended = false;

	constructor(deps: MapManagerDependencies) {
		this.#deps = deps;
		const { store, setTimer } = deps;
		this.#windows = new WindowWatch({ now: () => store.clock.now(), setTimer, onTime: () => this.#review() });
	}

	/** Stores the maps, all or none, and begins with them. What `onStored` throws undoes it. */
	start(maps: readonly NewMap[], onStored?: (ids: readonly number[]) => void): NetworkMap[] {
		const { db, clock } = this.#deps.store;
		const ids = transaction(db, () => {
			const stored = maps.map((map) => createMap(db, map, clock.now()));
			onStored?.(stored);
			return stored;
		});
		this.#queue.push(...ids);
		for (const id of ids) this.#deps.onMap(this.#get(id));
		this.#pump();
		return ids.map((id) => this.current(id));
	}

	/**
	 * Takes up what an earlier process left: running and queued maps wait for their turn, half-done stops are completed.
	 * Before anybody can ask for anything, or a map would be taken up twice.
	 */
	recover(): void {
		for (const map of listUnfinishedMaps(this.#deps.store.db)) {
			if (map.status === "pausing") this.#store({ ...map, status: "paused", rate: 0 });
			else if (map.status === "cancelling") this.#store(this.#closed(map, "cancelled", map.reason));
			else if (map.status === "waiting") this.#waiting.add(map.id);
			else if (map.status === "queued" || map.status === "running") {
				this.#store({ ...map, status: "queued", rate: 0 });
				this.#queue.push(map.id);
			}
		}
	}

	/** Until now nothing was sent. */
	begin(): void {
		this.#begun = true;
		this.#review();
	}

	/** The map as it stands this moment, also while it runs. */
	current(id: number): NetworkMap {
		const map = this.#get(id);
		const active = this.#active.get(id);
		return active === undefined ? map : this.#live(map, active);
	}

	/** What it asked and what came of it, as it stands this moment; null for a map from before that was kept. */
	coverage(id: number): MapCoverage | null {
		const map = this.current(id);
		const run = this.#active.get(id)?.run;
		if (run != null) return run.coverage(map.status);
		const stored = findMapCoverage(this.#deps.store.db, id);
		if (stored !== null) return { ...stored, notReachedBecause: whyNotReached(stored.addresses, map.status) };
		if (map.startedAt !== null) return null;
		const nothing = { icmp: false, arp: false, ackPorts: [] };
		return new MapLedger(map, nothing, null).statement(map.status, this.#deps.store.clock.now());
	}

	/** Number of maps that may be sending. */
	get running(): number {
		return this.#active.size;
	}

	/** Resolves when nothing is sent any more. `reason` is shown with the map. */
	async pause(id: number, reason: string | null = null): Promise<NetworkMap> {
		const map = this.#get(id);
		const active = this.#active.get(id);
		if (active !== undefined) return this.#end(id, active, "pause", reason);
		if (map.status !== "queued" && map.status !== "waiting")
			throw conflict(map, "pause", "Only queued, waiting and running maps can be paused.");
		this.#unqueue(id);
		return this.#store({ ...map, status: "paused", reason, ignoreWindow: false, continuesAt: null });
	}

	/** `ignoreWindow`: at once, and until it is paused or over. */
	resume(id: number, { ignoreWindow }: { ignoreWindow: boolean } = { ignoreWindow: false }): NetworkMap {
		const map = this.#get(id);
		if (map.status === "waiting" && !ignoreWindow) throw waits(map);
		if (map.status !== "paused" && map.status !== "waiting")
			throw conflict(map, "resume", "Only paused maps can be resumed.");
		this.#unqueue(id);
		this.#store({ ...map, status: "queued", reason: null, ignoreWindow, continuesAt: null });
		this.#queue.push(id);
		this.#pump();
		return this.current(id);
	}

	async cancel(id: number): Promise<NetworkMap> {
		const map = this.#get(id);
		const active = this.#active.get(id);
		if (active !== undefined) return this.#end(id, active, "cancel", null);
		if (map.status !== "queued" && map.status !== "paused" && map.status !== "waiting")
			throw conflict(map, "cancel", "It is already over.");
		this.#unqueue(id);
		return this.#store(this.#closed(map, "cancelled", null));
	}

	/** Pauses everything; resolves when no packet leaves any more. */
	async stopAll(): Promise<number[]> {
		const ids = [...new Set([...this.#queue, ...this.#active.keys(), ...this.#waiting])].sort((a, b) => a - b);
		await Promise.all(ids.map((id) => this.pause(id, "Stopped by stop-all.")));
		return ids;
	}

	/**
	 * What may be sent to these addresses (all: null) has changed. Maps at work that reach into them are halted and go on
	 * by what holds now. Resolves with them when nothing leaves by what held before.
	 */
	async replan(addresses: AddressSet | null): Promise<number[]> {
		const reached = [...this.#active].filter(
			([id]) => addresses === null || netblockOf(this.#get(id)).intersect(addresses).size > 0,
		);
		await Promise.all(
			reached.map(([, active]) => {
				active.end ??= "replan";
				active.controller.abort();
				return active.ended;
			}),
		);
		return reached.map(([id]) => id);
	}

	/** For a daemon that is going down: running maps are left as running, so that the next start carries on. */
	async suspend(): Promise<void> {
		this.#suspended = true;
		this.#windows.close();
		this.#queue.length = 0;
		await Promise.all(
			[...this.#active.values()].map((active) => {
				if (active.end === null || active.end === "replan" || active.end === "wait") active.end = "suspend";
				active.controller.abort();
				return active.ended;
			}),
		);
	}

	#pump(): void {
		while (this.#begun && !this.#suspended && this.#active.size < mapsInParallel) {
			const id = this.#queue.shift();
			if (id === undefined) return;
			const map = this.#get(id);
			if (this.#windows.isOpen(map)) this.#begin(map);
			else this.#wait(map);
		}
	}

	#wait(map: NetworkMap): void {
		const continuesAt = this.#windows.opensAt(map);
		this.#waiting.add(map.id);
		this.#store({ ...map, status: "waiting", reason: "Its window is closed.", continuesAt });
		this.#followWindows();
	}

	/** Windows may have opened or closed: those that wait go on, those at work halt. */
	#review(): void {
		if (this.#suspended || !this.#begun) return;
		for (const map of [...this.#waiting].map((id) => this.#get(id))) {
			if (!this.#windows.isOpen(map)) continue;
			this.#waiting.delete(map.id);
			this.#store({ ...map, status: "queued", reason: null, continuesAt: null });
			this.#queue.push(map.id);
		}
		for (const [id, active] of this.#active) {
			const map = this.current(id);
			if (this.#windows.isSpent(map, active.beganAt)) {
				void this.#end(id, active, "pause", "It has run as long as it was to; resume it to go on.");
			} else if (!this.#windows.isOpen(map)) {
				if (active.end === null || active.end === "replan") active.end = "wait";
				active.controller.abort();
			}
		}
		this.#pump();
		this.#followWindows();
	}

	#followWindows(): void {
		if (this.#suspended) return;
		const maps = [...this.#waiting, ...this.#active.keys()].map((id) => this.#get(id));
		this.#windows.follow(maps.filter(({ window }) => window != null));
	}

	#begin(map: NetworkMap): void {
		const now = this.#deps.store.clock.now();
		const active: Active = {
			controller: new AbortController(),
			beganAt: now,
			elapsed: steadyTime(this.#deps.steady ?? (() => this.#deps.store.clock.now())),
			activeBefore: map.activeMs,
			...{ run: null, ended: Promise.resolve(), end: null, reason: null },
		};
		this.#active.set(map.id, active);
		const startedAt = map.startedAt ?? new Date(now).toISOString();
		const started = this.#store({ ...map, status: "running", reason: null, startedAt });
		active.ended = this.#carryOut(started, active)
			.catch((err: unknown) => {
				this.#deps.onFault(map.id, err);
				return err instanceof AppError ? err : ("fault" as const);
			})
			.then((outcome) => this.#settle(map.id, active, outcome));
		if (map.window != null) this.#followWindows();
	}

	async #carryOut(map: NetworkMap, active: Active): Promise<MapOutcome> {
		const { engine, datagrams, store, planning, openNameServer, traceRoutes, window } = this.#deps;
		const profile = planning.profileOf(map.profile, null);
		if (profile === null) throw new AppError("invalid", `The option profile "${map.profile}" is gone.`);
		const { signal } = active.controller;
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
		active.run = run;
		const timer = setInterval(() => this.#deps.onMap(this.current(map.id)), tellEveryMs);
		try {
			return await run.run();
		} finally {
			clearInterval(timer);
		}
	}

	#settle(id: number, active: Active, outcome: MapOutcome | AppError | "fault"): void {
		this.#active.delete(id);
		active.controller.abort();
		if (active.run !== null) saveMapCoverage(this.#deps.store.db, active.run.coverage("running"));
		const map = { ...this.#live(this.#get(id), active), rate: 0 };
		if (outcome === "fault")
			this.#store(this.#closed(map, "error", "Something went wrong inside Vedette; see its log."));
		else if (outcome instanceof AppError) this.#store(this.#closed(map, "error", outcome.message));
		else if (outcome.how === "finished") this.#store(this.#finished(map, outcome));
		else if (active.end === "pause")
			this.#store({ ...map, status: "paused", reason: active.reason, ignoreWindow: false });
		else if (active.end === "cancel") this.#store(this.#closed(map, "cancelled", null));
		else if (active.end === "replan") this.#begin(map);
		else if (active.end === "wait") this.#wait(map);
		else saveMap(this.#deps.store.db, { ...map, status: "running" });
		this.#pump();
	}

	#finished(map: NetworkMap, { partial, note }: MapOutcome): NetworkMap {
		const ghosts = (this.#get(map.id).ghosts ?? 0) > 0;
		const none = ghosts
			? "Nothing that answered is a host: something answers for them. See why with: vedette ghosts"
			: "No address answered and no name was found.";
		const nobody = map.hosts === 0 ? none : null;
		const said = [partial, note, partial === null && note === null ? nobody : null].filter((text) => text !== null);
		const reason = said.length === 0 ? null : said.join(" ");
		return { ...this.#closed(map, "finished", reason), partial: partial !== null };
	}

	#closed(map: NetworkMap, status: RunStatus, reason: string | null): NetworkMap {
		return { ...map, status, reason, rate: 0, finishedAt: new Date(this.#deps.store.clock.now()).toISOString() };
	}

	async #end(id: number, active: Active, end: "pause" | "cancel", reason: string | null): Promise<NetworkMap> {
		if (active.end === null || active.end === "replan" || active.end === "wait") active.end = end;
		active.reason ??= reason;
		this.#store({ ...this.current(id), status: active.end === "pause" ? "pausing" : "cancelling" });
		active.controller.abort();
		await active.ended;
		return this.#get(id);
	}

	#live(map: NetworkMap, active: Active): NetworkMap {
		const activeMs = active.activeBefore + active.elapsed();
		return { ...map, activeMs, rate: active.run?.rate ?? 0 };
	}

	#unqueue(id: number): void {
		this.#waiting.delete(id);
		const place = this.#queue.indexOf(id);
		if (place >= 0) this.#queue.splice(place, 1);
	}

	#store(map: NetworkMap): NetworkMap {
		saveMap(this.#deps.store.db, map);
		const stored = this.#get(map.id);
		this.#deps.onMap(stored);
		return stored;
	}

	#get(id: number): NetworkMap {
		const map = findMap(this.#deps.store.db, id);
		if (map !== null) return map;
		throw new AppError("not-found", `There is no map ${id}.`, { hint: "List them with: vedette map list" });
	}
}

function waits(map: NetworkMap): AppError {
	const when =
		map.continuesAt == null ? "" : ` and goes on by itself at ${map.continuesAt.slice(0, 16).replace("T", " ")} UTC`;
	return new AppError("conflict", `Map ${map.id} waits for its window${when}.`, {
		hint: `To run it now all the same: vedette map resume ${map.id} --ignore-window`,
	});
}

function conflict(map: NetworkMap, verb: string, hint: string): AppError {
	return new AppError("conflict", `Map ${map.id} is ${map.status}; you cannot ${verb} it.`, { hint });
}
