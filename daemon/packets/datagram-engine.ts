/** The datagram engine as the rest of the daemon sees it: jobs in, batches out, the work on a worker thread that ends when idle. */
import { Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { workerUrl } from "../worker-url.ts";
import { WorkerDatagramRun } from "./datagram-run.ts";
import type { DatagramEngine, DatagramJob } from "./datagrams/job.ts";
import type { FromDatagramWorker, ToDatagramWorker } from "./datagrams/messages.ts";
import type { AddressGuard } from "./engine.ts";
import { type LimitClaim, type LimitMemory, LimitTable } from "./limit-table.ts";
import type { DatagramWorkerOptions, SenderOptions } from "./messages.ts";

export interface DatagramEngineOptions {
	/** The thread is ended when there was no job for so long, and started again by the next one. Default 15,000. */
	readonly idleMs?: number;
	/** Shared with all other engines that its limits are to hold over. Default: its own. */
	readonly limits?: LimitTable;
	/** Why ARP, ACKs and raw echo requests are not wanted though they may be allowed (a clause). Default: they are. */
	readonly notRaw?: string | null;
}

/** No thread is started before the first job. The caller closes it. */
export function createDatagramEngine({
	idleMs = 15_000,
	limits,
	notRaw = null,
}: DatagramEngineOptions = {}): DatagramEngine {
	return new WorkerDatagramEngine(idleMs, limits ?? new LimitTable(), notRaw);
}

/** A running worker and what it has been told. */
interface Link {
	readonly worker: Worker;
	readonly exited: Promise<void>;
	readonly runs: Map<number, { run: WorkerDatagramRun; claim: LimitClaim }>;
	readonly guards: Map<AddressGuard, { id: number; runs: Set<number> }>;
}

class WorkerDatagramEngine implements DatagramEngine {
	private readonly idleMs: number;
	private readonly limits: LimitTable;
	private readonly notRaw: string | null;
	private link: Link | null = null;
	private idleTimer: NodeJS.Timeout | undefined;
	private nextRun = 1;
	private closed = false;

	constructor(idleMs: number, limits: LimitTable, notRaw: string | null) {
		this.idleMs = idleMs;
		this.notRaw = notRaw;
		this.limits = limits;
	}

	run(job: DatagramJob): WorkerDatagramRun {
		const id = this.nextRun++;
		if (this.closed) return neverBegun(job, stopped(undefined));
		clearTimeout(this.idleTimer);
		let link: Link;
		let claim: LimitClaim;
		try {
			link = this.link ?? this.connect();
			claim = this.limits.claim(job);
		} catch (err) {
			if (this.link !== null) this.endWhenIdle(this.link);
			return neverBegun(job, err instanceof AppError ? err : stopped(err));
		}
		const say = (message: ToDatagramWorker) => link.worker.postMessage(message);
		const run = new WorkerDatagramRun(job, (message) => say({ ...message, run: id }));
		link.runs.set(id, { run, claim });
		const { guard, shared: _, ...bare } = job;
		say({ kind: "start", run: id, job: bare, guard: guard === undefined ? null : shareGuard(link, guard, id), claim });
		return run;
	}

	async close(): Promise<void> {
		this.closed = true;
		clearTimeout(this.idleTimer);
		const { link } = this;
		if (link === null) return;
		await Promise.all([...link.runs.values()].map(({ run }) => run.stop()));
		await this.disconnect(link);
	}

	private connect(): Link {
		const limits: LimitMemory = this.limits.join();
		const worker = new Worker(workerUrl("datagram-worker"), {
			workerData: { limits, notRaw: this.notRaw } satisfies SenderOptions & DatagramWorkerOptions,
			name: "datagram-worker",
			execArgv: [],
		});
		const exited = Promise.withResolvers<void>();
		const link: Link = { worker, exited: exited.promise, runs: new Map(), guards: new Map() };
		worker.on("message", (message: FromDatagramWorker) => this.receive(link, message));
		worker.on("error", (cause) => this.fail(link, stopped(cause)));
		worker.on("exit", () => {
			this.fail(link, stopped(undefined));
			this.limits.leave(limits);
			exited.resolve();
		});
		this.link = link;
		return link;
	}

	private async disconnect(link: Link): Promise<void> {
		if (this.link === link) this.link = null;
		link.worker.postMessage({ kind: "close" } satisfies ToDatagramWorker);
		await link.exited;
	}

	private receive(link: Link, message: FromDatagramWorker): void {
		const known = link.runs.get(message.run);
		if (known === undefined) return;
		if (message.kind === "batch") {
			known.run.push(message);
			return;
		}
		link.runs.delete(message.run);
		releaseGuard(link, message.run);
		this.limits.release(known.claim);
		const { failed, note } = message;
		const failure = failed === undefined ? null : new AppError("unavailable", failed.message, { hint: failed.hint });
		known.run.end(failure, note);
		this.endWhenIdle(link);
	}

	/** The next job gets a new worker; those of this one have failed. */
	private fail(link: Link, failure: AppError): void {
		if (this.link === link) this.link = null;
		for (const { run, claim } of link.runs.values()) {
			this.limits.release(claim);
			run.end(failure);
		}
		link.runs.clear();
	}

	private endWhenIdle(link: Link): void {
		clearTimeout(this.idleTimer);
		if (this.closed || link.runs.size > 0) return;
		this.idleTimer = setTimeout(() => {
			if (this.link === link && link.runs.size === 0) void this.disconnect(link);
		}, this.idleMs).unref();
	}
}

/** Carries a guard over once for all runs that use it at the same time. */
function shareGuard(link: Link, ranges: AddressGuard, run: number): number {
	let shared = link.guards.get(ranges);
	if (shared === undefined) {
		shared = { id: run, runs: new Set() };
		link.guards.set(ranges, shared);
		link.worker.postMessage({ kind: "guard", guard: shared.id, ranges } satisfies ToDatagramWorker);
	}
	shared.runs.add(run);
	return shared.id;
}

function releaseGuard(link: Link, run: number): void {
	for (const [ranges, shared] of link.guards) {
		if (!shared.runs.delete(run) || shared.runs.size > 0) continue;
		link.guards.delete(ranges);
		link.worker.postMessage({ kind: "forget", guard: shared.id } satisfies ToDatagramWorker);
	}
}

function neverBegun(job: DatagramJob, failure: AppError): WorkerDatagramRun {
	const never = new WorkerDatagramRun(job, () => {});
	never.end(failure);
	return never;
}

function stopped(cause: unknown): AppError {
	return new AppError("unavailable", "The thread that sends datagrams has stopped.", {
		hint: "Start the scan again; the daemon's log says what happened.",
		cause,
	});
}
