/** Takes what a job of an engine finds, for somebody who has a signal. */

export interface EngineRun<Batch> extends AsyncIterable<Batch> {
	stop(): Promise<void>;
}

/**
 * Hands over each batch, with the packets sent since the one before, and waits for the taker. Resolves at the end of the run, or
 * soon after the signal; no packet leaves then any more. Rejects when the engine or the taker fails.
 */
export async function eachBatch<Batch extends { readonly sent: number }>(
	run: EngineRun<Batch>,
	signal: AbortSignal,
	onBatch: (batch: Batch, sent: number) => Promise<void> | void,
): Promise<void> {
	const stop = () => void run.stop();
	signal.addEventListener("abort", stop, { once: true });
	let sent = 0;
	try {
		if (signal.aborted) return;
		for await (const batch of run) {
			await onBatch(batch, batch.sent - sent);
			sent = batch.sent;
		}
	} finally {
		signal.removeEventListener("abort", stop);
		await run.stop();
	}
}
