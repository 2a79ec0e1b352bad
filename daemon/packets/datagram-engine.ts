/** The datagram engine as the rest of the daemon sees it: jobs in, batches out, the work on a worker thread that ends when idle. */
import { unpackAnswers } from "./datagrams/answer-columns.ts";
import type { DatagramBatch, DatagramEngine, DatagramJob, DatagramNote } from "./datagrams/job.ts";
import type { DatagramEnd, PackedDatagrams } from "./datagrams/messages.ts";
import { JobThread } from "./job-thread.ts";
import type { LimitTable } from "./limit-table.ts";
import type { DatagramWorkerOptions } from "./messages.ts";

export interface DatagramEngineOptions {
	/** The thread is ended when there was no job for so long, and started again by the next one. Default 15,000. */
	readonly idleMs?: number;
	/** Shared with all other engines that its limits are to hold over. Default: its own. */
	readonly limits?: LimitTable;
	/** Why ARP, ACKs and raw echo requests are not wanted though they may be allowed (a clause). Default: they are. */
	readonly notRaw?: string | null;
}

/** No thread is started before the first job. The caller closes it. */
export function createDatagramEngine({ idleMs, limits, notRaw = null }: DatagramEngineOptions = {}): DatagramEngine {
	const work = {
		...{ worker: "datagram-worker" as const, does: "sends datagrams" },
		workerData: { notRaw } satisfies DatagramWorkerOptions,
		note: { skipped: [], sparing: [] },
		unpack,
		noteAtEnd: ({ note }: DatagramEnd) => note,
	};
	return new JobThread<DatagramJob, PackedDatagrams, DatagramBatch, DatagramNote, DatagramEnd>(work, idleMs, limits);
}

function unpack(job: DatagramJob, batch: PackedDatagrams): DatagramBatch {
	const { settled, sent, refused, networks = [], slowedBy = [] } = batch;
	return { answers: unpackAnswers(job, batch), settled, sent, refused, networks, slowedBy };
}
