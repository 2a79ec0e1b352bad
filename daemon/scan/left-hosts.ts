/**
 * What a scan had found of the hosts it was in the middle of when it was stopped or killed. Their ports are evidence like
 * any other, with coverage that claims no more than was asked; the targets stay as they are, so that the scan can go on.
 */
import type { ScanResult } from "../../protocol/model/scan.ts";
import { NetworkWatch } from "../ghosts/watch.ts";
import { addTally, emptyTally, type HostTally, readTally } from "./findings-tally.ts";
import { restoreWatch } from "./ghost-lookout.ts";
import { askedAnyway, outcomeOf } from "./host-outcome.ts";
import { type HostProgress, readHostProgress } from "./host-progress.ts";
import type { HostOutcome, ScanJournal, Target } from "./journal.ts";

export interface LeftHosts {
	readonly journal: ScanJournal;
	readonly now: () => number;
	/** What is known of some of them beyond their checkpoints, by address. */
	readonly outcomes?: ReadonlyMap<string, HostOutcome>;
	/** Whether the network of an address is, or may yet turn out to be, one full of ghosts. Absent: by the targets' states. */
	readonly mayBeGhost?: (address: string) => boolean;
}

export interface KeptHost {
	readonly outcome: HostOutcome;
	readonly tally: HostTally;
	readonly results: readonly ScanResult[];
}

/** Targets read, and judged, before others have their turn. */
const atOnce = 16;

/**
 * Keeps what the checkpoints of a scan's alive targets and `outcomes` hold, and tells of each. What may be a ghost is left
 * out. Rejects when the store takes nothing; what was told by then is kept.
 */
export async function keepLeftHosts(scan: number, left: LeftHosts, onKept: (kept: KeptHost) => void): Promise<void> {
	const { journal, now, outcomes } = left;
	let { mayBeGhost } = left;
	for (let after = -1; ; ) {
		const page = journal.begunTargets(scan, after, atOnce);
		const last = page.at(-1);
		if (last === undefined) return;
		after = last.index;
		for (const target of page) {
			if (target.state !== "alive") continue;
			const progress = readHostProgress(target.checkpoint);
			if (!isThere(target, progress)) continue;
			const outcome = outcomes?.get(target.address) ?? outcomeOfCheckpoint(target, progress, now);
			mayBeGhost ??= await suspicionOf(scan, journal);
			if (!isMachine(outcome, progress) && mayBeGhost(target.address)) continue;
			onKept({ outcome, ...journal.finishHost(scan, outcome) });
		}
		await othersTurn();
	}
}

/** The same for a scan that is not at work, with the sum over all its hosts, those that are done among them. */
export async function keepLeftOf(scan: number, left: LeftHosts): Promise<HostTally> {
	let sum = emptyTally();
	await keepLeftHosts(scan, left, ({ tally }) => {
		sum = addTally(sum, tally);
	});
	for (let after = -1; ; ) {
		const page = left.journal.targets(scan, ["done"], after, 1_000);
		const last = page.at(-1);
		if (last === undefined) return sum;
		for (const { checkpoint } of page) sum = addTally(sum, readTally(checkpoint));
		after = last.index;
		await othersTurn();
	}
}

/** Something was asked of it, and it is no silent address that is asked all the same. */
function isThere({ how }: Target, { open, closed, settled, udp }: HostProgress): boolean {
	const answers = open.size + closed + udp.answered.size + udp.closed.size;
	return how === askedAnyway ? answers > 0 : settled + answers > 0;
}

/** What answers for others says nothing, and does not refuse some ports and accept others: see hollow.ts. */
function isMachine({ records }: HostOutcome, { open, closed, udp }: HostProgress): boolean {
	if (udp.answered.size > 0 || (open.size > 0 && closed > 0)) return true;
	return records.some(({ kind }) => kind !== "host" && kind !== "ports");
}

function outcomeOfCheckpoint(target: Target, progress: HostProgress, now: () => number): HostOutcome {
	const surveys = { surveys: [], udpAsked: progress.udp.settled };
	return outcomeOf({ target, progress, fragilePorts: new Set(), now }, surveys, now(), "stop");
}

async function suspicionOf(scan: number, journal: ScanJournal): Promise<(address: string) => boolean> {
	const watch = new NetworkWatch<unknown, unknown>(() => undefined);
	for (const _ of restoreWatch(watch, scan, journal)) await othersTurn();
	if (journal.countTargets(scan).pending === 0) watch.fedAll();
	return (address) => watch.mayBeGhost(address);
}

function othersTurn(): Promise<void> {
	return new Promise((resolve) => void setImmediate(resolve));
}
