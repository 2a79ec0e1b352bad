/**
 * What a distribution's advisories say of the package a banner points to. A banner has no epoch, and often no revision: what
 * holds for every package of the makers' version holds, the rest is left open.
 */
import type { AffectedRange } from "../advisories/advisory.ts";
import type { AdvisoryBook } from "../advisories/book.ts";
import { distributionOf } from "../advisories/distribution.ts";
import { orderOf } from "../advisories/ecosystem.ts";
import { type AdvisoryVerdict, isSpokenOf, verdictsOn } from "../advisories/host-verdicts.ts";
import type { PackagedSoftware } from "./packaged.ts";
import type { GuessedRelease } from "./release.ts";

/** What holds for a package of which no more than this is known. */
interface PackageVerdicts {
	readonly ecosystems: readonly string[];
	/** Names under which the vendor speaks of it; empty where it does not. */
	readonly sources: readonly string[];
	/** With the epoch, as the vendor writes it; of several names the first one's. */
	readonly version: string;
	/** What holds whatever the revision is, by the advisory's name. */
	readonly verdicts: ReadonlyMap<string, AdvisoryVerdict>;
	/** What holds for some revisions of this version alone. */
	readonly open: ReadonlyMap<string, AdvisoryVerdict>;
	/** Why nothing can be told; null when it can. */
	readonly problem: string | null;
}

export interface BannerVerdicts extends PackageVerdicts {
	readonly software: PackagedSoftware;
	readonly release: GuessedRelease | null;
}

/** By book: hosts of a network run the same few packages. Let go of with it. */
const judged = new WeakMap<AdvisoryBook, Map<string, PackageVerdicts>>();
/** An attacker may make up as many versions as he likes. */
const mostKept = 2_000;

export function judgeBanner(
	software: PackagedSoftware,
	release: GuessedRelease | null,
	book: AdvisoryBook,
): BannerVerdicts {
	const kept = judged.get(book) ?? new Map<string, PackageVerdicts>();
	judged.set(book, kept);
	const { distribution, sources, version, isExact } = software;
	const id = [distribution, release?.version ?? "", version, isExact, ...sources].join("\n");
	const known = kept.get(id) ?? judgePackage(software, release?.version ?? null, book);
	if (kept.size >= mostKept) kept.clear();
	kept.set(id, known);
	return { software, release, ...known };
}

function judgePackage(software: PackagedSoftware, release: string | null, book: AdvisoryBook): PackageVerdicts {
	const { distribution, version, sources } = software;
	const nothing = { version, ecosystems: [], sources: [], verdicts: new Map(), open: new Map() };
	if (release === null) return { ...nothing, problem: "its words do not tell which release it is of" };
	const os = { id: distribution, like: [], version: release, codename: null, name: distribution, cpe: null };
	const { ecosystems, subscription, problem } = distributionOf(os);
	if (problem !== null) return { ...nothing, problem };
	if (!isSpokenOf(ecosystems, book.judge)) {
		return { ...nothing, ecosystems, problem: `no feed that was taken in speaks of ${ecosystems[0] ?? distribution}` };
	}
	const spoken = sources.flatMap((name) => {
		const ranges = ecosystems.flatMap((ecosystem) => book.base.rangesOf(ecosystem, name));
		return ranges.length === 0 ? [] : [{ name, epoch: commonEpoch(ranges) }];
	});
	const at = (full: string) => {
		const subjects = spoken.map(({ name, epoch }) => ({ name, version: `${epoch}${full}`, binaries: [name] }));
		const { verdicts } = verdictsOn({ ecosystems, subscription }, subjects, book.judge);
		return new Map([...verdicts].filter(([, verdict]) => isSuspicious(verdict)));
	};
	const [lowest, highest] = boundsOf(software, ecosystems);
	const [low, high] = [at(lowest), lowest === highest ? null : at(highest)];
	const verdicts = new Map([...low].filter(([name]) => high === null || high.has(name)));
	const all = new Map([...low, ...(high ?? [])]);
	const open = new Map([...all].filter(([name]) => !verdicts.has(name)));
	const told = `${spoken[0]?.epoch ?? ""}${version}`;
	return { ecosystems, sources: spoken.map(({ name }) => name), version: told, verdicts, open, problem: null };
}

/** The first and the last package there may be of the makers' version. */
function boundsOf({ version, isExact }: PackagedSoftware, ecosystems: readonly string[]): [string, string] {
	if (isExact) return [version, version];
	const isRpm = orderOf(ecosystems[0] ?? "") === "rpm";
	return isRpm ? [`${version}-0~`, `${version}-99999`] : [`${version}-~~`, `${version}+zzz-99`];
}

/** Debian's word for what harms nobody in its package: true of nearly every version, and no reason to suspect one. */
function isSuspicious({ packages }: AdvisoryVerdict): boolean {
	return packages.some(({ note, fixed }) => fixed !== null || note === null || !note.startsWith("unimportant"));
}

/** The one that the vendor's own versions have most often, `1:`; "" for none. */
function commonEpoch(ranges: readonly AffectedRange[]): string {
	const counts = new Map<string, number>();
	for (const { fixed, introduced } of ranges) {
		const written = fixed ?? introduced;
		if (written === null) continue;
		const epoch = /^[0-9]{1,9}:/.exec(written)?.[0] ?? "";
		counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
	}
	return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}
