/**
 * One raw job's progress: which pair to ask next, what an answer or silence means, and which results wait to be reported.
 * Opens no socket and reads no clock. Addresses pass the guard here, before they become hosts.
 */
import type { Scope } from "../../scope/scope.ts";
import { type NetworkFigures, type PairState, type PortJob, pairStates } from "../engine.ts";
import { Fifo } from "../fifo.ts";
import type { Gate, HeldBy } from "../gate.ts";
import type { LinkWatch } from "../link-watch.ts";
import { Parking } from "../parking.ts";
import type { RateController } from "../raw-rate.ts";
import { type Shortage, Slowdowns } from "../slowdowns.ts";
import type { Answer } from "./answer.ts";
import { HostBook } from "./host-book.ts";
import { HostPace } from "./host-pace.ts";
import { maxTries, type PairBlock } from "./pair-block.ts";
import { PortOrder } from "./port-order.ts";
import type { AddressValue, Network, Path, RawHost } from "./raw-host.ts";
import { extraTries, isDoubtful, waitMs } from "./raw-patience.ts";
import { ResultColumns } from "./result-columns.ts";

/** What a sweep asks of the one that runs it. */
export interface Surroundings {
	readonly controller: RateController;
	readonly gate: Gate;
	/** Absent: interfaces are taken to be there. */
	readonly watch?: LinkWatch;
	/** Pairs of all jobs of the group that wait for an answer; and how long answers may have waited to be heard. */
	readonly load: { inFlight: number; lateMs?: number };
	networkOf(address: AddressValue): Network;
	/** The way to a host; null while it is being looked for: `found` is then called later. */
	findPath(address: AddressValue, found: (path: Path | "none") => void): Path | "none" | null;
}

/** A host that never answered is asked twice only, when there are more ports than this to ask. */
const manyPorts = 64;
/** Silence at hosts that answer is looked into at once this often: is it loss? */
const oneRepeatIn = 8;
/** Answers that may have waited longer than this, and a quarter of their way, tell nothing about queues on it. */
const timelyMs = 3;
/** A host with more than this part of all packets is not told apart from its path. */
const fewHosts = 8;

export class RawSweep {
	readonly job: PortJob;
	readonly results = new ResultColumns();
	/** The ways its probes took, by key; and those over which an answer came. */
	readonly paths = new Set<string>();
	readonly heard = new Set<string>();
	settled = 0;
	sent = 0;
	refused = 0;
	inFlight = 0;
	/** Of the pair `take` found last. */
	pair = -1;
	port = 0;
	private block: PairBlock | undefined;
	private readonly around: Surroundings;
	private readonly order: PortOrder;
	private readonly book: HostBook;
	private readonly ready = new Fifo<RawHost>();
	private readonly parking = new Parking<RawHost>();
	private readonly slowed = new Slowdowns();
	/** The way that was last noted, and the one an answer last came over: nearly always the same again. */
	private lastPath: Path | null = null;
	private lastHeard: Path | null = null;
	private silences = 0;
	private heldBy: HeldBy = { kind: "host" };

	constructor(job: PortJob, scope: Scope | null, around: Surroundings, mostPairs?: number) {
		this.job = job;
		this.around = around;
		this.order = new PortOrder(job.ports, job.firstAnswerOnly === true);
		this.book = new HostBook(this, scope, around, mostPairs);
	}

	get done(): boolean {
		return this.book.done;
	}

	get gate(): Gate {
		return this.around.gate;
	}

	/** The last look before a packet to an IPv4 address leaves. */
	mayLeave(address: number): boolean {
		return this.book.guard.mayLeave(address);
	}

	/** The host of the pair to ask now; null when none may be asked. `sending` must follow before the next call. */
	take(nowMs: number): RawHost | null {
		if (this.parking.count > 0) this.parking.release(nowMs, (host) => this.ready.push(host));
		const urgent = this.takeUrgent(nowMs);
		if (urgent !== null) return urgent;
		for (;;) {
			const opened = this.openNext(nowMs);
			const host = this.ready.shift();
			if (host === undefined) {
				if (opened) continue;
				return null;
			}
			host.queued = false;
			// Its room may have gone to an urgent repeat meanwhile; the next answer brings it back.
			if (host.over || host.tally.isCut || host.inFlight >= this.mostPerHost) continue;
			const wait = this.heldMs(host, nowMs);
			if (wait > 0) {
				host.queued = true;
				this.parking.park(host, this.heldBy, wait, nowMs);
				continue;
			}
			const { block } = host;
			const pair = block.pick(host, this.triesFor(host));
			if (pair >= 0) return this.taken(host, block, pair);
			this.unsent(host, nowMs);
		}
	}

