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

/** What an advisory speaks of, once, with everything installed from it. */
interface Subject {
	readonly name: string;
	readonly version: string;
	readonly key: Uint8Array;
	readonly binaries: string[];
}

/** In the order of the packages. Packages whose version is none in their order are judged by nobody: `unread` has them. */
export function matchPackages(
	{ ecosystems, packages }: PackageSet,
	base: KnowledgeBase,
): { readonly verdicts: PackageVerdict[]; readonly unread: InstalledPackage[] } {
	const verdicts: PackageVerdict[] = [];
	const unread = new Set<InstalledPackage>();
	for (const ecosystem of ecosystems) {
		const order = orderOf(ecosystem);
		if (order === null) continue;
		for (const subject of subjectsOf(packages, order, unread)) {
			const ranges = base.rangesOf(ecosystem, subject.name);
			for (const [advisory, own] of Map.groupBy(ranges, (range) => range.advisory)) {
				const verdict = judge(subject, own, order);
				if (verdict !== null) verdicts.push({ advisory, ecosystem, ...verdict });
			}
		}
	}
	return { verdicts: withoutRepeats(verdicts, base), unread: [...unread] };
}

/** By name and version: two versions of one package may be installed beside each other, as kernels are. */
function subjectsOf(
	packages: readonly InstalledPackage[],
	order: VersionOrder,
	unread: Set<InstalledPackage>,
): Iterable<Subject> {
	const subjects = new Map<string, Subject>();
	for (const one of packages) {
		const name = one.source ?? one.name;
		const version = one.sourceVersion ?? one.version;
		const id = `${name} ${version}`;
		const known = subjects.get(id);
		if (known !== undefined) {
			known.binaries.push(one.name);
			continue;
		}
		const key = versionKey(order, version);
		if (key === null) unread.add(one);
		else subjects.set(id, { name, version, key, binaries: [one.name] });
	}
	return subjects.values();
}

type Judged = Omit<PackageVerdict, "advisory" | "ecosystem">;

/** What the ranges of one advisory about one package say of its version; null when it is not affected. */
function judge(subject: Subject, ranges: readonly KeyedRange[], order: VersionOrder): Judged | null {
	const said = order === "rpm" ? firstOfBuilds(subject, ranges) : ranges;
	for (const range of said) {
		if (range.state === "not-affected" || !isWithin(subject.key, range)) continue;
		const { name: packageName, version, binaries } = subject;
		const state = range.state === "fixed" ? "update" : range.state;
		return { package: packageName, version, binaries, state, fixed: range.fixed, note: range.note };
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
function firstOfBuilds(subject: Subject, ranges: readonly KeyedRange[]): readonly KeyedRange[] {
	const own = ranges.filter(({ fixed }) => fixed === null || isModular(fixed) === isModular(subject.version));
	const [lowest, ...more] = own.toSorted((a, b) => Buffer.compare(a.keys.fixed ?? highest, b.keys.fixed ?? highest));
	if (lowest === undefined || more.length === 0) return own;
	return own.every(({ introduced }) => introduced === null) ? [lowest] : own;
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
function withoutRepeats(verdicts: readonly PackageVerdict[], base: KnowledgeBase): PackageVerdict[] {
	const known = new Map<number, KnownAdvisory | null>();
	const entries = verdicts.flatMap((verdict) => {
		const { advisory: id } = verdict;
		if (!known.has(id)) known.set(id, base.advisory(id));
		const advisory = known.get(id) ?? null;
		return advisory === null ? [] : [{ verdict, advisory, isRecord: isRecordOfCve(advisory) }];
	});
	const told = new Set<string>();
	const kept = new Set<PackageVerdict>();
	for (const { verdict, advisory, isRecord } of entries.toSorted((a, b) => Number(a.isRecord) - Number(b.isRecord))) {
		const place = `${verdict.ecosystem} ${verdict.package} ${verdict.version}`;
		const names = isRecord ? advisory.cves : [advisory.name];
		if (names.every((name) => told.has(`${place} ${name}`))) continue;
		for (const name of [advisory.name, ...advisory.cves]) told.add(`${place} ${name}`);
		kept.add(verdict);
	}
	return verdicts.filter((verdict) => kept.has(verdict));
}

/** Debian's tracker names a CVE by itself; OSV has `DEBIAN-CVE-…` and `UBUNTU-CVE-…`. */
function isRecordOfCve({ name, cves }: KnownAdvisory): boolean {
	return cves.some((cve) => name.endsWith(cve));
}
