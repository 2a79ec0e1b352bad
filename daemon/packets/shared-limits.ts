/**
 * Rates and counts that hold over every thread that sends, in memory they share. A rate is kept as the time its next
 * packet is due (the generic cell rate algorithm, ITU-T I.371 annex A), so that taking is one compare-and-swap and there
 * is nothing to refill. Time is handed in, by any monotonic clock of the thread.
 */

/** Of a second's packets so many may leave at once: a thread that wakes up late still reaches the rate. */
const burstMs = 4;
/** No stretch of this length ever gets more than its share of the rate, rounded down, and one packet. */
export const windowMs = 100;

/** Time is counted in sixteenths of a microsecond modulo 2^32, which is 268 s: only differences mean anything. */
const ticksPerMs = 16_000;
const burstTicks = burstMs * ticksPerMs;
/** Clocks of two threads are read that far apart at most; a due time further ahead is from an earlier turn of the count. */
const slackTicks = 50 * ticksPerMs;
const slowestTicks = 1 << 29;

export const mostSlots = 4_096;
/** Threads that may send. */
export const mostMembers = 8;
/** Of a slot: ticks a packet, when the next is due, how many questions may be open, how many are, and whose they are. */
const [intervalAt, dueAt, ceilingAt, openAt, membersAt] = [0, 1, 2, 3, 4];
/** Of a slot with shares: how far whoever was served last has come, and who waits, until when, and how far that one has. */
const [servedAt, waiterAt, waitsUntilAt, waiterTurnAt] = [0, 1, 2, 3].map((at) => membersAt + mostMembers + at) as [
	number,
	number,
	number,
	number,
];
/** Of a share, in place of when its next packet is due: its turns so far. */
const turnAt = dueAt;
const slotInts = membersAt + mostMembers + 4;
/** What a rate lets through in this time, one share may be ahead of one that waits: turns one by one would cost the rate. */
const aheadTicks = 20 * ticksPerMs;
const leastAhead = 8;
/** One that waits is waited for a little longer than it said. */
const waitSlackTicks = 25 * ticksPerMs;
/** Addresses and networks have no slots: what is known of those asked of late is found by a hash. Tag and due time. */
const cellCount = 1 << 16;
const cellsAt = mostSlots * slotInts;
const probes = 8;

export const sharedLimitsBytes = (cellsAt + cellCount * 2) * 4;

/** Ticks between two packets, so that rate and burst together keep within `windowMs`. */
export function intervalOf(ratePerSecond: number): number {
	const ticks = (ticksPerMs * 1_000 * (windowMs + burstMs)) / windowMs / Math.max(0.001, ratePerSecond);
	return Math.min(slowestTicks, Math.max(1, Math.ceil(ticks)));
}

/**
 * The limits as one thread sees them. `take` and `giveBack` are for rates, `enter` and `leave` for open questions; a slot
 * is a limit by number, handed out by `LimitTable`; a key is a 32-bit hash of an address or network.
 */
export class SharedLimits {
	private readonly ints: Int32Array;
	private readonly member: number;
	private readonly offsetMs: number;

	/** `member` is this thread's number, below `mostMembers`. The offset turns its clock into the one all share. */
	constructor(buffer: SharedArrayBuffer, member = 0, offsetMs = offsetOfPerformanceNow()) {
		this.ints = new Int32Array(buffer);
		this.member = member;
		this.offsetMs = offsetMs;
	}

	/** How many of `wanted` packets may leave now. They count as sent. */
	take(slot: number, wanted: number, nowMs: number): number {
		const at = slot * slotInts;
		return this.takeAt(at + dueAt, Atomics.load(this.ints, at + intervalAt), wanted, this.ticks(nowMs));
	}

	/** Packets that were taken and not sent. */
	giveBack(slot: number, packets: number): void {
		if (packets === 0) return;
		const at = slot * slotInts;
		Atomics.sub(this.ints, at + dueAt, packets * Atomics.load(this.ints, at + intervalAt));
	}

	/** What was taken at one time has left only at another: what comes next waits as much longer. */
	late(slot: number, takenMs: number, leftMs: number): void {
		const at = slot * slotInts;
		this.lateAt(at + dueAt, Atomics.load(this.ints, at + intervalAt), takenMs, leftMs);
	}