	/** The taken pair's probe does not leave. */
	unsent(host: RawHost, nowMs: number): void {
		const { gate } = this.around;
		gate.unaskedHost(host.limits, nowMs);
		gate.done(host.limits);
	}

	/** Milliseconds until a limit may let on a host that waits for it. */
	parkedMs(nowMs: number): number {
		return this.parking.waitMs(nowMs);
	}

	/** The way to some networks has gone or come back: what is under way there is taken back, for it was asked nothing. */
	linksChanged(nowMs: number): void {
		if (!this.book.tallies.refresh()) return;
		for (const host of [...this.book.hosts()]) {
			if (host.over || host.wasCut === host.tally.isCut) continue;
			host.wasCut = host.tally.isCut;
			if (host.wasCut) this.takeBack(host);
			else this.findAgain(host, nowMs);
		}
	}

	/** Why nothing goes on, when all that is left waits for an interface; null when something else may. */
	get strandedAt(): { network: string; link: string } | null {
		return this.inFlight > 0 || this.ready.length > 0 || this.parking.count > 0 ? null : this.book.tallies.cutOff();
	}

	/** What held it back since last time, sentences. */
	drainSlowdowns(): string[] {
		const cut = this.book.tallies.cutOff();
		if (cut !== null) this.slowed.byLink(cut.link);
		return this.slowed.drain(this.around.gate);
	}

	/** This machine lacked something for a moment. */
	lacked(what: Shortage): void {
		this.slowed.byShortage(what);
	}

	/** What happened in each network since last time. */
	drainNetworks(): NetworkFigures[] {
		return this.book.tallies.drain();
	}

	/** 0: a packet to the host may leave, and counts. Else for how long not. */
	private heldMs(host: RawHost, nowMs: number): number {
		if (host.pauseMs > 0 && nowMs < host.nextAtMs) {
			this.heldBy = { kind: "host" };
			return host.nextAtMs - nowMs;
		}
		const { gate } = this.around;
		const wait = gate.open ? 0 : gate.askHost(host.limits, nowMs);
		if (wait > 0) {
			this.heldBy = gate.heldBy;
			this.slowed.by(gate.heldBy);
		}
		return wait;
	}

	/** How often the taken pair was asked before. */
	get repeats(): number {
		return this.block?.tries(this.pair) ?? 0;
	}

	/** The taken pair's probe leaves now. */
	sending(host: RawHost, nowMs: number): void {
		const { block, pair } = this;
		if (block === undefined) return;
		const tries = block.tries(pair) + 1;
		block.markSent(pair, nowMs);
		block.deadlines.add(pair * (maxTries + 1) + tries, nowMs + this.waitMs(host, tries));
		host.inFlight++;
		this.inFlight++;
		this.around.load.inFlight++;
		this.sent++;
		host.tally.sent++;
		if (host.pauseMs > 0) host.nextAtMs = nowMs + host.pauseMs;
		this.queue(host);
	}

	/** The host an answer speaks of, if it is asked here. */
	hostAt(answer: Answer): RawHost | undefined {
		return this.book.find(answer.wordCount === 1 ? (answer.words[0] ?? 0) : answer.words);
	}

	/** A proven answer to the try with this number (from 0, modulo 16). */
	answered(host: RawHost, answer: Answer, tryNumber: number, nowMs: number): void {
		for (let one: RawHost | undefined = host; one !== undefined; one = one.twin) {
			const step = this.order.stepOf(answer.port, one.index);
			if (one.over || step < 0) continue;
			this.conclude(one, one.block.pairAt(one, step), answer, tryNumber, nowMs);
		}
	}

	/** Gives up what has not been answered in time. */
	expire(nowMs: number): void {
		for (const block of [...this.book.blocks]) {
			block.deadlines.expire(nowMs, (entry) => {
				const pair = Math.floor(entry / (maxTries + 1));
				this.silent(block, pair, entry % (maxTries + 1));
			});
		}
	}

	/** Nothing can reach the host: all that is left of it is unreachable. */
	unreachable(host: RawHost): void {
		if (host.over) return;
		const { block } = host;
		for (let step = 0; step < block.ports; step++) {
			const pair = block.pairAt(host, step);
			if (block.isSettled(pair)) continue;
			this.release(host, block, pair);
			this.record(host, block, pair, this.order.portAt(step, host.index), "unreachable", Number.NaN);
		}
		this.closeIfDone(host);
	}

