/**
 * How far the port stage of one address has come: which ports are settled and how. Pure; this is what a checkpoint
 * holds, so that after a crash or a pause only the rest is probed.
 */
import type { PairState } from "../packets/engine.ts";
import type { PairCounts } from "./host-counts.ts";
import { newUdpProgress, readUdpProgress, type UdpProgress, writeUdpProgress } from "./udp-progress.ts";

export interface HostProgress {
	open: Set<number>;
	/** 1 closed, 2 filtered, 3 open, 4 unreachable; indexed by port. */
	readonly state: Uint8Array;
	settled: number;
	closed: number;
	filtered: number;
	unreachable: number;
	readonly udp: UdpProgress;
}

const closedMark = 1;
const silentMark = 2;
const openMark = 3;
const unreachableMark = 4;

export function newHostProgress(): HostProgress {
	const counts = { settled: 0, closed: 0, filtered: 0, unreachable: 0 };
	return { open: new Set(), state: new Uint8Array(65_536), ...counts, udp: newUdpProgress() };
}

/** Notes an answer; a port that is already settled is left as it is. */
export function settlePort(progress: HostProgress, port: number, state: PairState): void {
	if (progress.state[port] !== 0) return;
	progress.settled++;
	if (state === "open") {
		progress.state[port] = openMark;
		progress.open.add(port);
	} else if (state === "closed") {
		progress.state[port] = closedMark;
		progress.closed++;
	} else if (state === "unreachable") {
		progress.state[port] = unreachableMark;
		progress.unreachable++;
	} else {
		progress.state[port] = silentMark;
		progress.filtered++;
	}
}

/** How many ports a checkpoint would hold, over TCP and UDP: it is worth writing when that has grown. */
export function settledPorts({ settled, udp }: HostProgress): number {
	return settled + udp.settled.size;
}

export function pairCounts({ open, closed, filtered, unreachable }: HostProgress): PairCounts {
	return { open: open.size, closed, filtered, unreachable };
}

/** Those of `ports` that still have to be asked. */
export function remainingPorts(progress: HostProgress, ports: readonly number[]): number[] {
	return progress.settled === 0 ? [...ports] : ports.filter((port) => progress.state[port] === 0);
}

/** Ports proved closed, as ascending inclusive ranges. */
export function closedRanges(progress: HostProgress): [number, number][] {
	return rangesOf(progress.state, closedMark, progress.closed);
}

/** Ports that never answered, as ascending inclusive ranges. */
function silentRanges(progress: HostProgress): [number, number][] {
	return rangesOf(progress.state, silentMark, progress.filtered);
}

/** Ports of which something on the way said that they cannot be reached, as ascending inclusive ranges. */
function unreachableRanges(progress: HostProgress): [number, number][] {
	return rangesOf(progress.state, unreachableMark, progress.unreachable);
}

/** `marked`: how many ports have the mark; nothing is looked at beyond the last of them. */
function rangesOf(state: Uint8Array, mark: number, marked: number): [number, number][] {
	const ranges: [number, number][] = [];
	let start = -1;
	for (let port = 0, left = marked; port <= state.length && (left > 0 || start >= 0); port++) {
		const inside = port < state.length && state[port] === mark;
		if (inside) left--;
		if (inside && start < 0) start = port;
		if (!inside && start >= 0) {
			ranges.push([start, port - 1]);
			start = -1;
		}
	}
	return ranges;
}

/** The checkpoint as text. */
export function writeHostProgress(progress: HostProgress): string {
	return JSON.stringify({
		open: [...progress.open].sort((a, b) => a - b),
		closed: closedRanges(progress),
		silent: silentRanges(progress),
		unreachable: unreachableRanges(progress),
		...(progress.udp.settled.size === 0 ? {} : { udp: writeUdpProgress(progress.udp) }),
	});
}

/** A checkpoint read back; anything unreadable counts as nothing done, which costs packets but loses nothing. */
export function readHostProgress(text: string | null): HostProgress {
	const progress = newHostProgress();
	if (text === null) return progress;
	try {
		const saved = JSON.parse(text) as Partial<SavedProgress>;
		for (const port of saved.open ?? []) settlePort(progress, port, "open");
		settleRanges(progress, saved.closed ?? [], "closed");
		settleRanges(progress, saved.silent ?? [], "filtered");
		settleRanges(progress, saved.unreachable ?? [], "unreachable");
		readUdpProgress(progress.udp, saved.udp);
		return progress;
	} catch {
		return newHostProgress();
	}
}

interface SavedProgress {
	readonly open: readonly number[];
	readonly closed: readonly [number, number][];
	readonly silent: readonly [number, number][];
	readonly unreachable: readonly [number, number][];
	readonly udp: unknown;
}

function settleRanges(progress: HostProgress, ranges: readonly [number, number][], state: PairState): void {
	for (const [from, to] of ranges)
		for (let port = Math.max(0, from); port <= Math.min(65_535, to); port++) settlePort(progress, port, state);
}
