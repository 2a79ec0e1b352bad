/** Which distribution's package a service's own words point to, and how exactly. Pure; a guess that says what it rests on. */
import type { EvidenceRecord, Kind } from "../../evidence/record.ts";

export interface PackagedSoftware {
	/** os-release ID of who built it. */
	readonly distribution: "debian" | "ubuntu" | "rhel" | "almalinux" | "rocky";
	/** Names of the source package, one of which it is: they differ from release to release. */
	readonly sources: readonly string[];
	/** Without an epoch: banners have none. */
	readonly version: string;
	/** With the packager's revision. Else only the makers' version is known. */
	readonly isExact: boolean;
	/** VERSION_ID of the release, where the words tell it. */
	readonly release: string | null;
	/** Why that release, in words; empty where there is none. */
	readonly because: string;
	/** What the service said. */
	readonly words: string;
}

/** Kinds whose words are read. */
export const bannerKinds = [...(["ssh", "http", "ftp", "dns", "mysql"] as const)] satisfies Kind[];
export type BannerKind = (typeof bannerKinds)[number];

export function isBannerKind(kind: string): kind is BannerKind {
	return (bannerKinds as readonly string[]).includes(kind);
}

/** Longest words that are looked at. Characters. */
const longest = 512;

/** What each service says of a package; several for a web server with modules. */
export function packagedSoftware(record: EvidenceRecord): PackagedSoftware[] {
	switch (record.kind) {
		case "ssh":
			return read(ssh, record.data.banner);
		case "http":
			return [
				...[apache, nginx].flatMap((rule) => read(rule, record.data.headers.server)),
				...read(php, record.data.headers["x-powered-by"]),
			];
		case "ftp":
			return read(ftp, record.data.banner);
		case "dns":
			return read(bind, record.data.versionBind);
		case "mysql":
			return read(mysql, record.data.serverVersion);
		default:
			return [];
	}
}

interface Rule {
	readonly pattern: RegExp;
	/** By the groups `version` and `revision` (which may be missing), and `who`. */
	readonly sources: (version: string) => readonly string[];
	/** Releases by the makers' version, for those who ship one version with each. */
	readonly releases?: Readonly<Partial<Record<PackagedSoftware["distribution"], Readonly<Record<string, string>>>>>;
}

function read(rule: Rule, text: string | undefined | null): PackagedSoftware[] {
	const words = text?.slice(0, longest).trim() ?? "";
	const { version, revision, who } = rule.pattern.exec(words)?.groups ?? {};
	const distribution = builderOf(who ?? "", revision ?? "");
	if (version === undefined || distribution === null) return [];
	const byRevision = releaseOfRevision(distribution, revision ?? "");
	const byVersion =
		rule.releases?.[distribution]?.[version] ?? rule.releases?.[distribution]?.[majorMinor(version)] ?? null;
	const because =
		byRevision !== null
			? `the revision ${revision} is of that release`
			: byVersion !== null
				? `${version} came with that release`
				: "";
	return [
		{
			...{ distribution, sources: rule.sources(version), isExact: revision !== undefined, because, words },
			version: revision === undefined ? version : `${version}-${revision}`,
			release: byRevision ?? byVersion,
		},
	];
}

function majorMinor(version: string): string {
	return version.split(".").slice(0, 2).join(".");
}

function builderOf(who: string, revision: string): PackagedSoftware["distribution"] | null {
	if (/^ubuntu/i.test(who) || /ubuntu/.test(revision)) return "ubuntu";
	if (/^debian/i.test(who) || /deb[0-9]{1,2}u[0-9]/.test(revision)) return "debian";
	if (/^(red ?hat|rh$)/i.test(who)) return "rhel";
	if (/^alma/i.test(who)) return "almalinux";
	return /^rocky/i.test(who) ? "rocky" : null;
}

/** `2+deb12u3`, `0ubuntu0.22.04.1`, `14.el8_10`. */
function releaseOfRevision(distribution: PackagedSoftware["distribution"], revision: string): string | null {
	if (distribution === "debian") return /[+~]deb([0-9]{1,2})u[0-9]/.exec(revision)?.[1] ?? null;
	if (distribution === "ubuntu") return /ubuntu[0-9.]*?\.([0-9]{2}\.(?:04|10))(?:\.|$|~)/.exec(revision)?.[1] ?? null;
	return /\.el([0-9]{1,2})/.exec(revision)?.[1] ?? null;
}

