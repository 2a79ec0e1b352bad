/** What was done on one host, in numbers: its share of the scan's coverage statement. Pure. */
import type { PoolSurvey } from "./probe-pool.ts";

/** Pairs by how they were settled. */
export interface PairCounts {
	readonly open: number;
	readonly closed: number;
	readonly filtered: number;
	readonly unreachable: number;
}

/** Open ports by what came of examining them. */
export interface SurveyCounts {
	readonly talkedTo: number;
	readonly leftAlone: number;
	readonly failed: number;
	readonly refused: number;
	readonly notReached: number;
}

/** Hosts by what came of logging in to them. */
export interface LoginCounts {
	readonly passed: number;
	readonly insufficient: number;
	readonly failed: number;
	readonly locked: number;
	readonly notAttempted: number;
}

export interface HostCounts {
	readonly tcp: PairCounts;
	readonly udp: PairCounts;
	readonly surveys: SurveyCounts;
	readonly logins: LoginCounts;
}

export const noPairs: PairCounts = { open: 0, closed: 0, filtered: 0, unreachable: 0 };
export const noSurveys: SurveyCounts = { talkedTo: 0, leftAlone: 0, failed: 0, refused: 0, notReached: 0 };
export const noLogins: LoginCounts = { passed: 0, insufficient: 0, failed: 0, locked: 0, notAttempted: 0 };
export const noCounts: HostCounts = { tcp: noPairs, udp: noPairs, surveys: noSurveys, logins: noLogins };

/** Member by member; a member that is missing in `b` (an older record) counts as 0. */
export function addNumbers<T extends { readonly [K in keyof T]: number }>(a: T, b: Partial<T>): T {
	const sum: Record<string, number> = { ...a };
	for (const [name, value] of Object.entries(b)) if (name in sum) sum[name] = (sum[name] ?? 0) + (Number(value) || 0);
	return sum as T;
}

export function addCounts(a: HostCounts, b: Partial<HostCounts>): HostCounts {
	return {
		tcp: addNumbers(a.tcp, b.tcp ?? {}),
		udp: addNumbers(a.udp, b.udp ?? {}),
		surveys: addNumbers(a.surveys, b.surveys ?? {}),
		logins: addNumbers(a.logins, b.logins ?? {}),
	};
}

export function sumOf(counts: { readonly [name: string]: number } | PairCounts | SurveyCounts): number {
	return Object.values(counts).reduce((sum: number, value: number) => sum + value, 0);
}

export interface HostLedger {
	readonly tcp: PairCounts;
	/** Open TCP ports, and those of them that are never talked to. */
	readonly open: ReadonlySet<number>;
	readonly fragile: ReadonlySet<number>;
	readonly surveys: readonly PoolSurvey[];
	/** UDP ports that were asked to the end, whatever came of it. */
	readonly udpAsked: ReadonlySet<number>;
	/** UDP ports that answered and were not examined. */
	readonly unexaminedUdp?: readonly number[];
}

export function countHost({ tcp, open, fragile, surveys, udpAsked, unexaminedUdp = [] }: HostLedger): HostCounts {
	const own = { talkedTo: 0, leftAlone: 0, failed: 0, refused: 0, notReached: 0 };
	const over = { open: 0, closed: 0, filtered: 0, unreachable: 0 };
	const seen = new Set<number>();
	const answeredUdp = new Set<number>();
	for (const survey of surveys) {
		const { port, protocol, outcome } = survey.coverage;
		if (protocol === "tcp") {
			if (seen.has(port) || !open.has(port)) continue;
			seen.add(port);
			own[becameOf(survey)]++;
		} else if (!answeredUdp.has(port)) {
			answeredUdp.add(port);
			if (outcome === "closed") over.closed++;
			else if (outcome === "silent") over.filtered++;
			else {
				over.open++;
				own[becameOf(survey)]++;
			}
		}
	}
	for (const port of open) if (!seen.has(port)) own[fragile.has(port) ? "leftAlone" : "notReached"]++;
	for (const port of unexaminedUdp) {
		answeredUdp.add(port);
		over.open++;
		own.notReached++;
	}
	for (const port of udpAsked) if (!answeredUdp.has(port)) over.filtered++;
	return { tcp, udp: over, surveys: own, logins: noLogins };
}

function becameOf({ coverage, lost }: PoolSurvey): keyof SurveyCounts {
	if (coverage.outcome === "closed") return "refused";
	return lost === true || coverage.outcome === "silent" || coverage.failed.length > 0 ? "failed" : "talkedTo";
}