	/** Ends all of it: nothing is taken any more. */
	abandon(): void {
		this.around.load.inFlight -= this.inFlight;
		this.inFlight = 0;
		for (const host of this.book.hosts()) this.around.gate.done(host.limits, host.inFlight);
		this.book.endAll();
	}

	private takeBack(host: RawHost): void {
		const { block } = host;
		for (let step = 0; host.inFlight > 0 && step < block.ports; step++) {
			const pair = block.pairAt(host, step);
			if (!block.isPending(pair)) continue;
			this.release(host, block, pair);
			block.takeBack(pair);
		}
		block.beginAgain(host);
	}

	/** The interface may be another one by now. Deadlines of what was taken back must have passed before it is asked again. */
	private findAgain(host: RawHost, nowMs: number): void {
		host.path = null;
		const path = this.around.findPath(host.address, (found) => this.pathFound(host, found));
		if (path === "none") this.unreachable(host);
		else if (path !== null) {
			this.goBy(host, path);
			if (host.queued) return;
			host.queued = true;
			this.parking.park(host, { kind: "host" }, this.job.limits.timeoutMs, nowMs);
		}
	}

	private conclude(host: RawHost, pair: number, answer: Answer, tryNumber: number, nowMs: number): void {
		const { block } = host;
		const tries = block.tries(pair);
		if (tries === 0 || block.isSettled(pair)) return;
		const last = ((tries - 1) & maxTries) === tryNumber;
		const rttMs = last && answer.direct ? block.ageMs(pair, nowMs) : Number.NaN;
		const { controller, load } = this.around;
		if (!last || !block.isPending(pair)) controller.onLate(last ? tries - 1 : tries - 2);
		this.release(host, block, pair);
		if (host.path !== null && host.path !== this.lastHeard) {
			this.lastHeard = host.path;
			this.heard.add(host.path.key);
		}
		const repeats = last ? tries - 1 : tries - 2;
		const { tally } = host;
		tally.answers++;
		if (repeats > 0) tally.lost++;
		if (answer.state === "filtered") {
			tally.prohibited++;
			host.pace ??= new HostPace();
			host.pace.onProhibited();
		}
		if (answer.direct) {
			if (repeats > 0 && !host.responds) controller.onLost(repeats);
			host.answers++;
			if (answer.state === "closed") tally.resets++;
			// What is known of a host is of use only while more is asked of it.
			const goesOn = host.settled + 1 < block.ports;
			if (goesOn) {
				host.pace ??= new HostPace();
				host.pace.onAnswer(repeats);
			}
			if (!Number.isNaN(rttMs)) {
				if (goesOn) host.measure(rttMs);
				host.network.add(rttMs);
				tally.roundTrip.add(rttMs);
			}
			// A thread that was kept from hearing is no queue on the way.
			const least = host.network.minRttMs;
			const timely = (load.lateMs ?? 0) <= Math.max(timelyMs, least / 4);
			controller.onAnswer(repeats, timely ? rttMs : Number.NaN, least);
		}
		this.record(host, block, pair, answer.port, answer.state, rttMs);
		const alive = answer.state === "open" || answer.state === "closed";
		if (alive && this.job.firstAnswerOnly === true) this.endHost(host);
		else if (!this.closeIfDone(host)) this.queue(host);
	}

	private silent(block: PairBlock, pair: number, tries: number): void {
		const host = block.hostOf(pair);
		if (host === undefined || host.over || !block.isPending(pair) || block.tries(pair) !== tries) return;
		this.release(host, block, pair);
		host.timeouts++;
		if (host.responds) {
			// What is lost while few hosts have most of all packets, the rate over all of them answers for.
			const alone = host.inFlight * fewHosts > this.around.load.inFlight;
			if (tries === 1 && !alone) {
				host.pace ??= new HostPace();
				host.pace.onSilence(this.around.controller, host.inFlight);
			}
			// A host that wants to be asked slowly says nothing about its path.
			if (host.pauseMs === 0) this.around.controller.onSilence(tries - 1);
		}
		// Loss is not known from the start: silence where nearly everything is answered gets the benefit of the doubt.
		if (tries >= this.triesFor(host) && isDoubtful(host)) host.extraTries = Math.max(1, host.extraTries);
		if (tries >= this.triesFor(host)) {
			this.record(host, block, pair, this.order.portAt(block.stepOf(pair), host.index), "filtered", Number.NaN);
			if (this.closeIfDone(host)) return;
		} else if (tries === 1 && host.responds && this.silences++ % oneRepeatIn === 0) block.urgent.push(pair);
		this.queue(host);
	}

