/**
 * The raw engine as the rest of the daemon sees it. It asks with packets of its own making; a job that it cannot or should
 * not do goes to the connect engine, with the reason.
 */
import type { PortEngine, PortJob, PortRun } from "./engine.ts";
import type { LimitTable } from "./limit-table.ts";
import { type PortThread, portThread } from "./port-thread.ts";
import { checkRawAccess, type RawAccess } from "./raw-access.ts";
import { type Handover, RawRun } from "./raw-run.ts";

export interface RawEngineOptions {
	/** Takes the jobs that cannot be done raw, and gives the second opinion. Closed with this engine. */
	readonly fallback: PortEngine;
	/** The thread is ended when there was no job for so long, and started again by the next one. Default 15,000. */
	readonly idleMs?: number;
	/** As for the connect engine; the fallback must be given the same. */
	readonly limits?: LimitTable;
	/** Told when a job goes to the connect engine, for the log. */
	readonly onHandover?: (reason: string) => void;
	/** What is known of raw sockets here. Default: found out now. */
	readonly access?: RawAccess;
}

/** No thread until the first job. Null when raw sockets may not be opened here: `checkRawAccess` says why. */
export function prepareRawEngine(options: RawEngineOptions): PortEngine | null {
	const access = options.access ?? checkRawAccess();
	return access.allowed ? new RawEngine(options) : null;
}

class RawEngine implements PortEngine {
	readonly name = "raw";
	private readonly raw: PortThread;
	private readonly handover: Handover;
	private lastHandover = "";

	constructor({ fallback, idleMs, onHandover, limits }: RawEngineOptions) {
		this.raw = portThread("raw-worker", {}, { idleMs, limits });
		this.handover = {
			fallback,
			groups: new Set(),
			agreedUntilMs: 0,
			told: (reason) => {
				this.lastHandover = reason;
				onHandover?.(reason);
			},
		};
	}

	get reason(): string {
		const base = "Ports are asked with SYN packets of our own: CAP_NET_RAW is granted.";
		return this.lastHandover === "" ? base : `${base} The last job left to connects: ${this.lastHandover}.`;
	}

	run(job: PortJob): PortRun {
		return new RawRun(job, this.raw, this.handover);
	}

	async close(): Promise<void> {
		await this.raw.close();
		await this.handover.fallback.close();
	}
}
