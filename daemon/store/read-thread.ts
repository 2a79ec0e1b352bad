/**
 * One thread that reads, seen from the main thread: one job after the other, started when it is needed, ended when
 * nothing has been for a while. A job that nobody waits for any more does not hold up the next one.
 */
import { Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { fromRpcError } from "../../protocol/rpc-error.ts";
import { workerUrl } from "../worker-url.ts";
import type { ReadAnswer, ReaderData, ReadRequest } from "./answer-reads.ts";

/** What runs on the thread: a file that calls `answerReads`. */
export type ReaderEntry = "read-worker" | "bulk-worker";

/**
 * What a thread may allocate between two scavenges. Of a work on many rows all are held until its end: with 4 MB they would be moved
 * about for a third of the time.
 */
const youngMb: Readonly<Record<ReaderEntry, number>> = { "read-worker": 4, "bulk-worker": 16 };

const idleMs = 15_000;
/** Of one that keeps what took a while to read. */
const keptMs = 300_000;
/** Most jobs are over before a thread in their stead would have started. */
const patienceMs = 100;

interface Waiting<Job, Value> {
	readonly request: ReadRequest<Job>;
	readonly resolve: (value: Value) => void;
	readonly reject: (err: unknown) => void;
}

/** `Job` and `Value` go from thread to thread as they are. */
export class ReadThread<Job, Value> {
	readonly #data: ReaderData;
	readonly #entry: ReaderEntry;
	readonly #queue: Waiting<Job, Value>[] = [];
	#worker: Worker | null = null;
	#running: Waiting<Job, Value> | null = null;
	#nextId = 1;
	#idle: NodeJS.Timeout | undefined;
	#closed = false;
	#keeps = false;

	constructor(data: ReaderData, entry: ReaderEntry) {
		this.#data = data;
		this.#entry = entry;
	}

	/** It has something in memory that took a while to read. */
	get keeps(): boolean {
		return this.#keeps;
	}

	/** Rejects as reading does, and with the signal's reason. */
	read(job: Job, signal: AbortSignal): Promise<Value> {
		const { promise, resolve, reject } = Promise.withResolvers<Value>();
		const waiting: Waiting<Job, Value> = { request: { id: this.#nextId++, job }, resolve, reject };
		const give = () => this.#giveUp(waiting, signal.reason);
		if (this.#closed) reject(new AppError("unavailable", "The daemon is stopping."));
		else if (signal.aborted) reject(signal.reason);
		else {
			signal.addEventListener("abort", give, { once: true });
			this.#queue.push(waiting);
			this.#next();
		}
		return promise.finally(() => signal.removeEventListener("abort", give));
	}

	async close(): Promise<void> {
		this.#closed = true;
		const stopping = new AppError("unavailable", "The daemon is stopping.");
		for (const { reject } of this.#queue.splice(0)) reject(stopping);
		this.#running?.reject(stopping);
		this.#running = null;
		await this.#end();
	}

	#next(): void {
		if (this.#running !== null) return;
		const waiting = this.#queue.shift();
		clearTimeout(this.#idle);
		if (waiting === undefined) {
			this.#idle = setTimeout(() => void this.#end(), this.#keeps ? keptMs : idleMs).unref();
			return;
		}
		this.#running = waiting;
		this.#worker ??= this.#start();
		this.#worker.postMessage(waiting.request);
	}

	#start(): Worker {
		const worker = new Worker(workerUrl(this.#entry), {
			...{ workerData: this.#data, name: this.#entry, execArgv: [] },
			resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: youngMb[this.#entry] },
		});
		worker.unref();
		worker.on("message", (answer: ReadAnswer<Value>) => this.#take(answer));
		worker.on("error", (err) => this.#failed(err));
		return worker;
	}

	#take(answer: ReadAnswer<Value>): void {
		if (answer.id === null) {
			this.#keeps = answer.keeps;
			this.#next();
			return;
		}
		const waiting = this.#running;
		if (waiting?.request.id !== answer.id) return;
		this.#running = null;
		if ("error" in answer) waiting.reject(fromRpcError(answer.error));
		else {
			this.#keeps = answer.keeps;
			waiting.resolve(answer.value);
		}
		this.#next();
	}

	#failed(err: Error): void {
		this.#worker = null;
		this.#keeps = false;
		this.#running?.reject(err);
		this.#running = null;
		this.#next();
	}

	/** SQLite cannot be told to stop in the middle: after a while the next job gets another thread. */
	#giveUp(waiting: Waiting<Job, Value>, reason: unknown): void {
		waiting.reject(reason);
		const at = this.#queue.indexOf(waiting);
		if (at >= 0) this.#queue.splice(at, 1);
		if (this.#running !== waiting) return;
		const replace = () => {
			if (this.#running !== waiting) return;
			this.#running = null;
			void this.#end();
			this.#next();
		};
		setTimeout(replace, patienceMs).unref();
	}

	async #end(): Promise<void> {
		clearTimeout(this.#idle);
		const worker = this.#worker;
		this.#worker = null;
		this.#keeps = false;
		worker?.removeAllListeners();
		// It may fail while it is being ended.
		worker?.on("error", () => undefined);
		await worker?.terminate();
	}
}
