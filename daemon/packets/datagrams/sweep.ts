/**
 * One job of the datagram engine: which question goes to which host when, what is asked again, and what an answer settles.
 * Knows no sockets; the channels it is handed send.
 */
import { Deadlines } from "../deadlines.ts";
import type { NetworkFigures } from "../engine.ts";
import { Fifo } from "../fifo.ts";
import type { Gate, HostPass } from "../gate.ts";
import type { LinkWatch } from "../link-watch.ts";
import { NetworkTallies, type NetworkTally } from "../network-tally.ts";
import type { RoundTrip } from "../round-trip.ts";
import { Slowdowns } from "../slowdowns.ts";
import { socketAddress } from "../socket-address.ts";
import { AnswerBuffer } from "./answer-columns.ts";
import type { Destination, Heard, SendOutcome } from "./channel.ts";
import { type HostKey, hostKey } from "./host-key.ts";
import type { DatagramJob, ProbeKind } from "./job.ts";
import { ProbeList } from "./probe-list.ts";

/** What a sweep needs of the loop around it. */
export interface SweepContext {
	readonly gate: Gate;
	/** The last word on whether a packet may leave. */
	readonly mayLeave: (key: HostKey, address: string) => boolean;
	readonly send: (kind: ProbeKind, to: Destination, port: number, variant: number) => SendOutcome;
	/** What is known of the round trips to the host's network. */
	readonly roundTrip: (key: HostKey) => RoundTrip;
	/** Whether the way to a network still begins here. Absent: nothing is known of it. */
	readonly watch?: LinkWatch;
}

interface Host extends Destination {
	readonly index: number;
	readonly pass: HostPass;
	readonly tally: NetworkTally;
	/** Whether the local link has been asked: nothing else is sent before it has answered, and nothing if it does not. */
	link: "unasked" | "asking" | "over";
	inFlight: number;
	/** Pairs that wait for the link, or for fewer questions in flight. */
	waiting: number[];
	closed: number;
	silent: number;
}

/** Of a pair: how many tries were made, and flags. */
const triesMask = 0x1f;
const [isOpen, isAnswered, isSettled] = [0x20, 0x40, 0x80];

/** A neighbour answers soon or not at all; the last time it is given a little longer. Milliseconds. */
const linkWaitMs = 150;
const lastLinkWaitMs = 220;
/** A service has to think before it answers, a kernel does not. */
const serviceFloorMs = 600;
const kernelFloorMs = 250;
const shortageWaitMs = 1;
/** Answers that were not taken yet: with more, nothing further is asked. */
const mostUntaken = 16_384;

export class DatagramSweep {
	readonly answers = new AnswerBuffer();
	settled = 0;
	sent = 0;
	refused = 0;
	/** Reported and not yet taken. */
	untaken = 0;
	private readonly job: DatagramJob;
	private readonly list: ProbeList;
	private readonly context: SweepContext;
	private readonly hosts: (Host | null)[];
	private readonly byKey = new Map<HostKey, Host>();
	/** Pairs are numbered host by host. */
	private readonly states: Uint8Array;
	private readonly sentAt: Float64Array;
	private readonly deadlines: Deadlines<number>;
	private readonly delayed: Deadlines<number>;
	private readonly again = new Fifo<number>();
	private readonly tallies: NetworkTallies;
	private readonly slowed = new Slowdowns();
	/** Pairs that wait for the way to their host to come back. */
	private stranded: number[] = [];
	/** Taken out and not to be sent yet. */
	private held: number | null = null;
	private cursor = 0;
	private inFlight = 0;
	private readonly startedAtMs: number;

	constructor(job: DatagramJob, context: SweepContext, nowMs: number) {
		this.job = job;
		this.context = context;
		this.tallies = new NetworkTallies(context.watch ?? null);
		this.list = new ProbeList(job.probes, new Set(job.fragilePorts ?? []));
		this.startedAtMs = nowMs;
		this.deadlines = new Deadlines(nowMs);
		this.delayed = new Deadlines(nowMs);
		const pairs = job.addresses.length * this.list.probes.length;
		this.states = new Uint8Array(pairs);
		this.sentAt = new Float64Array(pairs);
		this.hosts = job.addresses.map((address, index) => this.hostOf(address, index));
		for (const [index, host] of this.hosts.entries()) {
			if (host !== null) continue;
			this.settleHost(index);
			if (socketAddress(job.addresses[index] ?? "") === null) this.refused++;
		}
	}

