/** An advisory in the shape of a signature, so that its findings are like all others. Pure. */
import type { Severity } from "../../../protocol/model/severity.ts";
import type { Signature } from "../../../protocol/model/signature.ts";
import { cvssScore, onlyDenialOfService } from "../cvss.ts";
import type { KnownAdvisory, KnownCve, KnownDetail } from "./base.ts";

/** Signatures of advisories are called by this and the advisory's name. */
export const advisoryFolder = "advisory/";

/** What is known of how likely it is to be used against somebody. */
export interface Urgency {
	/** On CISA's list of what is exploited. */
	readonly kev: boolean;
	/** Highest EPSS score of its CVEs, 0 to 1; null when there is none. */
	readonly epss: number | null;
}

export function urgencyOf(cves: readonly (KnownCve | null)[]): Urgency {
	const scores = cves.flatMap((cve) => cve?.epss?.score ?? []);
	return { kev: cves.some((cve) => cve?.kev != null), epss: scores.length === 0 ? null : Math.max(...scores) };
}

/**
 * `details`: what feeds say of its CVEs; they rate and describe it where the vendor's advisory does not. `qid` is 0: the store
 * gives each one its number when it is first needed.
 */
export function advisorySignature(
	advisory: KnownAdvisory,
	{ kev }: Urgency,
	details: readonly KnownDetail[] = [],
): Signature {
	const { name, title, cves, feed } = advisory;
	const cvss = worstScore(advisory.cvss.length > 0 ? advisory.cvss : details.flatMap(vectorOf));
	const fails = cvss !== null && cvss.score >= 4 && !onlyDenialOfService(cvss.vector);
	const told = title.startsWith(name) ? title : `${name}: ${title}`;
	const date = advisory.publishedAt ?? advisory.modifiedAt;
	const exploited = kev ? " It is on CISA's list of what is exploited." : "";
	return {
		id: `${advisoryFolder}${name}`,
		qid: 0,
		aliases: [],
		title: told.length > longestTitle ? `${told.slice(0, longestTitle - 1)}…` : told,
		severity: kev ? 5 : severityOf(advisory.severity, cvss?.score ?? null),
		type: "confirmed",
		category: "advisory",
		kind: "packages",
		cvss,
		cves: [...cves],
		cwes: [...new Set(details.flatMap(({ cwes }) => cwes))].slice(0, 20),
		pci: fails ? { fail: true, reason: "cvss" } : { fail: false, reason: "none" },
		description: `${title}\n\nAs the vendor's advisory ${name} says (feed ${feed}${date === null ? "" : `, ${new Date(date).toISOString().slice(0, 10)}`}).${exploited}`,
		solution: solutionOf(name),
		references: [...new Set([...referencesOf(name), ...details.flatMap(addressesOf)])].slice(0, 20),
		match: "an installed package is of a version that the advisory names",
	};
}

/** NVD's word on a CVE is what PCI goes by: version 3 before others. */
function vectorOf({ cvss }: KnownDetail): string[] {
	const [first] = cvss;
	const chosen = cvss.find((vector) => vector.startsWith("CVSS:3")) ?? first;
	return chosen === undefined ? [] : [chosen];
}

function addressesOf({ references }: KnownDetail): string[] {
	return references.filter((address) => /^https?:\/\/[^\s"'<>]+$/.test(address)).slice(0, 5);
}

const longestTitle = 200;

/** Vendors' words, to five. */
const words: Readonly<Record<string, Severity>> = {
	...{ critical: 5, important: 4, high: 4, moderate: 3, medium: 3, low: 2, negligible: 1, unimportant: 1, none: 1 },
};

function severityOf(word: string | null, score: number | null): Severity {
	const name = word?.toLowerCase() ?? "";
	const known = Object.hasOwn(words, name) ? words[name] : undefined;
	if (known !== undefined) return known;
	if (score === null) return 3;
	if (score >= 9) return 5;
	if (score >= 7) return 4;
	return score >= 4 ? 3 : 2;
}

function worstScore(vectors: readonly string[]): Signature["cvss"] {
	const scored = vectors.flatMap((vector) => {
		const score = cvssScore(vector);
		return score === null ? [] : [{ vector, score }];
	});
	return scored.toSorted((a, b) => b.score - a.score)[0] ?? null;
}

function solutionOf(name: string): string {
	const update = "The finding names the packages of the host and the command that updates them.";
	if (/^(AL|RH|RL)SA-/.test(name)) return `Install the vendor's update: dnf upgrade --advisory ${name}. ${update}`;
	return `Install the vendor's update, where there is one. ${update}`;
}

function referencesOf(name: string): string[] {
	const pages: (readonly [RegExp, (name: string) => string])[] = [
		[/^D[SL]A-/, (id) => `https://security-tracker.debian.org/tracker/${id}`],
		[/^REDHAT-CVE-/, (id) => `https://access.redhat.com/security/cve/${id.replace("REDHAT-", "")}`],
		[/^(DEBIAN-)?CVE-/, (id) => `https://security-tracker.debian.org/tracker/${id.replace("DEBIAN-", "")}`],
		[/^USN-/, (id) => `https://ubuntu.com/security/notices/${id}`],
		[/^UBUNTU-CVE-/, (id) => `https://ubuntu.com/security/${id.replace("UBUNTU-", "")}`],
		[/^RH[SBE]A-/, (id) => `https://access.redhat.com/errata/${id}`],
	];
	const own = pages.find(([pattern]) => pattern.test(name))?.[1](name) ?? `https://osv.dev/vulnerability/${name}`;
	return /^[A-Za-z0-9:._-]+$/.test(name) ? [own] : [];
}
