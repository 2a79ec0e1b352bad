/**
 * The worker thread in which services are surveyed, seen from the main thread: bounded in how many surveys run at once,
 * replaced when it dies, and never the reason a scan hangs.
 */
import { Worker } from "node:worker_threads";
import type { PortCoverage } from "../evidence/coverage.ts";
import type { PortSurvey } from "../probes/recognise.ts";
import { workerUrl } from "../worker-url.ts";

export interface SurveyRequest {
	readonly address: string;
	readonly port: number;
	readonly protocol: "tcp" | "udp";
	readonly hostname: string | null;
}

/** Main thread to worker. */
export type PoolMessage = { kind: "survey"; id: number; request: SurveyRequest } | { kind: "cancel"; id: number };
/** Worker to main thread. */
export interface PoolAnswer {
	id: number;
	surveys: PortSurvey[];
}

export interface ProbePool {
	/**
	 * Surveys one port (a UDP port may give nothing). Never rejects: what could not be done is a survey with outcome
	 * `unknown`. Aborting answers at once with an empty list.
	 */
	survey(request: SurveyRequest, signal: AbortSignal): Promise<PortSurvey[]>;
	close(): Promise<void>;
}

interface Waiting {
	readonly request: SurveyRequest;
	readonly settle: (surveys: PortSurvey[]) => void;
}

/** Heap of the worker: hostile answers end there, not in the daemon. Megabytes. */
const workerHeapMb = 192;
/** A worker with nothing to do for so long is ended; the next survey starts another. Milliseconds. */
const idleMs = 15_000;
/** A survey has its own deadlines; this one is for a worker that no longer answers at all. */
const lostAfterMs = 180_000;

export function createProbePool(
	options: { concurrency?: number; onFault?: (message: string) => void } = {},
): ProbePool {
	const concurrency = options.concurrency ?? 200;
	const queue: { id: number; waiting: Waiting }[] = [];
	const running = new Map<number, Waiting>();
	let nextId = 1;
	let worker: Worker | null = null;
	let closed = false;
	let idle: NodeJS.Timeout | undefined;

	function ensureWorker(): Worker {
		if (worker !== null) return worker;
		const started = new Worker(workerUrl("probe-worker"), {
			// Flags of this process (a test runner's, a debugger's) must not reach the worker.
			execArgv: [],
			resourceLimits: { maxOldGenerationSizeMb: workerHeapMb },
		});
		started.on("message", (answer: PoolAnswer) => finish(answer.id, answer.surveys));
		started.on("error", (err) => options.onFault?.(`the probe worker failed: ${err.message}`));
		started.on("exit", () => {
			// One that was ended for idleness has nothing to answer for.
			if (worker !== started) return;
			worker = null;
			for (const [id, waiting] of [...running]) finish(id, [lostSurvey(waiting.request)]);
		});
		started.unref();
		worker = started;
		return started;
	}

	function finish(id: number, surveys: PortSurvey[]): void {
		const waiting = running.get(id);
		if (waiting === undefined) return;
		running.delete(id);
		waiting.settle(surveys);
		pump();
		endWhenIdle();
	}

	function endWhenIdle(): void {
		clearTimeout(idle);
		if (running.size > 0 || queue.length > 0 || worker === null) return;
		idle = setTimeout(() => {
			const ending = worker;
			worker = null;
			void ending?.terminate();
		}, idleMs);
		idle.unref();
	}

	function pump(): void {
		while (!closed && running.size < concurrency) {
			const next = queue.shift();
			if (next === undefined) return;
			clearTimeout(idle);
			running.set(next.id, next.waiting);
			ensureWorker().postMessage({ kind: "survey", id: next.id, request: next.waiting.request } satisfies PoolMessage);
		}
	}

	return {
		survey(request, signal) {
			if (closed || signal.aborted) return Promise.resolve([]);
			const id = nextId++;
			return new Promise((resolve) => {
				const timer = setTimeout(() => finish(id, [lostSurvey(request)]), lostAfterMs);
				const settle = (surveys: PortSurvey[]) => {
					clearTimeout(timer);
					signal.removeEventListener("abort", abort);
					resolve(surveys);
				};
				const abort = () => {
					const place = queue.findIndex((entry) => entry.id === id);
					if (place >= 0) queue.splice(place, 1);
					running.delete(id);
					worker?.postMessage({ kind: "cancel", id } satisfies PoolMessage);
					settle([]);
					pump();
					endWhenIdle();
				};
				signal.addEventListener("abort", abort, { once: true });
				queue.push({ id, waiting: { request, settle } });
				pump();
			});
		},
		async close() {
			closed = true;
			clearTimeout(idle);
			for (const { waiting } of queue.splice(0)) waiting.settle([]);
			for (const [id] of [...running]) finish(id, []);
			await worker?.terminate();
		},
	};
}

/** What is known of a port whose survey was lost: that it was open, and nothing more. */
function lostSurvey(request: SurveyRequest): PortSurvey {
	const coverage: PortCoverage = {
		port: request.port,
		protocol: request.protocol,
		outcome: "unknown",
		kinds: [],
		failed: [],
	};
	return { lessons: [], service: null, coverage };
}
