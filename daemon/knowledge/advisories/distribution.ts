/** Under which names feeds speak of a system, from what it says of itself (os-release). Pure. */
import type { DataOf } from "../../evidence/record.ts";

import { elsOf, redHatStream, suseStream, type UpdateStream, withParts } from "./streams.ts";

type Os = NonNullable<DataOf<"system">["os"]>;

export interface Distribution {
	/** As OSV writes them (ossf.github.io/osv-schema, "Defined Ecosystems"). Empty: nobody speaks of it. */
	readonly ecosystems: readonly string[];
	/** Of these, the one whose fixes come with a subscription alone. */
	readonly subscription: string | null;
	/** Where its updates come from, when that is not the main stream of its release. */
	readonly stream: UpdateStream | null;
	/** That another stream than the main one is possible, and nobody told: a sentence. Null: it is known, or there is none. */
	readonly unsure: string | null;
	/** Advisories speak of source packages; else of what is installed. */
	readonly bySource: boolean;
	/** Why there is none; null when there is one. */
	readonly problem: string | null;
}

/** Never throws, whatever the texts are. `repositories`: those that are switched on; null or absent: nobody told. */
export function distributionOf(os: Os | null, repositories: readonly string[] | null = null): Distribution {
	if (os === null) return unknown("the host did not say which distribution it is");
	const release = Object.hasOwn(releases, os.id) ? releases[os.id] : undefined;
	if (release === undefined) return unknown(`no feed speaks of ${os.name}`);
	const found = release(os, repositories);
	if (typeof found === "string") return unknown(found);
	return { ...{ subscription: null, stream: null, unsure: null, problem: null }, ...found };
}

function unknown(problem: string): Distribution {
	return { ecosystems: [], subscription: null, stream: null, unsure: null, bySource: false, problem };
}

type Found = Pick<Distribution, "ecosystems" | "bySource"> & Partial<Distribution>;
/** By os-release ID; a text says why not. */
type Release = (os: Os, repositories: readonly string[] | null) => Found | string;

/** `VERSION_ID` up to its first dot, as those name themselves who keep one line of updates for a major release. */
function byMajor(name: string, bySource: boolean): Release {
	return ({ version }) => {
		const major = /^[0-9]{1,4}/.exec(version ?? "")?.[0];
		return major === undefined
			? `this ${name} does not say its version`
			: { ecosystems: [`${name}:${major}`], bySource };
	};
}

/** As OSV writes them; they exist for each service pack. */
const suseModules = [
	...["Basesystem", "Server Applications", "Web and Scripting", "Desktop Applications", "Development Tools"],
	...["Containers", "Legacy", "Public Cloud", "Python 3", "Certifications", "Live Patching"],
];

const releases: Readonly<Record<string, Release>> = {
	// Testing and unstable have no VERSION_ID, and no advisories.
	debian: ({ version, codename }) => {
		const major = /^[0-9]{1,3}/.exec(version ?? "")?.[0];
		if (major !== undefined) return { ecosystems: [`Debian:${major}`], bySource: true };
		return `Debian ${codename ?? ""} is no release: no advisories are made for it`.replace("  ", " ");
	},
	ubuntu: ({ version }) => {
		const release = /^([0-9]{2})\.([0-9]{2})/.exec(version ?? "");
		if (release === null) return "this Ubuntu does not say its version";
		const [number, year = "", month] = release;
		const isLong = Number(year) % 2 === 0 && month === "04";
		if (!isLong) return { ecosystems: [`Ubuntu:${number}`], bySource: true };
		const subscription = `Ubuntu:Pro:${number}:LTS`;
		return { ecosystems: [`Ubuntu:${number}:LTS`, subscription], subscription, bySource: true };
	},
	alpine: ({ version }) => {
		// Edge calls itself by the release to come: 3.21_alpha20240807, 3.21.0_alpha20240923.
		const [, branch] = /^([0-9]+\.[0-9]+)(\.[0-9]+)*$/.exec(version ?? "") ?? [];
		return branch === undefined
			? "Alpine edge is no release: no advisories are made for it"
			: { ecosystems: [`Alpine:v${branch}`], bySource: true };
	},
	wolfi: () => ({ ecosystems: ["Wolfi"], bySource: true }),
	chainguard: () => ({ ecosystems: ["Chainguard"], bySource: true }),
	almalinux: byMajor("AlmaLinux", false),
	rocky: byMajor("Rocky Linux", true),
	rhel: ({ version }, repositories) => {
		const major = /^[0-9]{1,2}/.exec(version ?? "")?.[0];
		if (major === undefined) return "this Red Hat Enterprise Linux does not say its version";
		const stream = repositories === null ? null : redHatStream(version ?? "", repositories);
		const unsure =
			repositories === null ? "whether it stays on a minor release (EUS and the like) or has ELS was not told" : null;
		// A part each from RHEL 8 on, RHEL 7 had but one. Red Hat's own documents speak of all together (feeds/csaf.ts).
		const release = `Red Hat:enterprise_linux:${major}`;
		if (Number(major) >= 8) {
			const ecosystems = [...withParts(release), ...(stream?.ecosystems ?? [])];
			return { ecosystems, stream, unsure, bySource: false };
		}
		const [els = ""] = elsOf(major);
		const own = stream?.alone === true ? stream.ecosystems : [];
		const ecosystems = [release, `${release}::server`, els, ...own];
		return { ecosystems, subscription: stream?.alone === false ? null : els, stream, unsure, bySource: false };
	},
	sles: ({ version }, repositories) => {
		const [, major, pack] = /^([0-9]{2})(?:\.([0-9]{1,2}))?/.exec(version ?? "") ?? [];
		if (major === undefined) return "this SUSE does not say its version";
		const release = pack === undefined || pack === "0" ? major : `${major} SP${pack}`;
		// From 15 on what is installed comes from modules, of which each has its own advisories.
		const modules =
			Number(major) < 15 ? [] : suseModules.map((name) => `SUSE:Linux Enterprise Module for ${name} ${release}`);
		const ltss = `SUSE:Linux Enterprise Server ${release}-LTSS`;
		const stream = repositories === null ? null : suseStream(ltss, repositories);
		return {
			ecosystems: [`SUSE:Linux Enterprise Server ${release}`, ...modules, ltss],
			...{ subscription: stream === null ? ltss : null, stream, bySource: true },
			unsure: repositories === null ? "whether it has LTSS was not told" : null,
		};
	},
	"opensuse-leap": ({ version }) =>
		/^[0-9]+\.[0-9]+$/.test(version ?? "")
			? { ecosystems: [`openSUSE:Leap ${version}`], bySource: true }
			: "this openSUSE Leap does not say its version",
	"opensuse-tumbleweed": () => ({ ecosystems: ["openSUSE:Tumbleweed"], bySource: true }),
	azurelinux: byMajor("Azure Linux", true),
	openeuler: ({ version }) =>
		version === null
			? "this openEuler does not say its version"
			: { ecosystems: [`openEuler:${version}`], bySource: true },
	mageia: byMajor("Mageia", true),
	photon: ({ version }) =>
		version === null
			? "this Photon OS does not say its version"
			: { ecosystems: [`Photon OS:${version}`], bySource: true },
};
