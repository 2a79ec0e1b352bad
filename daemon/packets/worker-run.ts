/** One job of a worker thread, seen from the main thread: takes batches as they come and hands them to the one who reads. */
import type { AppError } from "../../protocol/errors.ts";

/** What the reader's side tells the thread. */
export type RunMessage = { readonly kind: "stop" } | { readonly kind: "taken"; readonly answers: number };

export class WorkerRun<Batch extends { readonly hosts: ArrayLike<number> }, Told, Note> implements AsyncIterable<Told> {
	/** What is known so far, and all of it at the end. */
	note: Note;
	private readonly unpack: (batch: Batch) => Told;
	private readonly send: (message: RunMessage) => void;
	private readonly batches: Batch[] = [];
	private readonly ended = Promise.withResolvers<void>();
	private over = false;
	private failure: AppError | null = null;
	private wake: (() => void) | null = null;

	constructor(note: Note, unpack: (batch: Batch) => Told, send: (message: RunMessage) => void) {
		this.note = note;
		this.unpack = unpack;
		this.send = send;
	}

	push(batch: Batch): void {
		this.batches.push(batch);
		this.wake?.();
	}

	end(failure: AppError | null, note: Note = this.note): void {
		if (this.over) return;
		this.note = note;
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
	async *[Symbol.asyncIterator](): AsyncGenerator<Told> {
		try {
			for (;;) {
				const batch = this.batches.shift();
				if (batch !== undefined) {
					const answers = batch.hosts.length;
					if (!this.over && answers > 0) this.send({ kind: "taken", answers });
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
}
