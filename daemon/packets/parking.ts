/**
 * Hosts that wait until a limit lets them on. Those that wait for the same network or group stand in one queue, of which
 * only the first are let try again: thousands behind one thin limit cost no more than a few. Pure: the time is handed in.
 */
import { Deadlines } from "./deadlines.ts";
import { Fifo } from "./fifo.ts";
import type { HeldBy } from "./gate.ts";

const bucketMs = 1;
/** Hosts of one queue that may try in one millisecond. */
const mostAtOnce = 64;

interface Lot<Host> {
	readonly waiting: Fifo<Host>;
	armed: boolean;
}

export class Parking<Host extends object> {
	/** Hosts that wait. */
	count = 0;
	private readonly single = new Deadlines<Host>(0, bucketMs);
	private readonly queues = new Deadlines<Lot<Host>>(0, bucketMs);
	private readonly lots = new Map<string, Lot<Host>>();
	private soonest = Number.POSITIVE_INFINITY;

	park(host: Host, heldBy: HeldBy, waitMs: number, nowMs: number): void {
		this.count++;
		const at = nowMs + waitMs;
		if (!("key" in heldBy)) {
			this.single.add(host, at);
		} else {
			const lot = this.lotOf(`${heldBy.kind} ${heldBy.key}`);
			lot.waiting.push(host);
			if (lot.armed) return;
			lot.armed = true;
			this.queues.add(lot, at);
		}
		this.soonest = Math.min(this.soonest, at);
	}

	/** Hands over those that may try again. */
	release(nowMs: number, free: (host: Host) => void): void {
		if (this.count === 0 || nowMs < this.soonest) return;
		// The next millisecond, unless something that is parked again says better: nothing tells what is due when.
		this.soonest = nowMs + bucketMs;
		const freed: Host[] = [];
		this.single.expire(nowMs, (host) => freed.push(host));
		this.queues.expire(nowMs, (lot) => {
			lot.armed = false;
			for (let i = 0; i < mostAtOnce; i++) {
				const host = lot.waiting.shift();
				if (host === undefined) break;
				freed.push(host);
			}
			if (lot.waiting.length === 0) return;
			lot.armed = true;
			this.queues.add(lot, nowMs + bucketMs);
		});
		this.count -= freed.length;
		for (const host of freed) free(host);
	}

	/** Milliseconds until `release` may have something to hand over. */
	waitMs(nowMs: number): number {
		return this.count === 0 ? Number.POSITIVE_INFINITY : Math.max(0.05, this.soonest - nowMs);
	}

	private lotOf(name: string): Lot<Host> {
		let lot = this.lots.get(name);
		if (lot === undefined) {
			lot = { waiting: new Fifo(), armed: false };
			this.lots.set(name, lot);
		}
		return lot;
	}
}
