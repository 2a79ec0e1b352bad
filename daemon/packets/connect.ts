/** The connect engine as the rest of the daemon sees it: jobs in, batches out, the work on a worker thread. */
import { describeBackEnd } from "./back-end.ts";
import type { PortEngine, PortJob, PortRun } from "./engine.ts";
import { loadLibc } from "./libc.ts";
import type { LimitTable } from "./limit-table.ts";
import type { BackEnd, WorkerOptions } from "./messages.ts";
import { type PortThread, portThread } from "./port-thread.ts";

export interface ConnectEngineOptions {
	/** `auto` takes epoll where libc can be called and node:net elsewhere. Default auto. */
	readonly backEnd?: BackEnd;
	/** Attempts open at once over all jobs; capped by the descriptor limit. Default 8,192. */
	readonly maxInFlight?: number;
	/** The thread is ended when there was no job for so long, and started again by the next one. Default 15,000. */
	readonly idleMs?: number;
	/** Shared with all other engines that its limits are to hold over. Default: its own. */
	readonly limits?: LimitTable;
}

/** Starts the engine once to learn what it is. Rejects with `unavailable` when it cannot start. The caller closes it. */
export async function createConnectEngine(options: ConnectEngineOptions = {}): Promise<PortEngine> {
	const engine = engineOf(options);
	await engine.start();
	return engine;
}

/** The same engine without a thread until the first job; what it will be is told by looking for libc here. */
export function prepareConnectEngine(options: ConnectEngineOptions = {}): PortEngine {
	const engine = engineOf(options);
	const { name, reason } = describeBackEnd(options.backEnd ?? "auto", loadLibc());
	engine.name = name;
	engine.reason = reason;
	return engine;
}

function engineOf(options: ConnectEngineOptions): ConnectEngine {
	const workerData: WorkerOptions = { backEnd: options.backEnd ?? "auto", maxInFlight: options.maxInFlight ?? 8_192 };
	return new ConnectEngine(workerData, options);
}

class ConnectEngine implements PortEngine {
	name = "connect";
	reason = "";
	private readonly thread: PortThread;

	constructor(workerData: WorkerOptions, { idleMs, limits }: ConnectEngineOptions) {
		const ready = (name: string, reason: string) => Object.assign(this, { name, reason });
		this.thread = portThread("connect-worker", workerData, { idleMs, limits, ready });
	}

	start(): Promise<void> {
		return this.thread.start();
	}

	run(job: PortJob): PortRun {
		return this.thread.run(job);
	}

	close(): Promise<void> {
		return this.thread.close();
	}
}
