/**
 * Which advisories hold for the packages of a host. The vendor's ranges decide, by the vendor's order of versions; what the
 * vendor says of a flaw it has not mended is kept apart from what an update would mend.
 */
import { type VersionOrder, versionKey } from "../versions/version-order.ts";
import type { RangeState } from "./advisory.ts";
import type { KeyedRange, KnowledgeBase, KnownAdvisory } from "./base.ts";
import { orderOf } from "./ecosystem.ts";

/** A package as its manager lists it. Advisories of dpkg's and apk's distributions speak of source packages. */
export interface InstalledPackage {
	readonly name: string;
	readonly version: string;
	/** Null: the same as the package itself. */
	readonly source: string | null;
	readonly sourceVersion: string | null;
}

export interface PackageSet {
	/** The names under which feeds speak of this system, e.g. `Debian:12`. */
	readonly ecosystems: readonly string[];
	readonly packages: readonly InstalledPackage[];
}

/** `update`: a fixed version is there. The others have none: not yet, put off, or refused by the vendor. */
export type PackageState = "update" | Exclude<RangeState, "fixed" | "not-affected">;

export interface PackageVerdict {
	readonly advisory: number;
	readonly ecosystem: string;
	/** What the advisory speaks of, and its version here. */
	readonly package: string;
	readonly version: string;
	/** Installed packages made from it, by name. */
	readonly binaries: readonly string[];
	readonly state: PackageState;
	/** The version that ends it; null when there is none. */
	readonly fixed: string | null;
	readonly note: string | null;
}

/** A verdict with the advisory it is by. */
export interface AdvisedVerdict extends PackageVerdict {
	readonly known: KnownAdvisory;
}

/** A version and its verdicts count as one each: far more than there are in one network. */
const mostKept = 300_000;
/** Advisories that are kept, which all verdicts by them share. */
const mostAdvisories = 60_000;

/**
 * Judges packages by one base, and each version of each package once however many hosts have it. To be let go of with its
 * base.
 */
export class PackageJudge {
	readonly base: KnowledgeBase;
	readonly #kept = new Map<string, readonly Omit<AdvisedVerdict, "binaries">[] | null>();
	#keptSize = 0;
	readonly #advisories = new Map<number, KnownAdvisory | null>();
	/** Of the package that was judged last: the next one is often another version of it. */
	#ranges: { id: string; byAdvisory: ReadonlyMap<number, readonly KeyedRange[]> } | null = null;

	constructor(base: KnowledgeBase) {
		this.base = base;
	}

	/** In the order of the base. Null when the version is none in the ecosystem's order. */
	verdictsOf(ecosystem: string, name: string, version: string): readonly Omit<AdvisedVerdict, "binaries">[] | null {
		const id = `${ecosystem}\n${name}\n${version}`;
		const kept = this.#kept.get(id);
		if (kept !== undefined) return kept;
		if (this.#keptSize >= mostKept) {
			this.#kept.clear();
			this.#keptSize = 0;
		}
		const made = this.#judge(ecosystem, name, version);
		this.#kept.set(id, made);
		this.#keptSize += 1 + (made?.length ?? 0);
		return made;
	}

	#judge(ecosystem: string, name: string, version: string): readonly Omit<AdvisedVerdict, "binaries">[] | null {
		const order = orderOf(ecosystem);
		const key = order === null ? null : versionKey(order, version);
		if (order === null || key === null) return null;
		const verdicts: Omit<AdvisedVerdict, "binaries">[] = [];
		const ranges = this.rangesOf(ecosystem, name);
		for (const [advisory, own] of ranges) {
			const said = judge({ name, version, key }, own, order);
			const known = said === null ? null : this.#advisory(advisory);
			if (said !== null && known !== null) verdicts.push({ advisory, ecosystem, known, ...said });
		}
		if (verdicts.length === 0) return nothing;
		return withoutRepeats(order === "rpm" ? this.#withoutCleared(verdicts, { name, version, key }, ranges) : verdicts);
	}

