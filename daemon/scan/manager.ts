/**
 * All scans of the daemon: starts, pauses, resumes and cancels them, runs a few at a time, and takes up after a restart
 * what an earlier process left unfinished.
 */
import { AppError } from "../../protocol/errors.ts";
import type { RunStatus } from "../../protocol/model/run-status.ts";
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import type { DatagramEngine } from "../packets/datagrams/job.ts";
import type { PortEngine } from "../packets/engine.ts";
import { AddressSet } from "../scope/address-set.ts";
import { ScanBook } from "./book.ts";
import type { HostLogin } from "./host.ts";
import type { ScanJournal } from "./journal.ts";
import { whyNotReached } from "./ledger.ts";
import { keepLeftOf } from "./left-hosts.ts";
import type { LoginTurns } from "./login-turns.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";
import { ScanRun } from "./run.ts";
import { WindowWatch } from "./window-watch.ts";

export interface ManagerDependencies {
	readonly engine: PortEngine;
	/** Absent: hosts are found by TCP alone. */
	readonly datagrams?: DatagramEngine;
	readonly pool: ProbePool;
	/** Absent: nobody logs in. */
	readonly logins?: HostLogin;
	/** Host names of an address from the DNS, where its asset is tracked by them. Never rejects. */
	readonly reverseNames?: (scan: number, address: string) => Promise<readonly string[]>;
	/** Its asset is tracked by its NetBIOS name. */
	readonly isNetbios?: (scan: number, address: string) => boolean;
	/** The limits that hold for them too. */
	readonly loginTurns?: LoginTurns;
	readonly journal: ScanJournal;
	readonly now: () => number;
	/** For how long things take, whatever becomes of the clock on the wall. Whole milliseconds, monotonic. Absent: `now`. */
	readonly steady?: () => number;
	/** Calls once after so many milliseconds, unless the function it returns is called before. Absent: the system's timers. */
	readonly setTimer?: (ms: number, call: () => void) => () => void;
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
/** What is noted is overtaken sooner than that, unless the machine has been kept from all its work. */
const longestUnsavedMs = 2 * saveEvery * tellEveryMs;

/** Why a run was ended: decides what the scan becomes. A `replan` gives way to any other, a `wait` to all but that. */
type EndReason = "pause" | "cancel" | "suspend" | "replan" | "wait";

interface Active {
	/** Null while it is being planned. */
	run: ScanRun | null;
	/** What it may reach; null while it is being planned. */
	reach: AddressSet | null;
	readonly controller: AbortController;
	/** Never rejects. */
	ended: Promise<void>;
	end: EndReason | null;
	/** Why it was ended, for the scan's own reason. */
	reason: string | null;
	readonly beganAt: number;
}

export class ScanManager {
	readonly #deps: ManagerDependencies;
	readonly #book: ScanBook;
	readonly #active = new Map<number, Active>();
	readonly #queue: number[] = [];
	/** Waiting for their windows. */
	readonly #waiting = new Set<number>();
	readonly #windows: WindowWatch;
	/** Whose stop was completed by `recover`; what was found of their hosts is still to be kept. */
	readonly #halfStopped: number[] = [];
	#suspended = false;

