/**
 * How fast to send: looks for the path's rate by what becomes of probes to hosts that do answer. Silent hosts say nothing,
 * and a filtered port is told from a lost probe by what repeats of some of them bring. Pure: the time is handed in.
 */

export interface RateOptions {
	/** Packets a second that are never passed, whatever the path can take. */
	readonly ceiling: number;
	/** Packets a second to begin with. Default 10,000. */
	readonly start?: number;
}

/** Packets a second that are always tried: below it nothing would be learned any more. */
const lowestRate = 50;
/** As long as nobody has answered there is nothing to learn from. */
const uninformedRate = 30_000;
/** Loss that is taken as chance: lossy links lose at any rate. */
const tolerated = 0.03;
const slowStartStep = 2;
const laterStep = 1.06;
/** The longer nothing was lost, the larger the step: doubled every so many steps, up to this. */
const [longStreak, largestStep] = [3, 1.5];
/** Growth never outruns what was answered by more than this, while doubling and later. */
const [aheadOfAnswers, aheadLater] = [2.5, 1.3];
/** Doubling ends when answers have not grown by this much for so many intervals in a row. */
const growing = 1.25;
const patience = 2;
/** It ends too when answers begin to take longer: by a quarter of the bare round trip, but no less and no more than this. */
const [leastDelayMs, mostDelayMs] = [4, 16];
/** What then stands in queues is let run off. */
const drained = 0.9;
/** A rate that was good before it had to be lowered is soon tried again: this part of it, while doubling and later, in these steps. */
const [goodWhileDoubling, goodLater, recoveryStep] = [0.5, 0.7, 1.5];
/** Silence is told from a late answer only after this long: losses of the old rate come in until then. */
const lossKnownAfterMs = 50;
/** Conclusions on first tries that make an interval worth a judgement. */
const enough = 20;
const shortestIntervalMs = 25;
const firstIntervalMs = 5;
/** One that has brought too little to be judged by may take so much longer. */
const longestIntervalMs = 100;
/** For how long the shortest delay of late is the path's own: a way that became longer is no queue for ever. */
const epochMs = 3_000;
/** While it doubles, answers alone tell whether the path follows; they take one round trip. */
const shortestStepMs = 3;

export class RateController {
	rate: number;
	/** Share of probes that are lost, of late. */
	loss = 0;
	/** First tries to hosts that do answer, since the beginning: answered and not. */
	allAnswered = 0;
	allSilent = 0;
	readonly ceiling: number;
	private slowStart = true;
	/** Of this interval: first tries answered and not, packets sent, answers of any kind. */
	private answered = 0;
	/** First tries answered in an interval, of late. */
	private usuallyAnswered = 0;
	private unanswered = 0;
	private sent = 0;
	private heard = 0;
	/** Probes to strangers that were lost for sure: a later one was answered. */
	private lost = 0;
	/** Repeats that were answered and not, of late: how much of the silence is loss. */
	private repeatsAnswered = 0;
	private repeatsUnanswered = 0;
	private rtt = Number.NaN;
	private rttVariation = 0;
	/** The shortest ever seen from the same place, smoothed; and by how much answers of this interval took longer, the least. */
	private bareRtt = 0;
	private shortest = Number.POSITIVE_INFINITY;
	/** The least of that excess in this epoch and the one before. */
	private leastExcess = Number.POSITIVE_INFINITY;
	private leastExcessBefore = Number.POSITIVE_INFINITY;
	private epochEndsAt: number;
	private intervalFrom: number;
	private nextAt: number;
	private holdUntil = 0;
	private bestAnswerRate = 0;
	private mostAnswered = 0;
	private notGrowing = 0;
	private delayed = 0;
	/** Up to this rate it grows in large steps. */
	private recoverTo = 0;
	/** Answers for each packet, as long as the path kept up: what it does when it is overrun says nothing about who answers. */
	private ratio = 1;
	private sentBefore = 0;
	private streak = 0;
	private allSent = 0;
	private allHeard = 0;

	constructor({ ceiling, start = 10_000 }: RateOptions, nowMs: number) {
		this.ceiling = Math.max(0.001, ceiling);
		this.rate = Math.min(this.ceiling, start);
		this.intervalFrom = nowMs;
		this.nextAt = nowMs + firstIntervalMs;
		this.epochEndsAt = nowMs + epochMs;
	}

	/** Smoothed round-trip time; NaN before the first answer. */
	get rttMs(): number {
		return this.rtt;
	}

	/** After how long an answer is late: the smoothed time and four variations; NaN before the first. */
	get answerMs(): number {
		return this.rtt + 4 * this.rttVariation;
	}

	/** The share of silence that turned out to be loss; 1 as long as nothing is known. */
	get doubt(): number {
		return (this.repeatsAnswered + 2) / (this.repeatsAnswered + this.repeatsUnanswered + 2);
	}

	onSent(packets: number): void {
		this.sent += packets;
		this.allSent += packets;
	}

