/**
 * What a scan needs to remember and where its results go, as an interface: the scan stage knows no database. daemon.ts
 * implements it over the store and the judge.
 */
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import type { GhostSighting } from "../evidence/ghost-sighting.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import type { HostTally } from "./findings-tally.ts";
import type { HostCounts } from "./host-counts.ts";

/**
 * pending: not asked yet. alive: answered, its ports may be half done. dead: silent. done: judged. excluded: by an exclusion
 * made after the scan was started; nothing is sent to it any more.
 */
export type TargetState = "pending" | "alive" | "dead" | "done" | "excluded";

export interface Target {
	/** Position within the scan, ascending. */
	readonly index: number;
	readonly address: string;
	readonly hostname: string | null;
	readonly state: TargetState;
	/** What proved it alive. */
	readonly how: string | null;
	readonly rttMs: number | null;
	/** Port checkpoint (host-progress.ts) while alive; tally once done, and of a silent one that was asked for its ports. */
	readonly checkpoint: string | null;
}

/** Everything learned of one address, ready to be judged. */
export interface HostOutcome {
	readonly address: string;
	readonly hostname: string | null;
	/** Milliseconds since the epoch. */
	readonly startedAt: number;
	readonly finishedAt: number;
	readonly records: readonly EvidenceRecord[];
	readonly coverage: HostCoverage;
	/** Whose time was up before everything was asked, or that the work was stopped; null when nothing was cut short. */
	readonly cutBy: "host" | "scan" | "stop" | null;
	/** Something that was asked could not be done. */
	readonly partial: boolean;
	readonly counts: HostCounts;
}

/** What became of the targets as they were written, when the scan was made. */
export type CoverageStart = Pick<ScanCoverage, "excludedBy" | "notScanned" | "notScannedTotal">;

/** What is known of a network with ghosts in it. */
export interface GhostNetwork {
	readonly network: string;
	readonly kind: GhostSighting["kind"];
	readonly pattern: readonly number[];
}

export interface TargetMark {
	readonly address: string;
	readonly state: TargetState;
	readonly how: string | null;
	readonly rttMs: number | null;
	/** Left as it is when absent. */
	readonly checkpoint?: string;
}

export interface ScanJournal {
	/** Both or neither. */
	save(scan: Scan, coverage?: ScanCoverage): void;
	/** The last statement that was saved, and what was written at the scan's start. */
	coverage(scan: number): { start: CoverageStart | null; last: ScanCoverage | null };
	/** Targets in one of the states, by index, from `after` on. */
	targets(scan: number, states: readonly TargetState[], after: number, limit: number): Target[];
	countTargets(scan: number): Readonly<Record<TargetState, number>>;
	/** How many targets stand where for which reason; those pending and dead are left out. */
	countHow(scan: number): { state: TargetState; how: string | null; n: number }[];
	/** Targets with a checkpoint or a tally, by index, from `after` on. */
	begunTargets(scan: number, after: number, limit: number): Target[];
	/** Makes targets of the next places of a large scan's order; 0 when there are no more. */
	feed(scan: number, order: (from: number) => Iterable<string | null>, limit: number): number;
	/** One transaction for the whole list. */
	mark(scan: number, marks: readonly TargetMark[]): void;
	/** Keeps the port checkpoint of an alive target. */
	checkpoint(scan: number, address: string, text: string): void;
	/**
	 * Judges the host, keeps the lines for the live view and marks it done (unless its work was stopped: its checkpoint
	 * stays), in one transaction. Doing it twice for one host of one scan changes no finding. Returns what it adds to the
	 * scan, and the lines.
	 */
	finishHost(scan: number, outcome: HostOutcome): { tally: HostTally; results: ScanResult[] };
	/**
	 * Keeps an address that is no host with the ghosts of its network and marks it done, in one transaction; no asset, no
	 * finding. Returns what it adds to the scan. Doing it twice for one address of one scan adds nothing the second time.
	 */
	finishGhost(scan: number, network: string, sighting: GhostSighting): HostTally;
	/** The ghosts of a scan so far. */
	ghosts(scan: number): readonly GhostNetwork[];
	/** Says how many addresses of each network with ghosts were asked. */
	saveAsked(scan: number, asked: ReadonlyMap<string, number>): void;
	/** Keeps live-view lines for consoles that attach later. */
	addResults(scan: number, results: readonly ScanResult[]): void;
}