	/**
	 * Red Hat's record of a CVE knows the builds of every minor release; an advisory knows its own alone. What the record calls
	 * mended or never affected is not held against the package by an advisory.
	 */
	#withoutCleared(
		verdicts: readonly Omit<AdvisedVerdict, "binaries">[],
		subject: KeyedSubject,
		ranges: ReadonlyMap<number, readonly KeyedRange[]>,
	): readonly Omit<AdvisedVerdict, "binaries">[] {
		const affected = new Set(verdicts.map(({ advisory }) => advisory));
		const cleared = new Set<string>();
		for (const [id, own] of ranges) {
			const known = affected.has(id) ? null : this.#advisory(id);
			if (known === null || known.withdrawnAt !== null || !isRecordOfCve(known)) continue;
			if (firstOfBuilds(subject, own).length > 0) for (const cve of known.cves) cleared.add(cve);
		}
		if (cleared.size === 0) return verdicts;
		return verdicts.filter(({ known }) => known.cves.length === 0 || !known.cves.every((cve) => cleared.has(cve)));
	}

	/** Every range about a package of an ecosystem, by the advisory's number. */
	rangesOf(ecosystem: string, name: string): ReadonlyMap<number, readonly KeyedRange[]> {
		const id = `${ecosystem}\n${name}`;
		if (this.#ranges?.id !== id) {
			const byAdvisory = Map.groupBy(this.base.rangesOf(ecosystem, name), (range) => range.advisory);
			this.#ranges = { id, byAdvisory };
		}
		return this.#ranges.byAdvisory;
	}

	#advisory(id: number): KnownAdvisory | null {
		const known = this.#advisories.get(id);
		if (known !== undefined) return known;
		if (this.#advisories.size >= mostAdvisories) this.#advisories.clear();
		const advisory = this.base.advisory(id);
		this.#advisories.set(id, advisory);
		return advisory;
	}
}

const nothing: readonly Omit<AdvisedVerdict, "binaries">[] = [];

/** What advisories are asked about: what they speak of, its version here, and the installed packages made from it. */
export interface Subject {
	readonly name: string;
	readonly version: string;
	readonly binaries: readonly string[];
}

interface KeyedSubject extends Pick<Subject, "name" | "version"> {
	readonly key: Uint8Array;
}

/** In the order of the packages. Packages whose version is none in their order are judged by nobody: `unread` has them. */
export function matchPackages(
	{ ecosystems, packages }: PackageSet,
	by: KnowledgeBase | PackageJudge,
): { readonly verdicts: AdvisedVerdict[]; readonly unread: InstalledPackage[] } {
	const judge = by instanceof PackageJudge ? by : new PackageJudge(by);
	const { verdicts, unread } = matchSubjects(ecosystems, subjectsOf(packages), judge);
	return { verdicts, unread: unread.flatMap(({ installed }) => installed) };
}

/** In the order of the subjects. */
export function matchSubjects<S extends Subject>(
	ecosystems: readonly string[],
	subjects: readonly S[],
	judge: PackageJudge,
): { readonly verdicts: AdvisedVerdict[]; readonly unread: S[] } {
	const verdicts: AdvisedVerdict[] = [];
	const unread = new Set<S>();
	for (const ecosystem of ecosystems) {
		if (orderOf(ecosystem) === null) continue;
		for (const subject of subjects) {
			const { name, version, binaries } = subject;
			const said = judge.verdictsOf(ecosystem, name, version);
			if (said === null) unread.add(subject);
			else for (const one of said) verdicts.push({ ...one, binaries });
		}
	}
	return { verdicts, unread: [...unread] };
}

/** By name and version: two versions of one package may be installed beside each other, as kernels are. */
export function subjectsOf(packages: readonly InstalledPackage[]): (Subject & { installed: InstalledPackage[] })[] {
	const subjects = new Map<string, Subject & { binaries: string[]; installed: InstalledPackage[] }>();
	for (const one of packages) {
		const name = one.source ?? one.name;
		const version = one.sourceVersion ?? one.version;
		const id = `${name} ${version}`;
		const known = subjects.get(id);
		if (known === undefined) subjects.set(id, { name, version, binaries: [one.name], installed: [one] });
		else {
			known.binaries.push(one.name);
			known.installed.push(one);
		}
	}
	return [...subjects.values()];
}

type Judged = Omit<PackageVerdict, "advisory" | "ecosystem" | "binaries">;

