/** How long a raw probe is waited for, and how much more often a pair is asked where probes are lost. Pure. */
import type { RawHost } from "./raw-host.ts";

/** An answer that takes longer than this and four variations is given up and asked for again. */
const shortestRawWaitMs = 50;
/** The last try is waited for longer: it is the last word on the pair. */
const shortestLastWaitMs = 250;
/** Samples of a network before its strangers are given less than the whole time-out on their first tries. */
const samplesForStrangers = 8;
/** Further tries when probes are being lost, and the share of pairs that may be missed in the end. */
const mostExtraTries = 4;
const acceptedMisses = 0.01;

/** Milliseconds for the try with this number, from 1; `longest` is what the job allows. */
export function waitMs(host: RawHost, tries: number, isLast: boolean, longest: number): number {
	const own = host.roundTrip.samples > 0;
	const known = own ? host.roundTrip : host.network.roundTrip;
	if (!own && (isLast || known.samples < samplesForStrangers)) return longest;
	const wait = known.waitMs(shortestRawWaitMs) * (own ? 1 : 2) * Math.min(4, 2 ** (tries - 1));
	return Math.min(longest, isLast ? Math.max(shortestLastWaitMs, wait * 2) : wait);
}

/** With a share p lost, n tries miss a share p^n: as many more as bring the misses among the pairs below one. */
export function extraTries(loss: number, pairs: number, tries: number): number {
	if (loss < 0.002) return 0;
	const needed = Math.ceil(Math.log(acceptedMisses / pairs) / Math.log(Math.min(0.5, loss)));
	return Math.min(mostExtraTries, Math.max(0, needed - tries));
}