	constructor(deps: ManagerDependencies) {
		this.#deps = deps;
		this.#book = new ScanBook({
			...deps,
			save: (scan, coverage) => deps.journal.save(scan, coverage),
			findCoverage: (scan) => deps.journal.coverage(scan).last,
		});
		const { now, setTimer } = deps;
		this.#windows = new WindowWatch({ now, setTimer, onTime: () => this.#review() });
	}

	/** Takes a scan that is stored as queued. */
	enqueue(scan: number): void {
		if (!this.#queue.includes(scan) && !this.#active.has(scan)) this.#queue.push(scan);
		this.#pump();
	}

	/**
	 * Takes up what an earlier process left: half-done stops are completed, running and queued scans stand first in the
	 * queue. Call it before anybody can start a scan, and `begin` when they may go on.
	 */
	recover(unfinished: readonly Scan[]): void {
		for (const scan of unfinished) {
			const still = { ...scan, rate: 0, etaMs: null };
			if (scan.status === "pausing" || scan.status === "cancelling") {
				const isPaused = scan.status === "pausing";
				this.#book.put(isPaused ? { ...still, status: "paused" } : this.#closed(scan, "cancelled", scan.reason));
				this.#halfStopped.push(scan.id);
			} else if (scan.status === "waiting") this.#waiting.add(scan.id);
			else if (scan.status === "queued" || scan.status === "running") {
				if (scan.status === "running") this.#book.put({ ...still, status: "queued" });
				this.#queue.push(scan.id);
			}
		}
	}

	/** Begins what waits, as far as there is room. */
	begin(): void {
		for (const id of this.#halfStopped.splice(0)) void this.#keepLeft(id);
		this.#review();
	}

	/** The scan as it stands this moment, also while it runs. */
	current(id: number): Scan {
		const active = this.#active.get(id);
		return active?.run == null ? this.#book.get(id) : standing(active.run, active);
	}

	/** What it asked and what came of it, as it stands this moment; null for a scan that has not begun. */
	coverage(id: number): ScanCoverage | null {
		const scan = this.current(id);
		const coverage = this.#active.get(id)?.run?.coverage(scan.status) ?? this.#book.coverage(id);
		if (coverage === null) return null;
		return { ...coverage, notReachedBecause: whyNotReached(coverage.addresses, scan.status) };
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
		if (scan.status !== "queued" && scan.status !== "waiting")
			throw conflict(scan, "pause", "Only queued, waiting and running scans can be paused.");
		this.#unqueue(id);
		this.#book.put({ ...scan, status: "paused", reason, ignoreWindow: false, continuesAt: null });
		return this.#keepLeft(id);
	}

	/** `ignoreWindow`: at once, and until it is paused or over. */
	resume(id: number, { ignoreWindow }: { ignoreWindow: boolean } = { ignoreWindow: false }): Scan {
		const scan = this.#get(id);
		if (scan.status === "waiting" && !ignoreWindow) throw waits(scan);
		if (scan.status !== "paused" && scan.status !== "waiting")
			throw conflict(scan, "resume", "Only paused scans can be resumed.");
		this.#unqueue(id);
		this.#book.put({ ...scan, status: "queued", reason: null, ignoreWindow, continuesAt: null });
		this.enqueue(id);
		return this.current(id);
	}

	async cancel(id: number): Promise<Scan> {
		const scan = this.#get(id);
		const active = this.#active.get(id);
		if (active !== undefined) return this.#end(id, active, "cancel", null);
		if (scan.status !== "queued" && scan.status !== "paused" && scan.status !== "waiting")
			throw conflict(scan, "cancel", "It is already over.");
		this.#unqueue(id);
		this.#book.put(this.#closed(scan, "cancelled", null));
		return this.#keepLeft(id);
	}

	/** Pauses everything; resolves when no packet leaves any more. */
	async stopAll(): Promise<number[]> {
		const ids = [...new Set([...this.#queue, ...this.#active.keys(), ...this.#waiting])];
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
		this.#windows.close();
		this.#queue.length = 0;
		await Promise.all(
			[...this.#active.values()].map((active) => {
				if (active.end === null || active.end === "replan" || active.end === "wait") active.end = "suspend";
				active.controller.abort();
				return active.ended;
			}),
		);
		this.#book.close();
	}

	#pump(): void {
		while (!this.#suspended && this.#active.size < scansInParallel) {
			const id = this.#queue.shift();
			if (id === undefined) return;
			try {
				const scan = this.#book.get(id);
				if (this.#windows.isOpen(scan)) this.#begin(scan);
				else this.#wait(scan);
			} catch (err) {
				this.#deps.onFault(id, err);
			}
		}
	}

	#wait(scan: Scan): void {
		const continuesAt = this.#windows.opensAt(scan);
		this.#waiting.add(scan.id);
		this.#book.put({ ...scan, status: "waiting", reason: "Its window is closed.", continuesAt });
		this.#followWindows();
	}

	/** Windows may have opened or closed: those that wait go on, those at work halt. */
	#review(): void {
		if (this.#suspended) return;
		for (const id of [...this.#waiting]) {
			try {
				const scan = this.#get(id);
				if (!this.#windows.isOpen(scan)) continue;
				this.#waiting.delete(id);
				this.#book.put({ ...scan, status: "queued", reason: null, continuesAt: null });
				this.#queue.push(id);
			} catch (err) {
				this.#deps.onFault(id, err);
			}
		}
		for (const [id, active] of this.#active) {
			const scan = this.current(id);
			if (this.#windows.isSpent(scan, active.beganAt)) {
				void this.#end(id, active, "pause", "It has run as long as it was to; resume it to go on.");
			} else if (!this.#windows.isOpen(scan)) {
				if (active.end === null || active.end === "replan") active.end = "wait";
				active.controller.abort();
			}
		}
		this.#pump();
		this.#followWindows();
	}

	#followWindows(): void {
		if (this.#suspended) return;
		const scans = [...this.#waiting, ...this.#active.keys()].map((id) => this.current(id));
		this.#windows.follow(scans.filter(({ window }) => window != null));
	}

	#begin(scan: Scan): void {
		const controller = new AbortController();
		const startedAt = scan.startedAt ?? new Date(this.#deps.now()).toISOString();
		const started = this.#book.put({ ...scan, status: "running", reason: null, startedAt });
		const active: Active = {
			...{ run: null, reach: null, controller, ended: Promise.resolve(), end: null, reason: null },
			beganAt: this.#deps.now(),
		};
		this.#active.set(scan.id, active);
		active.ended = this.#carryOut(started, active)
			.catch((err: unknown) => {
				controller.abort();
				this.#deps.onFault(scan.id, err);
				return err instanceof AppError ? err : ("fault" as const);
			})
			.then(async (how) => {
				await this.#keepOf(scan.id, active, how);
				this.#settle(started, active, how);
			})
			.catch((err: unknown) => this.#deps.onFault(scan.id, err));
		if (scan.window != null) this.#followWindows();
	}

	async #carryOut(scan: Scan, active: Active): Promise<"finished" | "stopped"> {
		const { signal } = active.controller;
		const plan = await unlessAborted(this.#deps.planOf(scan), signal);
		if (plan === null) return "stopped";
		const onResults = (results: ScanResult[]) => this.#deps.onResults(scan.id, results);
		const run = new ScanRun(scan, plan, { ...this.#deps, onResults }, signal);
		active.run = run;
		active.reach = AddressSet.fromText(plan.guard.allow).subtract(AddressSet.fromText(plan.guard.deny));
		const note = (current: Scan) => this.#book.note(current, run.coverage(current.status, longestUnsavedMs));
		note(standing(run, active));
		let tellings = 0;
		const timer = setInterval(() => {
			const current = standing(run, active);
			if (++tellings % saveEvery === 0) note(current);
			this.#deps.onScan(current);
		}, tellEveryMs);
		try {
			return await run.run();
		} finally {
			clearInterval(timer);
		}
	}

	/** What becomes of a scan whose run is over. What somebody asked for counts more than a failure on the way there. */
	#settle(started: Scan, active: Active, how: "finished" | "stopped" | "fault" | AppError): void {
		const { end, reason } = active;
		this.#active.delete(started.id);
		const snapshot = { ...(active.run?.snapshot() ?? started), rate: 0, etaMs: null, reason };
		const coverage = this.#lastCoverage(active);
		const put = (scan: Scan) => this.#book.put(scan, coverage);
		if (how === "finished") put(this.#finished(snapshot, active));
		else if (end === "cancel") put(this.#closed(snapshot, "cancelled", null));
		else if (end === "suspend") this.#book.note({ ...snapshot, status: "running" }, coverage);
		else if (how === "fault") put(this.#closed(snapshot, "error", "It failed inside Vedette; the log says why."));
		else if (how instanceof AppError && !mayPass(how)) put(this.#closed(snapshot, "error", how.message));
		else if (how instanceof AppError) put({ ...snapshot, status: "paused", reason: reason ?? outageOf(how) });
		else if (end === "replan") {
			// The next part of the run takes the books up from here.
			this.#book.note({ ...snapshot, status: "running" }, coverage);
			this.#begin({ ...snapshot, status: "running" });
		} else if (end === "wait") {
			this.#book.note({ ...snapshot, status: "running" }, coverage);
			this.#wait(snapshot);
		} else put({ ...snapshot, status: "paused", ignoreWindow: false });
		this.#pump();
	}

	/**
	 * What was found of hosts in work becomes evidence when the scan does not go on by itself. Never rejects: a full disk
	 * keeps no scan from being stopped.
	 */
	async #keepOf(scan: number, { run, end }: Active, how: "finished" | "stopped" | "fault" | AppError): Promise<void> {
		const goesOn = end === "suspend" || (how === "stopped" && (end === "replan" || end === "wait"));
		if (run === null || how === "finished" || goesOn) return;
		await run.keepLeft().catch((err: unknown) => this.#deps.onFault(scan, err));
	}

	/** The same for a scan that is not at work: one that waits, or that an earlier process left. */
	async #keepLeft(id: number): Promise<Scan> {
		const scan = this.#get(id);
		if (scan.startedAt === null) return scan;
		try {
			const { journal, now } = this.#deps;
			const { services, findings, newFindings, fixedFindings } = await keepLeftOf(id, { journal, now });
			const since = this.#get(id);
			// Somebody may have told it to go on meanwhile.
			if (since.status !== scan.status) return since;
			return this.#book.put({ ...since, services, findings, newFindings, fixedFindings });
		} catch (err) {
			this.#deps.onFault(id, err);
			return this.#get(id);
		}
	}

	/** Undefined when there is none, or when the store cannot even be read. */
	#lastCoverage({ run }: Active): ScanCoverage | undefined {
		try {
			return run?.coverage("running");
		} catch {
			return undefined;
		}
	}

	#finished(scan: Scan, { run, reach }: Active): Scan {
		const nobody =
			reach?.size === 0
				? "Everything it was to scan is excluded by now; see why with: vedette exclude list"
				: "No address answered: check the targets, or that nothing on the way drops the probes.";
		const ghosts = scan.hosts.ghosts ?? 0;
		const onlyGhosts = "Nothing that answered is a host: something answers for them. See why with: vedette ghosts";
		const shortfall = run?.shortfall ?? null;
		const reason = shortfall ?? (scan.hosts.alive > 0 ? null : ghosts > 0 ? onlyGhosts : nobody);
		const partial = scan.partial || shortfall !== null;
		return { ...this.#closed(scan, "finished", reason), partial, progress: 1 };
	}

	#closed(scan: Scan, status: RunStatus, reason: string | null): Scan {
		return { ...scan, status, reason, rate: 0, etaMs: null, finishedAt: new Date(this.#deps.now()).toISOString() };
	}

	/** Sending ends first: nothing that is written or told may hold it up. Cancelling outdoes pausing. */
	async #end(id: number, active: Active, end: "pause" | "cancel", reason: string | null): Promise<Scan> {
		if (active.end !== "cancel" || end === "cancel") Object.assign(active, { end, reason });
		active.controller.abort();
		this.#book.put(active.run === null ? { ...this.#get(id), ...saying(active) } : standing(active.run, active));
		await active.ended;
		return this.#get(id);
	}

	#unqueue(id: number): void {
		this.#waiting.delete(id);
		const place = this.#queue.indexOf(id);
		if (place >= 0) this.#queue.splice(place, 1);
	}

	#get(id: number): Scan {
		return this.#book.get(id);
	}
}

/** What a scan at work is called: by what it was asked to become. */
function saying({ end, reason }: Active): { status: RunStatus; reason: string | null } {
	if (end === "cancel") return { status: "cancelling", reason };
	return end === "pause" ? { status: "pausing", reason } : { status: "running", reason: null };
}

function standing(run: ScanRun, active: Active): Scan {
	return { ...run.snapshot(), ...saying(active) };
}

/** Null when the signal comes first; the work's own failure is then nobody's business. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
	return new Promise((resolve, reject) => {
		if (signal.aborted) resolve(null);
		signal.addEventListener("abort", () => resolve(null), { once: true });
		work.then(resolve, reject);
	});
}

/** A failure of this machine that can be mended: the scan waits for that, it is not over. */
function mayPass(failure: AppError): boolean {
	return failure.code === "unavailable" || failure.code === "busy";
}

function outageOf(failure: AppError): string {
	return `${failure.message} Nothing found so far is lost; resume the scan when that is mended.`;
}

function waits(scan: Scan): AppError {
	const when =
		scan.continuesAt == null ? "" : ` and goes on by itself at ${scan.continuesAt.slice(0, 16).replace("T", " ")} UTC`;
	return new AppError("conflict", `Scan ${scan.id} waits for its window${when}.`, {
		hint: `To run it now all the same: vedette scans resume ${scan.id} --ignore-window`,
	});
}

function conflict(scan: Scan, verb: string, hint: string): AppError {
	return new AppError("conflict", `Scan ${scan.id} is ${scan.status}; you cannot ${verb} it.`, { hint });
}
