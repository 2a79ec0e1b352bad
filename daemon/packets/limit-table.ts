/**
 * Who may send how fast: hands out the slots of `SharedLimits` to what runs, on the main thread. One table for all
 * engines, so that a limit holds over whatever sends.
 */
import { AppError } from "../../protocol/errors.ts";
import type { TextRange } from "../scope/address-set.ts";
import type { PortJob } from "./engine.ts";
import { mostMembers, mostSlots, SharedLimits, sharedLimitsBytes } from "./shared-limits.ts";

/** The limits of one job, as they cross to the thread that sends. A `Gate` is made from it there. */
export interface LimitClaim {
	/** The slot of the job's group: its rate. */
	readonly scan: number;
	/** Concurrency groups with addresses of theirs: rate and open questions, and the sender's own share of them. */
	readonly shared: readonly {
		readonly name: string;
		readonly slot: number;
		readonly share: number;
		readonly ranges: readonly TextRange[];
	}[];
	/** Packets a second; 0 where there is no such limit. */
	readonly ratePerHost: number;
	readonly ratePerNetwork: number;
	/** Addresses that the rates by host and by network do not hold for. */
	readonly exempt: readonly TextRange[];
}

/** Of a job that nothing limits: one of a sender's own, to find out whether it works. */
export const noLimits: LimitClaim = { scan: -1, shared: [], ratePerHost: 0, ratePerNetwork: 0, exempt: [] };

/** What a sending thread is started with. */
export interface LimitMemory {
	readonly buffer: SharedArrayBuffer;
	readonly member: number;
}

/** This machine itself: nothing crosses a network, and no device is spared by going slowly. */
const thisMachine: readonly TextRange[] = [
	["127.0.0.0", "127.255.255.255"],
	["::1", "::1"],
];

export interface LimitTableOptions {
	/** Not held to the rates by host and by network. Default: the loopback addresses. */
	readonly exempt?: readonly TextRange[];
}

export class LimitTable {
	private readonly buffer = new SharedArrayBuffer(sharedLimitsBytes);
	private readonly limits = new SharedLimits(this.buffer);
	private readonly exempt: readonly TextRange[];
	private readonly slots = new Map<string, { slot: number; claims: number }>();
	private readonly free = Array.from({ length: mostSlots }, (_, i) => mostSlots - 1 - i);
	private readonly members = new Set<number>();
	private readonly claims = new Map<LimitClaim, readonly string[]>();
	private nameless = 0;

	constructor({ exempt = thisMachine }: LimitTableOptions = {}) {
		this.exempt = exempt;
	}

	/** For a thread that begins to send; `leave` when it is gone. Throws `busy` when too many do. */
	join(): LimitMemory {
		for (let member = 0; member < mostMembers; member++) {
			if (this.members.has(member)) continue;
			this.members.add(member);
			return { buffer: this.buffer, member };
		}
		throw tooMuch("threads that send");
	}

	/** What the thread had open is not open any more. */
	leave({ member }: LimitMemory): void {
		this.limits.forget(member);
		this.members.delete(member);
	}

	/** Takes the job's limits up; `release` when it is over. The latest claim says how fast those of its names may be. */
	claim(job: Pick<PortJob, "limits" | "group" | "shared">): LimitClaim {
		const { ratePerSecond, ratePerHost, ratePerNetwork } = job.limits;
		const taken: string[] = [];
		const sender = job.group === undefined ? `job ${this.nameless++}` : `scan ${job.group}`;
		const slotOf = (name: string, rate: number, inFlight: number) => {
			const slot = this.slotOf(name, rate, inFlight);
			taken.push(name);
			return slot;
		};
		try {
			const claim: LimitClaim = {
				scan: slotOf(sender, ratePerSecond, 0),
				shared: (job.shared ?? []).map(({ name, ranges, ...limit }) => ({
					name,
					slot: slotOf(`group ${name}`, limit.ratePerSecond, limit.inFlight),
					share: slotOf(`group ${name} for ${sender}`, limit.ratePerSecond, limit.inFlight),
					ranges,
				})),
				ratePerHost: ratePerHost ?? 0,
				ratePerNetwork: ratePerNetwork ?? 0,
				exempt: this.exempt,
			};
			this.claims.set(claim, taken);
			return claim;
		} catch (err) {
			for (const name of taken) this.drop(name);
			throw err;
		}
	}

	release(claim: LimitClaim): void {
		const names = this.claims.get(claim);
		this.claims.delete(claim);
		for (const name of names ?? []) this.drop(name);
	}

	private slotOf(name: string, rate: number, inFlight: number): number {
		let entry = this.slots.get(name);
		if (entry === undefined) {
			const slot = this.free.pop();
			if (slot === undefined) throw tooMuch("limits");
			entry = { slot, claims: 0 };
			this.slots.set(name, entry);
			this.limits.open(slot);
		}
		entry.claims++;
		this.limits.set(entry.slot, rate, inFlight);
		return entry.slot;
	}

	private drop(name: string): void {
		const entry = this.slots.get(name);
		if (entry === undefined || --entry.claims > 0) return;
		this.slots.delete(name);
		this.free.push(entry.slot);
	}
}

function tooMuch(what: string): AppError {
	return new AppError("busy", `There are too many ${what} at once.`, {
		hint: "Wait until a scan has ended, then start it again.",
	});
}
