/** One probe worker thread and the messages to it: what crosses the threads is declared here, once. */
import { Worker } from "node:worker_threads";
import type { AddressGuard } from "../packets/engine.ts";
import type { PortSurvey } from "../probes/recognise.ts";
import { workerUrl } from "../worker-url.ts";
import type { SurveyRequest } from "./probe-pool.ts";

/** Main thread to worker. A guard is carried over before the first survey under it. */
export type PoolMessage =
	| { kind: "guard"; guard: number; ranges: AddressGuard }
	| { kind: "forget"; guard: number }
	| { kind: "survey"; id: number; guard: number; request: Omit<SurveyRequest, "guard"> }
	| { kind: "cancel"; id: number };
/** Worker to main thread. */
export interface PoolAnswer {
	id: number;
	surveys: PortSurvey[];
}

export interface ProbeWorker {
	survey(id: number, request: SurveyRequest): void;
	cancel(id: number): void;
	/** When it last answered, on `performance.now`'s clock; its start counts. */
	heardAt(): number;
	terminate(): Promise<void>;
}

export interface ProbeWorkerEvents {
	readonly onSurveys: (id: number, surveys: PortSurvey[]) => void;
	readonly onFault: (message: string) => void;
	readonly onExit: (ended: ProbeWorker) => void;
}

/** Heap of the worker: hostile answers end there, not in the daemon. Megabytes. */
const workerHeapMb = 192;
/** Of it, for what lives a moment; the default lets a hostile talker grow the process by twice as much. Megabytes. */
const workerYoungMb = 8;
/** Guards the worker keeps: more than there are scans at work. */
const guardsKept = 16;

export function startProbeWorker(events: ProbeWorkerEvents): ProbeWorker {
	const thread = new Worker(workerUrl("probe-worker"), {
		// Flags of this process (a test runner's, a debugger's) must not reach the worker.
		execArgv: [],
		resourceLimits: { maxOldGenerationSizeMb: workerHeapMb, maxYoungGenerationSizeMb: workerYoungMb },
	});
	const post = (message: PoolMessage) => thread.postMessage(message);
	const guards = new Map<AddressGuard, number>();
	let nextGuard = 1;
	let heardAt = performance.now();

	const numberOf = (ranges: AddressGuard): number => {
		const guard = guards.get(ranges) ?? nextGuard++;
		if (!guards.delete(ranges)) post({ kind: "guard", guard, ranges });
		guards.set(ranges, guard);
		for (const [oldest, number] of guards) {
			if (guards.size <= guardsKept) break;
			guards.delete(oldest);
			post({ kind: "forget", guard: number });
		}
		return guard;
	};
	const link: ProbeWorker = {
		survey(id, { guard, ...request }) {
			post({ kind: "survey", id, guard: numberOf(guard), request });
		},
		cancel: (id) => post({ kind: "cancel", id }),
		heardAt: () => heardAt,
		async terminate() {
			await thread.terminate();
		},
	};
	thread.on("message", (answer: PoolAnswer) => {
		heardAt = performance.now();
		events.onSurveys(answer.id, answer.surveys);
	});
	thread.on("error", (err) => events.onFault(`the probe worker failed: ${err.message}`));
	thread.on("exit", () => events.onExit(link));
	thread.unref();
	return link;
}
