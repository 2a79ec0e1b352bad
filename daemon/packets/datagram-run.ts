/** One job of the datagram engine on the main thread: takes batches as they come and hands them to the one who reads. */
import type { AppError } from "../../protocol/errors.ts";
import { unpackAnswers } from "./datagrams/answer-columns.ts";
import type { DatagramBatch, DatagramJob, DatagramNote, DatagramRun } from "./datagrams/job.ts";
import type { FromDatagramWorker } from "./datagrams/messages.ts";

type Batch = Extract<FromDatagramWorker, { kind: "batch" }>;

export class WorkerDatagramRun implements DatagramRun {
	note: DatagramNote = { skipped: [], sparing: [] };
	private readonly job: DatagramJob;
	private readonly send: (message: { kind: "stop" } | { kind: "taken"; answers: number }) => void;
	private readonly batches: Batch[] = [];
	private readonly ended = Promise.withResolvers<void>();
	private over = false;
	private failure: AppError | null = null;
	private wake: (() => void) | null = null;

	constructor(job: DatagramJob, send: WorkerDatagramRun["send"]) {
		this.job = job;
		this.send = send;
	}

	push(batch: Batch): void {
		this.batches.push(batch);
		this.wake?.();
	}

	end(failure: AppError | null, note?: DatagramNote): void {
		if (this.over) return;
		if (note !== undefined) this.note = note;
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
	async *[Symbol.asyncIterator](): AsyncGenerator<DatagramBatch> {
		try {
			for (;;) {
				const batch = this.batches.shift();
				if (batch !== undefined) {
					if (!this.over && batch.hosts.length > 0) this.send({ kind: "taken", answers: batch.hosts.length });
					const { settled, sent, refused, networks = [], slowedBy = [] } = batch;
					yield { answers: unpackAnswers(this.job, batch), settled, sent, refused, networks, slowedBy };
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
