/** The connect engine as the rest of the daemon sees it: jobs in, batches out, the work on a worker thread. */
import { Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { type WorkerName, workerUrl } from "../worker-url.ts";
import { describeBackEnd } from "./back-end.ts";
import { ConnectRun } from "./connect-run.ts";
import type { AddressGuard, PortEngine, PortJob } from "./engine.ts";
import { loadLibc } from "./libc.ts";
import { type LimitClaim, type LimitMemory, LimitTable } from "./limit-table.ts";
import type { BackEnd, FromWorker, SenderOptions, ToWorker, WorkerOptions } from "./messages.ts";

export interface ConnectEngineOptions {
	/** `auto` takes epoll where libc can be called and node:net elsewhere. Default auto. */
	readonly backEnd?: BackEnd;
	/** Attempts open at once over all jobs; capped by the descriptor limit. Default 8,192. */
	readonly maxInFlight?: number;
	/** The thread is ended when there was no job for so long, and started again by the next one. Default 15,000. */
	readonly idleMs?: number;
	/** Shared with all other engines that its limits are to hold over. Default: its own. */
	readonly limits?: LimitTable;
}

/** Starts the engine once to learn what it is. Rejects with `unavailable` when it cannot start. The caller closes it. */
export async function createConnectEngine(options: ConnectEngineOptions = {}): Promise<PortEngine> {
	const engine = engineOf(options);
	await engine.start();
	return engine;
}

/** The same engine without a thread until the first job; what it will be is told by looking for libc here. */
export function prepareConnectEngine(options: ConnectEngineOptions = {}): PortEngine {
	const engine = engineOf(options);
	const { name, reason } = describeBackEnd(options.backEnd ?? "auto", loadLibc());
	engine.name = name;
	engine.reason = reason;
	return engine;
}

function engineOf(options: ConnectEngineOptions): WorkerEngine {
	const workerData: WorkerOptions = { backEnd: options.backEnd ?? "auto", maxInFlight: options.maxInFlight ?? 8_192 };
	return new WorkerEngine("connect-worker", workerData, options.idleMs ?? 15_000, options.limits);
}

/** A running worker and what it has been told. */
interface Link {
	readonly worker: Worker;
	readonly ready: PromiseWithResolvers<void>;
	readonly exited: Promise<void>;
	readonly runs: Map<number, ConnectRun>;
	readonly guards: Map<AddressGuard, { id: number; runs: Set<number> }>;
	readonly claims: Map<number, LimitClaim>;
}

/** An engine whose work is done by a worker thread that speaks `messages.ts`. */
export class WorkerEngine implements PortEngine {
	name = "connect";
	reason = "";
	private readonly workerName: WorkerName;
	private readonly workerData: object;
	private readonly limits: LimitTable;
	private readonly idleMs: number;
	private link: Link | null = null;
	private idleTimer: NodeJS.Timeout | undefined;
	private nextRun = 1;
	private closed = false;

	constructor(workerName: WorkerName, workerData: object, idleMs: number, limits = new LimitTable()) {
		this.limits = limits;
		this.workerName = workerName;
		this.workerData = workerData;
		this.idleMs = idleMs;
	}

	async start(): Promise<void> {
		const link = this.connect();
		this.endWhenIdle(link);
		await link.ready.promise;
	}

	run(job: PortJob): ConnectRun {
		const id = this.nextRun++;
		if (this.closed) return neverBegun(job, stopped(undefined));
		clearTimeout(this.idleTimer);
		let link: Link;
		let claim: LimitClaim;
		try {
			link = this.link ?? this.connect();
			claim = this.limits.claim(job);
		} catch (err) {
			if (this.link !== null && this.link.runs.size === 0) this.endWhenIdle(this.link);
			return neverBegun(job, err instanceof AppError ? err : stopped(err));
		}
		const run = new ConnectRun(job, (message) => link.worker.postMessage({ ...message, run: id } satisfies ToWorker));
		link.runs.set(id, run);
		link.claims.set(id, claim);
		const { guard, shared: _, ...bare } = job;
		const guardId = guard === undefined ? null : shareGuard(link, guard, id);
		link.worker.postMessage({ kind: "start", run: id, job: bare, guard: guardId, claim } satisfies ToWorker);
		return run;
	}

	async close(): Promise<void> {
		this.closed = true;
		clearTimeout(this.idleTimer);
		const { link } = this;
		if (link === null) return;
		await Promise.all([...link.runs.values()].map((run) => run.stop()));
		await this.disconnect(link);
	}

	private connect(): Link {
		const limits: LimitMemory = this.limits.join();
		const worker = new Worker(workerUrl(this.workerName), {
			workerData: { ...this.workerData, limits } satisfies SenderOptions,
			name: this.workerName,
			execArgv: [],
			// Its objects live for milliseconds: a larger nursery costs 90 MB and gains nothing.
			resourceLimits: { maxYoungGenerationSizeMb: 4 },
		});
		const exited = Promise.withResolvers<void>();
		const link: Link = {
			worker,
			ready: Promise.withResolvers(),
			exited: exited.promise,
			runs: new Map(),
			guards: new Map(),
			claims: new Map(),
		};
		// Only `start` waits for it; a failure reaches everyone else through their runs.
		link.ready.promise.catch(() => {});
		worker.on("message", (message: FromWorker) => this.receive(link, message));
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
		link.worker.postMessage({ kind: "close" } satisfies ToWorker);
		await link.exited;
	}

	private receive(link: Link, message: FromWorker): void {
		if (message.kind === "ready") {
			this.name = message.name;
			this.reason = message.reason;
			link.ready.resolve();
			return;
		}
		const run = link.runs.get(message.run);
		if (run === undefined) return;
		if (message.kind === "batch") {
			run.push(message);
			return;
		}
		link.runs.delete(message.run);
		releaseGuard(link, message.run);
		this.release(link, message.run);
		const { failed } = message;
		run.end(failed === undefined ? null : new AppError("unavailable", failed.message, { hint: failed.hint }), message);
		if (link.runs.size === 0) this.endWhenIdle(link);
	}

	/** The next job gets a new worker; those of this one have failed. */
	private fail(link: Link, failure: AppError): void {
		if (this.link === link) this.link = null;
		link.ready.reject(failure);
		for (const [id, run] of link.runs) {
			this.release(link, id);
			run.end(failure);
		}
		link.runs.clear();
	}

	private release(link: Link, run: number): void {
		const claim = link.claims.get(run);
		link.claims.delete(run);
		if (claim !== undefined) this.limits.release(claim);
	}

	private endWhenIdle(link: Link): void {
		clearTimeout(this.idleTimer);
		if (this.closed) return;
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
		link.worker.postMessage({ kind: "guard", guard: shared.id, ranges } satisfies ToWorker);
	}
	shared.runs.add(run);
	return shared.id;
}

function releaseGuard(link: Link, run: number): void {
	for (const [ranges, shared] of link.guards) {
		if (!shared.runs.delete(run) || shared.runs.size > 0) continue;
		link.guards.delete(ranges);
		link.worker.postMessage({ kind: "forget", guard: shared.id } satisfies ToWorker);
	}
}

function neverBegun(job: PortJob, failure: AppError): ConnectRun {
	const never = new ConnectRun(job, () => {});
	never.end(failure);
	return never;
}

function stopped(cause: unknown): AppError {
	return new AppError("unavailable", "The thread that asks ports has stopped.", {
		hint: "Start the scan again; the daemon's log says what happened.",
		cause,
	});
}
