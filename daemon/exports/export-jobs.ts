/** The exports that are open: a thread each, which is as fast as its reader. */
import { Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import type { ExportJob, ExportPart } from "../../protocol/model/export.ts";
import { fromRpcError } from "../../protocol/rpc-error.ts";
import { workerUrl } from "../worker-url.ts";
import type { ExportInput, ExportMessage } from "./export-worker.ts";

/** Each is a thread with a connection. */
const mostOpen = 4;
/** One that nobody reads is closed after this. Milliseconds. */
const idleMs = 10 * 60_000;

interface Job {
	readonly worker: Worker;
	readonly mailbox: Mailbox;
	/** The last part that was given out. */
	last: ExportPart | null;
	/** Its number; 0 before the first. */
	number: number;
	isReading: boolean;
	timer: NodeJS.Timeout;
}

export class ExportJobs {
	readonly #jobs = new Map<number, Job>();
	#next = 0;

	/** Throws `busy`; what the query cannot do is thrown as the store says it. */
	async open(input: ExportInput): Promise<ExportJob> {
		if (this.#jobs.size >= mostOpen) {
			throw new AppError("busy", `${mostOpen} exports are being written.`, {
				hint: "Wait until one of them is done, or end one with exports.close.",
			});
		}
		const worker = new Worker(workerUrl("export-worker"), {
			...{ workerData: input, name: "export-worker", execArgv: [] },
			// Rather collects its garbage more often than grow to what the machine has.
			resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
		});
		const id = ++this.#next;
		const timer = setTimeout(() => this.close(id), idleMs).unref();
		const mailbox = new Mailbox(worker);
		this.#jobs.set(id, { worker, mailbox, last: null, number: 0, isReading: false, timer });
		try {
			const message = await mailbox.next();
			if (message.kind !== "total") throw new Error("the export's thread began with a part");
			return { export: id, total: message.total };
		} catch (err) {
			this.close(id);
			throw err;
		}
	}

	/** Throws `not-found`, and `conflict` for a part out of turn. */
	async read(id: number, part: number): Promise<ExportPart> {
		const job = this.#jobs.get(id);
		if (job === undefined) {
			throw new AppError("not-found", `Export ${id} is not open (any more).`, {
				hint: "The daemon was restarted, or nobody read it for ten minutes. Begin the export again.",
			});
		}
		job.timer.refresh();
		if (part === job.number && job.last !== null) return job.last;
		if (part !== job.number + 1 || job.isReading || job.last?.done === true) {
			throw new AppError("conflict", `Part ${part} of export ${id} is out of turn: ${job.number + 1} is next.`);
		}
		job.isReading = true;
		try {
			job.worker.postMessage("next");
			const message = await job.mailbox.next();
			if (message.kind === "refused") throw fromRpcError(message.error);
			if (message.kind !== "part") throw new Error("the export's thread began twice");
			const { text, rows, done, gone } = message;
			job.last = { text, rows, done, gone };
			job.number = part;
			return job.last;
		} catch (err) {
			this.close(id);
			throw err;
		} finally {
			job.isReading = false;
		}
	}

	close(id: number): void {
		const job = this.#jobs.get(id);
		if (job === undefined) return;
		this.#jobs.delete(id);
		clearTimeout(job.timer);
		job.mailbox.close();
		void job.worker.terminate();
	}

	closeAll(): void {
		for (const id of [...this.#jobs.keys()]) this.close(id);
	}
}

/** What a thread sends, one message after the other; when it fails, that. */
class Mailbox {
	readonly #held: ExportMessage[] = [];
	#failure: unknown = null;
	#waiting: PromiseWithResolvers<ExportMessage> | null = null;

	constructor(worker: Worker) {
		worker.on("message", (message: ExportMessage) => {
			if (this.#waiting === null) this.#held.push(message);
			else this.#waiting.resolve(message);
			this.#waiting = null;
		});
		worker.on("error", (err) => this.#fail(err));
		worker.on("exit", () => this.#fail(new Error("the export's thread ended before the export")));
	}

	next(): Promise<ExportMessage> {
		const held = this.#held.shift();
		if (held !== undefined) return Promise.resolve(held);
		if (this.#failure !== null) return Promise.reject(this.#failure);
		this.#waiting = Promise.withResolvers();
		return this.#waiting.promise;
	}

	close(): void {
		this.#fail(new AppError("cancelled", "The export was closed."));
	}

	#fail(err: unknown): void {
		this.#failure ??= err;
		this.#waiting?.reject(err);
		this.#waiting = null;
	}
}