	private takeUrgent(nowMs: number): RawHost | null {
		for (const block of this.book.blocks) {
			for (let pair = block.urgent.pop(); pair !== undefined; pair = block.urgent.pop()) {
				const host = block.hostOf(pair);
				if (host === undefined || host.over || host.tally.isCut) continue;
				if (block.isSettled(pair) || block.isPending(pair)) continue;
				if (block.tries(pair) !== 1 || host.inFlight >= this.mostPerHost) continue;
				if (this.heldMs(host, nowMs) > 0) {
					// Urgent is what can be asked now; it will be asked with the others of its host.
					this.queue(host);
					continue;
				}
				return this.taken(host, block, pair);
			}
		}
		return null;
	}

	private taken(host: RawHost, block: PairBlock, pair: number): RawHost {
		this.block = block;
		this.pair = pair;
		this.port = this.order.portAt(block.stepOf(pair), host.index);
		return host;
	}

	private get mostPerHost(): number {
		return Math.max(1, this.job.limits.inFlightPerHost);
	}

	/** Never falls for a host: a pair that waits for its next try must get it. */
	private triesFor(host: RawHost): number {
		const tries = Math.min(maxTries, this.job.limits.retries + 1);
		const many = this.job.ports.length > manyPorts;
		if (host.answers === 0 && many) return Math.min(2, tries);
		if (host.settled < this.job.ports.length) host.extraTries = Math.max(host.extraTries, this.extraTries(tries));
		return Math.min(maxTries, tries + host.extraTries);
	}

	private extraTries(tries: number): number {
		return extraTries(this.around.controller.loss, (this.book.blocks[0]?.room ?? 1) * this.job.ports.length, tries);
	}

	private waitMs(host: RawHost, tries: number): number {
		const isLast = tries >= this.triesFor(host);
		return waitMs(host, tries, isLast, this.job.limits.timeoutMs, this.around.controller.answerMs);
	}

	/** One more host takes its place, if there is room. False when there is none to open now. */
	private openNext(nowMs: number): boolean {
		const host = this.book.open(nowMs);
		if (host === null) return false;
		if (host === "refused") {
			this.refused++;
			this.settled += this.job.ports.length;
			return true;
		}
		const path = this.around.findPath(host.address, (found) => this.pathFound(host, found));
		if (path !== null) this.pathFound(host, path);
		return true;
	}

	private pathFound(host: RawHost, path: Path | "none"): void {
		if (host.over) return;
		if (path === "none") {
			// Where the way has gone nobody can say where it leads: it is looked for again when it is back.
			if (!host.tally.isCut) this.unreachable(host);
			return;
		}
		this.goBy(host, path);
		this.queue(host);
	}

	private goBy(host: RawHost, path: Path): void {
		host.path = path;
		if (path === this.lastPath) return;
		this.lastPath = path;
		this.paths.add(path.key);
	}

	private queue(host: RawHost): void {
		if (host.queued || host.over || host.path === null || host.inFlight >= this.mostPerHost) return;
		if (!host.hasIdlePairs) return;
		host.queued = true;
		this.ready.push(host);
	}

	/** The pair waits no longer. */
	private release(host: RawHost, block: PairBlock, pair: number): void {
		if (!block.isPending(pair)) return;
		block.markSilent(pair);
		this.around.gate.done(host.limits);
		host.inFlight--;
		this.inFlight--;
		this.around.load.inFlight--;
	}

	private record(host: RawHost, block: PairBlock, pair: number, port: number, state: PairState, rttMs: number): void {
		block.markSettled(pair);
		this.results.add(host.index, port, pairStates.indexOf(state), rttMs);
		host.settled++;
		this.settled++;
	}

	/** The host has answered and nothing more is asked of it: its other pairs count as settled without an answer. */
	private endHost(host: RawHost): void {
		this.inFlight -= host.inFlight;
		this.around.load.inFlight -= host.inFlight;
		this.around.gate.done(host.limits, host.inFlight);
		host.inFlight = 0;
		this.settled += host.block.ports - host.settled;
		host.settled = host.block.ports;
		this.closeIfDone(host);
	}

	private closeIfDone(host: RawHost): boolean {
		if (host.over || host.settled < host.block.ports) return host.over;
		this.book.end(host);
		return true;
	}
}
