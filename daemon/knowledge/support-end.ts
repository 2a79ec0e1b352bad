/**
 * When a vendor's support for a version ends, from the table a signature carries (release cycle → date, "" while no
 * date is set), and whether a banner names a distribution's package, whose fixes an upstream version does not show.
 */
import { Undecided } from "./undecided.ts";
import { compareUpstream } from "./versions/upstream.ts";

export type Cycles = Record<string, string>;

/**
 * End of support of the cycle a version belongs to, as YYYY-MM-DD, "" while open. The cycle is the longest one the
 * version starts with, else the next newer cycle (something older cannot have outlived it, unless that one is open).
 */
export function supportEnd(version: string, cycles: Cycles): string {
	const newestFirst = Object.keys(cycles).sort((a, b) => compareUpstream(b, a));
	const own = newestFirst.filter((cycle) => version === cycle || startsWithCycle(version, cycle)).sort(byLength)[0];
	if (own !== undefined) return cycles[own] ?? "";
	const newer = newestFirst.filter((cycle) => compareUpstream(version, cycle) < 0).at(-1);
	const end = newer === undefined ? "" : (cycles[newer] ?? "");
	if (end === "") throw new Undecided(`no date of end of support is known for version ${version}`);
	return end;
}

function startsWithCycle(version: string, cycle: string): boolean {
	return version.startsWith(cycle) && !/^\d/.test(version.slice(cycle.length));
}

function byLength(a: string, b: string): number {
	return b.length - a.length;
}

const distributionMark =
	/debian|ubuntu|raspbian|[~+.-]deb\d+u\d+|\.el\d+|\.fc\d+|red ?hat|rhel|centos|fedora|rocky|alma ?linux|oracle linux|suse|amzn|amazon linux|alpine|freebsd|\+esm|dfsg|-fips/i;

/** True when a banner shows that the software is a distribution's package, which gets fixes without a new version. */
export function namesDistribution(text: string): boolean {
	return distributionMark.test(text.slice(0, 1_024));
}
