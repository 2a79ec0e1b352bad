/**
 * All scans of the daemon: starts, pauses, resumes and cancels them, runs a few at a time, and takes up after a restart
 * what an earlier process left unfinished.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Scan, ScanResult, ScanStatus } from "../../protocol/model/scan.ts";
import type { PortEngine } from "../packets/engine.ts";
import { AddressSet } from "../scope/address-set.ts";
import type { ScanJournal } from "./journal.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";
import { ScanRun } from "./run.ts";

export interface ManagerDependencies {
	readonly engine: PortEngine;
	readonly pool: ProbePool;
	readonly journal: ScanJournal;
	readonly now: () => number;
	readonly findScan: (id: number) => Scan | null;
	/** What the stored request asks for; throws AppError when it can no longer be carried out. */
	readonly planOf: (scan: Scan) => Promise<ScanPlan>;
	readonly onScan: (scan: Scan) => void;
	readonly onResults: (scan: number, results: ScanResult[]) => void;
	readonly onFault: (scan: number, err: unknown) => void;
}

/** Scans at work at once; further ones wait their turn. */
const scansInParallel = 4;
/** How often a running scan tells where it stands. Milliseconds. */
const tellEveryMs = 250;
/** Every how many tellings it is also written down. */
const saveEvery = 4;

/** Why a run was ended: decides what the scan becomes. A `replan` gives way to any other. */
type EndReason = "pause" | "cancel" | "suspend" | "replan";

interface Active {
	/** Null while it is being planned. */
	run: ScanRun | null;
	/** What it may reach; null while it is being planned. */
	reach: AddressSet | null;
	readonly controller: AbortController;
	readonly ended: Promise<void>;
	end: EndReason | null;
}

export class ScanManager {
	readonly #deps: ManagerDependencies;
	readonly #active = new Map<number, Active>();
	readonly #queue: number[] = [];
	#suspended = false;

	constructor(deps: ManagerDependencies) {
		this.#deps = deps;
	}

	/** Takes a scan that is stored as queued. */
	enqueue(scan: number): void {
		this.#queue.push(scan);
		this.#pump();
	}

	/** Takes up what an earlier process left: running and queued scans carry on, half-done stops are completed. */
	recover(unfinished: readonly Scan[]): void {
		for (const scan of unfinished) {
			if (scan.status === "pausing") this.#store({ ...scan, status: "paused" });
			else if (scan.status === "cancelling") this.#store(this.#closed(scan, "cancelled", scan.reason));
			else if (scan.status === "queued" || scan.status === "running") {
				this.#store({ ...scan, status: "queued", rate: 0 });
				this.enqueue(scan.id);
			}
		}
	}

	/** The scan as it stands this moment, also while it runs. */
	current(id: number): Scan {
		const stored = this.#get(id);
		const active = this.#active.get(id);
		return active?.run == null ? stored : { ...active.run.snapshot(), status: stored.status, reason: stored.reason };
	}

	/** Number of scans that may be sending. */
	get running(): number {
		return this.#active.size;
	}

	/** Resolves when nothing is sent any more. `reason` is shown with the scan. */
	async pause(id: number, reason: string | null = null): Promise<Scan> {
		const scan = this.#get(id);
		const active = this.#active.get(id);
		if (active !== undefined) return this.#end(id, active, "pause", reason);
		if (scan.status !== "queued") throw conflict(scan, "pause", "Only queued and running scans can be paused.");
		this.#unqueue(id);
		return this.#store({ ...scan, status: "paused", reason });
	}

	resume(id: number): Scan {
		const scan = this.#get(id);
		if (scan.status !== "paused") throw conflict(scan, "resume", "Only paused scans can be resumed.");
		const queued = this.#store({ ...scan, status: "queued", reason: null });
		this.enqueue(id);
		return this.#active.has(id) ? this.current(id) : queued;
	}

	async cancel(id: number): Promise<Scan> {
		const scan = this.#get(id);
		const active = this.#active.get(id);
		if (active !== undefined) return this.#end(id, active, "cancel", null);
		if (scan.status !== "queued" && scan.status !== "paused") throw conflict(scan, "cancel", "It is already over.");
		this.#unqueue(id);
		return this.#store(this.#closed(scan, "cancelled", null));
	}

