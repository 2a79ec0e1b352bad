/** Elapsed time from a clock that may be set back: it stands still then, and never runs backwards. Pure but for the clock. */

/** Milliseconds since this call. */
export function steadyTime(now: () => number): () => number {
	let last = now();
	let elapsed = 0;
	return () => {
		const at = now();
		elapsed += Math.max(0, at - last);
		last = at;
		return elapsed;
	};
}