	get total(): number {
		return this.states.length;
	}

	get isDone(): boolean {
		return this.settled >= this.total;
	}

	/** Hosts that have told of few closed ports, and of those only now and then, so that their silence says little. */
	sparing(nowMs: number): string[] {
		const expected = 10 + (2 * (nowMs - this.startedAtMs)) / 1_000;
		return this.hosts.flatMap((host) => {
			const isSparing = host !== null && host.closed > 0 && host.silent >= 10 && host.closed <= expected;
			return isSparing ? [this.job.addresses[host.index] ?? ""] : [];
		});
	}

	/** The way to some networks has gone or come back: what is under way over one that has gone asks nobody. */
	linksChanged(): void {
		if (!this.tallies.refresh()) return;
		const freed = this.stranded;
		this.stranded = [];
		this.states.forEach((state, pair) => {
			const host = (state & isOpen) === 0 ? null : this.hosts[Math.floor(pair / this.list.probes.length)];
			if (host == null || !host.tally.isCut) return;
			this.close(host, pair);
			// It does not count as a try.
			this.states[pair] = (this.states[pair] ?? 1) - 1;
			this.stranded.push(pair);
		});
		for (const pair of freed) this.again.push(pair);
	}

	/** Why nothing goes on, when all that is left waits for an interface; null when something else may. */
	get strandedAt(): { network: string; link: string } | null {
		const isMore = this.inFlight > 0 || this.held !== null || this.again.length > 0 || this.cursor < this.total;
		return isMore || this.stranded.length === 0 ? null : this.tallies.cutOff();
	}

	/** What happened in each network since last time. */
	drainNetworks(): NetworkFigures[] {
		return this.tallies.drain();
	}

	/** What held it back since last time, sentences. */
	drainSlowdowns(): string[] {
		const cut = this.stranded.length === 0 ? null : this.tallies.cutOff();
		if (cut !== null) this.slowed.byLink(cut.link);
		return this.slowed.drain(this.context.gate);
	}

	/** Sends what may be sent now, `most` packets at most. Returns how long nothing will be to do; 0 when there is more. */
	turn(nowMs: number, most: number): number {
		this.delayed.expire(nowMs, (pair) => this.again.push(pair));
		this.deadlines.expire(nowMs, (pair) => this.expired(pair));
		for (let count = 0; count < most; ) {
			if (this.inFlight >= this.job.limits.inFlight || this.untaken > mostUntaken) return idleWaitMs;
			const pair = this.nextPair();
			if (pair === null) return this.isDone ? 0 : idleWaitMs;
			const wait = this.ask(pair, nowMs);
			if (wait === 0) count++;
			else if (wait > 0) {
				this.held = pair;
				return Math.min(wait, idleWaitMs);
			}
		}
		return 0;
	}

