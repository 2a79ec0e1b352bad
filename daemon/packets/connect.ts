/** The connect engine as the rest of the daemon sees it: jobs in, batches out, the work on a worker thread. */
import { Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { workerUrl } from "../worker-url.ts";
import {
	type AddressGuard,
	type PortBatch,
	type PortEngine,
	type PortJob,
	type PortRun,
	pairStates,
} from "./engine.ts";
import type { AnswerColumns, BackEnd, FromWorker, ToWorker, WorkerOptions } from "./messages.ts";

export interface ConnectEngineOptions {
	/** `auto` takes epoll where libc can be called and node:net elsewhere. Default auto. */
	readonly backEnd?: BackEnd;
	/** Attempts open at once over all jobs; capped by the descriptor limit. Default 8,192. */
	readonly maxInFlight?: number;
}

/** Starts the worker. Rejects with `unavailable` when it cannot start. The caller closes the engine. */
export async function createConnectEngine(options: ConnectEngineOptions = {}): Promise<PortEngine> {
	const workerData: WorkerOptions = { backEnd: options.backEnd ?? "auto", maxInFlight: options.maxInFlight ?? 8_192 };
	const worker = new Worker(workerUrl("connect-worker"), { workerData, name: "connect", execArgv: [] });
	const engine = new ConnectEngine(worker);
	await engine.ready;
	return engine;
}

class ConnectEngine implements PortEngine {
	name = "";
	reason = "";
	/** Resolves when the worker has told what it is. */
	readonly ready: Promise<void>;
	private readonly worker: Worker;
	private readonly runs = new Map<number, Run>();
	private readonly guards = new Map<AddressGuard, { id: number; runs: Set<number> }>();
	private readonly exited: Promise<void>;
	private readonly settleReady: PromiseWithResolvers<void>;
	private nextRun = 1;
	private failure: AppError | null = null;

	constructor(worker: Worker) {
		this.worker = worker;
		const ready = Promise.withResolvers<void>();
		this.ready = ready.promise;
		this.settleReady = ready;
		worker.on("message", (message: FromWorker) => this.receive(message));
		worker.on("error", (cause) => this.fail(stopped(cause)));
		this.exited = new Promise((resolve) => {
			worker.on("exit", () => {
				this.fail(stopped(undefined));
				resolve();
			});
		});
	}

	run(job: PortJob): PortRun {
		const id = this.nextRun++;
		const run = new Run(job, (message) => this.worker.postMessage({ ...message, run: id } satisfies ToWorker));
		if (this.failure !== null) {
			run.end(this.failure);
			return run;
		}
		this.runs.set(id, run);
		const { guard, ...bare } = job;
		const guardId = guard === undefined ? null : this.shareGuard(guard, id);
		this.worker.postMessage({ kind: "start", run: id, job: bare, guard: guardId } satisfies ToWorker);
		return run;
	}

	async close(): Promise<void> {
		await Promise.all([...this.runs.values()].map((run) => run.stop()));
		this.worker.postMessage({ kind: "close" } satisfies ToWorker);
		await this.exited;
	}

	private receive(message: FromWorker): void {
		if (message.kind === "ready") {
			this.name = message.name;
			this.reason = message.reason;
			this.settleReady.resolve();
			return;
		}
		const run = this.runs.get(message.run);
		if (run === undefined) return;
		if (message.kind === "batch") {
			run.push(message);
			return;
		}
		this.runs.delete(message.run);
		this.releaseGuard(message.run);
		run.end(null);
	}

	/** Carries a guard over once for all runs that use it at the same time. */
	private shareGuard(ranges: AddressGuard, run: number): number {
		let shared = this.guards.get(ranges);
		if (shared === undefined) {
			shared = { id: run, runs: new Set() };
			this.guards.set(ranges, shared);
			this.worker.postMessage({ kind: "guard", guard: shared.id, ranges } satisfies ToWorker);
		}
		shared.runs.add(run);
		return shared.id;
	}

	private releaseGuard(run: number): void {
		for (const [ranges, shared] of this.guards) {
			if (!shared.runs.delete(run) || shared.runs.size > 0) continue;
			this.guards.delete(ranges);
			this.worker.postMessage({ kind: "forget", guard: shared.id } satisfies ToWorker);
		}
	}

	private fail(failure: AppError): void {
		this.failure ??= failure;
		this.settleReady.reject(this.failure);
		for (const run of this.runs.values()) run.end(this.failure);
		this.runs.clear();
	}
}

type Batch = Extract<FromWorker, { kind: "batch" }>;

class Run implements PortRun {
	private readonly job: PortJob;
	private readonly send: (message: { kind: "stop" } | { kind: "taken"; answers: number }) => void;
	private readonly batches: Batch[] = [];
	private readonly ended = Promise.withResolvers<void>();
	private over = false;
	private failure: AppError | null = null;
	private wake: (() => void) | null = null;

	constructor(job: PortJob, send: Run["send"]) {
		this.job = job;
		this.send = send;
	}

	push(batch: Batch): void {
		this.batches.push(batch);
		this.wake?.();
	}

	end(failure: AppError | null): void {
		if (this.over) return;
		this.over = true;
		this.failure = failure;
		this.ended.resolve();
		this.wake?.();
	}

	async stop(): Promise<void> {
		if (!this.over) this.send({ kind: "stop" });
		await this.ended.promise;
	}

	/** One reader at a time. Leaving the loop early stops the run. */
	async *[Symbol.asyncIterator](): AsyncGenerator<PortBatch> {
		try {
			for (;;) {
				const batch = this.batches.shift();
				if (batch !== undefined) {
					if (!this.over) this.send({ kind: "taken", answers: batch.ports.length });
					yield this.unpack(batch);
					continue;
				}
				if (this.over) break;
				await new Promise<void>((resolve) => {
					this.wake = resolve;
				});
			}
			if (this.failure !== null) throw this.failure;
		} finally {
			await this.stop();
		}
	}

	private unpack(batch: Batch): PortBatch {
		const { settled, sent, refused } = batch;
		const answers = Array.from(batch.ports, (port, i) => answerAt(this.job, batch, i, port));
		return { answers, settled, sent, refused };
	}
}

function answerAt(job: PortJob, columns: AnswerColumns, i: number, port: number): PortBatch["answers"][number] {
	const rttMs = columns.rtts[i] ?? Number.NaN;
	return {
		address: job.addresses[columns.hosts[i] ?? 0] ?? "",
		port,
		state: pairStates[columns.states[i] ?? 0] ?? "filtered",
		rttMs: Number.isNaN(rttMs) ? null : rttMs,
	};
}

function stopped(cause: unknown): AppError {
	return new AppError("unavailable", "The thread that asks ports has stopped.", {
		hint: "Restart the daemon; its log says what happened.",
		cause,
	});
}
