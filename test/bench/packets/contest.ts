/** Scanners take turns at the same work; each peer then gets a row beside ours: medians, recall and what was made up. */
import { median, spread } from "../figures.ts";
import type { BenchRow } from "../main.ts";
import type { Scanned, Scanner } from "./scanners.ts";
import type { Work } from "./work.ts";

export interface Peer extends Scanner {
	/** How many times faster than the peer we want to be; null where nothing is asked. */
	readonly goal: number | null;
	/** Milliseconds of each of its runs in which it only waits, told apart in a row of its own. */
	readonly fixedMs?: () => number;
}

export interface Rules {
	readonly rounds: number;
	/** A peer that has had so many seconds sits out the rounds that are left; its row says how many it took part in. */
	readonly patienceSeconds: number;
	/** The work is large enough for a goal to mean anything. */
	readonly judged: boolean;
}

export async function contest(work: Work, ours: Scanner, peers: readonly Peer[], rules: Rules): Promise<BenchRow[]> {
	const all: readonly Scanner[] = [ours, ...peers];
	const results = new Map<Scanner, Scanned[]>(all.map((scanner) => [scanner, []]));
	for (let round = 0; round < rules.rounds; round++) {
		for (let i = 0; i < all.length; i++) {
			const scanner = all[(i + round) % all.length];
			const had = results.get(scanner ?? ours);
			if (scanner === undefined || had === undefined) continue;
			const spent = had.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
			if (scanner === ours || spent < rules.patienceSeconds) had.push(await scanner.scan(work));
		}
	}
	const [own = [], ...theirs] = [...results.values()];
	return peers.flatMap((peer, i) => rowsOf(work, own, peer, theirs[i] ?? [], rules));
}

function rowsOf(
	work: Work,
	own: readonly Scanned[],
	peer: Peer,
	theirs: readonly Scanned[],
	{ judged }: Rules,
): BenchRow[] {
	const fixed = peer.fixedMs?.() ?? 0;
	const row = (name: string, less: number): BenchRow => {
		const seconds = theirs.map(({ ms }) => Math.max(0, ms - less) / 1_000);
		const times = median(seconds) / (median(own.map(({ ms }) => ms)) / 1_000);
		const bound = theirs.some(({ givenUp }) => givenUp) ? ">" : "";
		const rounds = theirs.length < own.length ? [`peer in ${theirs.length} of ${own.length} rounds`] : [];
		return {
			name: work.name,
			ours: spread(
				own.map(({ ms }) => ms / 1_000),
				2,
			),
			peer: bound + spread(seconds, 2),
			ratio: `${bound}${times.toFixed(times < 10 ? 2 : 1)}x`,
			unit: "s",
			note: [verdict(name, peer.goal, times, judged), recall(work, own, theirs), ...rounds].join("; "),
		};
	};
	const waits = `${peer.name}, less ${(fixed / 1_000).toFixed(1)} s it only waits`;
	return fixed > 0 ? [row(peer.name, 0), row(waits, fixed)] : [row(peer.name, 0)];
}

function verdict(name: string, goal: number | null, times: number, judged: boolean): string {
	if (goal === null) return `peer ${name}`;
	const outcome = !judged ? "(too small to judge)" : times >= goal ? "met" : "MISSED";
	return `peer ${name}: goal ${Number(goal.toFixed(2))}x ${outcome}`;
}

/** The worst round counts, not the median. */
function recall({ truth }: Work, own: readonly Scanned[], theirs: readonly Scanned[]): string {
	if (truth.size === 0) return "nothing to find there";
	const share = (list: readonly Scanned[]) => {
		const worst = Math.min(...list.map(({ found }) => found));
		return `${((worst / truth.size) * 100).toFixed(worst === truth.size ? 0 : 2)} %`;
	};
	const wrong = (list: readonly Scanned[]) => Math.max(...list.map((one) => one.wrong));
	return `of ${truth.size} found ${share(own)}, peer ${share(theirs)}; false ${wrong(own)}, peer ${wrong(theirs)}`;
}
