/** Routes to addresses as the rest of the daemon asks for them: a job in, a route at a time out, the work on a thread. */
import { Worker } from "node:worker_threads";
import { AppError } from "../../../protocol/errors.ts";
import { workerUrl } from "../../worker-url.ts";
import type { PortJob } from "../engine.ts";
import type { LimitTable } from "../limit-table.ts";
import type { FromTracer, TracedRoute, TraceJob, TracerOptions } from "./messages.ts";

export type TraceRoutes = (job: TraceJob, options: TraceOptions) => Promise<TraceOutcome>;

export interface TraceOptions {
	/** No packet leaves soon (10 ms) after it; the job then resolves with what there was. */
	readonly signal: AbortSignal;
	readonly onRoute: (route: TracedRoute) => void;
	/** Probes sent so far. */
	readonly onSent: (sent: number) => void;
}

export interface TraceOutcome {
	readonly sent: number;
	/** Why nothing could be traced here, a clause; null when it could. */
	readonly problem: string | null;
}

/** Machines whose `struct msghdr` has the layout that is written. */
const known64Bit = new Set(["x64", "arm64", "riscv64", "loong64"]);

export interface TracerParts {
	readonly limits: LimitTable;
	/** The concurrency groups that addresses are in now. */
	readonly sharedOf: (addresses: readonly string[]) => NonNullable<PortJob["shared"]>;
}

/**
 * A tracer whose packets pass the limits of whoever sends them. Resolves when every group is traced or the signal has
 * come. Rejects only when the thread dies, or too much is sent at once already.
 */
export function createTracer({ limits, sharedOf }: TracerParts): TraceRoutes {
	return async (job, options) => {
		const { sender, ...bare } = job;
		if (sender === undefined) return traceRoutes(bare, options);
		const shared = sharedOf(bare.groups.flat());
		const claim = limits.claim({ ...sender, ...(shared.length > 0 ? { shared } : {}) });
		try {
			const memory = limits.join();
			return await run({ job: bare, pace: { limits: memory, claim } }, options).finally(() => limits.leave(memory));
		} finally {
			limits.release(claim);
		}
	};
}

/** The same by the job's own pace alone. */
export const traceRoutes: TraceRoutes = (job, options) => run({ job, pace: null }, options);

function run(workerData: TracerOptions, { signal, onRoute, onSent }: TraceOptions): Promise<TraceOutcome> {
	if (!known64Bit.has(process.arch))
		return Promise.resolve({ sent: 0, problem: `route tracing is not known to work on ${process.arch}` });
	if (signal.aborted || workerData.job.groups.length === 0) return Promise.resolve({ sent: 0, problem: null });
	const { promise, resolve, reject } = Promise.withResolvers<TraceOutcome>();
	const worker = new Worker(workerUrl("trace-worker"), { workerData, name: "trace-worker", execArgv: [] });
	const stop = () => worker.postMessage("stop");
	signal.addEventListener("abort", stop, { once: true });
	let outcome: TraceOutcome | undefined;
	worker.on("message", (message: FromTracer) => {
		onSent(message.sent);
		if (message.kind === "route") onRoute(message.route);
		else outcome = { sent: message.sent, problem: message.problem };
	});
	worker.on("error", (cause) => reject(stopped(cause)));
	worker.on("exit", () => {
		if (outcome === undefined) reject(stopped(undefined));
		else resolve(outcome);
	});
	return promise.finally(() => signal.removeEventListener("abort", stop));
}

function stopped(cause: unknown): AppError {
	return new AppError("unavailable", "The thread that traces routes has stopped.", {
		hint: "Map again; the daemon's log says what happened.",
		cause,
	});
}
