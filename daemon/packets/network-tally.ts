/** What a job sends to each /24 (IPv6 /64) and what comes back, counted between two reports. Pure. */
import type { NetworkFigures } from "./engine.ts";
import type { LinkWatch } from "./link-watch.ts";
import { RoundTrip } from "./round-trip.ts";

/** Networks of one job that are told apart; all further ones share a tally that nobody reads. */
const mostNetworks = 4_096;

export class NetworkTally {
	sent = 0;
	answers = 0;
	resets = 0;
	prohibited = 0;
	lost = 0;
	readonly roundTrip = new RoundTrip();
	/** The way there is gone at present: nothing is sent, and silence says nothing. */
	isCut = false;
	/** There is or was a way to lose. */
	hasWay = false;
}

export class NetworkTallies {
	private readonly byKey = new Map<number | string, { name: string; address: Uint8Array; tally: NetworkTally }>();
	private readonly others = new NetworkTally();
	private readonly watch: LinkWatch | null;
	private seen = 0;

	constructor(watch: LinkWatch | null = null) {
		this.watch = watch;
	}

	/** The tally of the network an IPv4 address is in. */
	of4(address: number): NetworkTally {
		// The same key as of its bytes.
		const known = this.byKey.get(address >>> 8);
		return known?.tally ?? this.of(Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address));
	}

	/** The tally of the network an address is in: its bytes in network order, 4 or 16 of them. */
	of(address: Uint8Array): NetworkTally {
		const key = keyOf(address);
		const known = this.byKey.get(key);
		if (known !== undefined) return known.tally;
		if (this.byKey.size >= mostNetworks) return this.others;
		const tally = new NetworkTally();
		tally.isCut = this.watch?.isCut(address) ?? false;
		tally.hasWay = (this.watch?.linkTo(address) ?? null) !== null;
		this.byKey.set(key, { name: networkName(address), address, tally });
		return tally;
	}

	/** Takes up what the watch has seen. True when some network was cut off or came back. */
	refresh(): boolean {
		const { watch } = this;
		if (watch === null || watch.version === this.seen) return false;
		this.seen = watch.version;
		let changed = false;
		for (const { address, tally } of this.byKey.values()) {
			const isCut = watch.isCut(address);
			changed ||= isCut !== tally.isCut;
			tally.isCut = isCut;
			tally.hasWay = watch.linkTo(address) !== null;
		}
		return changed;
	}

	/** The first network that is cut off, and the interface that led there; null when all can be reached. */
	cutOff(): { network: string; link: string } | null {
		for (const { name, address, tally } of this.byKey.values()) {
			if (tally.isCut) return { network: name, link: this.watch?.linkTo(address) ?? "" };
		}
		return null;
	}

	/** What happened since last time, by network; those where nothing did are left out. */
	drain(): NetworkFigures[] {
		const figures: NetworkFigures[] = [];
		for (const { name, tally } of this.byKey.values()) {
			const { sent, answers, resets, prohibited, lost, roundTrip } = tally;
			if (sent + answers + lost + prohibited === 0) continue;
			figures.push({
				...{ network: name, sent, answers, resets, prohibited, lost },
				rttMs: roundTrip.samples === 0 ? null : roundTrip.smoothedMs,
			});
			Object.assign(tally, { sent: 0, answers: 0, resets: 0, prohibited: 0, lost: 0 });
		}
		return figures;
	}
}

function keyOf(bytes: Uint8Array): number | string {
	if (bytes.length !== 4) return bytes.subarray(0, 8).join();
	return (bytes[0] ?? 0) * 65_536 + (bytes[1] ?? 0) * 256 + (bytes[2] ?? 0);
}

/** The network of an address as text: its /24, or IPv6 /64. */
export function networkName(bytes: Uint8Array): string {
	if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.0/24`;
	const groups = [0, 2, 4, 6].map((i) => (((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
	// RFC 5952 4.2: the zeros at the end are those that are left out; of a whole run, all.
	while (groups.at(-1) === "0") groups.pop();
	return `${groups.join(":")}::/64`;
}
