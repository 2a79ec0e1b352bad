/** Why an advisory may apply to a host whose packages are not known: by what its banners say of them. Reads only. */
import type { TraceStep } from "../../protocol/model/finding.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { bannersOf } from "../knowledge/banners/checks.ts";
import type { BannerVerdicts } from "../knowledge/banners/judge.ts";
import type { StoredRecord } from "../store/evidence.ts";
import { type AdvisoryTrace, advisoryStep, compare } from "./explain-advisory.ts";
import { newestOf } from "./newest-evidence.ts";

/** `name`: an advisory's or a CVE's. Null when no banner names a package of which a feed says something about it. */
export function explainBanner(
	book: AdvisoryBook,
	name: string,
	host: { readonly name: string; readonly records: readonly StoredRecord[] },
): AdvisoryTrace | null {
	const { records } = host;
	const facts = { records, newest: newestIn(records) };
	const advisories = new Map(
		book.base.find(/^cve-/i.test(name) ? name.toUpperCase() : name).map((one) => [one.id, one]),
	);
	const steps: TraceStep[] = [];
	let [isAffected, isOpen, told] = [false, false, false];
	for (const record of records) {
		for (const judged of bannersOf(record, facts, book)) {
			const ranges = judged.ecosystems.flatMap((ecosystem) =>
				judged.sources.flatMap((source) => book.base.rangesOf(ecosystem, source)),
			);
			const own = ranges.filter(({ advisory }) => advisories.has(advisory));
			if (own.length === 0) continue;
			told = true;
			steps.push(bannerStep(record, judged));
			for (const id of new Set(own.map(({ advisory }) => advisory))) {
				const advisory = advisories.get(id);
				if (advisory === undefined) continue;
				steps.push(advisoryStep(advisory, book));
				steps.push(...own.filter((range) => range.advisory === id).map((range) => compare(judged.version, range)));
				isAffected ||= judged.verdicts.has(advisory.name);
				isOpen ||= judged.open.has(advisory.name);
			}
		}
	}
	if (!told) return null;
	const verdict = isAffected ? "vulnerable" : isOpen ? "unknown" : "not-vulnerable";
	return { steps, verdict, summary: `${name}: ${words[verdict](host.name)} A login settles it.`, check: null };
}

const words = {
	vulnerable: (host: string) => `by its banner ${host} is affected, potentially.`,
	unknown: (host: string) => `the banner of ${host} does not tell the package's revision, on which it depends.`,
	"not-vulnerable": (host: string) => `by its banner ${host} is not affected.`,
} as const satisfies Record<AdvisoryTrace["verdict"], (host: string) => string>;

function bannerStep(record: StoredRecord, { software, release, sources, version }: BannerVerdicts): TraceStep {
	const revision = software.isExact ? "" : ", of which revision is not told";
	const guess = release === null ? "" : `, release ${release.version}: a guess, since ${release.because}`;
	return {
		step: "evidence",
		outcome: "yes",
		text: `${record.kind} at ${record.address} port ${record.port} says "${software.words}": that is ${sources.join(" or ")} ${version}${revision}, of ${software.distribution}${guess}.`,
	};
}

function newestIn(records: readonly StoredRecord[]) {
	return <K extends "system" | "packages">(kind: K, address: string) => newestOf(records, kind, address);
}
