/**
 * How much slower one host wants to be asked than its path would carry: many stacks answer so many refusals a second and no
 * more, and a firewall that says "prohibited" over and over is not to be hurried. Pure.
 */

/** Pauses between two packets begin with this, double, and end here. Milliseconds. */
const [firstMs, longestMs] = [1, 20];
/** First tries concluded before silence is judged again, and repeats of them that must have been answered. */
const enough = 48;
const enoughRevived = 3;
/** First tries concluded before a shorter pause is tried. */
const enoughToHurry = 100;
/** Loss that any path is taken to have, and how far beyond chance a host's silence must be: standard deviations, and probes. */
const [leastLoss, deviations, beyond] = [0.05, 4, 4];
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
	/** What all hosts had answered and not when this one was last judged. */
	private pathAnswered = 0;
	private pathSilent = 0;
	/** Conclusions on what had left before the last change: they say nothing about it. */
	private stale = 0;

	/** An answer to a pair that had been asked `repeats` times before. */
	onAnswer(repeats: number): void {
		if (repeats > 0) this.revived++;
		else if (this.stale > 0) this.stale--;
		else {
			this.answered++;
			if (this.pauseMs > 0 && this.answered + this.silent >= enoughToHurry) this.hurry();
		}
	}

	/** No answer to a first try; the path is what all hosts behind it answered, `inFlight` what else was sent to this one. */
	onSilence(path: { readonly allAnswered: number; readonly allSilent: number }, inFlight = 0): void {
		if (this.stale > 0) {
			this.stale--;
			return;
		}
		this.silent++;
		const concluded = this.answered + this.silent;
		if (concluded < enough || this.revived < enoughRevived) return;
		// A burst that is lost is lost to all of them: what counts is the same time, not the average.
		const silence = path.allSilent - this.pathSilent;
		const pathLoss = silence / Math.max(1, silence + path.allAnswered - this.pathAnswered);
		const loss = Math.min(0.5, Math.max(leastLoss, pathLoss));
		this.pathAnswered = path.allAnswered;
		this.pathSilent = path.allSilent;
		const chance = loss * concluded;
		const limited = this.silent > chance + deviations * Math.sqrt(chance * (1 - loss)) + beyond;
		this.answered = 0;
		this.silent = 0;
		this.revived = 0;
		if (!limited) return;
		this.slow(longestMs);
		this.stale = inFlight;
	}

	/** Nearly all of what is asked at this pace is answered: a quicker one is tried. */
	private hurry(): void {
		if (this.silent < this.answered * leastLoss) this.pauseMs = this.pauseMs <= firstMs ? 0 : this.pauseMs / 2;
		this.answered = 0;
		this.silent = 0;
		this.revived = 0;
	}

	onProhibited(): void {
		if (++this.prohibited % prohibitedPerStep === 0) this.slow(longestProhibitedMs);
	}

	private slow(most: number): void {
		if (this.pauseMs < most) this.pauseMs = Math.min(most, Math.max(firstMs, this.pauseMs * 2));
	}
}