	/** Takes an answer that may be to one of ours. */
	heard(answer: Heard, nowMs: number): void {
		const host = this.byKey.get(answer.key);
		const place = host === undefined ? null : this.list.find(answer.kind, answer.port);
		if (host === undefined || place === null) return;
		const first = host.index * this.list.probes.length + place.first;
		let sentAt: number | null = null;
		let isAsked = false;
		for (let pair = first; pair < first + place.count; pair++) {
			const state = this.states[pair] ?? 0;
			if ((state & isAnswered) !== 0) return;
			isAsked ||= (state & triesMask) > 0;
			// Karn: which of two tries was answered cannot be told.
			if ((state & triesMask) === 1) sentAt = this.sentAt[pair] ?? null;
		}
		// Nobody was asked that: somebody makes answers up.
		if (!isAsked) return;
		const rttMs = sentAt === null ? null : Math.max(0, nowMs - sentAt);
		host.tally.answers++;
		if (rttMs === null) host.tally.lost++;
		if (rttMs !== null && answer.kind !== "link") host.tally.roundTrip.add(rttMs);
		if (answer.kind === "ack") host.tally.resets++;
		if (answer.state === "filtered") host.tally.prohibited++;
		// What the link takes says nothing of packets that the kernel has to find a neighbour for first.
		if (rttMs !== null && answer.alive && answer.kind !== "link") this.context.roundTrip(host.key).add(rttMs);
		if (answer.state === "closed") host.closed++;
		for (let pair = first; pair < first + place.count; pair++) this.settle(host, pair, isAnswered);
		const { kind, port, state, alive, reply, mac } = answer;
		this.answers.add({ host: host.index, kind, port, state, alive, rttMs, reply, mac });
		if (kind === "link") this.linkOver(host);
		if (alive && this.job.firstAnswerOnly === true) this.settleHost(host.index);
	}

	/** Nothing more is asked; what was open counts no longer. */
	stop(): void {
		for (const host of this.hosts) if (host !== null) this.settleHost(host.index);
	}

	private hostOf(address: string, index: number): Host | null {
		const bytes = socketAddress(address);
		if (bytes === null) return null;
		const family = bytes.length === 16 ? 4 : 6;
		const key = hostKey(new DataView(bytes.buffer), family === 4 ? 4 : 8, family);
		const tally = this.tallies.of(family === 4 ? bytes.subarray(4, 8) : bytes.subarray(8, 24));
		// Listed twice: asked once.
		if (this.byKey.has(key)) return null;
		const host: Host = {
			...{ key, family, socketAddress: bytes, index, pass: this.context.gate.passFor(address), tally },
			link: this.job.probes.link === true ? "unasked" : "over",
			...{ inFlight: 0, waiting: [], closed: 0, silent: 0 },
		};
		this.byKey.set(key, host);
		return host;
	}

	private nextPair(): number | null {
		if (this.held !== null) {
			const pair = this.held;
			this.held = null;
			return pair;
		}
		const again = this.again.shift();
		if (again !== undefined) return again;
		// A question to every host before the next question, so that no host gets a burst.
		const { length } = this.hosts;
		if (this.cursor >= this.total) return null;
		const place = this.cursor++;
		return (place % length) * this.list.probes.length + Math.floor(place / length);
	}

	/** 0: sent. Below: not sent, go on with others. Above: nothing can be sent for so long, and the pair must be held. */
	private ask(pair: number, nowMs: number): number {
		const count = this.list.probes.length;
		const host = this.hosts[Math.floor(pair / count)];
		const probe = this.list.probes[pair % count];
		if (host == null || probe === undefined) return -1;
		if (((this.states[pair] ?? 0) & isSettled) !== 0) {
			this.releaseOne(host);
			return -1;
		}
		if (probe.kind !== "link" && host.link !== "over") {
			host.waiting.push(pair);
			return -1;
		}
		if (host.inFlight >= this.job.limits.inFlightPerHost) {
			host.waiting.push(pair);
			return -1;
		}
		const { gate } = this.context;
		if (host.tally.isCut) {
			this.stranded.push(pair);
			return -1;
		}
		if (!this.context.mayLeave(host.key, this.job.addresses[host.index] ?? "")) {
			this.refused++;
			this.settleHost(host.index);
			return -1;
		}
		const wait = gate.ask(host.pass, nowMs);
		if (wait > 0) {
			if (gate.heldBy.kind === "scan") return wait;
			this.slowed.by(gate.heldBy);
			this.delayed.add(pair, nowMs + wait);
			return -1;
		}
		const outcome = this.context.send(probe.kind, host, probe.port, probe.variant);
		if (outcome === "sent") {
			this.begin(host, pair, probe.kind, nowMs);
			return 0;
		}
		gate.unasked(host.pass, nowMs);
		gate.done(host.pass);
		if (outcome === "full") {
			this.slowed.byShortage("buffers");
			return shortageWaitMs;
		}
		if (this.isGone(host, nowMs)) {
			this.stranded.push(pair);
			return -1;
		}
		this.settle(host, pair, 0);
		if (probe.kind === "link") this.linkOver(host);
		this.releaseOne(host);
		return -1;
	}

