/** What the banners of a host point to, as a text, and a digest over all that feeds say of it. Pure but for the base it reads. */
import { hash } from "node:crypto";
import type { EvidenceRecord } from "../../evidence/record.ts";
import type { AdvisoryBook } from "../advisories/book.ts";
import { distributionOf } from "../advisories/distribution.ts";
import { isSpokenOf } from "../advisories/host-verdicts.ts";
import type { HostFacts } from "../knowledge.ts";
import { packagedSoftware } from "./packaged.ts";
import { releaseOf } from "./release.ts";

/** Distribution, release where it can be told, names of the source package. */
type BannerSubject = readonly [distribution: string, release: string | null, ...sources: string[]];

/** Hosts of which banners point to the same have the same text. */
export function bannerSubjects(records: readonly EvidenceRecord[], host: HostFacts): string {
	const subjects = new Set(
		records.flatMap((record) =>
			packagedSoftware(record).map((software) => {
				const release = releaseOf(software, record, host)?.version ?? null;
				return JSON.stringify([software.distribution, release, ...software.sources] satisfies BannerSubject);
			}),
		),
	);
	return `[${[...subjects].sort().join(",")}]`;
}

/** By book: let go of with it. */
const digests = new WeakMap<AdvisoryBook, Map<string, Uint8Array>>();
/** An attacker may make up as many as he likes. */
const mostKept = 5_000;

/** Another one means: what is suspected by these may be something else. `subjects` as `bannerSubjects` made it. */
export function saidOfBanners(subjects: string, book: AdvisoryBook): Uint8Array {
	const kept = digests.get(book) ?? new Map<string, Uint8Array>();
	digests.set(book, kept);
	const known = kept.get(subjects);
	if (known !== undefined) return known;
	const said = (JSON.parse(subjects) as BannerSubject[]).map((subject) => saidOf(subject, book));
	const digest = hash("sha256", JSON.stringify(said), "buffer");
	if (kept.size >= mostKept) kept.clear();
	kept.set(subjects, digest);
	return digest;
}

function saidOf([distribution, release, ...sources]: BannerSubject, book: AdvisoryBook): unknown {
	if (release === null) return null;
	const os = { id: distribution, like: [], version: release, codename: null, name: distribution, cpe: null };
	const { ecosystems } = distributionOf(os);
	const ranges = ecosystems.flatMap((ecosystem) => sources.flatMap((source) => book.base.rangesOf(ecosystem, source)));
	const said = ranges.map(({ advisory, keys: _, ...range }) => {
		const { name, feed, digest } = book.base.advisory(advisory) ?? {};
		return JSON.stringify([range, name, feed, digest]);
	});
	// Numbers of rows, and so their order, are another in each base.
	return [isSpokenOf(ecosystems, book.judge), ...said.sort()];
}
