/** What the knowledge base says of one host's packages: a verdict an advisory, whatever the number of packages in it. */

import { type FixState, fixStates } from "../../../protocol/model/finding.ts";
import type { Severity } from "../../../protocol/model/severity.ts";
import type { DataOf } from "../../evidence/record.ts";
import type { KnownAdvisory } from "./base.ts";
import { type JudgedPackages, judgedPackages } from "./judged-packages.ts";
import { type AdvisedVerdict, matchSubjects, type PackageJudge, type Subject, subjectsOf } from "./match.ts";
import { type UpdateStream, weighStreams } from "./streams.ts";

export interface AdvisoryVerdict {
	readonly advisory: KnownAdvisory;
	readonly fix: FixState;
	/** The vendor's urgency for this release, where the advisory itself has none. */
	readonly severity: Severity | null;
	/** At least one. */
	readonly packages: readonly (AdvisedVerdict & { readonly fix: FixState })[];
}

export interface HostVerdicts
	extends Pick<JudgedPackages, "ecosystems" | "leftOut" | "packages" | "aliases" | "stream" | "unsure"> {
	/** Why nothing can be told; null when it can. */
	readonly problem: string | null;
	/** By the advisory's name. */
	readonly verdicts: ReadonlyMap<string, AdvisoryVerdict>;
	/** Installed packages whose version is none in their order. */
	readonly unread: readonly string[];
}

/** What of a host decides on the verdicts about its packages, the same for all that were set up alike. */
export interface JudgedSystem {
	/** Empty: no feed speaks of it. */
	readonly ecosystems: readonly string[];
	/** Of these, the one whose fixes come with a subscription that is not attached here. */
	readonly subscription: string | null;
	/** Absent in what was written before streams were told apart. */
	readonly stream?: UpdateStream | null;
	readonly manager: DataOf<"packages">["manager"];
}

export interface JudgedSubjects {
	readonly system: JudgedSystem;
	readonly subjects: readonly Subject[];
}

/** All that the verdicts on a host's packages are made from. */
export function judgedSubjects(system: DataOf<"system"> | null, installed: DataOf<"packages">): JudgedSubjects {
	const judged = judgedPackages(system, installed);
	const isKnown = judged.problem === null;
	return {
		system: {
			...{ ecosystems: isKnown ? judged.ecosystems : [], subscription: lacking(judged), stream: judged.stream },
			manager: installed.manager,
		},
		subjects: isKnown ? subjectsOf([...judged.packages, ...judged.aliases]) : [],
	};
}

export function judgeHost(
	system: DataOf<"system"> | null,
	installed: DataOf<"packages">,
	judge: PackageJudge,
): HostVerdicts {
	const judged = toBeJudged(system, installed, judge);
	const { ecosystems, leftOut, packages, aliases, stream, unsure, problem } = judged;
	const nothing = { ecosystems, leftOut, packages, aliases, stream, unsure, verdicts: new Map(), unread: [] };
	if (problem !== null) return { ...nothing, problem };
	const subjects = subjectsOf([...packages, ...aliases]);
	const { verdicts, unread } = verdictsOn({ ecosystems, subscription: lacking(judged), stream }, subjects, judge);
	const words = unread.flatMap(({ installed: own }) => own.map(({ name, version }) => `${name} ${version}`));
	return { ...nothing, problem: null, verdicts, unread: words };
}

/** What of a host's packages advisories speak of, before any is judged. `problem`: why nothing can be told of them. */
export function toBeJudged(
	system: DataOf<"system"> | null,
	installed: DataOf<"packages">,
	judge: PackageJudge,
): JudgedPackages {
	const judged = judgedPackages(system, installed);
	if (judged.problem !== null || isSpokenOf(judged.ecosystems, judge)) return judged;
	return { ...judged, problem: `no feed that was taken in speaks of ${judged.ecosystems[0] ?? "it"}` };
}

/** False: nothing can be told of these packages, so nothing opens and nothing closes. */
export function isSpokenOf(ecosystems: readonly string[], { base }: PackageJudge): boolean {
	return ecosystems.some((ecosystem) => base.speaksOf(ecosystem));
}

/** By the advisory's name; of some of a host's subjects, what these alone say. */
export function verdictsOn<S extends Subject>(
	{ ecosystems, subscription, stream = null }: Pick<JudgedSystem, "ecosystems" | "subscription" | "stream">,
	subjects: readonly S[],
	judge: PackageJudge,
): { readonly verdicts: Map<string, AdvisoryVerdict>; readonly unread: readonly S[] } {
	const matched = matchSubjects(ecosystems, subjects, judge);
	const weighed = weighStreams(matched.verdicts, stream, subscription, judge);
	const groups = Map.groupBy(
		weighed.filter(({ known }) => isSecurity(known)),
		({ known }) => known.name,
	);
	const verdicts = new Map(
		[...groups].map(([name, own]): [string, AdvisoryVerdict] => {
			const told = own.map((one) => ({ ...one, fix: fixOf(one, subscription) }));
			return [name, combine(told)];
		}),
	);
	return { verdicts, unread: matched.unread };
}

/** What came with a subscription is installed only where one is attached. */
function lacking({ subscription, subscribed }: JudgedPackages): string | null {
	return subscribed ? null : subscription;
}

/** Errata that mend bugs or add features: AlmaLinux, Rocky and Red Hat publish them in one stream with the others. */
export function isSecurity({ name, cves }: Pick<KnownAdvisory, "name" | "cves">): boolean {
	return cves.length > 0 || !/^(AL|RH|RL|RX)(BA|EA)-/.test(name);
}

function fixOf({ state, ecosystem }: AdvisedVerdict, subscription: string | null): FixState {
	if (state === "update") return ecosystem === subscription ? "subscription" : "available";
	return state === "open" ? "none" : state;
}

/** What can be mended is told first; of two packages alike the first. */
function combine(told: readonly (AdvisedVerdict & { readonly fix: FixState })[]): AdvisoryVerdict {
	const packages = told.toSorted((a, b) => fixStates.indexOf(a.fix) - fixStates.indexOf(b.fix));
	const [first] = packages;
	if (first === undefined) throw new Error("an advisory without a package");
	const rank = packages.flatMap(({ note }) => urgencyOf(note) ?? []);
	const severity = rank.length === 0 ? null : (Math.max(...rank) as Severity);
	return { advisory: first.known, fix: first.fix, severity, packages };
}

/** Debian's words (security-team.debian.org/security_tracker.html, "Severity levels"). */
function urgencyOf(note: string | null): Severity | null {
	if (note === null) return null;
	if (/^(unimportant|end-of-life)/.test(note)) return 1;
	if (/^low/.test(note) || /minor issue/i.test(note)) return 2;
	if (/^medium/.test(note)) return 3;
	return /^high/.test(note) ? 4 : null;
}
