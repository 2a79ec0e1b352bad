/** What a scan has seen so far, summed over its finished hosts. Pure. */
import type { SeverityCounts } from "../../protocol/model/severity.ts";
import { addCounts, type HostCounts, noCounts } from "./host-counts.ts";

/** What one finished host adds to its scan; kept in the host's checkpoint so that a restart can sum again. */
export interface HostTally {
	readonly openPorts: number;
	readonly services: number;
	readonly findings: SeverityCounts;
	readonly newFindings: number;
	readonly fixedFindings: number;
	/** Hosts whose time was up. */
	readonly cutHosts: number;
	/** Hosts that were being asked when the time of the whole scan was up. */
	readonly cutByScan: number;
	/** Hosts of which not everything that was asked could be done. */
	readonly partialHosts: number;
	/** Addresses that answered and are no hosts. */
	readonly ghosts: number;
	/** Pairs and surveys, for the coverage statement. */
	readonly counts: HostCounts;
}

export function emptyCounts(): SeverityCounts {
	return { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };
}

export function emptyTally(): HostTally {
	return {
		openPorts: 0,
		services: 0,
		findings: emptyCounts(),
		newFindings: 0,
		fixedFindings: 0,
		cutHosts: 0,
		cutByScan: 0,
		partialHosts: 0,
		counts: noCounts,
		ghosts: 0,
	};
}

export function addTally(a: HostTally, b: HostTally): HostTally {
	const findings = emptyCounts();
	for (const level of ["1", "2", "3", "4", "5"] as const) findings[level] = a.findings[level] + b.findings[level];
	return {
		openPorts: a.openPorts + b.openPorts,
		services: a.services + b.services,
		findings,
		newFindings: a.newFindings + b.newFindings,
		fixedFindings: a.fixedFindings + b.fixedFindings,
		cutHosts: a.cutHosts + b.cutHosts,
		cutByScan: a.cutByScan + b.cutByScan,
		partialHosts: a.partialHosts + b.partialHosts,
		counts: addCounts(a.counts, b.counts),
		ghosts: a.ghosts + b.ghosts,
	};
}

/** A finished host's checkpoint read back: zero for what an older one lacks, nothing when it cannot be read. */
export function readTally(checkpoint: string | null): HostTally {
	if (checkpoint === null) return emptyTally();
	try {
		return { ...emptyTally(), ...(JSON.parse(checkpoint) as Partial<HostTally>) };
	} catch {
		return emptyTally();
	}
}
