/**
 * The checks of one host: those of the signatures, one for each advisory that concerns its packages, and the suspicions that
 * a login settles. Judging and judging again use them like any others.
 */
import type { DataOf, EvidenceRecord, Kind, RecordOf } from "../evidence/record.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { type AdvisoryVerdict, type HostVerdicts, toBeJudged } from "../knowledge/advisories/host-verdicts.ts";
import { bannerChecks, bannerFolder, bannersOf, findBannerCheck } from "../knowledge/banners/checks.ts";
import type { BannerVerdicts } from "../knowledge/banners/judge.ts";
import { isBannerKind } from "../knowledge/banners/packaged.ts";
import type { Check, HostFacts, Knowledge, Verdict } from "../knowledge/knowledge.ts";
import type { PriorFinding } from "../store/finding-writes.ts";
import { resultOf } from "./advisory-result.ts";
import { reportChecks } from "./imported-reports.ts";
import { unknownSignature } from "./unknown-signature.ts";
import type { ChecksFor } from "./weigh.ts";

export interface Host {
	readonly knowledge: Knowledge;
	/** What is to be judged. */
	readonly records: readonly EvidenceRecord[];
	/** The newest evidence of a kind about a whole address, whether or not it is among the records. */
	newest<K extends "system" | "packages">(kind: K, address: string): RecordOf<K> | null;
	/** Findings that are to be judged again. */
	readonly prior: readonly PriorFinding[];
}

export function checksOfHost(host: Host): ChecksFor {
	const book = host.knowledge.advisories;
	const judged = new JudgedHosts(host, book ?? null);
	const made = new Map<Kind, readonly Check[]>();
	const reports = reportChecks(host);
	return (kind, record) => {
		if (record.kind === "nessus") return reports(record);
		const known = made.get(kind);
		if (known !== undefined) return known;
		const own = host.knowledge.checksFor(kind).map((check) => settled(onHost(check, host), judged));
		const checks = [...own, ...checksOfFindings(kind, host, judged)];
		made.set(kind, checks);
		return checks;
	};
}

/** Those that no signature file has: made for what is there and what was found before. */
function checksOfFindings(kind: Kind, host: Host, judged: JudgedHosts): Check[] {
	if (kind === "packages") return advisoryChecks(host, judged);
	return suspicionsBy(kind, host, judged);
}

/** By banners that name a package: one for each advisory it falls under, and one for each that a finding is by. */
function suspicionsBy(kind: Kind, host: Host, judged: JudgedHosts): Check[] {
	const { book } = judged;
	if (book === null || !isBannerKind(kind)) return [];
	const checks = new Map(bannerChecks(kind, host.records, host, book).map((check) => [check.signature.id, check]));
	for (const { signature: id, severity, type } of host.prior) {
		if (checks.has(id) || !id.startsWith(`${bannerFolder}${kind}/`)) continue;
		const signature = { ...unknownSignature, id, kind, severity, type };
		checks.set(
			id,
			findBannerCheck(id, book) ?? { signature, kind, evaluate: (record) => withoutAdvisory(record, judged) },
		);
	}
	return [...checks.values()].map((check) => settled(onHost(check, host), judged));
}

/** No feed has the advisory any more. */
function withoutAdvisory(record: EvidenceRecord, judged: JudgedHosts): Verdict {
	const isSpokenOf = judged.byBanner(record).some(({ problem }) => problem === null);
	return { matched: isSpokenOf ? false : null, result: "", problem: "no feed speaks of it" };
}

/** The check as it judges where this is known of the host. */
export function onHost(check: Check, host: HostFacts): Check {
	const judge = check.onHost;
	return judge === undefined ? check : { ...check, evaluate: (record, now) => judge(record, now, host) };
}

/** Each set of packages judged once, and only when it is asked for. */
class JudgedHosts {
	readonly book: AdvisoryBook | null;
	readonly #host: Host;
	readonly #byRecord = new Map<RecordOf<"packages">, HostVerdicts | null>();
	readonly #named = new Map<EvidenceRecord, NamedPackages | null>();

	constructor(host: Host, book: AdvisoryBook | null) {
		this.#host = host;
		this.book = book;
	}

	/** Null without feeds. */
	of(record: RecordOf<"packages">): HostVerdicts | null {
		const known = this.#byRecord.get(record);
		if (known !== undefined) return known;
		const system = this.#host.newest("system", record.address);
		const judged = this.book?.judgeHost(system?.data ?? null, record.data) ?? null;
		this.#byRecord.set(record, judged);
		return judged;
	}

	/** What the distribution's advisories say of the packages a record's words point to. */
	byBanner(record: EvidenceRecord): BannerVerdicts[] {
		return this.book === null || !isBannerKind(record.kind) ? [] : bannersOf(record, this.#host, this.book);
	}

	/** What a record says of packages' versions, looked for once for all that is suspected by it. */
	named(record: EvidenceRecord): NamedPackages | null {
		const known = this.#named.get(record);
		if (known !== undefined) return known;
		const made = this.book === null ? null : this.#namesIn(record, this.book);
		this.#named.set(record, made);
		return made;
	}

	#namesIn(record: EvidenceRecord, book: AdvisoryBook): NamedPackages | null {
		const installed = this.#host.newest("packages", record.address);
		if (installed?.complete !== true) return null;
		const system = this.#host.newest("system", record.address);
		const { problem, ecosystems, packages, aliases } = toBeJudged(system?.data ?? null, installed.data, book.judge);
		if (problem !== null) return null;
		const seen = JSON.stringify(record.data);
		const sources = new Set<string>();
		for (const { name, version, source, sourceVersion } of [...packages, ...aliases]) {
			const upstream = upstreamOf(sourceVersion ?? version);
			if (upstream.length >= 3 && upstream.includes(".") && names(seen, upstream)) sources.add(source ?? name);
		}
		return { ecosystems, sources: [...sources] };
	}
}

