/**
 * The worker thread in which services are surveyed, seen from the main thread: bounded in how many surveys run at once,
 * replaced when it dies or hangs, and never the reason a scan does.
 */
import type { Kind } from "../evidence/record.ts";
import type { AddressGuard, PortJob } from "../packets/engine.ts";
import { type LimitClaim, type LimitMemory, LimitTable } from "../packets/limit-table.ts";
import type { PortSurvey } from "../probes/recognise.ts";
import { type ProbeWorker, startProbeWorker } from "./probe-worker-link.ts";

export interface SurveyRequest {
	readonly address: string;
	readonly port: number;
	readonly protocol: "tcp" | "udp";
	readonly hostname: string | null;
	/** What a UDP port has answered already: it is not asked again to see what it is. */
	readonly answer?: Uint8Array;
	/** Kinds of evidence to gather; absent: all. */
	readonly only?: readonly Kind[] | undefined;
	/** What may be sent to, checked again in the worker; nothing is sent to any other address, and the answer is empty. */
	readonly guard: AddressGuard;
	/**
	 * The limits that hold for its connects and datagrams, together with whatever else the sender of that group sends. A
	 * survey waits for its turns, however long that takes.
	 */
	readonly pace: Pick<PortJob, "limits" | "group">;
}

/** A survey; `lost` when the worker died or hung over it, so that nothing is known but that the port was open. */
export type PoolSurvey = PortSurvey & { readonly lost?: true };

export interface ProbePool {
	/**
	 * Surveys one port (a UDP port may give nothing). Never rejects: what could not be done is a survey with outcome
	 * `unknown`. Aborting answers at once with an empty list.
	 */
	survey(request: SurveyRequest, signal: AbortSignal): Promise<PoolSurvey[]>;
	close(): Promise<void>;
}

export interface ProbePoolOptions {
	/** Surveys at once. */
	readonly concurrency?: number;
	readonly onFault?: (message: string) => void;
	/** Shared with all engines that its limits are to hold over. Default: its own. */
	readonly limits?: LimitTable;
	/** The concurrency groups an address is in now. */
	readonly sharedOf?: (address: string) => NonNullable<PortJob["shared"]>;
	/** Connects and datagrams that surveys have sent, a few times a second at most. */
	readonly onSent?: (request: Pick<SurveyRequest, "address" | "pace">, count: number) => void;
	/** A survey has its own deadlines; this one is for a worker that no longer answers at all. Milliseconds. */
	readonly lostAfterMs?: number;
	readonly startWorker?: typeof startProbeWorker;
}

interface Job {
	readonly id: number;
	readonly request: SurveyRequest;
	readonly settle: (surveys: PoolSurvey[]) => void;
	/** Workers that ended while they had this job. */
	deaths: number;
	timer: NodeJS.Timeout | undefined;
}

/** A worker with nothing to do for so long is ended; the next survey starts another. Milliseconds. */
const idleMs = 15_000;
/** One job may have taken a worker and all its other jobs with it: those that were there are tried again, fewer at once. */
const suspectsAtOnce = 8;
const mostDeaths = 2;

