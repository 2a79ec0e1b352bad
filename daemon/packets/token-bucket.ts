/** Holds sending to a rate with a small burst. Pure: the time is handed in. */

/** How much of a second may be sent at once after a pause, so that a busy machine still reaches the rate. */
const burstSeconds = 0.02;

export class TokenBucket {
	private readonly perMs: number;
	private readonly capacity: number;
	private tokens = 1;
	private refilledAt: number;

	constructor(ratePerSecond: number, nowMs: number) {
		this.perMs = Math.max(0.001, ratePerSecond / 1_000);
		this.capacity = Math.max(1, ratePerSecond * burstSeconds);
		this.refilledAt = nowMs;
	}

	/** Milliseconds until `take` may be called; 0 when it may now. */
	waitMs(nowMs: number): number {
		this.tokens = Math.min(this.capacity, this.tokens + Math.max(0, nowMs - this.refilledAt) * this.perMs);
		this.refilledAt = nowMs;
		return this.tokens >= 1 ? 0 : (1 - this.tokens) / this.perMs;
	}

	take(): void {
		this.tokens -= 1;
	}

	/** An attempt that was not made after all. */
	giveBack(): void {
		this.tokens += 1;
	}
}