	/** What this machine itself refused to send: the way may have just gone. */
	private isGone(host: Host, nowMs: number): boolean {
		if (!host.tally.hasWay) return false;
		this.context.watch?.check(nowMs, true);
		this.linksChanged();
		return host.tally.isCut;
	}

	private begin(host: Host, pair: number, kind: ProbeKind, nowMs: number): void {
		this.states[pair] = (((this.states[pair] ?? 0) & triesMask) + 1) | isOpen;
		this.sentAt[pair] = nowMs;
		this.sent++;
		host.tally.sent++;
		this.inFlight++;
		host.inFlight++;
		if (kind === "link") host.link = "asking";
		this.deadlines.add(pair, nowMs + this.waitFor(host, kind, (this.states[pair] ?? 0) & triesMask));
	}

	private waitFor(host: Host, kind: ProbeKind, tries: number): number {
		const { timeoutMs } = this.job.limits;
		if (kind === "link") return Math.min(tries > this.job.limits.retries ? lastLinkWaitMs : linkWaitMs, timeoutMs);
		const roundTrip = this.context.roundTrip(host.key);
		if (roundTrip.samples === 0) return timeoutMs;
		return Math.min(timeoutMs, roundTrip.waitMs(kind === "udp" ? serviceFloorMs : kernelFloorMs));
	}

	private expired(pair: number): void {
		const state = this.states[pair] ?? 0;
		if ((state & isSettled) !== 0 || (state & isOpen) === 0) return;
		const host = this.hosts[Math.floor(pair / this.list.probes.length)];
		if (host == null) return;
		this.close(host, pair);
		if ((state & triesMask) <= this.job.limits.retries) {
			this.again.push(pair);
			return;
		}
		const kind = this.list.probes[pair % this.list.probes.length]?.kind;
		if (kind === "udp") host.silent++;
		this.settle(host, pair, 0);
		if (kind === "link") this.absent(host);
	}

	/** The question is in flight no longer. */
	private close(host: Host, pair: number): void {
		const state = this.states[pair] ?? 0;
		if ((state & isOpen) === 0) return;
		this.states[pair] = state & ~isOpen;
		this.inFlight--;
		host.inFlight--;
		this.context.gate.done(host.pass);
		this.releaseOne(host);
	}

	/** There is room for another question to the host. */
	private releaseOne(host: Host): void {
		const next = host.link === "over" ? host.waiting.shift() : undefined;
		if (next !== undefined) this.again.push(next);
	}

	private settle(host: Host, pair: number, flag: number): void {
		this.close(host, pair);
		const state = this.states[pair] ?? 0;
		if ((state & isSettled) === 0) this.settled++;
		this.states[pair] = state | isSettled | flag;
	}

	private linkOver(host: Host): void {
		host.link = "over";
		for (const pair of host.waiting.splice(0)) this.again.push(pair);
	}

	/** Whom the link does not know, no packet reaches. */
	private absent(host: Host): void {
		const answer = { kind: "link", port: 0, state: "unreachable", alive: false } as const;
		this.answers.add({ ...answer, host: host.index, rttMs: null, reply: null, mac: null });
		this.settleHost(host.index);
	}

	private settleHost(index: number): void {
		const host = this.hosts[index];
		const first = index * this.list.probes.length;
		for (let pair = first; pair < first + this.list.probes.length; pair++) {
			if (host != null) this.settle(host, pair, 0);
			else if (((this.states[pair] ?? 0) & isSettled) === 0) {
				this.settled++;
				this.states[pair] = isSettled;
			}
		}
		if (host != null) {
			host.waiting = [];
		}
	}
}

/** A sweep looks again so often at the least, whatever it waits for. Milliseconds. */
const idleWaitMs = 8;
