/** One address of a raw job: how far it has come, how it answers and which way leads there. Per-pair facts are in the block. */
import type { HostPass } from "../gate.ts";
import type { NetworkTally } from "../network-tally.ts";
import { RoundTrip } from "../round-trip.ts";
import type { HostPace } from "./host-pace.ts";
import type { Neighbour } from "./neighbours.ts";
import type { PairBlock } from "./pair-block.ts";
import type { RawSweep } from "./raw-sweep.ts";

/** An IPv4 address as a number, an IPv6 one as four words of 32 bits. */
export type AddressValue = number | Uint32Array;

/** The way to a host. `ip`: the kernel finds it; `link`: the packet is given to the interface with its next hop. */
export type Path =
	| { readonly kind: "ip"; readonly key: string; readonly source: number }
	| {
			readonly kind: "link";
			readonly key: string;
			readonly source: number;
			readonly interface: number;
			readonly neighbour: Neighbour;
	  }
	| { readonly kind: "ip6"; readonly key: string };

/** What is known of the round trips to a /24 or /64. */
export class Network {
	readonly roundTrip = new RoundTrip();
	minRttMs = Number.POSITIVE_INFINITY;

	add(rttMs: number): void {
		this.roundTrip.add(rttMs);
		this.minRttMs = Math.min(this.minRttMs, rttMs);
	}
}

export class RawHost {
	/** The job's progress it is part of. */
	readonly sweep: RawSweep;
	/** Position in the job's addresses, and in the block. */
	readonly index: number;
	readonly slot: number;
	readonly address: AddressValue;
	readonly network: Network;
	/** Where its pairs are. */
	readonly block: PairBlock;
	/** Its own round trips, measured as long as more is asked of it; null before the first. */
	roundTrip: RoundTrip | null = null;
	/** What limits what it is sent, and where that is counted. */
	readonly limits: HostPass;
	readonly tally: NetworkTally;
	/** Null as long as there is nothing to judge it by. */
	pace: HostPace | null = null;
	/** Its own pace lets the next packet leave then. */
	nextAtMs = 0;
	/** Null until it is known that packets can leave for it. */
	path: Path | null = null;
	/** The next address of the job that is the same one. */
	twin: RawHost | undefined = undefined;
	/** Which time its ports are gone through, and the place in their order. */
	pass = 0;
	cursor = 0;
	inFlight = 0;
	settled = 0;
	answers = 0;
	timeouts = 0;
	/** Tries beyond the job's, because probes are being lost. */
	extraTries = 0;
	queued = false;
	/** The way to it was gone when last looked at. */
	wasCut = false;
	/** Nothing more is asked, and answers no longer count. */
	over = false;

	constructor(
		sweep: RawSweep,
		index: number,
		block: PairBlock,
		address: AddressValue,
		network: Network,
		limited: { readonly limits: HostPass; readonly tally: NetworkTally },
	) {
		this.limits = limited.limits;
		this.tally = limited.tally;
		this.sweep = sweep;
		this.index = index;
		this.block = block;
		this.slot = block.hosts.length;
		this.address = address;
		this.network = network;
	}

	/** Pairs that neither wait for an answer nor have one. */
	get hasIdlePairs(): boolean {
		return this.inFlight + this.settled < this.block.ports;
	}

	/** Milliseconds its own pace wants between two packets. */
	get pauseMs(): number {
		return this.pace === null ? 0 : this.pace.pauseMs;
	}

	measure(rttMs: number): void {
		this.roundTrip ??= new RoundTrip();
		this.roundTrip.add(rttMs);
	}

	/** Answers often enough that silence may mean loss. */
	get responds(): boolean {
		return this.answers >= 2 && this.answers * 4 >= this.timeouts;
	}
}
