/** One job of an engine on the main thread: takes batches as they come and hands them to the one who reads. */
import type { AppError } from "../../protocol/errors.ts";
import { type PortBatch, type PortJob, type PortRun, pairStates } from "./engine.ts";
import type { AnswerColumns, EndNote, FromWorker } from "./messages.ts";

/** A batch as it crossed the threads. */
export type Batch = Extract<FromWorker, { kind: "batch" }>;

export class ConnectRun implements PortRun {
	private readonly job: PortJob;
	private readonly send: (message: { kind: "stop" } | { kind: "taken"; answers: number }) => void;
	private readonly batches: Batch[] = [];
	private readonly ended = Promise.withResolvers<void>();
	/** What is known so far, and all of it at the end. */
	note: EndNote = {};
	private over = false;
	private failure: AppError | null = null;
	private wake: (() => void) | null = null;

	constructor(job: PortJob, send: ConnectRun["send"]) {
		this.job = job;
		this.send = send;
	}

	push(batch: Batch): void {
		if (batch.unheard === false) this.note = { unheard: false };
		this.batches.push(batch);
		this.wake?.();
	}

	end(failure: AppError | null, note: EndNote = {}): void {
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
		const { settled, sent, refused, networks, slowedBy } = batch;
		const answers = answersOf(this.job, batch);
		const { length: met = 0 } = networks ?? [];
		const { length: slowed = 0 } = slowedBy ?? [];
		return {
			...{ answers, settled, sent, refused },
			...(networks === undefined || met === 0 ? {} : { networks }),
			...(slowedBy === undefined || slowed === 0 ? {} : { slowedBy }),
		};
	}
}

/** A loop: of a million answers each call would be felt. */
function answersOf({ addresses }: PortJob, { hosts, ports, states, rtts }: AnswerColumns): PortBatch["answers"] {
	const answers = new Array<PortBatch["answers"][number]>(ports.length);
	for (let i = 0; i < ports.length; i++) {
		const rttMs = rtts[i] ?? Number.NaN;
		answers[i] = {
			address: addresses[hosts[i] ?? 0] ?? "",
			port: ports[i] ?? 0,
			state: pairStates[states[i] ?? 0] ?? "filtered",
			rttMs: Number.isNaN(rttMs) ? null : rttMs,
		};
	}
	return answers;
}