	/** Milliseconds until one packet may leave; 0 when it may now. */
	waitMs(slot: number, nowMs: number): number {
		const at = slot * slotInts;
		return this.waitAt(at + dueAt, Atomics.load(this.ints, at + intervalAt), this.ticks(nowMs));
	}

	/** One more question is open; false when there may not be. */
	enter(slot: number): boolean {
		const at = slot * slotInts;
		if (Atomics.add(this.ints, at + openAt, 1) >= Atomics.load(this.ints, at + ceilingAt)) {
			Atomics.sub(this.ints, at + openAt, 1);
			return false;
		}
		Atomics.add(this.ints, at + membersAt + this.member, 1);
		return true;
	}

	/** Questions of this thread that were answered or given up. */
	leave(slot: number, questions = 1): void {
		const at = slot * slotInts;
		Atomics.sub(this.ints, at + openAt, questions);
		Atomics.sub(this.ints, at + membersAt + this.member, questions);
	}

	/**
	 * True when another share of the slot waits that has had fewer turns. Turns are counted as in start-time fair queueing:
	 * one that begins to wait is given the turn of the one served last, so that nobody makes up for a rest, and keeps it
	 * until it is served.
	 */
	yields(slot: number, share: number, nowMs: number): boolean {
		const at = slot * slotInts;
		const waiter = Atomics.load(this.ints, at + waiterAt);
		const now = this.ticks(nowMs);
		if (waiter === 0 || waiter === share + 1 || !this.isWaiting(slot, now)) return false;
		return ((this.turnOf(slot, share, now) - Atomics.load(this.ints, at + waiterTurnAt)) | 0) >= this.mostAhead(at);
	}

	/** The share could not have its turn, and asks again in so many milliseconds. */
	waits(slot: number, share: number, nowMs: number, waitMs: number): void {
		const { ints } = this;
		const [at, own] = [slot * slotInts, share * slotInts];
		const now = this.ticks(nowMs);
		const turn = this.turnOf(slot, share, now);
		const until = (now + Math.min(waitMs * ticksPerMs, slowestTicks) + waitSlackTicks) | 1;
		Atomics.store(ints, own + turnAt, turn);
		Atomics.store(ints, own + waitsUntilAt, until);
		const waiter = Atomics.load(ints, at + waiterAt);
		const others = waiter !== 0 && waiter !== share + 1 && this.isWaiting(slot, now);
		// Of several that wait the one with the fewest turns is waited for.
		if (others && ((Atomics.load(ints, at + waiterTurnAt) - turn) | 0) <= 0) return;
		Atomics.store(ints, at + waiterTurnAt, turn);
		Atomics.store(ints, at + waitsUntilAt, until);
		Atomics.store(ints, at + waiterAt, share + 1);
	}

	/** The share has had its turn. */
	served(slot: number, share: number, nowMs: number): void {
		const { ints } = this;
		const [at, own] = [slot * slotInts, share * slotInts];
		const turn = this.turnOf(slot, share, this.ticks(nowMs));
		Atomics.store(ints, own + turnAt, (turn + 1) | 0);
		Atomics.store(ints, own + waitsUntilAt, 0);
		Atomics.store(ints, at + servedAt, turn);
		Atomics.compareExchange(ints, at + waiterAt, share + 1, 0);
	}

	/** Like `take` for one packet, for the address or network with this key, at a rate given as `intervalOf`. */
	takeKeyed(key: number, interval: number, nowMs: number): boolean {
		const now = this.ticks(nowMs);
		return this.takeAt(this.cellOf(key, now), interval, 1, now) === 1;
	}

	giveBackKeyed(key: number, interval: number, nowMs: number): void {
		Atomics.sub(this.ints, this.cellOf(key, this.ticks(nowMs)), interval);
	}

	lateKeyed(key: number, interval: number, takenMs: number, leftMs: number): void {
		this.lateAt(this.cellOf(key, this.ticks(takenMs)), interval, takenMs, leftMs);
	}

	waitMsKeyed(key: number, interval: number, nowMs: number): number {
		const now = this.ticks(nowMs);
		return this.waitAt(this.cellOf(key, now), interval, now);
	}

