/**
 * One job's progress: which pair to try next, what its outcome means, and which answers wait to be reported. Opens no
 * socket and reads no clock. Addresses pass the guard here, as the last thing before they become a destination.
 */
import type { Scope } from "../scope/scope.ts";
import { neverTargets } from "../scope/special.ts";
import { type Destination, initialEagerness, type Outcome, outcome } from "./connector.ts";
import { type NetworkFigures, type PairState, type PortJob, pairStates } from "./engine.ts";
import { Fifo } from "./fifo.ts";
import type { Gate, HostPass } from "./gate.ts";
import type { LinkWatch } from "./link-watch.ts";
import { LossMeter } from "./loss.ts";
import { NetworkTallies, type NetworkTally } from "./network-tally.ts";
import { Parking } from "./parking.ts";
import { RoundTrip } from "./round-trip.ts";
import { type Shortage, Slowdowns } from "./slowdowns.ts";
import { socketAddress } from "./socket-address.ts";

/** One try of one pair. Owned by the loop from `next` until it comes back through `settle` or `giveBack`. */
export interface Attempt {
	readonly sweep: Sweep;
	readonly host: HostProgress;
	readonly port: number;
	readonly portIndex: number;
	/** Tries of this pair before this one. */
	readonly tries: number;
	slot: number;
	startedAtMs: number;
	deadlineMs: number;
	over: boolean;
}

/** Hosts asked at the same time; more would only spread the answers of each over a longer time. */
const hostsAtOnce = 1_024;
/** A slower answer may belong to the kernel's own repeat of the SYN (after 1 s): no sample (Karn's rule). */
const longestSampleMs = 950;
/** The kernel repeats a SYN after so long (RFC 6298 2.1). */
const kernelRepeatMs = 1_000;
/** Hosts with a sample before strangers are given less than the whole time-out on their first try. */
const samplesForStrangers = 8;
/** Times a host may lack a local port with nothing in flight before it counts as unreachable. */
const maxLocalFailures = 25;
/** With more ports than this, a host of which a whole pass brought nothing is asked again for a sample of so many only. */
const manyPorts = 64;
const silentSample = 64;

class HostProgress implements Destination {
	readonly index: number;
	readonly address: string;
	readonly socketAddress: Uint8Array;
	readonly pass: HostPass;
	readonly tally: NetworkTally;
	eagerness = initialEagerness;
	readonly roundTrip = new RoundTrip();
	readonly inFlight = new Set<Attempt>();
	/** Next port not asked yet. */
	cursor = 0;
	/** Pairs to ask again: port index and tries. `redo` first: those were never really asked. */
	readonly redo: [portIndex: number, tries: number][] = [];
	readonly retries = new Fifo<[portIndex: number, tries: number]>();
	settled = 0;
	queued = false;
	answers = 0;
	/** Repeats that brought nothing either. */
	silentRepeats = 0;
	localFailures = 0;

	constructor(index: number, address: string, bytes: Uint8Array, pass: HostPass, tally: NetworkTally) {
		this.index = index;
		this.address = address;
		this.socketAddress = bytes;
		this.pass = pass;
		this.tally = tally;
	}
}

export class Sweep {
	readonly job: PortJob;
	readonly inFlight = new Set<Attempt>();
	settled = 0;
	sent = 0;
	refused = 0;
	/** Answers since the last `drain`, one entry per pair in each. */
	private hosts: number[] = [];
	private ports: number[] = [];
	private states: number[] = [];
	private rtts: number[] = [];
	private readonly ready = new Fifo<HostProgress>();
	private readonly allRoundTrips = new RoundTrip();
	private readonly scope: Scope | null;
	private readonly gate: Gate;
	private readonly loss: LossMeter;
	private readonly parking: Parking<HostProgress>;
	private readonly tallies: NetworkTallies;
	/** Hosts that wait for the way to them to come back. */
	private readonly stranded = new Set<HostProgress>();
	private readonly slowed = new Slowdowns();
	private nextAddress = 0;
	private active = 0;

	/** Without a scope only addresses that are never targets are refused. Jobs to the same network may share a meter. */
	constructor(
		job: PortJob,
		scope: Scope | null,
		gate: Gate,
		loss: LossMeter = new LossMeter(),
		watch: LinkWatch | null = null,
	) {
		this.tallies = new NetworkTallies(watch);
		this.job = job;
		this.scope = scope;
		this.gate = gate;
		this.loss = loss;
		this.parking = new Parking();
	}

	get done(): boolean {
		return this.active === 0 && this.nextAddress >= this.job.addresses.length;
	}

	get waiting(): number {
		return this.ports.length;
	}

