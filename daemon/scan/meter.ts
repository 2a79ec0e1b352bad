/** Progress, rate and time left of a running scan, from its counters. Pure but for the clock it is handed. */
import type { Stage } from "../../protocol/model/scan.ts";

export interface MeterInput {
	readonly addresses: number;
	readonly discovered: number;
	readonly alive: number;
	readonly portsEach: number;
	readonly portsSettled: number;
	readonly hostsDone: number;
	readonly openSeen: number;
	readonly surveyed: number;
}

/** Hosts that are or were logged in to. */
export interface LoginMeter {
	readonly begun: number;
	readonly ended: number;
}

/** What a host's services cost in work, as a share of asking its ports; only the bar's smoothness hangs on it. */
const servicesShare = 0.7;
/** The same for finding out whether an address is there, in pairs. */
const pairsPerAddress = 12;

/** Of logins only where there are any. */
export function stagesOf(input: MeterInput, logins: LoginMeter): Stage[] {
	const portsTotal = input.alive * input.portsEach;
	return [
		{ name: "discover", done: input.discovered, total: input.addresses },
		{ name: "ports", done: Math.min(input.portsSettled, portsTotal), total: portsTotal },
		{ name: "services", done: input.surveyed, total: input.openSeen },
		...(logins.begun === 0 ? [] : [{ name: "login", done: logins.ended, total: logins.begun } as const]),
		{ name: "assess", done: input.hostsDone, total: input.alive },
	];
}

/** 0 … 1; never 1 before the scan says it is finished. Addresses not yet discovered count as alive as often as those that were. */
export function progressOf(input: MeterInput): number {
	if (input.addresses === 0) return 0;
	const { addresses, alive, portsEach, portsSettled, hostsDone } = input;
	const discovered = Math.min(addresses, input.discovered);
	const expected = Math.max(1, discovered === 0 ? addresses : (alive / discovered) * addresses);
	const perHost = Math.max(1, portsEach);
	const ports = portsEach === 0 ? hostsDone : portsSettled;
	const done =
		discovered * pairsPerAddress +
		Math.min(ports, expected * perHost) +
		Math.min(hostsDone, expected) * perHost * servicesShare;
	const whole =
		addresses * pairsPerAddress + (discovered > 0 && alive === 0 ? 0 : expected * perHost * (1 + servicesShare));
	const sum = done / whole;
	return Math.max(0, Math.min(0.99, sum));
}

/** How fast each stage goes, units a second since it began in this run; 0 while nothing of it is done. */
export interface Pace {
	readonly discovered: number;
	readonly pairs: number;
	readonly hosts: number;
}

/** Before so much of the addresses, or so many, are asked, nobody knows how many hosts there are. */
const knownShare = 0.05;
const knownAddresses = 2_048;
/** What examining a service takes about, while none has been examined yet; several at once. Milliseconds. */
const surveyMs = 500;

/**
 * Milliseconds left: what remains of each stage at the pace measured, the slowest counting, for they run side by side. Null
 * while a stage with work left has no pace, too few addresses are asked to say how many hosts there are, or none is done
 * and what is left of them is neither a port nor a service, as while they are logged in to.
 */
export function etaOf(input: MeterInput, pace: Pace): number | null {
	const { addresses, discovered, alive, portsEach, portsSettled, hostsDone, openSeen, surveyed } = input;
	const toDiscover = Math.max(0, addresses - discovered);
	if (toDiscover > 0 && discovered < Math.min(addresses * knownShare, knownAddresses)) return null;
	const expected = toDiscover === 0 || discovered === 0 ? alive : (alive / discovered) * addresses;
	const pairsLeft = Math.max(0, expected * portsEach - portsSettled);
	const hostsLeft = Math.max(0, expected - hostsDone);
	const times = [timeFor(toDiscover, pace.discovered), timeFor(pairsLeft, pace.pairs)];
	if (pace.hosts > 0) times.push(timeFor(hostsLeft, pace.hosts));
	if (times.some((time) => time === null)) return null;
	const slowest = Math.max(...times.map((time) => time ?? 0));
	if (pace.hosts > 0) return Math.round(slowest);
	// The first hosts are done only after their services: until one is, these come on top.
	const left = Math.round(slowest + Math.max(0, openSeen - surveyed) * surveyMs);
	return left === 0 && hostsLeft > 0 ? null : left;
}

function timeFor(left: number, perSecond: number): number | null {
	if (left === 0) return 0;
	return perSecond > 0 ? (left / perSecond) * 1_000 : null;
}

/** Counts what is done of one stage in this run, from the first of it on. */
export class PaceMeter {
	#since: number | null = null;
	#count = 0;

	/** `at` in milliseconds, as in `perSecond`. */
	add(count: number, at: number): void {
		// What came first says when it began, not how fast it goes.
		if (this.#since === null) this.#since = at;
		else this.#count += count;
	}

	/** 0 until more than one report, over more than half a second, has come. */
	perSecond(at: number): number {
		const elapsed = this.#since === null ? 0 : at - this.#since;
		return elapsed < 500 ? 0 : (this.#count * 1_000) / elapsed;
	}
}

/** Events a second over a sliding window. */
export class RateMeter {
	readonly #windowMs: number;
	readonly #samples: { at: number; count: number }[] = [];

	constructor(windowMs = 5_000) {
		this.#windowMs = windowMs;
	}

	add(count: number, at: number): void {
		if (count > 0) this.#samples.push({ at, count });
		this.#drop(at);
	}

	/** Per second at `at`. */
	rate(at: number): number {
		this.#drop(at);
		const first = this.#samples[0];
		if (first === undefined) return 0;
		const total = this.#samples.reduce((sum, sample) => sum + sample.count, 0);
		return Math.round((total * 1000) / Math.max(1000, at - first.at));
	}

	#drop(at: number): void {
		while (this.#samples.length > 0 && at - (this.#samples[0]?.at ?? at) > this.#windowMs) this.#samples.shift();
	}
}
