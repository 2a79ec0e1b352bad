/** The exports that are open: a thread each, which is as fast as its reader. */
import { Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import type { ExportFormat, ExportJob, ExportPart } from "../../protocol/model/export.ts";
import { fromRpcError } from "../../protocol/rpc-error.ts";
import { growHeapsBy, usualGrowth } from "../heap-growth.ts";
import { workerUrl } from "../worker-url.ts";
import type { ExportInput, ExportMessage } from "./export-worker.ts";

/** Each is a thread with a connection. */
const mostOpen = 4;
/** One that nobody reads is closed after this: somebody may be reading it in a pager. Milliseconds. */
const idleMs = 60 * 60_000;
/** One that was not read for so long makes way for another. Milliseconds. */
const wayMs = 60_000;
/** So long after its reader's connection has ended it may be read on over another one. Milliseconds. */
const goneMs = 120_000;
/** What a thread that was closed may take to end, usually and when the daemon ends. Milliseconds. */
const leaveMs = 5_000;
const endMs = 2_000;

/** What a thread may hold where 48 MB are not enough: these gather what is said of each product before they write. */
const heapMb: Partial<Record<ExportFormat, number>> = { openvex: 56, csaf: 56 };

/** Parts of an export are garbage as soon as they are sent, a hundred megabytes of it before anybody looks. Percent. */
const whileOpen = 20;

interface Job {
	readonly worker: Worker;
	/** Resolves when the thread has ended. */
	readonly gone: Promise<void>;
	readonly mailbox: Mailbox;
	/** The last part that was given out. */
	last: ExportPart | null;
	/** Its number; 0 before the first. */
	number: number;
	/** The highest number that was asked for. */
	asked: number;
	/** Monotonic milliseconds. */
	readAt: number;
	/** Closes it when nobody has read it for long. */
	timer: NodeJS.Timeout | undefined;
	/** Aborts when the connection that reads it ends. */
	reader: AbortSignal | undefined;
	/** Ends the watch over that connection. */
	unwatch: () => void;
}

/** Who asks: `signal` aborts when this one answer is not waited for any more, `ended` when the whole connection is over. */
export interface ExportReader {
	readonly signal: AbortSignal;
	readonly ended?: AbortSignal | undefined;
}

export class ExportJobs {
	readonly #jobs = new Map<number, Job>();
	/** Threads that were closed, until they are gone. */
	readonly #leaving = new Set<Promise<void>>();
	readonly #rest: () => Promise<void>;
	#next = 0;

	/** `rest` gives memory back that nobody needs any more. Never rejects. */
	constructor(rest: () => Promise<void>) {
		this.#rest = rest;
	}

	/** Throws `busy`, the reason of `signal`, and as the store says it what the query cannot do. */
	async open(input: ExportInput, reader: ExportReader): Promise<ExportJob> {
		// One that is on its way out still has its memory and its connection.
		while (this.#jobs.size + this.#leaving.size >= mostOpen && this.#leaving.size > 0)
			await Promise.race(this.#leaving);
		// What the start, other work or an export before left behind would stay beside what a long one needs.
		if (this.#jobs.size === 0) {
			await Promise.all(this.#leaving);
			await this.#rest();
		}
		if (this.#jobs.size >= mostOpen) this.#makeWay();
		if (this.#jobs.size >= mostOpen) {
			throw new AppError("busy", `${mostOpen} exports are being written.`, {
				hint: "Wait until one of them is done, or end one with exports.close.",
			});
		}
		const worker = new Worker(workerUrl("export-worker"), {
			...{ workerData: input, name: "export-worker", execArgv: [] },
			// Rather collects its garbage more often than grow to what the machine has.
			resourceLimits: { maxOldGenerationSizeMb: heapMb[input.meta.format] ?? 36, maxYoungGenerationSizeMb: 2 },
		});
		const id = ++this.#next;
		const mailbox = new Mailbox(worker);
		growHeapsBy(whileOpen);
		const job: Job = {
			...{ worker, gone: goneOf(worker), mailbox, last: null, number: 0, asked: 0 },
			...{ readAt: performance.now(), timer: undefined, reader: undefined, unwatch: () => undefined },
		};
		this.#jobs.set(id, job);
		this.#isReadBy(id, job, reader);
		// Nobody else will ever know its number.
		const forget = () => this.close(id);
		reader.signal.addEventListener("abort", forget, { once: true });
		try {
			reader.signal.throwIfAborted();
			const message = await mailbox.next();
			if (message.kind === "refused") throw fromRpcError(message.error);
			if (message.kind !== "total") throw new Error("the export's thread began with a part");
			return { export: id, total: message.total };
		} catch (err) {
			this.close(id);
			throw err;
		} finally {
			reader.signal.removeEventListener("abort", forget);
		}
	}

	/** Several parts may be asked for at once, in order. Throws `not-found`, and `conflict` for a part out of turn. */
	async read(id: number, part: number, reader: ExportReader): Promise<ExportPart> {
		const job = this.#jobs.get(id);
		if (job === undefined) {
			throw new AppError("not-found", `Export ${id} is not open (any more).`, {
				hint: "The daemon was restarted, or nobody read it for long. Begin the export again.",
			});
		}
		job.readAt = performance.now();
		this.#isReadBy(id, job, reader);
		if (part === job.number && job.last !== null) return job.last;
		if (part !== job.asked + 1) {
			throw outOfTurn(id, part, `${job.asked + 1} is next`);
		}
		job.asked = part;
		job.worker.postMessage("next");
		try {
			const message = await job.mailbox.next();
			if (message.kind === "refused") throw fromRpcError(message.error);
			if (message.kind !== "part") throw new Error("the export's thread began twice");
			const { text, rows, done, gone } = message;
			job.last = { text, rows, done, gone };
			job.number = part;
			if (done) job.mailbox.end(outOfTurn(id, part + 1, "there are no more parts"));
			return job.last;
		} catch (err) {
			if (job.last?.done !== true) this.close(id);
			throw err;
		}
	}

	/** A thread that does not end is ended from outside after `patienceMs`. */
	close(id: number, patienceMs = leaveMs): void {
		const job = this.#jobs.get(id);
		if (job === undefined) return;
		this.#jobs.delete(id);
		clearTimeout(job.timer);
		job.unwatch();
		job.mailbox.end(new AppError("cancelled", "The export was closed."));
		// Once a process crashed as such a thread was ended from outside; why is not known.
		job.worker.postMessage("close");
		const patience = setTimeout(() => void job.worker.terminate(), patienceMs).unref();
		const leaving = job.gone.finally(() => {
			clearTimeout(patience);
			this.#leaving.delete(leaving);
		});
		this.#leaving.add(leaving);
		if (this.#jobs.size === 0) growHeapsBy(usualGrowth);
	}

	#isReadBy(id: number, job: Job, { ended }: ExportReader): void {
		const closeAfter = (ms: number) => {
			clearTimeout(job.timer);
			job.timer = setTimeout(() => this.close(id), ms).unref();
		};
		const left = () => closeAfter(goneMs);
		job.unwatch();
		job.reader = ended;
		job.unwatch = () => ended?.removeEventListener("abort", left);
		ended?.addEventListener("abort", left, { once: true });
		closeAfter(ended?.aborted === true ? goneMs : idleMs);
	}

	/** The one that was not read for longest of those whose reader is gone, else of all: its reader may be gone. */
	#makeWay(): void {
		const byAge = [...this.#jobs].sort(([, a], [, b]) => a.readAt - b.readAt);
		const left = byAge.find(([, { reader }]) => reader?.aborted === true);
		const stale = byAge.find(([, { readAt }]) => performance.now() - readAt > wayMs);
		const [id] = left ?? stale ?? [];
		if (id !== undefined) this.close(id);
	}

	/** Resolves when all threads have ended. */
	async closeAll(): Promise<void> {
		for (const id of [...this.#jobs.keys()]) this.close(id, endMs);
		await Promise.all(this.#leaving);
	}
}

function outOfTurn(id: number, part: number, why: string): AppError {
	return new AppError("conflict", `Part ${part} of export ${id} is out of turn: ${why}.`);
}

function isOutOfMemory(err: unknown): boolean {
	return (err as { code?: unknown }).code === "ERR_WORKER_OUT_OF_MEMORY";
}

/** OpenVEX and CSAF gather what is said of each product before they write. */
function tooMuch(cause: unknown): AppError {
	const hint =
		"Export less at once, for example the findings of one tag; csv, json, jsonl, sarif and ocsf have no such limit.";
	return new AppError("too-large", "These findings say more of more products than one such document can hold.", {
		hint,
		cause,
	});
}

function goneOf(worker: Worker): Promise<void> {
	return new Promise((resolve) => worker.once("exit", () => resolve()));
}

/** What a thread sends, in the order it is asked for; when it fails, that. */
class Mailbox {
	readonly #held: ExportMessage[] = [];
	readonly #waiting: PromiseWithResolvers<ExportMessage>[] = [];
	#failure: unknown = null;

	constructor(worker: Worker) {
		worker.on("message", (message: ExportMessage) => {
			const first = this.#waiting.shift();
			if (first === undefined) this.#held.push(message);
			else first.resolve(message);
		});
		worker.on("error", (err) => this.#fail(isOutOfMemory(err) ? tooMuch(err) : err));
		worker.on("exit", () => this.#fail(new Error("the export's thread ended before the export")));
	}

	next(): Promise<ExportMessage> {
		const held = this.#held.shift();
		if (held !== undefined) return Promise.resolve(held);
		if (this.#failure !== null) return Promise.reject(this.#failure);
		const waiting = Promise.withResolvers<ExportMessage>();
		this.#waiting.push(waiting);
		return waiting.promise;
	}

	/** Whoever waits is told so. */
	end(reason: AppError): void {
		this.#fail(reason);
	}

	#fail(err: unknown): void {
		this.#failure ??= err;
		for (const { reject } of this.#waiting.splice(0)) reject(err);
	}
}