	/**
	 * An answer to a pair that had been asked `repeats` times before; `rttMs` is NaN where it cannot be told, `leastMs` the
	 * shortest ever seen from there.
	 */
	onAnswer(repeats: number, rttMs: number, leastMs: number): void {
		this.heard++;
		this.allHeard++;
		if (repeats === 0) {
			this.answered++;
			this.allAnswered++;
		} else this.repeatsAnswered++;
		if (Number.isNaN(rttMs)) return;
		this.shortest = Math.min(this.shortest, rttMs - leastMs);
		this.leastExcess = Math.min(this.leastExcess, rttMs - leastMs);
		if (Number.isNaN(this.rtt)) {
			this.rtt = rttMs;
			this.rttVariation = rttMs / 2;
			this.bareRtt = leastMs;
		} else {
			this.rttVariation += (Math.abs(this.rtt - rttMs) - this.rttVariation) / 64;
			this.rtt += (rttMs - this.rtt) / 64;
			this.bareRtt += (leastMs - this.bareRtt) / 64;
		}
	}

	/** No answer in time from a host that does answer, to a pair asked `repeats` times before. */
	onSilence(repeats: number): void {
		if (repeats === 0) {
			this.unanswered++;
			this.allSilent++;
		} else this.repeatsUnanswered++;
	}

	/** A host nothing was known of has answered only now: so many probes before were lost. */
	onLost(probes: number): void {
		this.lost += probes;
	}

	/** What counted as silence was an answer that took long. */
	onLate(repeats: number): void {
		if (repeats === 0) this.unanswered = Math.max(0, this.unanswered - 1);
		else this.repeatsUnanswered = Math.max(0, this.repeatsUnanswered - 1);
	}

	/** Called often; decides once an interval. */
	update(nowMs: number): void {
		if (nowMs < this.nextAt) return;
		if (this.saysTooLittle(nowMs)) {
			this.nextAt = nowMs + shortestStepMs;
			return;
		}
		const seconds = (nowMs - this.intervalFrom) / 1_000;
		const concluded = this.answered + this.unanswered;
		const lost = this.unanswered * this.doubt + this.lost;
		// Answers come sooner than silence is believed: when hosts that answer are done, only their silence is left to come.
		const among = Math.max(this.answered, this.usuallyAnswered) + lost;
		const loss = lost / Math.max(1, among);
		this.usuallyAnswered += (this.answered - this.usuallyAnswered) / 4;
		if (concluded >= enough) this.loss += (loss - this.loss) / 8;
		const grew = this.heard / seconds > this.bestAnswerRate * growing;
		this.bestAnswerRate = Math.max(this.bestAnswerRate * 0.98, this.heard / seconds);
		this.mostAnswered = Math.max(this.mostAnswered, this.heard / seconds);
		const chance = tolerated * Math.max(concluded, among);
		const lossy = lost > chance + 2 * Math.sqrt(chance) + 1;
		// A queue delays every answer, somebody else's work on this machine or that only some.
		const excess = this.shortest === Number.POSITIVE_INFINITY ? 0 : this.shortest - this.usualExcess;
		const queueing = excess > this.bareRtt + 15;
		const filling = excess > (this.bareRtt + 15) / 2;
		this.delayed = excess > Math.min(mostDelayMs, Math.max(leastDelayMs, this.bareRtt / 4)) ? this.delayed + 1 : 0;
		if (!lossy && !queueing && (grew || !this.slowStart)) this.measureRatio(nowMs - this.intervalFrom);
		if (nowMs >= this.epochEndsAt) {
			this.leastExcessBefore = this.leastExcess;
			this.leastExcess = Number.POSITIVE_INFINITY;
			this.epochEndsAt = nowMs + epochMs;
		}
		if (lossy || queueing) {
			this.streak = 0;
			if (nowMs >= this.holdUntil) {
				if (this.slowStart) this.settle();
				else this.recoverTo = this.rate * goodLater;
				this.rate *= queueing ? Math.min(0.9, Math.max(0.5, (this.bareRtt + 15) / excess)) : 1;
				if (lossy) {
					// What has come through is what the path can take, however much was lost of a burst.
					const proven = queueing ? 0 : Math.min(this.rate, this.heard / seconds) * 0.95;
					this.rate = Math.max(proven, this.rate * Math.max(0.4, 1 - loss) * 0.92);
				}
				// What was sent at the old rate is still to come in.
				this.holdUntil =
					nowMs + Math.max(lossKnownAfterMs, this.feedbackMs()) + (Number.isNaN(this.rtt) ? 0 : this.rtt);
			}
		} else if (filling && !this.slowStart) {
			// More would only wait.
			this.streak = 0;
		} else if (nowMs >= this.holdUntil && this.sent > this.rate * seconds * 0.5) {
			// Where less was sent than could be, answers had no reason to grow.
			if (this.slowStart && concluded >= enough && this.sent > this.rate * seconds * 0.8) this.endDoubling(grew);
			this.grow(concluded);
		}
		this.rate = Math.max(Math.min(lowestRate, this.ceiling), Math.min(this.ceiling, this.rate));
		this.sentBefore = this.allSent;
		this.shortest = Number.POSITIVE_INFINITY;
		this.answered = 0;
		this.unanswered = 0;
		this.sent = 0;
		this.heard = 0;
		this.lost = 0;
		this.repeatsAnswered *= 0.9;
		this.repeatsUnanswered *= 0.9;
		this.intervalFrom = nowMs;
		this.nextAt = nowMs + this.intervalMs();
	}

