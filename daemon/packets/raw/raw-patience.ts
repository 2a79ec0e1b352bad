/** How long a raw probe is waited for, and how much more often a pair is asked where probes are lost. Pure. */
import type { RawHost } from "./raw-host.ts";

/** An answer that takes longer than this and four variations is given up and asked for again. */
const shortestRawWaitMs = 50;
/** The last try is waited for longer: it is the last word on the pair. */
const shortestLastWaitMs = 250;
/** Samples of a network before its strangers are given less than the whole time-out. */
const samplesForStrangers = 8;
/** All tries together then wait for a stranger many times as long as for its neighbours: this long for the last at least. */
const shortestLastStrangerWaitMs = 300;
/** Where nothing is known of a network it may be so many times as far as others, but is asked again after this at least. */
const [fartherThanOthers, shortestUnknownWaitMs] = [8, 250];
/** Further tries when probes are being lost, and the share of pairs that may be missed in the end. */
const mostExtraTries = 4;
const acceptedMisses = 0.01;
/** Answers of a host before its silence is doubted. */
const leastAnswers = 8;

/**
 * Milliseconds for the try with this number, from 1; `longest` is what the job allows, `elsewhereMs` what is waited for an
 * answer from the other networks of the job, NaN when none has answered.
 */
export function waitMs(
	{ roundTrip, network }: Pick<RawHost, "roundTrip" | "network">,
	tries: number,
	isLast: boolean,
	longest: number,
	elsewhereMs: number,
): number {
	const backOff = Math.min(4, 2 ** (tries - 1));
	if (roundTrip !== null) {
		const wait = roundTrip.waitMs(shortestRawWaitMs) * backOff;
		return Math.min(longest, isLast ? Math.max(shortestLastWaitMs, wait * 2) : wait);
	}
	if (network.roundTrip.samples >= samplesForStrangers) {
		const least = isLast ? 0 : shortestRawWaitMs;
		const wait = network.roundTrip.waitMs(least) * 2 * backOff;
		return Math.min(longest, isLast ? Math.max(shortestLastStrangerWaitMs, wait) : wait);
	}
	// A network from which nothing came yet gets all the time there is before it is called silent.
	if (isLast || Number.isNaN(elsewhereMs)) return longest;
	return Math.min(longest, Math.max(shortestUnknownWaitMs, elsewhereMs * fartherThanOthers * backOff));
}

/** With a share p lost, n tries miss a share p^n: as many more as bring the misses among the pairs below one. */
export function extraTries(loss: number, pairs: number, tries: number): number {
	if (loss < 0.002) return 0;
	const needed = Math.ceil(Math.log(acceptedMisses / pairs) / Math.log(Math.min(0.5, loss)));
	return Math.min(mostExtraTries, Math.max(0, needed - tries));
}

/** Silence of this host may be loss: it answers nearly all that it is asked. A host behind a filter is not doubted. */
export function isDoubtful({ answers, timeouts }: Pick<RawHost, "answers" | "timeouts">): boolean {
	return answers > leastAnswers && timeouts * 4 <= answers;
}
