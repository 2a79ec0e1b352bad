/** One address of a raw job: how far it has come, how it answers and which way leads there. Per-pair facts are in the block. */
import type { HostPass } from "../gate.ts";
import type { NetworkTally } from "../network-tally.ts";
import { RoundTrip } from "../round-trip.ts";
import { HostPace } from "./host-pace.ts";
import type { Neighbour } from "./neighbours.ts";
import type { RawSweep } from "./raw-sweep.ts";

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
	/** The address as one 32-bit word or four. */
	readonly words: Uint32Array;
	readonly network: Network;
	readonly roundTrip = new RoundTrip();
	/** What limits what it is sent, and where that is counted. */
	readonly limits: HostPass;
	readonly tally: NetworkTally;
	readonly pace = new HostPace();
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
		slot: number,
		words: Uint32Array,
		network: Network,
		limited: { readonly limits: HostPass; readonly tally: NetworkTally },
	) {
		this.limits = limited.limits;
		this.tally = limited.tally;
		this.sweep = sweep;
		this.index = index;
		this.slot = slot;
		this.words = words;
		this.network = network;
	}

	/** Answers often enough that silence may mean loss. */
	get responds(): boolean {
		return this.answers >= 2 && this.answers * 4 >= this.timeouts;
	}
}
