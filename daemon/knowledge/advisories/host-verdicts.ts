/** What the knowledge base says of one host's packages: a verdict an advisory, whatever the number of packages in it. */

import type { Severity } from "../../../protocol/model/common.ts";
import { type FixState, fixStates } from "../../../protocol/model/finding.ts";
import type { DataOf } from "../../evidence/record.ts";
import type { KnownAdvisory } from "./base.ts";
import { type JudgedPackages, judgedPackages } from "./judged-packages.ts";
import { type AdvisedVerdict, matchPackages, type PackageJudge } from "./match.ts";

export interface AdvisoryVerdict {
	readonly advisory: KnownAdvisory;
	readonly fix: FixState;
	/** The vendor's urgency for this release, where the advisory itself has none. */
	readonly severity: Severity | null;
	/** At least one. */
	readonly packages: readonly (AdvisedVerdict & { readonly fix: FixState })[];
}

export interface HostVerdicts extends Pick<JudgedPackages, "ecosystems" | "leftOut" | "packages"> {
	/** Why nothing can be told; null when it can. */
	readonly problem: string | null;
	/** By the advisory's name. */
	readonly verdicts: ReadonlyMap<string, AdvisoryVerdict>;
	/** Installed packages whose version is none in their order. */
	readonly unread: readonly string[];
}

export function judgeHost(
	system: DataOf<"system"> | null,
	installed: DataOf<"packages">,
	judge: PackageJudge,
): HostVerdicts {
	const judged = judgedPackages(system, installed);
	const { ecosystems, leftOut, packages, subscription, subscribed } = judged;
	const nothing = { ecosystems, leftOut, packages, verdicts: new Map(), unread: [] };
	if (judged.problem !== null) return { ...nothing, problem: judged.problem };
	if (!ecosystems.some((ecosystem) => judge.base.speaksOf(ecosystem))) {
		return { ...nothing, problem: `no feed that was taken in speaks of ${ecosystems[0] ?? "it"}` };
	}
	const matched = matchPackages({ ecosystems, packages }, judge);
	const groups = Map.groupBy(matched.verdicts.filter(isSecurity), ({ known }) => known.name);
	const verdicts = new Map(
		[...groups].map(([name, own]): [string, AdvisoryVerdict] => {
			const told = own.map((one) => ({ ...one, fix: fixOf(one, subscription, subscribed) }));
			return [name, combine(told)];
		}),
	);
	const unread = matched.unread.map(({ name, version }) => `${name} ${version}`);
	return { ecosystems, leftOut, packages, problem: null, verdicts, unread };
}

/** Errata that mend bugs or add features: AlmaLinux, Rocky and Red Hat publish them in one stream with the others. */
function isSecurity({ known }: AdvisedVerdict): boolean {
	return known.cves.length > 0 || !/^(AL|RH|RL|RX)(BA|EA)-/.test(known.name);
}

function fixOf({ state, ecosystem }: AdvisedVerdict, subscription: string | null, subscribed: boolean): FixState {
	if (state === "update") return ecosystem === subscription && !subscribed ? "subscription" : "available";
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
