/** One probe worker thread and the messages to it: what crosses the threads is declared here, once. */
import { Worker } from "node:worker_threads";
import type { AddressGuard } from "../packets/engine.ts";
import type { LimitClaim, LimitMemory } from "../packets/limit-table.ts";
import type { SenderOptions } from "../packets/messages.ts";
import type { PortSurvey } from "../probes/recognise.ts";
import { workerUrl } from "../worker-url.ts";
import type { SurveyRequest } from "./probe-pool.ts";

/** Main thread to worker. A guard is carried over before the first survey under it. */
export type PoolMessage =
	| { kind: "guard"; guard: number; ranges: AddressGuard }
	| { kind: "forget"; guard: number }
	| { kind: "survey"; id: number; guard: number; claim: LimitClaim; request: BareRequest }
	| { kind: "cancel"; id: number };
/**
 * Worker to main thread. Surveys that wait until limits let them send are told of now and then, and so is what has been
 * sent (connects and datagrams) since it was told last.
 */
export type PoolAnswer =
	| { kind: "surveys"; id: number; surveys: PortSurvey[]; sent: number }
	| { kind: "sent"; sent: readonly (readonly [id: number, count: number])[] }
	| { kind: "waiting"; ids: readonly number[] };
/** The guard is named and the limits are claimed before it crosses. */
type BareRequest = Omit<SurveyRequest, "guard" | "pace">;

export interface ProbeWorker {
	/** The claim is the survey's own until it is answered. */
	survey(id: number, request: SurveyRequest, claim: LimitClaim): void;
	cancel(id: number): void;
	/** When it last answered, on `performance.now`'s clock; its start counts. */
	heardAt(): number;
	terminate(): Promise<void>;
}

export interface ProbeWorkerEvents {
	readonly onSurveys: (id: number, surveys: PortSurvey[]) => void;
	/** Connects and datagrams a survey has sent since it was told last. */
	readonly onSent: (id: number, count: number) => void;
	/** These have waited of late until limits let them send, and may not be held for lost. */
	readonly onWaiting: (ids: readonly number[]) => void;
	readonly onFault: (message: string) => void;
	readonly onExit: (ended: ProbeWorker) => void;
}

/** Heap of the worker: hostile answers end there, not in the daemon. Megabytes. */
const workerHeapMb = 192;
/** Of it, for what lives a moment; the default lets a hostile talker grow the process by twice as much. Megabytes. */
const workerYoungMb = 8;
/** Guards the worker keeps: more than there are scans at work. */
const guardsKept = 16;

/** `limits` is the memory of limits that the thread has joined. */
export function startProbeWorker(events: ProbeWorkerEvents, limits: LimitMemory): ProbeWorker {
	const thread = new Worker(workerUrl("probe-worker"), {
		workerData: { limits } satisfies SenderOptions,
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
		survey(id, { guard, pace: _, ...request }, claim) {
			post({ kind: "survey", id, guard: numberOf(guard), claim, request });
		},
		cancel: (id) => post({ kind: "cancel", id }),
		heardAt: () => heardAt,
		async terminate() {
			await thread.terminate();
		},
	};
	thread.on("message", (answer: PoolAnswer) => {
		heardAt = performance.now();
		if (answer.kind === "waiting") events.onWaiting(answer.ids);
		else if (answer.kind === "sent") for (const [id, count] of answer.sent) events.onSent(id, count);
		else {
			if (answer.sent > 0) events.onSent(answer.id, answer.sent);
			events.onSurveys(answer.id, answer.surveys);
		}
	});
	thread.on("error", (err) => events.onFault(`the probe worker failed: ${err.message}`));
	thread.on("exit", () => events.onExit(link));
	thread.unref();
	return link;
}
