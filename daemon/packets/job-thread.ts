/**
 * Jobs on a worker thread: it is started by the first, ended when there was none for a while, and when it fails its jobs fail
 * and the next one gets another. Guards are carried over once, limits are claimed for as long as a job lasts.
 */
import { type ResourceLimits, Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { type WorkerName, workerUrl } from "../worker-url.ts";
import type { AddressGuard, PortJob } from "./engine.ts";
import { type LimitClaim, type LimitMemory, LimitTable } from "./limit-table.ts";
import type { EndNote, FromSender, SenderOptions, ToSender } from "./messages.ts";
import { WorkerRun } from "./worker-run.ts";

/** What of a job the main thread deals with. */
type SenderJob = Pick<PortJob, "limits" | "group" | "shared" | "guard">;

/** What one kind of thread does; the rest is the same for all. */
export interface ThreadWork<Job, Batch, Told, Note, End> {
	readonly worker: WorkerName;
	/** What it is started with besides the limits. */
	readonly workerData: object;
	readonly resourceLimits?: ResourceLimits;
	/** A clause: the thread that … */
	readonly does: string;
	/** Of a job that has just begun. */
	readonly note: Note;
	unpack(job: Job, batch: Batch): Told;
	/** What is known by a batch already; undefined: nothing new. */
	noteIn?(batch: Batch): Note | undefined;
	noteAtEnd(end: End): Note;
	/** Once the thread has started. */
	ready?(name: string, reason: string): void;
}

/** A running worker and what it has been told. */
interface Link<Run> {
	readonly worker: Worker;
	readonly ready: PromiseWithResolvers<void>;
	readonly exited: Promise<void>;
	readonly runs: Map<number, { readonly run: Run; readonly claim: LimitClaim }>;
	readonly guards: Map<AddressGuard, { id: number; runs: Set<number> }>;
}

export class JobThread<
	Job extends SenderJob,
	Batch extends { readonly hosts: ArrayLike<number> },
	Told,
	Note,
	End extends Pick<EndNote, "failed">,
> {
	private readonly work: ThreadWork<Job, Batch, Told, Note, End>;
	private readonly limits: LimitTable;
	private readonly idleMs: number;
	private link: Link<WorkerRun<Batch, Told, Note>> | null = null;
	private idleTimer: NodeJS.Timeout | undefined;
	private nextRun = 1;
	private closed = false;

	constructor(work: ThreadWork<Job, Batch, Told, Note, End>, idleMs = 15_000, limits = new LimitTable()) {
		this.work = work;
		this.idleMs = idleMs;
		this.limits = limits;
	}

	/** Resolves when a thread is ready, rejects when none can be had. Only for threads that say so. */
	async start(): Promise<void> {
		const link = this.connect();
		this.endWhenIdle(link);
		await link.ready.promise;
	}

	run(job: Job): WorkerRun<Batch, Told, Note> {
		const id = this.nextRun++;
		if (this.closed) return this.neverBegun(job, this.stopped(undefined));
		clearTimeout(this.idleTimer);
		let link: Link<WorkerRun<Batch, Told, Note>>;
		let claim: LimitClaim;
		try {
			link = this.link ?? this.connect();
			claim = this.limits.claim(job);
		} catch (err) {
			if (this.link !== null) this.endWhenIdle(this.link);
			return this.neverBegun(job, err instanceof AppError ? err : this.stopped(err));
		}
		const say = (message: ToSender<Omit<Job, "guard" | "shared">>) => link.worker.postMessage(message);
		const run = this.newRun(job, (message) => say({ ...message, run: id }));
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

	private connect(): Link<WorkerRun<Batch, Told, Note>> {
		const { worker: name, workerData, resourceLimits } = this.work;
		const limits: LimitMemory = this.limits.join();
		const worker = new Worker(workerUrl(name), {
			workerData: { ...workerData, limits } satisfies SenderOptions,
			...{ name, execArgv: [] },
			...(resourceLimits === undefined ? {} : { resourceLimits }),
		});
		const exited = Promise.withResolvers<void>();
		const link: Link<WorkerRun<Batch, Told, Note>> = {
			...{ worker, ready: Promise.withResolvers(), exited: exited.promise },
			...{ runs: new Map(), guards: new Map() },
		};
		// Only `start` waits for it; a failure reaches everyone else through their runs.
		link.ready.promise.catch(() => {});
		worker.on("message", (message: FromSender<Batch, End>) => this.receive(link, message));
		worker.on("error", (cause) => this.fail(link, this.stopped(cause)));
		worker.on("exit", () => {
			this.fail(link, this.stopped(undefined));
			this.limits.leave(limits);
			exited.resolve();
		});
		this.link = link;
		return link;
	}

	private async disconnect(link: Link<unknown>): Promise<void> {
		if (this.link === link) this.link = null;
		link.worker.postMessage({ kind: "close" } satisfies ToSender<never>);
		await link.exited;
	}

	private receive(link: Link<WorkerRun<Batch, Told, Note>>, message: FromSender<Batch, End>): void {
		if (message.kind === "ready") {
			this.work.ready?.(message.name, message.reason);
			link.ready.resolve();
			return;
		}
		const known = link.runs.get(message.run);
		if (known === undefined) return;
		if (message.kind === "batch") {
			known.run.note = this.work.noteIn?.(message) ?? known.run.note;
			known.run.push(message);
			return;
		}
		link.runs.delete(message.run);
		releaseGuard(link, message.run);
		this.limits.release(known.claim);
		const { failed } = message;
		const failure = failed === undefined ? null : new AppError("unavailable", failed.message, { hint: failed.hint });
		known.run.end(failure, this.work.noteAtEnd(message));
		this.endWhenIdle(link);
	}

	/** The next job gets a new worker; those of this one have failed. */
	private fail(link: Link<WorkerRun<Batch, Told, Note>>, failure: AppError): void {
		if (this.link === link) this.link = null;
		link.ready.reject(failure);
		for (const { run, claim } of link.runs.values()) {
			this.limits.release(claim);
			run.end(failure);
		}
		link.runs.clear();
	}

	private endWhenIdle(link: Link<unknown>): void {
		clearTimeout(this.idleTimer);
		if (this.closed || link.runs.size > 0) return;
		this.idleTimer = setTimeout(() => {
			if (this.link === link && link.runs.size === 0) void this.disconnect(link);
		}, this.idleMs).unref();
	}

	private newRun(job: Job, send: ConstructorParameters<typeof WorkerRun>[2]): WorkerRun<Batch, Told, Note> {
		return new WorkerRun(this.work.note, (batch) => this.work.unpack(job, batch), send);
	}

	private neverBegun(job: Job, failure: AppError): WorkerRun<Batch, Told, Note> {
		const never = this.newRun(job, () => {});
		never.end(failure);
		return never;
	}

	private stopped(cause: unknown): AppError {
		return new AppError("unavailable", `The thread that ${this.work.does} has stopped.`, {
			hint: "Start the scan again; the daemon's log says what happened.",
			cause,
		});
	}
}

/** Carries a guard over once for all runs that use it at the same time. */
function shareGuard(link: Link<unknown>, ranges: AddressGuard, run: number): number {
	let shared = link.guards.get(ranges);
	if (shared === undefined) {
		shared = { id: run, runs: new Set() };
		link.guards.set(ranges, shared);
		link.worker.postMessage({ kind: "guard", guard: shared.id, ranges } satisfies ToSender<never>);
	}
	shared.runs.add(run);
	return shared.id;
}

function releaseGuard(link: Link<unknown>, run: number): void {
	for (const [ranges, shared] of link.guards) {
		if (!shared.runs.delete(run) || shared.runs.size > 0) continue;
		link.guards.delete(ranges);
		link.worker.postMessage({ kind: "forget", guard: shared.id } satisfies ToSender<never>);
	}
}