	/** For the one who hands out slots. Whatever was known of the slot is forgotten. */
	open(slot: number): void {
		this.ints.fill(0, slot * slotInts, (slot + 1) * slotInts);
	}

	/** For the one who hands out slots: what holds from now on. */
	set(slot: number, ratePerSecond: number, inFlight: number): void {
		Atomics.store(this.ints, slot * slotInts + intervalAt, intervalOf(ratePerSecond));
		Atomics.store(this.ints, slot * slotInts + ceilingAt, Math.min(0x3fff_ffff, Math.max(1, inFlight)));
	}

	/** A thread is gone: its questions are not open any more. */
	forget(member: number): void {
		for (let at = 0; at < cellsAt; at += slotInts) {
			Atomics.sub(this.ints, at + openAt, Atomics.exchange(this.ints, at + membersAt + member, 0));
		}
	}

	private turnOf(slot: number, share: number, now: number): number {
		const own = Atomics.load(this.ints, share * slotInts + turnAt);
		const served = Atomics.load(this.ints, slot * slotInts + servedAt);
		return this.isWaiting(share, now) || ((own - served) | 0) > 0 ? own : served;
	}

	/** In turns; never more than may be open at once, for those may take long. */
	private mostAhead(at: number): number {
		const byRate = Math.max(leastAhead, Math.floor(aheadTicks / Atomics.load(this.ints, at + intervalAt)));
		return Math.max(1, Math.min(Atomics.load(this.ints, at + ceilingAt), byRate));
	}

	/** Of a share: it waits for its turn. Of a slot with shares: one of them does. */
	private isWaiting(slot: number, now: number): boolean {
		const until = Atomics.load(this.ints, slot * slotInts + waitsUntilAt);
		return until !== 0 && ((until - now) | 0) >= 0;
	}

	private ticks(nowMs: number): number {
		return Math.floor((nowMs + this.offsetMs) * ticksPerMs) | 0;
	}

	private takeAt(at: number, interval: number, wanted: number, now: number): number {
		for (;;) {
			const due = Atomics.load(this.ints, at);
			const ahead = aheadOf(due, now, interval);
			if (ahead > burstTicks) return 0;
			const taken = Math.min(wanted, Math.floor((burstTicks - ahead) / interval) + 1);
			const next = (now + ahead + taken * interval) | 0;
			if (Atomics.compareExchange(this.ints, at, due, next) === due) return taken;
		}
	}

	private lateAt(at: number, interval: number, takenMs: number, leftMs: number): void {
		const [taken, left] = [this.ticks(takenMs), this.ticks(leftMs)];
		for (;;) {
			const due = Atomics.load(this.ints, at);
			const next = (left + aheadOf(due, taken, interval)) | 0;
			if (Atomics.compareExchange(this.ints, at, due, next) === due) return;
		}
	}

	private waitAt(at: number, interval: number, now: number): number {
		return Math.max(0, aheadOf(Atomics.load(this.ints, at), now, interval) - burstTicks) / ticksPerMs;
	}

	/**
	 * Where the due time of a key is kept. A due time that has passed says nothing, so its place may go to another; when
	 * none is free the key shares one, and both are slower than they need be. Two threads that fill one place at the same
	 * moment may lose sight of one packet.
	 */
	private cellOf(key: number, now: number): number {
		const tag = key | 1;
		const home = Math.imul(key, 0x9e3779b1) >>> 16;
		let free = -1;
		for (let i = 0; i < probes; i++) {
			const at = cellsAt + ((home + i) & (cellCount - 1)) * 2;
			const found = Atomics.load(this.ints, at);
			if (found === tag) return at + 1;
			if (free < 0 && (found === 0 || aheadOf(Atomics.load(this.ints, at + 1), now, slowestTicks) === 0)) free = at;
		}
		if (free < 0) return cellsAt + home * 2 + 1;
		Atomics.store(this.ints, free, tag);
		return free + 1;
	}
}

/** How far ahead of now the next packet is due, at least 0. */
function aheadOf(due: number, now: number, interval: number): number {
	const ahead = (due - now) | 0;
	return ahead <= 0 || ahead > burstTicks + interval + slackTicks ? 0 : ahead;
}

/** Every thread's `performance.now` starts at another time; the clock behind it is the same for all. */
function offsetOfPerformanceNow(): number {
	return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}
