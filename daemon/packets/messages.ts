/** What the two threads of an engine say to each other. Answers travel as columns, never as objects. */
import type { AddressGuard, NetworkFigures, PortJob } from "./engine.ts";
import type { LimitClaim, LimitMemory } from "./limit-table.ts";

/** To any sending thread, whatever its jobs are. */
export type ToSender<Job> =
	/** A guard that jobs may name from now on, until it is forgotten. */
	| { readonly kind: "guard"; readonly guard: number; readonly ranges: AddressGuard }
	| { readonly kind: "forget"; readonly guard: number }
	/** The job's guard is named, not carried; its limits are claimed. */
	| {
			readonly kind: "start";
			readonly run: number;
			readonly job: Job;
			readonly guard: number | null;
			readonly claim: LimitClaim;
	  }
	| { readonly kind: "stop"; readonly run: number }
	/** Answers the reader has taken. */
	| { readonly kind: "taken"; readonly run: number; readonly answers: number }
	| { readonly kind: "close" };

/** From any sending thread. */
export type FromSender<Batch, End> =
	| { readonly kind: "ready"; readonly name: string; readonly reason: string }
	| ({ readonly kind: "batch"; readonly run: number } & Batch)
	| ({ readonly kind: "end"; readonly run: number } & End);

/** What every batch says beside its answers. */
export interface BatchFigures {
	readonly settled: number;
	readonly sent: number;
	readonly refused: number;
	readonly networks?: readonly NetworkFigures[];
	readonly slowedBy?: readonly string[];
}

export type ToWorker = ToSender<PortJob>;

export interface AnswerColumns {
	/** Positions in the job's `addresses`. */
	readonly hosts: Uint32Array;
	readonly ports: Uint16Array;
	/** Positions in `pairStates`. */
	readonly states: Uint8Array;
	/** Milliseconds; NaN when there was no answer. */
	readonly rtts: Float32Array;
}

export interface PackedBatch extends AnswerColumns, BatchFigures {
	/** As in `EndNote`, as far as is known by now. */
	readonly unheard?: boolean;
}

/** What of a batch is handed over rather than copied. */
export function columnBuffers({ hosts, ports, states, rtts }: AnswerColumns): ArrayBuffer[] {
	return [hosts.buffer, ports.buffer, states.buffer, rtts.buffer] as ArrayBuffer[];
}

export type FromWorker = FromSender<PackedBatch, EndNote>;

/** What an engine that may hand a job to another one says at its end. */
export interface EndNote {
	/** Why nothing was asked (a clause): another engine should take the job. */
	readonly declined?: string;
	/** No answer of any kind has ever come back over the paths of this job. */
	readonly unheard?: boolean;
	/** Why it ended before everything was settled, a sentence, and what to do about it. */
	readonly failed?: { readonly message: string; readonly hint: string };
}

/** What every sending worker is started with. */
export interface SenderOptions {
	readonly limits: LimitMemory;
}

/** What the datagram engine's worker is started with besides. */
export interface DatagramWorkerOptions {
	/** Why raw packets are not wanted though they may be allowed (a clause); null when they are. */
	readonly notRaw: string | null;
}

/** What the connect engine's worker is started with besides. */
export interface WorkerOptions {
	readonly backEnd: BackEnd;
	/** Attempts open at once over all jobs, before the descriptor limit. */
	readonly maxInFlight: number;
}

const backEnds = ["auto", "epoll", "node"] as const;
export type BackEnd = (typeof backEnds)[number];
