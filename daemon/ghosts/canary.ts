/**
 * Canary ports: a few that nobody has a reason to listen on. An honest host refuses or drops them; a firewall, SYN proxy,
 * tarpit or decoy that answers for whatever it is asked accepts them. Pure; ask.ts sends.
 */
import type { CanaryTally } from "../evidence/ghost-sighting.ts";
import type { PairState } from "../packets/engine.ts";

/** Asked of one address. Three of four accepted and none refused condemn it: one may get lost on the way. */
export const canariesAsked = 4;
const acceptedToCondemn = 3;

/**
 * Below where systems take their own outgoing ports from (32768 on Linux, 49152 by RFC 6335): a connection that is under
 * way there is not a listener, and over loopback a connect could meet itself.
 */
const lowest = 10_240;
const highest = 32_767;
/** Numbers in that range that software is known to listen on by default. */
const inUse = new Set([
	10_250, 10_255, 10_256, 11_211, 11_311, 11_434, 12_345, 15_672, 16_379, 16_443, 18_080, 19_999, 20_000, 22_222,
	25_565, 25_575, 25_672, 26_379, 27_015, 27_017, 27_018, 27_019, 28_015, 28_017, 30_000, 30_303, 31_337, 32_400,
	32_764, 32_765,
]);

/**
 * Which ports to ask an address: the same each time for the same salt, so that a scan that is taken up again asks the same
 * ones, and others on each address. `avoid` are those the scan asks anyway, left aside while there are others, and those
 * that are fragile, always.
 */
export function canaryPorts(
	salt: number,
	address: string,
	avoid: { readonly asked: ReadonlySet<number>; readonly fragile: ReadonlySet<number> },
	count = canariesAsked,
): number[] {
	let state = hashOf(`${salt}/${address}`);
	const chosen = new Set<number>();
	for (let tries = 0; chosen.size < count && tries < 10_000; tries++) {
		state = next(state);
		const port = lowest + (state % (highest - lowest + 1));
		if (inUse.has(port) || avoid.fragile.has(port)) continue;
		// A scan of all ports leaves none that it does not ask.
		if (tries < 1_000 && avoid.asked.has(port)) continue;
		chosen.add(port);
	}
	return [...chosen];
}

export function tallyCanaries(asked: readonly number[], states: ReadonlyMap<number, PairState>): CanaryTally {
	const count = (state: PairState) => asked.filter((port) => states.get(port) === state).length;
	return { asked: asked.length, accepted: count("open"), refused: count("closed") };
}

/** `unsure`: some were accepted, too few to say. */
export function judgeCanaries({ asked, accepted, refused }: CanaryTally): "accepts" | "honest" | "unsure" {
	if (refused > 0 || accepted === 0) return "honest";
	return accepted >= Math.min(asked, acceptedToCondemn) && accepted * 4 >= asked * 3 ? "accepts" : "unsure";
}

export function addCanaries(a: CanaryTally, b: CanaryTally): CanaryTally {
	return { asked: a.asked + b.asked, accepted: a.accepted + b.accepted, refused: a.refused + b.refused };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
	return hash;
}

/** The next of a full-period sequence over 32 bits, mixed so that its low bits are as good as its high ones. */
function next(state: number): number {
	let value = (state + 0x9e3779b9) >>> 0;
	value = Math.imul(value ^ (value >>> 16), 0x21f0aaad) >>> 0;
	value = Math.imul(value ^ (value >>> 15), 0x735a2d97) >>> 0;
	return (value ^ (value >>> 15)) >>> 0;
}
