/**
 * Debian's Security Tracker as one JSON document (security-tracker.debian.org/tracker/data/json): package, then CVE, then
 * release. Knows what no advisory says: what is not affected, and what waits or will not be mended. Pure.
 */
import { type Advisory, type AffectedRange, isCve, type RangeState } from "./advisory.ts";
import { record, text } from "./untrusted.ts";

/** Releases by the name the tracker uses. Others are left out. */
const releases: Readonly<Record<string, string>> = {
	...{ buster: "10", bullseye: "11", bookworm: "12", trixie: "13", forky: "14", duke: "15" },
	sid: "unstable",
};

/** True for what looks like the tracker's document: source packages, each with CVEs. */
export function isDebianTracker(document: unknown): boolean {
	const packages = record(document);
	for (const name in packages) {
		const issues = record(packages[name]);
		for (const issue in issues) return "releases" in record(issues[issue]);
	}
	return false;
}

/** One advisory a CVE, over all packages it is in. */
export function parseDebianTracker(document: unknown): Advisory[] {
	const byCve = new Map<string, { title: string; affected: AffectedRange[] }>();
	for (const [name, issues] of Object.entries(record(document))) {
		for (const [cve, issue] of Object.entries(record(issues))) {
			// What has no number yet (TEMP-…) cannot be named to anybody.
			if (!isCve(cve)) continue;
			const { description, releases: places } = record(issue);
			let entry = byCve.get(cve);
			if (entry === undefined) {
				entry = { title: text(description) ?? cve, affected: [] };
				byCve.set(cve, entry);
			}
			for (const [codename, place] of Object.entries(record(places))) {
				const release = releases[codename];
				const range = release === undefined ? null : rangeOf(name, `Debian:${release}`, record(place));
				if (range !== null) entry.affected.push(range);
			}
		}
	}
	return [...byCve].map(([cve, { title, affected }]) => ({
		...{ id: cve, cves: [cve], title: title.split("\n", 1)[0]?.slice(0, 300) ?? cve, severity: null, cvss: [] },
		...{ publishedAt: null, modifiedAt: null, withdrawnAt: null, affected },
	}));
}

function rangeOf(name: string, ecosystem: string, place: Readonly<Record<string, unknown>>): AffectedRange | null {
	const status = text(place.status);
	const fixed = text(place.fixed_version);
	const urgency = text(place.urgency);
	// Empty is a reason too: no advisory of its own, for a minor issue.
	const reason = typeof place.nodsa_reason === "string" ? place.nodsa_reason : null;
	const note = text(place.nodsa) ?? (urgency === "not yet assigned" ? null : urgency);
	const base = { ecosystem, package: name, introduced: null, lastAffected: null };
	// Fixed in version 0: the release never had the flaw.
	if (status === "resolved" && fixed === "0") return { ...base, fixed: null, state: "not-affected", note };
	if (status === "resolved" && fixed !== null) return { ...base, fixed, state: "fixed", note };
	if (status === "open") return { ...base, fixed: null, state: stateOf(reason, urgency), note };
	return null;
}

/** Without a reason nothing has been decided yet; `ignored` and what is unimportant get no update; the rest waits for a point release. */
function stateOf(reason: string | null, urgency: string | null): RangeState {
	if (reason === "ignored" || urgency === "unimportant" || urgency === "end-of-life") return "will-not-fix";
	return reason === null ? "open" : "postponed";
}
