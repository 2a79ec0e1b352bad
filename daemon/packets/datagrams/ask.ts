/** Runs a job of the datagram engine for somebody who has a signal. */
import { eachBatch } from "../each-batch.ts";
import type { DatagramBatch, DatagramEngine, DatagramJob, DatagramNote } from "./job.ts";

/**
 * Hands over each batch, with the packets sent since the one before, and waits for the taker. Resolves with the note; null
 * when the signal ended it, and then no packet leaves any more. Rejects when the engine fails.
 */
export async function askDatagrams(
	engine: DatagramEngine,
	job: DatagramJob,
	signal: AbortSignal,
	onBatch: (batch: DatagramBatch, sent: number) => Promise<void> | void,
): Promise<DatagramNote | null> {
	if (signal.aborted) return null;
	const run = engine.run(job);
	await eachBatch(run, signal, onBatch);
	return signal.aborted ? null : run.note;
}
