/**
 * How a survey waits until it may send: every connect and every datagram takes a turn first, so that limits hold over
 * what surveys send too. Waiting fails nothing: deadlines do not run meanwhile.
 */

export interface Turns {
	/**
	 * Resolves when one packet may leave. What it resolves with is called once the packet has been answered or given up.
	 * Rejects with ProbeFailure when the signal aborts first.
	 */
	take(signal: AbortSignal): Promise<() => void>;
	/** Milliseconds in which at least one taker had to wait, up to now. */
	waitedMs(): number;
}

/** Of a survey that nothing limits. */
export const noTurns: Turns = { take: async () => () => {}, waitedMs: () => 0 };
