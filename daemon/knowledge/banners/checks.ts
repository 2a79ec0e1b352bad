/**
 * Advisories as suspicions by a banner: one check for each that a service's package falls under. What is found is potential
 * until a login tells the package itself.
 */
import type { Signature } from "../../../protocol/model/signature.ts";
import type { EvidenceRecord } from "../../evidence/record.ts";
import type { AdvisoryBook } from "../advisories/book.ts";
import type { AdvisoryVerdict } from "../advisories/host-verdicts.ts";
import type { PackageState } from "../advisories/match.ts";
import type { Check, HostFacts, Verdict } from "../knowledge.ts";
import { type BannerVerdicts, judgeBanner } from "./judge.ts";
import { type BannerKind, isBannerKind, packagedSoftware } from "./packaged.ts";
import { releaseOf } from "./release.ts";

/** Their signatures are called by this, the kind of record and the advisory's name. */
export const bannerFolder = "banner/";

const clear: Verdict = { matched: false, result: "", problem: "" };

/** Many checks ask the same of one record. */
const known = new WeakMap<EvidenceRecord, { host: HostFacts | null; book: AdvisoryBook; judged: BannerVerdicts[] }>();

export function bannersOf(record: EvidenceRecord, host: HostFacts | null, book: AdvisoryBook): BannerVerdicts[] {
	const before = known.get(record);
	if (before !== undefined && before.host === host && before.book === book) return before.judged;
	const judged = packagedSoftware(record).map((software) =>
		judgeBanner(software, releaseOf(software, record, host), book),
	);
	known.set(record, { host, book, judged });
	return judged;
}

/** One for each advisory that one of these records falls under. */
export function bannerChecks(
	kind: BannerKind,
	records: readonly EvidenceRecord[],
	host: HostFacts,
	book: AdvisoryBook,
): Check[] {
	const checks = new Map<string, Check>();
	for (const record of records) {
		if (record.kind !== kind) continue;
		for (const { verdicts } of bannersOf(record, host, book)) {
			for (const [name, { advisory }] of verdicts) {
				const check = checks.has(name) ? null : bannerCheck(kind, name, book.signatureOf(advisory).signature, book);
				if (check !== null) checks.set(name, check);
			}
		}
	}
	return [...checks.values()];
}

/** By a signature's id; null for another's, and for an advisory that no feed has. */
export function findBannerCheck(id: string, book: AdvisoryBook): Check | null {
	const [, kind = "", name = ""] = /^banner\/([a-z0-9]{1,20})\/(.{1,200})$/.exec(id) ?? [];
	const own = isBannerKind(kind) ? book.findSignature(`advisory/${name}`) : null;
	return own === null || !isBannerKind(kind) ? null : bannerCheck(kind, name, own.signature, book);
}

function bannerCheck(kind: BannerKind, name: string, advisory: Signature, book: AdvisoryBook): Check {
	const onHost = (record: EvidenceRecord, _: number, host: HostFacts | null): Verdict => {
		const judged = bannersOf(record, host, book);
		for (const one of judged) {
			const found = one.verdicts.get(name);
			if (found !== undefined) return suspected(one, found);
		}
		const open = judged.find((one) => one.open.has(name));
		if (open !== undefined)
			return undecided(
				`${open.software.version} may or may not have the fix: its words do not tell the package's revision`,
			);
		const unknown = judged.find(({ problem }) => problem !== null);
		return unknown?.problem == null ? clear : undecided(unknown.problem);
	};
	const urgency = book.urgencyOf(advisory.cves);
	return {
		...{ signature: signatureOf(kind, name, advisory), kind, urgency, onHost },
		evaluate: (record, now) => onHost(record, now, null),
	};
}

function suspected({ software, release, version, ecosystems }: BannerVerdicts, found: AdvisoryVerdict): Verdict {
	const { advisory, fix, packages, severity } = found;
	const lines = packages.map(({ package: name, fixed, state, note }) => {
		if (fixed !== null) return `${name} ${version} is before ${fixed}, which has the fix.`;
		const why = state === "update" ? "there is no fix yet" : unfixed[state];
		return `${name} ${version}: ${why}${note === null ? "" : ` (${note})`}.`;
	});
	const at = advisory.modifiedAt ?? advisory.publishedAt;
	const of = at === null ? "" : ` of ${new Date(at).toISOString().slice(0, 10)}`;
	const guess = `A guess: ${release?.because ?? ""}; so it is judged as ${ecosystems.join(", ")}. A login settles it.`;
	const result = [
		`By its banner: ${software.words}`,
		...new Set(lines),
		`${advisory.name}, feed ${advisory.feed}${of}.`,
		guess,
	].join("\n");
	const unrated = advisory.severity === null && advisory.cvss.length === 0 && severity !== null;
	return { matched: true, result, problem: "", fix, ...(unrated ? { severity } : {}) };
}

const unfixed = {
	open: "there is no fix yet",
	postponed: "the fix is postponed",
	"will-not-fix": "the vendor will not fix it",
	"under-investigation": "the vendor is still looking into it",
} as const satisfies Record<Exclude<PackageState, "update">, string>;

function undecided(problem: string): Verdict {
	return { matched: null, result: "", problem };
}

function signatureOf(kind: BannerKind, name: string, advisory: Signature): Signature {
	return {
		...advisory,
		...{ id: `${bannerFolder}${kind}/${name}`, type: "potential", kind },
		title: `${advisory.title.slice(0, 180)} (by the banner)`,
		description: `${advisory.description}\n\nThis is read from a banner that names a distribution's package, and judged by that distribution's advisories. A login tells the package itself.`,
		match: "the package that the banner points to is of a version that the advisory names",
	};
}