	/**
	 * The pair to try now; null when every pair is settled, in flight, or held back by a limit of its host, network or
	 * group. The scan's own rate is the caller's business.
	 */
	next(nowMs: number): Attempt | null {
		this.parking.release(nowMs, (host) => this.ready.push(host));
		for (;;) {
			if (this.active < hostsAtOnce && this.nextAddress < this.job.addresses.length) this.openHost();
			const host = this.ready.shift();
			if (host === undefined) return null;
			if (!this.hasMore(host)) {
				host.queued = false;
				continue;
			}
			if (host.tally.isCut) {
				this.stranded.add(host);
				continue;
			}
			const wait = this.gate.askHost(host.pass, nowMs);
			if (wait === 0) return this.attemptOf(host);
			this.slowed.by(this.gate.heldBy);
			this.parking.park(host, this.gate.heldBy, wait, nowMs);
		}
	}

	/** The way to some networks has gone or come back: returns attempts that can learn nothing and must be cancelled. */
	linksChanged(): readonly Attempt[] {
		if (!this.tallies.refresh()) return [];
		for (const host of this.stranded) {
			if (host.tally.isCut) continue;
			this.stranded.delete(host);
			this.ready.push(host);
		}
		return [...this.inFlight].filter(({ host }) => host.tally.isCut);
	}

	/** Why nothing goes on, when all that is left waits for an interface; null when something else may. */
	get strandedAt(): { network: string; link: string } | null {
		if (this.inFlight.size > 0 || this.stranded.size === 0 || this.ready.length > 0 || this.parking.count > 0)
			return null;
		return this.tallies.cutOff();
	}

	/** What held it back since last time, sentences. */
	drainSlowdowns(): string[] {
		const cut = this.stranded.size === 0 ? null : this.tallies.cutOff();
		if (cut !== null) this.slowed.byLink(cut.link);
		return this.slowed.drain(this.gate);
	}

	/** This machine lacked something for a moment. */
	lacked(what: Shortage): void {
		this.slowed.byShortage(what);
	}

	/** Milliseconds until a limit may let on a host that waits for it. */
	heldMs(nowMs: number): number {
		return this.parking.waitMs(nowMs);
	}

	private hasMore(host: HostProgress): boolean {
		if (host.redo.length > 0 || host.cursor < this.job.ports.length) return true;
		if (!this.isGivenUp(host)) return host.retries.length > 0;
		for (let one = host.retries.shift(); one !== undefined; one = host.retries.shift()) {
			this.record(host, this.job.ports[one[0]] ?? 0, "filtered", Number.NaN);
			this.closeIfDone(host);
		}
		return false;
	}

	/** Silent on every port and again on the sample: what is left of the repeats would only cost the others their time. */
	private isGivenUp(host: HostProgress): boolean {
		return host.answers === 0 && host.silentRepeats >= silentSample && this.job.ports.length > manyPorts;
	}

	private attemptOf(host: HostProgress): Attempt {
		host.queued = false;
		const fresh = host.cursor < this.job.ports.length;
		const [portIndex, tries] = host.redo.pop() ?? (fresh ? [host.cursor++, 0] : (host.retries.shift() ?? [0, 0]));
		const port = this.job.ports[portIndex] ?? 0;
		const attempt: Attempt = {
			sweep: this,
			host,
			port,
			portIndex,
			tries,
			slot: -1,
			startedAtMs: 0,
			deadlineMs: 0,
			over: false,
		};
		host.inFlight.add(attempt);
		this.inFlight.add(attempt);
		this.queue(host);
		return attempt;
	}

	/** How long this attempt may take. */
	waitMs(attempt: Attempt): number {
		const longest = this.job.limits.timeoutMs;
		if (attempt.host.roundTrip.samples > 0) {
			// A try for the sake of losses waits for the kernel's own repeat: two questions for one.
			if (attempt.tries > this.job.limits.retries) {
				return Math.min(longest, kernelRepeatMs + attempt.host.roundTrip.waitMs());
			}
			return Math.min(longest, attempt.host.roundTrip.waitMs() * 2 ** attempt.tries);
		}
		// A stranger gets what its fellows needed, twice over, and the whole time when that was not enough.
		const last = attempt.tries >= this.job.limits.retries;
		if (last || this.allRoundTrips.samples < samplesForStrangers) return longest;
		return Math.min(longest, this.allRoundTrips.waitMs() * 2);
	}

	/** Takes an attempt's outcome. Returns attempts that have become pointless and must be cancelled. */
	settle(attempt: Attempt, result: Outcome, nowMs: number): readonly Attempt[] {
		const { host } = attempt;
		this.forget(attempt);
		if (result === outcome.silent && host.answers === 0 && attempt.tries > 0) host.silentRepeats++;
		if (result === outcome.silent && attempt.tries < this.triesAllowed(host)) {
			host.retries.push([attempt.portIndex, attempt.tries + 1]);
			this.queue(host);
			return [];
		}
		const answered = result === outcome.open || result === outcome.closed;
		if (answered) {
			this.loss.add(attempt.tries);
			host.answers++;
			if (attempt.tries > 0) host.tally.lost++;
		}
		if (result !== outcome.silent) host.tally.answers++;
		if (result === outcome.closed) host.tally.resets++;
		const rttMs = Math.max(0, nowMs - attempt.startedAtMs);
		if (answered && rttMs <= longestSampleMs) {
			if (host.roundTrip.samples === 0) this.allRoundTrips.add(rttMs);
			host.roundTrip.add(rttMs);
			host.tally.roundTrip.add(rttMs);
		}
		this.record(host, attempt.port, stateOf(result), answered ? rttMs : Number.NaN);
		if (answered && this.job.firstAnswerOnly === true) return this.endHost(host);
		this.queue(host);
		this.closeIfDone(host);
		return [];
	}

