/** Round-trip time smoothed as in RFC 6298, and how long to wait for an answer because of it. Pure. */

/** Below this a wait says more about a busy machine than about the network. */
export const shortestWaitMs = 250;

export class RoundTrip {
	samples = 0;
	private smoothed = 0;
	private variation = 0;

	/** A time measured on an attempt that was sent once (Karn's rule is the caller's). */
	add(ms: number): void {
		this.samples++;
		if (this.samples === 1) {
			this.smoothed = ms;
			this.variation = ms / 2;
			return;
		}
		this.variation += (Math.abs(this.smoothed - ms) - this.variation) / 4;
		this.smoothed += (ms - this.smoothed) / 8;
	}

	/** Only meaningful with a sample. */
	get smoothedMs(): number {
		return this.smoothed;
	}

	/** RFC 6298 2.3: smoothed time plus four variations, not below the floor. Only meaningful with a sample. */
	waitMs(floorMs = shortestWaitMs): number {
		return Math.max(floorMs, this.smoothed + 4 * this.variation);
	}
}
