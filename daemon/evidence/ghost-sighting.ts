/**
 * A ghost as it was seen at one address: what daemon/ghosts hands on to be kept. It is no record and makes no coverage, so
 * that nothing of it reaches identity, inventory or findings. The sightings of one network and one kind are one row.
 */
import type { GhostKind } from "../../protocol/model/ghost.ts";
import type { TextRange } from "../../protocol/target/address-set.ts";

/** Ports nobody has a reason to listen on: how many were asked, and what they said. */
export interface CanaryTally {
	readonly asked: number;
	readonly accepted: number;
	readonly refused: number;
}

export const noCanaries: CanaryTally = { asked: 0, accepted: 0, refused: 0 };

export interface Spoken {
	readonly address: string;
	readonly port: number;
	/** Name of the protocol; null when what came was not recognised. */
	readonly protocol: string | null;
	/** A port nobody has a reason to listen on. */
	readonly canary: boolean;
}

export interface GhostSighting {
	readonly address: string;
	readonly kind: GhostKind;
	/** Ports open on every address of the network, of those that were asked; empty for any port, and for none. */
	readonly pattern: readonly number[];
	/** What proved that somebody answers, e.g. `tcp 80 open`. */
	readonly how: string | null;
	readonly rttMs: number | null;
	readonly canaries: CanaryTally;
	/** Ports that were connected to and listened on for a word. */
	readonly listenedTo: number;
	readonly spoken: readonly Spoken[];
	/** Ports asked and found open, where the share of them is the evidence. */
	readonly openOfAsked: { readonly open: number; readonly asked: number } | null;
	/** Addresses of its network that are known to have been asked so far, this one among them. */
	readonly askedInNetwork: number;
}

/** The sightings of one network, kind and pattern by one scan or map, as they are kept. */
export interface GhostRow {
	readonly id: number;
	readonly scan: number | null;
	readonly map: number | null;
	/** `192.0.2.0/24`. */
	readonly network: string;
	readonly kind: GhostKind;
	readonly pattern: readonly number[];
	readonly ranges: readonly TextRange[];
	readonly addresses: number;
	readonly asked: number;
	readonly canaries: CanaryTally;
	readonly listenedTo: number;
	readonly spoken: readonly Spoken[];
	readonly openOfAsked: { readonly open: number; readonly asked: number } | null;
	readonly rttMs: { readonly least: number; readonly most: number } | null;
	/** Milliseconds since the epoch. */
	readonly firstAt: number;
	readonly lastAt: number;
}

/** A sighting with nothing known but what is given. */
export function sightingOf(
	given: Pick<GhostSighting, "address" | "kind"> & Partial<Omit<GhostSighting, "address" | "kind">>,
): GhostSighting {
	return {
		pattern: [],
		how: null,
		rttMs: null,
		canaries: noCanaries,
		listenedTo: 0,
		spoken: [],
		openOfAsked: null,
		askedInNetwork: 1,
		...given,
	};
}