/** Installed packages of whose very version a record speaks. */
interface NamedPackages {
	readonly ecosystems: readonly string[];
	/** The source of each. */
	readonly sources: readonly string[];
}

/** One for each advisory that the packages fall under, and one for each that a finding is by. */
function advisoryChecks(host: Host, judged: JudgedHosts): Check[] {
	const checks = new Map<string, Check>();
	const { book } = judged;
	for (const record of host.records) {
		if (record.kind !== "packages") continue;
		const verdicts = judged.of(record)?.verdicts;
		if (book === null || verdicts === undefined) continue;
		for (const [name, { advisory }] of verdicts) {
			if (checks.has(name)) continue;
			const { signature, urgency } = book.signatureOf(advisory);
			checks.set(name, { signature, urgency, kind: "packages", evaluate: (one) => verdictOn(one, name, judged) });
		}
	}
	for (const { signature: id, severity, type } of host.prior) {
		const name = id.slice(advisoryFolder.length);
		if (!id.startsWith(advisoryFolder) || checks.has(name)) continue;
		// Of what does not hold nobody reads more.
		const signature = { ...unknownSignature, id, severity, type };
		checks.set(name, { signature, kind: "packages", evaluate: (one) => verdictOn(one, name, judged) });
	}
	return [...checks.values()];
}

function verdictOn(record: EvidenceRecord, name: string, judged: JudgedHosts): Verdict {
	const undecided = (problem: string): Verdict => ({ matched: null, result: "", problem });
	if (record.kind !== "packages") return undecided("the record is not about packages");
	const host = judged.of(record);
	if (host === null) return undecided("no feed has been taken in");
	if (host.problem !== null) return undecided(host.problem);
	return verdictBy(judged.book, host.verdicts.get(name) ?? null, record.data.manager);
}

type Manager = DataOf<"packages">["manager"];

/** A check that knows what it says of a host; `found` null: it is not affected. `id` is the signature's. */
export function checkOfAdvisory(
	book: AdvisoryBook,
	id: string,
	found: AdvisoryVerdict | null,
	manager: Manager,
): Check {
	const known = found === null ? null : book.signatureOf(found.advisory);
	const verdict = verdictBy(book, found, manager);
	const signature = known?.signature ?? { ...unknownSignature, id, severity: 3, type: "confirmed" };
	return {
		...{ signature, kind: "packages", evaluate: () => verdict },
		...(known === null ? {} : { urgency: known.urgency }),
	};
}

function verdictBy(book: AdvisoryBook | null, found: AdvisoryVerdict | null, manager: Manager): Verdict {
	if (found === null) return { matched: false, result: "", problem: "" };
	const own = book?.signatureOf(found.advisory);
	const { advisory, fix, severity } = found;
	const result = resultOf(found, manager);
	// The vendor's urgency for a release counts where the advisory has no word or score of its own.
	const unrated = advisory.severity === null && advisory.cvss.length === 0 && own?.urgency.kev !== true;
	// Nobody knows yet whether it is so at all.
	const type = fix === "under-investigation" ? { type: "potential" as const } : {};
	return { matched: true, problem: "", result, fix, ...type, ...(unrated && severity !== null ? { severity } : {}) };
}

/**
 * A suspicion by a banner says nothing of what a distribution has mended in it. Where the packages are known, the vendor's
 * advisories decide: what is affected is a finding of its own, and the suspicion is over either way. Only software of the
 * very version the banner names is meant: a container or a build of one's own answers for itself.
 */
function settled(check: Check, judged: JudgedHosts): Check {
	const { type, cves } = check.signature;
	if (type !== "potential" || cves.length === 0 || check.kind === "packages") return check;
	const isByVendor = check.signature.id.startsWith(bannerFolder);
	return {
		...check,
		evaluate(record, now) {
			const verdict = check.evaluate(record, now);
			if (verdict.matched === false) return verdict;
			const isOver =
				(!isByVendor && isToldByVendor(cves, record, judged)) ||
				(verdict.matched === true && isSettled(cves, record, judged));
			return isOver ? { matched: false, result: "", problem: "" } : verdict;
		},
	};
}

/** The banner names a package, of which the vendor speaks: what is affected is a suspicion of its own (suspicionsBy). */
function isToldByVendor(cves: readonly string[], record: EvidenceRecord, judged: JudgedHosts): boolean {
	return judged.byBanner(record).some(({ ecosystems, sources, problem, open }) => {
		const isOpen = [...open.values()].some(({ advisory }) => advisory.cves.some((cve) => cves.includes(cve)));
		return problem === null && !isOpen && judged.book?.decides(cves, ecosystems, sources) === true;
	});
}

function isSettled(cves: readonly string[], record: EvidenceRecord, judged: JudgedHosts): boolean {
	const named = judged.named(record);
	if (named === null || named.sources.length === 0) return false;
	return judged.book?.decides(cves, named.ecosystems, named.sources) === true;
}

/** Without epoch and the packager's revision. */
function upstreamOf(version: string): string {
	return version
		.replace(/^[0-9]+:/, "")
		.replace(/-[^-]*$/, "")
		.replace(/\+(dfsg|ds|really)[^-]*$/, "");
}

/** The version stands there by itself, not within a longer one. */
function names(text: string, version: string): boolean {
	for (let at = text.indexOf(version); at >= 0; at = text.indexOf(version, at + 1)) {
		const [before = " ", after = " "] = [text[at - 1], text[at + version.length]];
		if (!/[0-9.]/.test(before) && !/[0-9a-z.]/i.test(after)) return true;
	}
	return false;
}