	/** Pauses everything; resolves when no packet leaves any more. */
	async stopAll(): Promise<number[]> {
		const ids = [...new Set([...this.#queue, ...this.#active.keys()])];
		await Promise.all(ids.map((id) => this.pause(id, "Stopped by stop-all.")));
		return ids;
	}

	/**
	 * What scans may do has changed for these addresses (all: null). Scans at work that reach into them are halted, planned
	 * again and go on, so that it holds whatever sends. Resolves with them when nothing leaves by the old plan any more.
	 */
	async replan(addresses: AddressSet | null): Promise<number[]> {
		const reached = [...this.#active].filter(
			([, { reach }]) => reach === null || addresses === null || reach.intersect(addresses).size > 0,
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

	/** For a daemon that is going down: running scans are left as running, so that the next start carries on. */
	async suspend(): Promise<void> {
		this.#suspended = true;
		this.#queue.length = 0;
		await Promise.all(
			[...this.#active.values()].map((active) => {
				if (active.end === null || active.end === "replan") active.end = "suspend";
				active.controller.abort();
				return active.ended;
			}),
		);
	}

	#pump(): void {
		while (!this.#suspended && this.#active.size < scansInParallel) {
			const id = this.#queue.shift();
			if (id === undefined) return;
			this.#begin(this.#get(id));
		}
	}

	#begin(scan: Scan): void {
		const controller = new AbortController();
		const active: Active = { run: null, reach: null, controller, ended: Promise.resolve(), end: null };
		this.#active.set(scan.id, active);
		const startedAt = scan.startedAt ?? new Date(this.#deps.now()).toISOString();
		const started = this.#store({ ...scan, status: "running", reason: null, startedAt });
		const ended = this.#carryOut(started, active)
			.catch((err: unknown) => {
				controller.abort();
				this.#deps.onFault(scan.id, err);
				return err instanceof AppError ? err : ("fault" as const);
			})
			.then((how) => this.#settle(scan.id, how));
		this.#active.set(scan.id, Object.assign(active, { ended }));
	}

	async #carryOut(scan: Scan, active: Active): Promise<"finished" | "stopped"> {
		const { signal } = active.controller;
		const plan = await this.#deps.planOf(scan);
		if (signal.aborted) return "stopped";
		const onResults = (results: ScanResult[]) => this.#deps.onResults(scan.id, results);
		const run = new ScanRun(scan, plan, { ...this.#deps, onResults }, signal);
		active.run = run;
		active.reach = AddressSet.fromText(plan.guard.allow).subtract(AddressSet.fromText(plan.guard.deny));
		let tellings = 0;
		const timer = setInterval(() => {
			const stored = this.#get(scan.id);
			const current = { ...run.snapshot(), status: stored.status, reason: stored.reason };
			if (++tellings % saveEvery === 0) this.#deps.journal.save(current);
			this.#deps.onScan(current);
		}, tellEveryMs);
		try {
			return await run.run();
		} finally {
			clearInterval(timer);
		}
	}

	#settle(id: number, how: "finished" | "stopped" | "fault" | AppError): void {
		const active = this.#active.get(id);
		this.#active.delete(id);
		if (active === undefined) return;
		const stored = this.#get(id);
		const snapshot = { ...(active.run?.snapshot() ?? stored), rate: 0, etaMs: null, reason: stored.reason };
		if (how instanceof AppError) this.#store(this.#closed(snapshot, "error", how.message));
		else if (how === "fault")
			this.#store(this.#closed(snapshot, "error", "It failed inside Vedette; the log says why."));
		else if (how === "finished") this.#store(this.#finished(snapshot, active.run?.shortfall ?? null));
		else if (active.end === "replan") this.#begin(this.#store({ ...snapshot, status: "running" }));
		else if (active.end === "cancel") this.#store(this.#closed(snapshot, "cancelled", null));
		else if (active.end === "suspend") this.#deps.journal.save({ ...snapshot, status: "running" });
		else this.#store({ ...snapshot, status: "paused" });
		this.#pump();
	}

	#finished(scan: Scan, shortfall: string | null): Scan {
		const nobody = scan.hosts.alive === 0;
		const reason = nobody
			? "No address answered: check the targets, or that nothing on the way drops the probes."
			: null;
		return { ...this.#closed(scan, "finished", shortfall ?? reason), progress: 1 };
	}

	#closed(scan: Scan, status: ScanStatus, reason: string | null): Scan {
		return { ...scan, status, reason, rate: 0, etaMs: null, finishedAt: new Date(this.#deps.now()).toISOString() };
	}

	async #end(id: number, active: Active, end: EndReason, reason: string | null): Promise<Scan> {
		if (active.end === null || active.end === "replan") active.end = end;
		const status = end === "pause" ? "pausing" : "cancelling";
		this.#store({ ...(active.run?.snapshot() ?? this.#get(id)), status, reason });
		active.controller.abort();
		await active.ended;
		return this.#get(id);
	}

	#unqueue(id: number): void {
		const place = this.#queue.indexOf(id);
		if (place >= 0) this.#queue.splice(place, 1);
	}

	#store(scan: Scan): Scan {
		this.#deps.journal.save(scan);
		this.#deps.onScan(scan);
		return scan;
	}

	#get(id: number): Scan {
		const scan = this.#deps.findScan(id);
		if (scan === null)
			throw new AppError("not-found", `There is no scan ${id}.`, { hint: "List them with: vedette scans" });
		return scan;
	}
}

function conflict(scan: Scan, verb: string, hint: string): AppError {
	return new AppError("conflict", `Scan ${scan.id} is ${scan.status}; you cannot ${verb} it.`, { hint });
}