	/** Repeats for a silent pair. Only a host that answers at all gets those for losses. */
	private triesAllowed(host: HostProgress): number {
		return this.job.limits.retries + (host.roundTrip.samples > 0 ? this.loss.extraTries : 0);
	}

	/** The attempt's packet has left. */
	leaves({ host }: Attempt): void {
		this.sent++;
		host.tally.sent++;
	}

	/** Takes back an attempt that told nothing about its target; it will be made again. */
	giveBack(attempt: Attempt): void {
		this.forget(attempt);
		attempt.host.redo.push([attempt.portIndex, attempt.tries]);
		this.queue(attempt.host);
	}

	/** This machine has no port or address to reach the host from. False when that is not going to change. */
	mayComeBack(attempt: Attempt): boolean {
		if (attempt.host.inFlight.size > 1) return true;
		return ++attempt.host.localFailures <= maxLocalFailures;
	}

	/** Ends it: nothing is in flight any more. */
	abandon(): void {
		for (const attempt of [...this.inFlight]) this.forget(attempt);
	}

	/** What happened in each network since last time. */
	drainNetworks(): NetworkFigures[] {
		return this.tallies.drain();
	}

	/** The answers since last time, ordered by address and port. */
	drain(): { hosts: Uint32Array; ports: Uint16Array; states: Uint8Array; rtts: Float32Array } {
		const order = Uint32Array.from(this.ports.keys());
		const { hosts, ports, states, rtts } = this;
		order.sort((a, b) => (hosts[a] ?? 0) - (hosts[b] ?? 0) || (ports[a] ?? 0) - (ports[b] ?? 0));
		const drained = {
			hosts: Uint32Array.from(order, (i) => hosts[i] ?? 0),
			ports: Uint16Array.from(order, (i) => ports[i] ?? 0),
			states: Uint8Array.from(order, (i) => states[i] ?? 0),
			rtts: Float32Array.from(order, (i) => rtts[i] ?? Number.NaN),
		};
		this.hosts = [];
		this.ports = [];
		this.states = [];
		this.rtts = [];
		return drained;
	}

	private openHost(): void {
		const index = this.nextAddress++;
		const address = this.job.addresses[index] ?? "";
		const bytes = this.mayProbe(address) ? socketAddress(address) : null;
		if (bytes === null) {
			this.refused++;
			this.settled += this.job.ports.length;
			return;
		}
		if (this.job.ports.length === 0) return;
		const inNetworkOrder = bytes.length === 16 ? bytes.subarray(4, 8) : bytes.subarray(8, 24);
		const tally = this.tallies.of(inNetworkOrder);
		const host = new HostProgress(index, address, bytes, this.gate.passFor(address), tally);
		this.active++;
		this.queue(host);
	}

	private mayProbe(address: string): boolean {
		return this.scope === null ? !neverTargets.has(address) : this.scope.mayProbe(address);
	}

	private queue(host: HostProgress): void {
		if (host.queued || host.inFlight.size >= Math.max(1, this.job.limits.inFlightPerHost)) return;
		if (host.cursor >= this.job.ports.length && host.redo.length === 0 && host.retries.length === 0) return;
		host.queued = true;
		this.ready.push(host);
	}

	private forget(attempt: Attempt): void {
		attempt.over = true;
		this.gate.done(attempt.host.pass);
		attempt.host.inFlight.delete(attempt);
		this.inFlight.delete(attempt);
	}

	private record(host: HostProgress, port: number, state: PairState, rttMs: number): void {
		this.hosts.push(host.index);
		this.ports.push(port);
		this.states.push(pairStates.indexOf(state));
		this.rtts.push(rttMs);
		host.settled++;
		this.settled++;
	}

	/** The host has answered and nothing more is asked of it: its other pairs count as settled without an answer. */
	private endHost(host: HostProgress): readonly Attempt[] {
		const pointless = [...host.inFlight];
		for (const attempt of pointless) this.forget(attempt);
		this.settled += this.job.ports.length - host.settled;
		host.settled = this.job.ports.length;
		host.cursor = this.job.ports.length;
		host.redo.length = 0;
		while (host.retries.shift() !== undefined);
		this.closeIfDone(host);
		return pointless;
	}

	private closeIfDone(host: HostProgress): void {
		if (host.settled >= this.job.ports.length) this.active--;
	}
}

function stateOf(result: Outcome): PairState {
	if (result === outcome.open) return "open";
	if (result === outcome.closed) return "closed";
	return result === outcome.silent ? "filtered" : "unreachable";
}
