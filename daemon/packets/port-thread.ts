/** A thread that asks ports, by connects or by raw packets: which of them, it is told by name. */
import type { WorkerName } from "../worker-url.ts";
import type { PortBatch, PortJob } from "./engine.ts";
import { JobThread } from "./job-thread.ts";
import type { LimitTable } from "./limit-table.ts";
import type { EndNote, PackedBatch } from "./messages.ts";
import { unpackBatch } from "./port-batch.ts";

export type PortThread = JobThread<PortJob, PackedBatch, PortBatch, EndNote, EndNote>;
export type PortThreadRun = ReturnType<PortThread["run"]>;

export interface PortThreadOptions {
	readonly idleMs?: number | undefined;
	readonly limits?: LimitTable | undefined;
	/** Once the thread has started: what it is and why. */
	readonly ready?: (name: string, reason: string) => void;
}

export function portThread(worker: WorkerName, workerData: object, options: PortThreadOptions): PortThread {
	const { idleMs, limits, ready } = options;
	const work = {
		...{ worker, workerData, does: "asks ports", note: {}, unpack: unpackBatch },
		// Its objects live for milliseconds: a larger nursery costs 90 MB and gains nothing.
		resourceLimits: { maxYoungGenerationSizeMb: 4 },
		noteIn: ({ unheard }: PackedBatch) => (unheard === false ? { unheard } : undefined),
		noteAtEnd: ({ declined, unheard, failed }: EndNote) => ({
			...(declined === undefined ? {} : { declined }),
			...(unheard === undefined ? {} : { unheard }),
			...(failed === undefined ? {} : { failed }),
		}),
		...(ready === undefined ? {} : { ready }),
	};
	return new JobThread<PortJob, PackedBatch, PortBatch, EndNote, EndNote>(work, idleMs, limits);
}
