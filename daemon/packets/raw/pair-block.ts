/**
 * Some hosts of a raw job times all of its ports, three bytes a pair: what is known of each, and when it was last asked.
 * Pairs lie in memory as they are asked, hosts in turn: the next one is nearly always beside the last. Knows no ports, only
 * the step at which a host is asked one, and no time-outs. Pure.
 */
import { Deadlines } from "../deadlines.ts";
import type { RawHost } from "./raw-host.ts";

/** A pair's byte: how often it was asked, whether an answer may still come, whether it is settled. */
const triesMask = 0x0f;
const pendingBit = 0x10;
const settledBit = 0x80;
export const maxTries = triesMask;
/** Send times are kept in quarters of a millisecond, modulo 16 s. */
const ticksPerMs = 4;

export class PairBlock {
	/** By slot; those that are over are gone from it. */
	readonly hosts: (RawHost | undefined)[] = [];
	readonly ports: number;
	/** The job's position of its first address. */
	readonly firstIndex: number;
	/** Hosts this block will hold, and those of them with pairs that were never asked. */
	readonly room: number;
	fresh: number;
	/** Hosts that are not over. */
	live = 0;
	/** Pairs to ask before all others, as `pair`. */
	readonly urgent: number[] = [];
	readonly deadlines: Deadlines<number>;
	private readonly states: Uint8Array;
	private readonly sentAt: Uint16Array;

	constructor(room: number, ports: number, nowMs: number, firstIndex = 0) {
		this.firstIndex = firstIndex;
		this.room = room;
		this.ports = ports;
		this.fresh = room;
		this.states = new Uint8Array(room * ports);
		this.sentAt = new Uint16Array(room * ports);
		this.deadlines = new Deadlines(nowMs);
	}

	tries(pair: number): number {
		return (this.states[pair] ?? 0) & triesMask;
	}
	isPending(pair: number): boolean {
		return ((this.states[pair] ?? 0) & pendingBit) !== 0;
	}
	isSettled(pair: number): boolean {
		return ((this.states[pair] ?? 0) & settledBit) !== 0;
	}
	hostOf(pair: number): RawHost | undefined {
		return this.hosts[pair % this.room];
	}
	stepOf(pair: number): number {
		return Math.floor(pair / this.room);
	}
	/** What a host is asked at a step. */
	pairAt(host: RawHost, step: number): number {
		return step * this.room + host.slot;
	}

	/** One more try has left. */
	markSent(pair: number, nowMs: number): void {
		this.states[pair] = (this.tries(pair) + 1) | pendingBit;
		this.sentAt[pair] = (nowMs * ticksPerMs) & 0xffff;
	}
	/** No answer is waited for any longer. */
	markSilent(pair: number): void {
		this.states[pair] = (this.states[pair] ?? 0) & ~pendingBit;
	}
	/** The last try of a pair that waits has never left. */
	takeBack(pair: number): void {
		this.states[pair] = Math.max(0, this.tries(pair) - 1);
	}
	/** The host's pairs are gone through from the beginning: some that were passed over have not been asked. */
	beginAgain(host: RawHost): void {
		if (host.pass > 0) this.fresh++;
		host.pass = 0;
		host.cursor = 0;
	}
	markSettled(pair: number): void {
		this.states[pair] = settledBit | this.tries(pair);
	}

	/** Milliseconds since the pair was last asked. */
	ageMs(pair: number, nowMs: number): number {
		return ((((nowMs * ticksPerMs) & 0xffff) - (this.sentAt[pair] ?? 0)) & 0xffff) / ticksPerMs;
	}

	/**
	 * The host's next pair, going through its steps again and again up to `passes` times; -1 when there is none now. A later
	 * pass waits for answers that may still come.
	 */
	pick(host: RawHost, passes: number): number {
		const { ports, room, states } = this;
		for (;;) {
			if (host.cursor >= ports) {
				if (host.settled >= ports || host.pass + 1 >= passes) return -1;
				if (host.pass++ === 0) this.fresh--;
				host.cursor = 0;
			}
			const pair = host.cursor * room + host.slot;
			const state = states[pair] ?? 0;
			if ((state & settledBit) === 0 && (state & triesMask) <= host.pass) {
				if ((state & pendingBit) !== 0) return -1;
				host.cursor++;
				return pair;
			}
			host.cursor++;
		}
	}

	/** The host's first pass has nothing more to ask, or never will have. */
	endFresh(host: RawHost): void {
		if (host.pass === 0) {
			host.pass = 1;
			this.fresh--;
		}
	}
}
