/** Another scanner's file, read in a thread of its own and handed over a piece each time one is asked for. */
import { Worker } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { workerUrl } from "../worker-url.ts";
import type { FromScanFileWorker, ScanFileWork } from "./scan-file-worker.ts";

/** The largest host there can be is a part of it. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };

type Pieces = Omit<Extract<FromScanFileWorker, { kind: "pieces" }>, "kind">;

export class ScanFileReader {
	readonly #worker: Worker;
	#waiting: PromiseWithResolvers<Pieces> | null = null;

	/** Whoever makes it closes it. */
	constructor(workerData: ScanFileWork) {
		const name = "scan-file-worker";
		this.#worker = new Worker(workerUrl(name), { workerData, name, execArgv: [], resourceLimits });
		// A daemon that goes down does not wait for it.
		this.#worker.unref();
		this.#worker.on("message", (message: FromScanFileWorker) => this.#hear(message));
		this.#worker.on("error", (err) => this.#waiting?.reject(failure(err.message)));
		this.#worker.on("exit", () => this.#waiting?.reject(failure("its reader ended")));
	}

	/** Throws `invalid` for what is no scanner's file, `unavailable` when it cannot be read. One at a time. */
	next(): Promise<Pieces> {
		this.#waiting = Promise.withResolvers();
		this.#worker.postMessage("next");
		return this.#waiting.promise;
	}

	/** Who waits gets nothing. */
	close(): void {
		this.#waiting?.resolve({ pieces: [], bytes: 0 });
		this.#waiting = null;
		void this.#worker.terminate();
	}

	#hear(message: FromScanFileWorker): void {
		const waiting = this.#waiting;
		this.#waiting = null;
		if (message.kind === "pieces") waiting?.resolve(message);
		else if (message.refused) {
			waiting?.reject(new AppError("invalid", message.message, message.hint === null ? {} : { hint: message.hint }));
		} else waiting?.reject(failure(message.message));
	}
}

function failure(why: string): AppError {
	return new AppError("unavailable", `The file cannot be read: ${why}`, {
		hint: "What was taken in stays. Check the file, then start the import again: nothing is taken in twice.",
	});
}