	/** Where few of many are there, answers take their time: an interval goes on until there are enough to be judged by. */
	private saysTooLittle(nowMs: number): boolean {
		if (this.allHeard < enough || this.answered >= enough || this.unanswered + this.lost > 0) return false;
		return nowMs - this.intervalFrom < longestIntervalMs;
	}

	/** Does the path carry no more, however much more is sent? The rest would wait in its queues or be lost. */
	private endDoubling(grew: boolean): void {
		this.notGrowing = grew ? 0 : this.notGrowing + 1;
		if (this.notGrowing >= patience || this.delayed >= (grew ? patience : 1)) this.settle();
	}

	/** What was answered is what the path carries. */
	private settle(): void {
		this.slowStart = false;
		this.recoverTo = this.rate * goodWhileDoubling;
		const carried = this.bestAnswerRate / this.ratio;
		if (this.allHeard >= enough) this.rate = Math.min(this.rate, this.delayed > 0 ? carried * drained : carried);
	}

	/** Of what was sent a round trip ago or earlier, how much was answered. */
	private measureRatio(intervalMs: number): void {
		const late = Number.isNaN(this.rtt) ? 0 : Math.min(1, (this.rtt + 2 * this.rttVariation) / intervalMs);
		const ripe = this.allSent - (this.allSent - this.sentBefore) * late;
		if (this.allHeard > 0) this.ratio = Math.min(1, this.allHeard / Math.max(1, ripe));
	}

	/** What it always takes longer by: a way that has become longer is no queue. */
	private get usualExcess(): number {
		return Math.min(this.leastExcess, this.leastExcessBefore);
	}

	private grow(concluded: number): void {
		const later = Math.min(largestStep, 1 + (laterStep - 1) * 2 ** Math.floor(this.streak / longStreak));
		const careful = this.rate < this.recoverTo ? Math.max(later, recoveryStep) : later;
		const wanted = this.rate * (this.slowStart ? slowStartStep : careful);
		const ahead = this.slowStart ? aheadOfAnswers : aheadLater;
		if (!this.slowStart) this.streak++;
		if (this.allHeard < enough) this.rate = Math.max(this.rate, Math.min(wanted, uninformedRate));
		else if (concluded >= enough) {
			this.rate = Math.max(this.rate, Math.min(wanted, (ahead * this.bestAnswerRate) / this.ratio));
		} else {
			// Those that are left do not answer, so nothing more will be learned: half of what the path has shown to carry is safe.
			const safe = Math.min(uninformedRate, (this.mostAnswered / this.ratio) * goodWhileDoubling);
			this.rate = Math.max(this.rate, Math.min(wanted, safe));
		}
	}

	private intervalMs(): number {
		if (this.slowStart && !Number.isNaN(this.rtt)) return Math.max(shortestStepMs, this.answerMs);
		return Math.max(shortestIntervalMs, this.feedbackMs());
	}

	/** How long it takes until the effect of a change is seen. */
	private feedbackMs(): number {
		return Number.isNaN(this.rtt) ? shortestIntervalMs : this.answerMs + 15;
	}
}

/** Short enough that a ceiling holds in every 100 ms. */
const burstSeconds = 0.004;
/** Below the ceiling a thread that wakes up late may make up for so much, but for no more packets than this. */
const lateSeconds = 0.02;
const lateMost = 512;
/** Packets leave together, as many as come up in this time but no more than these: a system call costs as much as three. */
const togetherSeconds = 0.001;
const togetherMost = 64;

/** Tokens at a rate that may change, with a burst of a few milliseconds. Pure. */
export class Pacer {
	private tokens = 1;
	private refilledAt: number;

	constructor(nowMs: number) {
		this.refilledAt = nowMs;
	}

	/** How many packets may leave now, at this rate a second; none as long as it is too few to be worth a call. */
	allowance(ratePerSecond: number, nowMs: number, ceiling = ratePerSecond): number {
		const late = Math.min(ceiling * burstSeconds, ratePerSecond * lateSeconds, lateMost);
		// One more than that: a slow rate must not lose the fractions it saves up.
		const burst = 1 + Math.max(ratePerSecond * burstSeconds, late);
		this.tokens = Math.min(burst, this.tokens + (Math.max(0, nowMs - this.refilledAt) * ratePerSecond) / 1_000);
		this.refilledAt = nowMs;
		return this.tokens < together(ratePerSecond) ? 0 : Math.floor(this.tokens);
	}

	take(packets: number): void {
		this.tokens -= packets;
	}

	/** Milliseconds until some may leave. */
	waitMs(ratePerSecond: number): number {
		return Math.max(0, ((together(ratePerSecond) - this.tokens) / Math.max(0.001, ratePerSecond)) * 1_000);
	}
}

function together(ratePerSecond: number): number {
	return Math.max(1, Math.min(togetherMost, Math.floor(ratePerSecond * togetherSeconds)));
}
