/**
 * The login worker seen from the main thread: few logins at once, fewer through one jump host; replaced when it dies, which
 * costs the login that killed it and nobody else's.
 */
import { Worker } from "node:worker_threads";
import type { ScopeGuard } from "../scope/scope.ts";
import { workerUrl } from "../worker-url.ts";
import type { LoginReport, LoginRequest } from "./login-request.ts";

export type ToLoginWorker =
	| { kind: "login"; id: number; request: LoginRequest; guard: ScopeGuard }
	| { kind: "cancel"; id: number };
export interface FromLoginWorker {
	id: number;
	report: LoginReport | null;
}

export interface LoginPool {
	/** Never rejects. Null when it was ended before it began, the address is not in scope, or the worker died over it. */
	logIn(request: LoginRequest, guard: ScopeGuard, signal: AbortSignal): Promise<LoginReport | null>;
	close(): Promise<void>;
}

const atOnce = 16;
/** sshd lets ten in at once that have not proved themselves (MaxStartups), and others use the jump host too. */
const atOnceByJump = 4;
const idleMs = 15_000;
const heapMb = 256;
const youngMb = 16;
const mostDeaths = 2;

interface Job {
	readonly id: number;
	readonly request: LoginRequest;
	readonly guard: ScopeGuard;
	readonly settle: (report: LoginReport | null) => void;
	deaths: number;
	timer: NodeJS.Timeout | undefined;
}

export function createLoginPool({ onFault }: { onFault: (message: string) => void }): LoginPool {
	const queue: Job[] = [];
	const running = new Map<number, Job>();
	let worker: Worker | null = null;
	let nextId = 1;
	let closed = false;
	let idle: NodeJS.Timeout | undefined;

	function ensureWorker(): Worker {
		if (worker !== null) return worker;
		const started = new Worker(workerUrl("login-worker"), {
			// Flags of this process (a test runner's, a debugger's) must not reach the worker.
			execArgv: [],
			resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngMb },
		});
		worker = started;
		started.on("message", ({ id, report }: FromLoginWorker) => finish(id, report));
		started.on("error", (err) => onFault(`the login worker failed: ${err.message}`));
		started.on("exit", () => {
			if (worker !== started) return;
			worker = null;
			died();
		});
		started.unref();
		return started;
	}

	/** Each that was there is tried once more, alone: whoever kills the worker again has killed it before. */
	function died(): void {
		const had = [...running.values()];
		running.clear();
		for (const job of had) {
			clearTimeout(job.timer);
			if (++job.deaths < mostDeaths) queue.unshift(job);
			else job.settle(null);
		}
		pump();
	}

	/** Its logins end by themselves long before: it hangs, and everybody in it. */
	function overdue(): void {
		onFault("the login worker no longer answers and is replaced");
		void worker?.terminate();
	}

	function finish(id: number, report: LoginReport | null): void {
		const job = running.get(id);
		running.delete(id);
		clearTimeout(job?.timer);
		job?.settle(report);
		pump();
		rest();
	}

	function rest(): void {
		clearTimeout(idle);
		if (running.size > 0 || queue.length > 0 || worker === null) return;
		idle = setTimeout(() => {
			const ending = worker;
			worker = null;
			void ending?.terminate();
		}, idleMs);
		idle.unref();
	}

	function mayStart(job: Job): boolean {
		const others = [...running.values()];
		if (others.some(({ deaths }) => deaths > 0) || (job.deaths > 0 && others.length > 0)) return false;
		const first = firstJump(job);
		return first === null || others.filter((one) => firstJump(one) === first).length < atOnceByJump;
	}

	function pump(): void {
		while (!closed && running.size < atOnce) {
			const place = queue.findIndex(mayStart);
			const [job] = place < 0 ? [] : queue.splice(place, 1);
			if (job === undefined) return;
			clearTimeout(idle);
			running.set(job.id, job);
			const { id, request, guard } = job;
			job.timer = setTimeout(overdue, lostAfterMs(request));
			job.timer.unref();
			ensureWorker().postMessage({ kind: "login", id, request, guard } satisfies ToLoginWorker);
		}
	}

	return {
		logIn(request, guard, signal) {
			if (closed || signal.aborted) return Promise.resolve(null);
			return new Promise((resolve) => {
				const settle = (report: LoginReport | null) => {
					signal.removeEventListener("abort", abort);
					resolve(report);
				};
				const job: Job = { id: nextId++, request, guard, settle, deaths: 0, timer: undefined };
				// What has come by then counts: the worker answers with it.
				const abort = () => {
					const place = queue.indexOf(job);
					if (place >= 0) {
						queue.splice(place, 1);
						settle(null);
					} else worker?.postMessage({ kind: "cancel", id: job.id } satisfies ToLoginWorker);
				};
				signal.addEventListener("abort", abort, { once: true });
				queue.push(job);
				pump();
			});
		},
		async close() {
			closed = true;
			clearTimeout(idle);
			const ending = worker;
			worker = null;
			for (const job of [...queue.splice(0), ...running.values()]) {
				clearTimeout(job.timer);
				job.settle(null);
			}
			running.clear();
			await ending?.terminate();
		},
	};
}

/** Milliseconds; generous, since it costs all logins of the worker. */
function lostAfterMs({ jumps, targets, hopMs, commandMs }: LoginRequest): number {
	return (jumps.length + 1) * targets.length * hopMs + commandMs + 60_000;
}

function firstJump({ request: { jumps } }: Job): string | null {
	const [first] = jumps;
	return first === undefined ? null : `${first.host} ${first.port}`;
}
