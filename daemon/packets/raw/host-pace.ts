/**
 * How much slower one host wants to be asked than its path would carry: many stacks answer so many refusals a second and no
 * more, and a firewall that says "prohibited" over and over is not to be hurried. Pure.
 */

/** Pauses between two packets begin with this, double, and end here. Milliseconds. */
const [firstMs, longestMs] = [1, 20];
/** First tries concluded before silence is judged again, and repeats of them that must have been answered. */
const enough = 24;
const enoughRevived = 3;
/** The host's silence must exceed what its path loses by this much and so many times. */
const [excess, times] = [0.1, 3];
/** ICMP messages that asking is forbidden, for each step. */
const prohibitedPerStep = 16;
/** That alone never makes the pauses longer than this. */
const longestProhibitedMs = 8;

export class HostPace {
	/** Between two packets to the host; 0 as long as nothing speaks for a pause. */
	pauseMs = 0;
	private answered = 0;
	private silent = 0;
	private revived = 0;
	private prohibited = 0;

	/** An answer to a pair that had been asked `repeats` times before. */
	onAnswer(repeats: number): void {
		if (repeats === 0) this.answered++;
		else this.revived++;
	}

	/** No answer to a first try; `pathLoss` is the share that the path loses anyway. */
	onSilence(pathLoss: number): void {
		this.silent++;
		const concluded = this.answered + this.silent;
		if (concluded < enough || this.revived < enoughRevived) return;
		const limited = this.silent / concluded > Math.max(excess, pathLoss * times);
		this.answered = 0;
		this.silent = 0;
		this.revived = 0;
		if (limited) this.slow(longestMs);
	}

	onProhibited(): void {
		if (++this.prohibited % prohibitedPerStep === 0) this.slow(longestProhibitedMs);
	}

	private slow(most: number): void {
		if (this.pauseMs < most) this.pauseMs = Math.min(most, Math.max(firstMs, this.pauseMs * 2));
	}
}
