/**
 * Streams of updates beside a release's main one: Red Hat's for those who stay on a minor release (EUS and its kin), and what
 * is sold after a release's end (Red Hat's ELS, SUSE's LTSS). Which one a host takes its updates from only its repositories
 * tell. Pure but for the base that is asked.
 */
import type { AdvisedVerdict, PackageJudge } from "./match.ts";

/** A stream that a host takes its updates from. */
export interface UpdateStream {
	/** `EUS of 9.2`, for people. */
	readonly title: string;
	/** What feeds call it; all of them among those of the distribution. */
	readonly ecosystems: readonly string[];
	/** What is mended for the main stream does not come to this host: it stays where it is. */
	readonly alone: boolean;
}

/** Products of a release of Red Hat's as OSV writes them behind a stream's name. */
const parts = ["baseos", "appstream", "crb", "highavailability", "nfv", "realtime", "sap", "sap_hana", "supplementary"];

export function withParts(name: string): string[] {
	return [name, ...parts.map((part) => `${name}::${part}`)];
}

/** In the ids of Red Hat's repositories: `rhel-9-for-x86_64-baseos-eus-rpms`, `rhui-rhel-8-for-x86_64-baseos-e4s-rhui-rpms`. */
const staying = /(?:^|-)rhel-([0-9]{1,2})-.*-(eus-long-life|eus|aus|tus|e4s|els)(?:-|$)/;

/** What it stays on, when one of its repositories says so; `version`: VERSION_ID. */
export function redHatStream(version: string, repositories: readonly string[]): UpdateStream | null {
	const major = /^[0-9]{1,2}/.exec(version)?.[0];
	for (const repository of repositories) {
		const [, release, stream = ""] = staying.exec(repository) ?? [];
		if (release === undefined || release !== major) continue;
		if (stream === "els") return { title: `ELS of ${major}`, ecosystems: elsOf(major), alone: false };
		if (!/^[0-9]{1,2}\.[0-9]{1,2}$/.test(version)) continue;
		const name = `Red Hat:rhel_${stream.replaceAll("-", "_")}:${version}`;
		return { title: `${stream.toUpperCase()} of ${version}`, ecosystems: withParts(name), alone: true };
	}
	return null;
}

export function elsOf(major: string): string[] {
	return [`Red Hat:rhel_els:${major}`];
}

/** `SLES15-SP4-LTSS-Updates`, `SUSE_Linux_Enterprise_Server_LTSS_15_SP4_x86_64:SLES15-SP4-LTSS-Updates`. */
export function suseStream(ltss: string, repositories: readonly string[]): UpdateStream | null {
	const has = repositories.some((one) => /\bLTSS\b/i.test(one.replaceAll("_", " ")));
	return has ? { title: "LTSS", ecosystems: [ltss], alone: false } : null;
}

/**
 * Of a host that takes its updates from a stream: what that says of a flaw outdoes what the main one says, and what only the
 * main one mends is not mended here; of what a subscription would mend that is told, once. Verdicts on any number of
 * subjects: each is weighed by itself.
 */
export function weighStreams(
	verdicts: readonly AdvisedVerdict[],
	stream: UpdateStream | null,
	subscription: string | null,
	judge: PackageJudge,
): readonly AdvisedVerdict[] {
	const names = [...(stream?.ecosystems ?? []), ...(subscription === null ? [] : [subscription])];
	const own = names.filter((name) => judge.base.speaksOf(name));
	if (own.length === 0 || subscription?.startsWith("Ubuntu:") === true) return verdicts;
	const stays = stream?.alone === true;
	const spoken = new Map<string, ReadonlySet<string>>();
	return verdicts.flatMap((verdict) => {
		if (own.includes(verdict.ecosystem)) return [verdict];
		const { cves, name } = verdict.known;
		const said = spoken.get(verdict.package) ?? spokenOf(verdict.package, own, judge);
		spoken.set(verdict.package, said);
		const about = cves.length === 0 ? [name] : cves;
		const isSettled = about.every((one) => said.has(one));
		if (isSettled && (stays || verdict.state !== "update")) return [];
		if (!stays || verdict.state !== "update") return [verdict];
		const note = `mended by ${verdict.fixed ?? "an update"} for others than ${stream.title}`;
		return [{ ...verdict, state: "open" as const, fixed: null, note }];
	});
}

/** CVEs and advisories that the stream says something of, about one package. */
function spokenOf(name: string, ecosystems: readonly string[], judge: PackageJudge): Set<string> {
	const said = new Set<string>();
	for (const ecosystem of ecosystems) {
		for (const id of new Set(judge.base.rangesOf(ecosystem, name).map(({ advisory }) => advisory))) {
			const known = judge.base.advisory(id);
			if (known !== null && known.withdrawnAt === null) for (const one of [known.name, ...known.cves]) said.add(one);
		}
	}
	return said;
}
