/** Runs a job of the datagram engine for somebody who has a signal. */
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
	const stop = () => void run.stop();
	signal.addEventListener("abort", stop, { once: true });
	let sent = 0;
	try {
		for await (const batch of run) {
			await onBatch(batch, batch.sent - sent);
			sent = batch.sent;
		}
	} finally {
		signal.removeEventListener("abort", stop);
		await run.stop();
	}
	return signal.aborted ? null : run.note;
}