const ssh: Rule = {
	pattern: /OpenSSH_(?<version>[0-9][0-9.]*p[0-9]) (?<who>Debian|Ubuntu)-(?<revision>[0-9A-Za-z.+~]{1,60})/,
	sources: () => ["openssh"],
	releases: {
		debian: { "10.0p1": "13", "9.2p1": "12", "8.4p1": "11", "7.9p1": "10" },
		ubuntu: {
			...{
				"10.0p1": "25.10",
				"9.9p1": "25.04",
				"9.7p1": "24.10",
				"9.6p1": "24.04",
				"9.3p1": "23.10",
				"9.0p1": "22.10",
			},
			...{ "8.9p1": "22.04", "8.2p1": "20.04", "7.6p1": "18.04", "7.2p2": "16.04", "6.6.1p1": "14.04" },
		},
	},
};

const systems = "(?<who>Debian|Ubuntu|Red Hat(?: Enterprise Linux)?|AlmaLinux|Rocky Linux)";
const rhelApache = { "2.4.6": "7", "2.4.37": "8", "2.4.51": "9", "2.4.53": "9", "2.4.57": "9", "2.4.62": "9" };

/** RHEL's httpd may be of a module. */
const apache: Rule = {
	pattern: new RegExp(`^Apache/(?<version>[0-9]+(?:\\.[0-9]+){1,3}) \\(${systems}\\)`),
	sources: () => ["apache2", "httpd", "httpd:2.4/httpd"],
	releases: {
		...{ rhel: rhelApache, almalinux: rhelApache, rocky: rhelApache },
		ubuntu: { "2.4.29": "18.04", "2.4.41": "20.04", "2.4.52": "22.04", "2.4.58": "24.04" },
	},
};

const nginx: Rule = {
	pattern: new RegExp(`^nginx/(?<version>[0-9]+(?:\\.[0-9]+){1,3}) \\(${systems}\\)`),
	sources: () => ["nginx"],
	releases: {
		debian: { "1.26.3": "13", "1.22.1": "12", "1.18.0": "11", "1.14.2": "10" },
		// 1.18.0 came with two of them.
		ubuntu: { "1.24.0": "24.04", "1.14.0": "18.04" },
	},
};

/** Sury's builds for Debian and Ubuntu say so themselves: `8.2.28-1+0~20250311.69+debian12~1.gbp1f6f9d`. */
const php: Rule = {
	pattern:
		/^PHP\/(?<version>[0-9]+\.[0-9]+\.[0-9]+)-(?<revision>(?![^ ]*(?:gbp|sury))[0-9A-Za-z.+~]*(?:ubuntu|deb[0-9]{1,2}u)[0-9A-Za-z.+~]{0,40})/,
	sources: (version) => [`php${/^5\./.test(version) ? "5" : majorMinor(version)}`],
	releases: {
		debian: { "8.4": "13", "8.2": "12", "7.4": "11", "7.3": "10" },
		ubuntu: { "8.4": "25.04", "8.3": "24.04", "8.1": "22.04", "7.4": "20.04", "7.2": "18.04", "7.0": "16.04" },
	},
};

const ftp: Rule = {
	pattern: /ProFTPD (?<version>1\.[0-9]\.[0-9][a-z]?) Server \((?<who>Debian|Ubuntu)\)/,
	sources: () => ["proftpd-dfsg"],
	releases: { debian: { "1.3.8": "12", "1.3.7": "11", "1.3.6": "10" } },
};

/** `9.18.33-1~deb12u2-Debian`, `9.18.28-0ubuntu0.22.04.1-Ubuntu`, `9.16.23-RH`, `9.11.36-RedHat-9.11.36-14.el8_10`. */
const bind: Rule = {
	pattern:
		/^(?<version>9\.[0-9]{1,2}(?:\.[0-9]{1,3})?)(?:-(?<revision>[0-9][0-9A-Za-z.+~]{0,60}))?-(?<who>Debian|Ubuntu|RedHat|RH)(?:-|$)/,
	sources: () => ["bind9", "bind"],
	releases: { rhel: { "9.16.23": "9", "9.11.36": "8", "9.11.4": "7" } },
};

/** `5.5.5-` is said for old clients' sake. */
const mysql: Rule = {
	pattern:
		/^(?:5\.5\.5-)?(?<version>[0-9]+\.[0-9]+\.[0-9]+)(?:-MariaDB)?-(?<revision>[0-9A-Za-z.+~]*(?:ubuntu|deb[0-9]{1,2}u)[0-9A-Za-z.+~]{0,40})/,
	sources: (version) => [`mariadb-${majorMinor(version)}`, "mariadb", `mysql-${majorMinor(version)}`],
};