export function createProbePool(options: ProbePoolOptions = {}): ProbePool {
	const { concurrency = 200, lostAfterMs = 180_000, startWorker = startProbeWorker } = options;
	const limits = options.limits ?? new LimitTable();
	const queue: Job[] = [];
	/** Jobs that were with a worker when it ended. */
	const suspects: Job[] = [];
	const running = new Map<number, Job>();
	let nextId = 1;
	let worker: ProbeWorker | null = null;
	/** Of the surveys the worker has, those it was told to drop among them until it has. */
	let claims = new Map<number, LimitClaim>();
	let closed = false;
	let idle: NodeJS.Timeout | undefined;

	function ensureWorker(): ProbeWorker {
		if (worker !== null) return worker;
		const memory: LimitMemory = limits.join();
		const taken = new Map<number, LimitClaim>();
		claims = taken;
		const release = (id: number) => {
			const claim = taken.get(id);
			if (taken.delete(id) && claim !== undefined) limits.release(claim);
		};
		worker = startWorker(
			{
				onSurveys: (id, surveys) => {
					release(id);
					finish(id, surveys);
				},
				onWaiting: stillWaiting,
				onSent: (id, count) => {
					const job = running.get(id);
					if (job !== undefined) options.onSent?.(job.request, count);
				},
				onFault: (message) => options.onFault?.(message),
				onExit: (ended) => {
					limits.leave(memory);
					for (const id of [...taken.keys()]) release(id);
					died(ended);
				},
			},
			memory,
		);
		return worker;
	}

	/** Hands the job to the worker; what the limits have no room for is lost, and nothing is sent for it. */
	function begin(job: Job): void {
		running.set(job.id, job);
		job.timer = setTimeout(() => overdue(job), lostAfterMs);
		const { address, pace } = job.request;
		try {
			const at = ensureWorker();
			const shared = options.sharedOf?.(address) ?? [];
			const claim = limits.claim({ ...pace, ...(shared.length > 0 ? { shared } : {}) });
			claims.set(job.id, claim);
			at.survey(job.id, job.request, claim);
		} catch (err) {
			options.onFault?.(err instanceof Error ? err.message : "a survey could not begin");
			running.delete(job.id);
			clearTimeout(job.timer);
			job.settle([lostSurvey(job.request)]);
		}
	}

	function stillWaiting(ids: readonly number[]): void {
		for (const id of ids) {
			const job = running.get(id);
			if (job === undefined) continue;
			clearTimeout(job.timer);
			job.timer = setTimeout(() => overdue(job), lostAfterMs);
		}
	}

	/** Whatever it had is tried once more with another; what two of them died over is lost. */
	function died(ended: ProbeWorker): void {
		// One that was ended for idleness has nothing to answer for.
		if (worker !== ended) return;
		worker = null;
		for (const job of [...running.values()]) {
			running.delete(job.id);
			clearTimeout(job.timer);
			if (++job.deaths < mostDeaths) suspects.push(job);
			else job.settle([lostSurvey(job.request)]);
		}
		pump();
	}

	function finish(id: number, surveys: PoolSurvey[]): void {
		const job = running.get(id);
		if (job === undefined) return;
		running.delete(id);
		clearTimeout(job.timer);
		job.settle(surveys);
		pump();
		endWhenIdle();
	}

	/** A worker that has said nothing for as long as this survey took hangs, and everything in it. */
	function overdue(job: Job): void {
		if (worker !== null && performance.now() - worker.heardAt() >= lostAfterMs * 0.9) {
			options.onFault?.("the probe worker no longer answers and is replaced");
			job.deaths = mostDeaths;
			worker.terminate();
			return;
		}
		worker?.cancel(job.id);
		finish(job.id, [lostSurvey(job.request)]);
	}

	function endWhenIdle(): void {
		clearTimeout(idle);
		if (running.size > 0 || queue.length > 0 || suspects.length > 0 || worker === null) return;
		idle = setTimeout(() => {
			const ending = worker;
			worker = null;
			ending?.terminate();
		}, idleMs);
		idle.unref();
	}

	function pump(): void {
		for (;;) {
			const from = suspects.length > 0 ? suspects : queue;
			const atOnce = suspects.length > 0 ? Math.min(suspectsAtOnce, concurrency) : concurrency;
			if (closed || running.size >= atOnce) return;
			const job = from.shift();
			if (job === undefined) return;
			clearTimeout(idle);
			begin(job);
		}
	}

	function drop(job: Job): void {
		for (const list of [queue, suspects]) {
			const place = list.indexOf(job);
			if (place >= 0) list.splice(place, 1);
		}
		clearTimeout(job.timer);
		if (running.delete(job.id)) worker?.cancel(job.id);
		job.settle([]);
		pump();
		endWhenIdle();
	}

	return {
		survey(request, signal) {
			if (closed || signal.aborted) return Promise.resolve([]);
			return new Promise((resolve) => {
				const settle = (surveys: PoolSurvey[]) => {
					signal.removeEventListener("abort", abort);
					resolve(surveys);
				};
				const job: Job = { id: nextId++, request, settle, deaths: 0, timer: undefined };
				const abort = () => drop(job);
				signal.addEventListener("abort", abort, { once: true });
				queue.push(job);
				pump();
			});
		},
		async close() {
			closed = true;
			clearTimeout(idle);
			for (const job of [...queue.splice(0), ...suspects.splice(0), ...running.values()]) {
				clearTimeout(job.timer);
				job.settle([]);
			}
			running.clear();
			const ending = worker;
			worker = null;
			await ending?.terminate();
		},
	};
}

/** What is known of a port whose survey was lost: that it was open, and nothing more. */
function lostSurvey(request: SurveyRequest): PoolSurvey {
	const { port, protocol } = request;
	return {
		lessons: [],
		service: null,
		coverage: { port, protocol, outcome: "unknown", kinds: [], failed: [] },
		lost: true,
	};
}