/** What the ranges of one advisory about one package say of its version; null when it is not affected. */
function judge(subject: KeyedSubject, ranges: readonly KeyedRange[], order: VersionOrder): Judged | null {
	const said = order === "rpm" ? firstOfBuilds(subject, ranges) : ranges;
	for (const range of said) {
		if (range.state === "not-affected" || !isWithin(subject.key, range)) continue;
		const { name: packageName, version } = subject;
		const state = range.state === "fixed" ? "update" : range.state;
		return { package: packageName, version, state, fixed: range.fixed, note: range.note };
	}
	return null;
}

function isWithin(key: Uint8Array, { keys }: KeyedRange): boolean {
	if (Buffer.compare(key, keys.introduced) < 0) return false;
	if (keys.fixed !== null) return Buffer.compare(key, keys.fixed) < 0;
	return keys.last === null || Buffer.compare(key, keys.last) <= 0;
}

/**
 * An RPM advisory lists every build that carries the fix. A build of a module says nothing of a package that is none, and
 * the other way round; of several builds that hold here, the lowest already has the fix.
 */
function firstOfBuilds(subject: KeyedSubject, ranges: readonly KeyedRange[]): readonly KeyedRange[] {
	const own = ranges.filter(({ fixed }) => fixed === null || isModular(fixed) === isModular(subject.version));
	const sorted = own.toSorted((a, b) => Buffer.compare(a.keys.fixed ?? highest, b.keys.fixed ?? highest));
	if (sorted.length < 2 || !own.every(({ introduced }) => introduced === null)) return own;
	const decisive = buildFor(subject.version, sorted);
	return decisive === undefined ? own : [decisive];
}

/**
 * Red Hat mends minor releases beside each other: `-23.el9_2.4` and `-26.el9_3.2` are both mended, and `-26.el9` is not. What was
 * built for the same minor release decides, else what was built from the same release of the package, else the newest. The
 * builds are in order.
 */
function buildFor(version: string, builds: readonly KeyedRange[]): KeyedRange | undefined {
	const fixed = (range: KeyedRange) => range.fixed ?? "";
	const minors = new Set(builds.flatMap((range) => minorOf(fixed(range)) ?? []));
	if (minors.size < 2) return builds[0];
	const own = minorOf(version);
	const sameMinor = own === null ? undefined : builds.find((range) => minorOf(fixed(range)) === own);
	return sameMinor ?? builds.find((range) => baseOf(fixed(range)) === baseOf(version)) ?? builds.at(-1);
}

/** `el9_2` of `1:3.0.7-6.el9_2.1`; null for a build of the first minor release there was. */
function minorOf(version: string): string | null {
	return /\.(el[0-9]{1,2}_[0-9]{1,2})(?![0-9])/.exec(version)?.[1] ?? null;
}

function baseOf(version: string): string {
	return version.split(/\.el[0-9]/, 1)[0] ?? version;
}

const highest = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff]);

/** Red Hat's and its rebuilders' modules mark the release: `.module+el8`, `.module_el8`. */
function isModular(version: string): boolean {
	return /\.module[_+]/.test(version);
}

/**
 * A flaw is told once for a package: by the vendor's advisory where one mends it, else by the record of the CVE, of which
 * two feeds may have one each.
 */
function withoutRepeats(
	verdicts: readonly Omit<AdvisedVerdict, "binaries">[],
): readonly Omit<AdvisedVerdict, "binaries">[] {
	const told = new Set<string>();
	const kept = new Set<Omit<AdvisedVerdict, "binaries">>();
	for (const verdict of verdicts.toSorted((a, b) => Number(isRecordOfCve(a.known)) - Number(isRecordOfCve(b.known)))) {
		const { known } = verdict;
		const names = isRecordOfCve(known) ? known.cves : [known.name];
		if (names.every((name) => told.has(name))) continue;
		for (const name of [known.name, ...known.cves]) told.add(name);
		kept.add(verdict);
	}
	return verdicts.filter((verdict) => kept.has(verdict));
}

/** Debian's tracker names a CVE by itself; OSV has `DEBIAN-CVE-…` and `UBUNTU-CVE-…`. */
function isRecordOfCve({ name, cves }: KnownAdvisory): boolean {
	return cves.some((cve) => name.endsWith(cve));
}
