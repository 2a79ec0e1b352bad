/**
 * All scans of the daemon: what the queue of runs is told of a scan, how one is carried out, and what is kept of one that ends
 * before it is over.
 */
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import { RunBook } from "../runs/run-book.ts";
import type { Active, Ending, RunOwner } from "../runs/run-owner.ts";
import { RunQueue } from "../runs/run-queue.ts";
import { AddressSet } from "../scope/address-set.ts";
import { whyNotReached } from "./ledger.ts";
import { keepLeftOf } from "./left-hosts.ts";
import type { ScanPlan } from "./plan.ts";
import { type RunDependencies, ScanRun } from "./run.ts";

export interface ManagerDependencies extends Omit<RunDependencies, "onResults"> {
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

/** What is kept of a scan while it is at work. */
interface Own {
	/** Null while it is being planned. */
	run: ScanRun | null;
	/** What it may reach; null while it is being planned. */
	reach: AddressSet | null;
}

const words = { one: "Scan", many: "scans", list: "vedette scans", resume: "vedette scans resume" };

export class ScanManager {
	readonly #deps: ManagerDependencies;
	readonly #book: RunBook<Scan, ScanCoverage>;
	readonly #queue: RunQueue<Scan, Own, Ending>;

	constructor(deps: ManagerDependencies) {
		this.#deps = deps;
		this.#book = new RunBook({
			...{ words, find: deps.findScan, onRun: deps.onScan, onFault: deps.onFault },
			save: (scan, coverage) => deps.journal.save(scan, coverage),
			findCoverage: (scan) => deps.journal.coverage(scan).last,
		});
		this.#queue = new RunQueue(this.#owner());
	}

	#owner(): RunOwner<Scan, Own, Ending> {
		const { now, setTimer, onFault } = this.#deps;
		return {
			...{ words, inParallel: scansInParallel },
			...{ now, setTimer, onFault },
			get: (id) => this.#book.get(id),
			put: (scan, own) => this.#book.put(scan, own && lastCoverage(own)),
			note: (scan, own) => this.#book.note(scan, lastCoverage(own)),
			still: (scan) => ({ ...scan, rate: 0, etaMs: null }),
			open: () => ({ run: null, reach: null }),
			standing: (id, { run }) => run?.snapshot() ?? this.#book.get(id),
			reachOf: (_, { reach }) => reach,
			carryOut: (scan, active) => this.#carryOut(scan, active),
			finished: (scan, own) => finished(scan, own),
			conclude: (id, own) => this.#keepOf(id, own),
			keep: (id) => this.#keepLeft(id),
		};
	}

	/** Takes a scan that is stored as queued. */
	enqueue(scan: number): void {
		this.#queue.enqueue(scan);
	}

	/** As `RunQueue.recover`. */
	recover(unfinished: readonly Scan[]): void {
		this.#queue.recover(unfinished);
	}

	/** Begins what waits, as far as there is room. */
	begin(): void {
		this.#queue.begin();
	}

	/** The scan as it stands this moment, also while it runs. */
	current(id: number): Scan {
		return this.#queue.current(id);
	}

	/** What it asked and what came of it, as it stands this moment; null for a scan that has not begun. */
	coverage(id: number): ScanCoverage | null {
		const scan = this.current(id);
		const coverage = this.#queue.own(id)?.run?.coverage(scan.status) ?? this.#book.coverage(id);
		if (coverage === null) return null;
		return { ...coverage, notReachedBecause: whyNotReached(coverage.addresses, scan.status) };
	}

	/** Number of scans that may be sending. */
	get running(): number {
		return this.#queue.running;
	}

	/** Resolves when nothing is sent any more. `reason` is shown with the scan. */
	pause(id: number, reason: string | null = null): Promise<Scan> {
		return this.#queue.pause(id, reason);
	}

	/** `ignoreWindow`: at once, and until it is paused or over. */
	resume(id: number, how?: { ignoreWindow: boolean }): Scan {
		return this.#queue.resume(id, how);
	}

	cancel(id: number): Promise<Scan> {
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

	async #carryOut(scan: Scan, { own, controller: { signal } }: Active<Own>): Promise<Ending> {
		const plan = await unlessAborted(this.#deps.planOf(scan), signal);
		if (plan === null) return { how: "stopped" };
		const onResults = (results: ScanResult[]) => this.#deps.onResults(scan.id, results);
		const run = new ScanRun(scan, plan, { ...this.#deps, onResults }, signal);
		own.run = run;
		own.reach = AddressSet.fromText(plan.guard.allow).subtract(AddressSet.fromText(plan.guard.deny));
		const note = (current: Scan) => this.#book.note(current, run.coverage(current.status, longestUnsavedMs));
		note(this.current(scan.id));
		let tellings = 0;
		const timer = setInterval(() => {
			const current = this.current(scan.id);
			if (++tellings % saveEvery === 0) note(current);
			this.#deps.onScan(current);
		}, tellEveryMs);
		try {
			return { how: await run.run() };
		} finally {
			clearInterval(timer);
		}
	}

	/**
	 * What was found of hosts in work becomes evidence when the scan does not go on by itself. Never rejects: a full disk
	 * keeps no scan from being stopped.
	 */
	async #keepOf(scan: number, { run }: Own): Promise<void> {
		await run?.keepLeft().catch((err: unknown) => this.#deps.onFault(scan, err));
	}

	/** The same for a scan that is not at work: one that waits, or that an earlier process left. */
	async #keepLeft(id: number): Promise<Scan> {
		const scan = this.#book.get(id);
		if (scan.startedAt === null) return scan;
		try {
			const { journal, now } = this.#deps;
			const { services, findings, newFindings, fixedFindings } = await keepLeftOf(id, { journal, now });
			const since = this.#book.get(id);
			// Somebody may have told it to go on meanwhile.
			if (since.status !== scan.status) return since;
			return this.#book.put({ ...since, services, findings, newFindings, fixedFindings });
		} catch (err) {
			this.#deps.onFault(id, err);
			return this.#book.get(id);
		}
	}
}

function finished(scan: Scan, { run, reach }: Own): Scan {
	const nobody =
		reach?.size === 0
			? "Everything it was to scan is excluded by now; see why with: vedette exclude list"
			: "No address answered: check the targets, or that nothing on the way drops the probes.";
	const ghosts = scan.hosts.ghosts ?? 0;
	const onlyGhosts = "Nothing that answered is a host: something answers for them. See why with: vedette ghosts";
	const shortfall = run?.shortfall ?? null;
	const reason = shortfall ?? (scan.hosts.alive > 0 ? null : ghosts > 0 ? onlyGhosts : nobody);
	const partial = scan.partial || shortfall !== null;
	return { ...scan, reason, partial, progress: 1 };
}

/** Undefined when there is none, or when the store cannot even be read. */
function lastCoverage({ run }: Own): ScanCoverage | undefined {
	try {
		return run?.coverage("running");
	} catch {
		return undefined;
	}
}

/** Null when the signal comes first; the work's own failure is then nobody's business. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
	return new Promise((resolve, reject) => {
		if (signal.aborted) resolve(null);
		signal.addEventListener("abort", () => resolve(null), { once: true });
		work.then(resolve, reject);
	});
}
