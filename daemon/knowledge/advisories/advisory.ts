/** What a feed says, in one shape whatever its format: an advisory, and which versions of which packages it is about. */

/**
 * What the vendor says of a range that has no fixed version, or does not need one. `under-investigation`: it does not know yet
 * whether it is affected. Stored by place: new ones go to the end.
 */
export const rangeStates = [
	"fixed",
	"open",
	"postponed",
	"will-not-fix",
	"not-affected",
	"under-investigation",
] as const;
export type RangeState = (typeof rangeStates)[number];

/** Versions from `introduced` on and before `fixed` (or up to `lastAffected`) are affected, unless the state says otherwise. */
export interface AffectedRange {
	/** As OSV writes it: `Debian:12`, `AlmaLinux:9`, `npm`. */
	readonly ecosystem: string;
	/** The source package where the ecosystem's advisories are about those (dpkg, apk), else the package itself. */
	readonly package: string;
	/** Null: from the first one on. */
	readonly introduced: string | null;
	/** Null: there is none. */
	readonly fixed: string | null;
	readonly lastAffected: string | null;
	readonly state: RangeState;
	/** The vendor's word on it, such as Debian's reason for no update; null when there is none. */
	readonly note: string | null;
}

export interface Advisory {
	/** DSA-5900-1, ALSA-2023:0005, GHSA-…, CVE-2024-1234. */
	readonly id: string;
	readonly cves: readonly string[];
	readonly title: string;
	/** The vendor's word: important, moderate, … or null. */
	readonly severity: string | null;
	/** CVSS vectors of any version. */
	readonly cvss: readonly string[];
	/** Milliseconds since the epoch. */
	readonly publishedAt: number | null;
	readonly modifiedAt: number | null;
	/** A withdrawn advisory says nothing any more. */
	readonly withdrawnAt: number | null;
	readonly affected: readonly AffectedRange[];
}

/** What is known of a CVE whatever the distribution. Absent fields are not known from this feed. */
export interface CveFact {
	readonly cve: string;
	readonly title?: string;
	/** CISA's list of what is exploited: when it was added, by when agencies must act, and whether ransomware uses it. */
	readonly kev?: { readonly addedAt: number; readonly dueAt: number | null; readonly ransomware: boolean };
	/** FIRST's probability of exploitation in 30 days, and its rank among all (0 to 1). */
	readonly epss?: { readonly score: number; readonly percentile: number };
}

/** What one feed says of a CVE by itself: read by people and used to rate, never to judge a package. */
export interface CveDetail {
	readonly cve: string;
	readonly title: string | null;
	readonly description: string | null;
	/** CVSS vectors of any version. */
	readonly cvss: readonly string[];
	/** `CWE-79`. */
	readonly cwes: readonly string[];
	/** Addresses as the feed writes them. */
	readonly references: readonly string[];
	/** Milliseconds since the epoch. */
	readonly publishedAt: number | null;
	readonly modifiedAt: number | null;
	/** The feed's word on its record, e.g. NVD's `Rejected`; null where it has none. */
	readonly status: string | null;
}

const cvePattern = /^CVE-[0-9]{4}-[0-9]{4,19}$/;

export function isCve(text: string): boolean {
	return cvePattern.test(text);
}
