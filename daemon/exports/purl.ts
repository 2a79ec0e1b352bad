/** Package URLs (ecma-international.org/publications/standards/ecma-427) of what advisories speak of. Pure. */
import type { ToldPackage } from "../assess/told-packages.ts";

interface Kind {
	readonly type: "deb" | "rpm" | "apk";
	readonly namespace: string;
	/** Of the release, from what stands after the ecosystem's name. */
	distro(release: string): string;
	/** Its advisories speak of source packages. */
	readonly bySource: boolean;
}

const dashed = (name: string) => (release: string) => (release === "" ? name : `${name}-${release}`);
const bare = (release: string) => release.replace(/^(Pro|FIPS|FIPS-updates):/, "").replace(/:LTS$/, "");

/** By the name OSV gives the ecosystem (ossf.github.io/osv-schema). */
const kinds: Readonly<Record<string, Kind>> = {
	Debian: { type: "deb", namespace: "debian", distro: dashed("debian"), bySource: true },
	Ubuntu: { type: "deb", namespace: "ubuntu", distro: (release) => dashed("ubuntu")(bare(release)), bySource: true },
	Alpine: {
		type: "apk",
		namespace: "alpine",
		distro: (release) => dashed("alpine")(release.replace(/^v/, "")),
		bySource: true,
	},
	Wolfi: { type: "apk", namespace: "wolfi", distro: dashed("wolfi"), bySource: true },
	Chainguard: { type: "apk", namespace: "chainguard", distro: dashed("chainguard"), bySource: true },
	AlmaLinux: { type: "rpm", namespace: "almalinux", distro: dashed("almalinux"), bySource: false },
	"Rocky Linux": { type: "rpm", namespace: "rocky", distro: dashed("rocky"), bySource: true },
	"Red Hat": {
		...{ type: "rpm", namespace: "redhat", bySource: false },
		distro: (release) => dashed("rhel")(/^enterprise_linux:([0-9]+)/.exec(release)?.[1] ?? ""),
	},
	SUSE: {
		...{ type: "rpm", namespace: "suse", bySource: true },
		distro: (release) =>
			dashed("sles")(/([0-9]+)(?: SP([0-9]+))?$/.exec(release)?.slice(1).filter(Boolean).join(".") ?? ""),
	},
	openSUSE: {
		...{ type: "rpm", namespace: "opensuse", bySource: true },
		distro: (release) => `opensuse-${release.toLowerCase().replace(" ", "-")}`,
	},
	"Azure Linux": { type: "rpm", namespace: "azurelinux", distro: dashed("azurelinux"), bySource: true },
	openEuler: { type: "rpm", namespace: "openeuler", distro: dashed("openeuler"), bySource: true },
	Mageia: { type: "rpm", namespace: "mageia", distro: dashed("mageia"), bySource: true },
	"Photon OS": { type: "rpm", namespace: "photon", distro: dashed("photon"), bySource: true },
};

/** At `version`, which need not be the one that is installed. Null for an ecosystem that packages are not named by. */
export function purlOf(told: ToldPackage, version: string | null): string | null {
	const colon = told.ecosystem.indexOf(":");
	const name = colon < 0 ? told.ecosystem : told.ecosystem.slice(0, colon);
	const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
	if (kind === undefined) return null;
	const { type, namespace, bySource } = kind;
	const own = sourceOf(told.package, bySource);
	const epoch = type === "rpm" ? (/^([0-9]+):/.exec(version ?? "")?.[1] ?? null) : null;
	const rest = type === "rpm" ? (version?.replace(/^[0-9]+:/, "") ?? null) : version;
	const qualifiers = [
		...(own.isSource ? [["arch", type === "rpm" ? "src" : "source"]] : []),
		["distro", kind.distro(colon < 0 ? "" : told.ecosystem.slice(colon + 1))],
		...(epoch === null || epoch === "0" ? [] : [["epoch", epoch]]),
		...(own.module === null ? [] : [["rpmmod", own.module]]),
	];
	const text = qualifiers.map(([key, value = ""]) => `${key}=${encoded(value)}`).join("&");
	return `pkg:${type}/${namespace}/${encoded(own.name)}${rest === null ? "" : `@${encoded(rest)}`}?${text}`;
}

/** As Red Hat's documents write it: `curl.src`, `ruby:2.5/ruby`, `ruby:2.5/ruby.src`. */
function sourceOf(name: string, bySource: boolean): { name: string; isSource: boolean; module: string | null } {
	const [, module = null, own = name] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
	const isSource = own.endsWith(".src");
	return { name: isSource ? own.slice(0, -".src".length) : own, isSource: isSource || bySource, module };
}

/** A colon stays as it is. */
function encoded(text: string): string {
	return encodeURIComponent(text)
		.replaceAll("%3A", ":")
		.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
