/** Under which names feeds speak of a system, from what it says of itself (os-release). Pure. */
import type { DataOf } from "../../evidence/record.ts";

type Os = NonNullable<DataOf<"system">["os"]>;

export interface Distribution {
	/** As OSV writes them (ossf.github.io/osv-schema, "Defined Ecosystems"). Empty: nobody speaks of it. */
	readonly ecosystems: readonly string[];
	/** Of these, the one whose fixes come with a subscription alone. */
	readonly subscription: string | null;
	/** Advisories speak of source packages; else of what is installed. */
	readonly bySource: boolean;
	/** Why there is none; null when there is one. */
	readonly problem: string | null;
}

/** Never throws, whatever the texts are. */
export function distributionOf(os: Os | null): Distribution {
	if (os === null) return unknown("the host did not say which distribution it is");
	const release = Object.hasOwn(releases, os.id) ? releases[os.id] : undefined;
	if (release === undefined) return unknown(`no feed speaks of ${os.name}`);
	const found = release(os);
	return typeof found === "string" ? unknown(found) : { ...{ subscription: null, problem: null }, ...found };
}

function unknown(problem: string): Distribution {
	return { ecosystems: [], subscription: null, bySource: false, problem };
}

type Found = Pick<Distribution, "ecosystems" | "bySource"> & Partial<Distribution>;
/** By os-release ID; a text says why not. */
type Release = (os: Os) => Found | string;

/** `VERSION_ID` up to its first dot, as those name themselves who keep one line of updates for a major release. */
function byMajor(name: string, bySource: boolean): Release {
	return ({ version }) => {
		const major = /^[0-9]{1,4}/.exec(version ?? "")?.[0];
		return major === undefined
			? `this ${name} does not say its version`
			: { ecosystems: [`${name}:${major}`], bySource };
	};
}

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
		const branch = /^[0-9]+\.[0-9]+/.exec(version ?? "")?.[0];
		return branch === undefined
			? "Alpine edge is no release: no advisories are made for it"
			: { ecosystems: [`Alpine:v${branch}`], bySource: true };
	},
	wolfi: () => ({ ecosystems: ["Wolfi"], bySource: true }),
	chainguard: () => ({ ecosystems: ["Chainguard"], bySource: true }),
	almalinux: byMajor("AlmaLinux", false),
	rocky: byMajor("Rocky Linux", true),
	rhel: ({ version }) => {
		const major = /^[0-9]{1,2}/.exec(version ?? "")?.[0];
		if (major === undefined) return "this Red Hat Enterprise Linux does not say its version";
		// A stream of packages each, from RHEL 8 on; RHEL 7 had but one.
		const streams = ["baseos", "appstream", "crb", "highavailability", "nfv", "realtime", "sap", "supplementary"];
		const names = streams.map((stream) => `Red Hat:enterprise_linux:${major}::${stream}`);
		// Red Hat's own documents speak of all streams together (feeds/csaf.ts), OSV's of each.
		const release = `Red Hat:enterprise_linux:${major}`;
		return { ecosystems: [release, ...(Number(major) < 8 ? [`${release}::server`] : names)], bySource: false };
	},
	sles: ({ version }) => {
		const [, major, pack] = /^([0-9]{2})(?:\.([0-9]{1,2}))?/.exec(version ?? "") ?? [];
		if (major === undefined) return "this SUSE does not say its version";
		const release = pack === undefined || pack === "0" ? major : `${major} SP${pack}`;
		return { ecosystems: [`SUSE:Linux Enterprise Server ${release}`], bySource: true };
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
