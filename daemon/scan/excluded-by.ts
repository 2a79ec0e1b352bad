/** Which exclusion keeps which address out, so that a scan can say it. Pure. */
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import type { AddressSet } from "../scope/address-set.ts";

/** An exclusion with what it stands for. */
export interface NamedExclusion {
	/** As it was written. */
	readonly exclusion: string;
	readonly from: "scan" | "global";
	readonly comment: string | null;
	readonly addresses: AddressSet;
}

export type ExcludedBy = ScanCoverage["excludedBy"];

/** Exclusions told one by one; the rest in one line. */
const mostTold = 100;

/** How many of `named` each exclusion keeps out; an address counts for the first that holds it. */
export function countExcluded(named: AddressSet, exclusions: readonly NamedExclusion[]): ExcludedBy {
	let rest = named;
	const counted: ExcludedBy = [];
	for (const { exclusion, from, comment, addresses } of exclusions) {
		const kept = rest.intersect(addresses);
		if (kept.size === 0) continue;
		rest = rest.subtract(kept);
		counted.push({ exclusion, from, comment, addresses: kept.size });
	}
	return tellMost(counted);
}

/** Adds to a count, by the exclusion's own words. */
export function addExcluded(counted: ExcludedBy, more: ExcludedBy): ExcludedBy {
	const sums = new Map(counted.map((one) => [`${one.from} ${one.exclusion}`, one]));
	for (const one of more) {
		const key = `${one.from} ${one.exclusion}`;
		const known = sums.get(key);
		sums.set(key, known === undefined ? one : { ...known, addresses: known.addresses + one.addresses });
	}
	return tellMost([...sums.values()]);
}

/** Makes the counts sum up to `total`: what no exclusion of now accounts for was excluded by one that is gone. */
export function settleExcluded(counted: ExcludedBy, total: number): ExcludedBy {
	let left = total;
	const settled: ExcludedBy = [];
	for (const one of counted) {
		const addresses = Math.min(one.addresses, left);
		left -= addresses;
		if (addresses > 0) settled.push({ ...one, addresses });
	}
	return left === 0 ? settled : addExcluded(settled, [others(left)]);
}

export function sumExcluded(counted: ExcludedBy): number {
	return counted.reduce((sum, { addresses }) => sum + addresses, 0);
}

function tellMost(counted: ExcludedBy): ExcludedBy {
	const own = counted.filter(({ from }) => from !== "others").sort((a, b) => b.addresses - a.addresses);
	const beyond = [...own.slice(mostTold), ...counted.filter(({ from }) => from === "others")];
	return beyond.length === 0 ? own : [...own.slice(0, mostTold), others(sumExcluded(beyond))];
}

function others(addresses: number): ExcludedBy[number] {
	return { exclusion: "others", from: "others", comment: null, addresses };
}
