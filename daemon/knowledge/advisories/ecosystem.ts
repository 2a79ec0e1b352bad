/** Who numbers the versions of an ecosystem, by the name OSV gives it (ossf.github.io/osv-schema, "Defined Ecosystems"). */
import type { VersionOrder } from "../versions/version-order.ts";

const orders: Readonly<Record<string, VersionOrder>> = {
	...{ Debian: "dpkg", Ubuntu: "dpkg", Echo: "dpkg" },
	...{ Alpine: "apk", Wolfi: "apk", Chainguard: "apk", Alpaquita: "apk", MinimOS: "apk" },
	...{ AlmaLinux: "rpm", "Rocky Linux": "rpm", "Red Hat": "rpm", SUSE: "rpm", openSUSE: "rpm" },
	...{ "Azure Linux": "rpm", Mageia: "rpm", openEuler: "rpm", Photon: "rpm", Fedora: "rpm", "Amazon Linux": "rpm" },
	...{
		npm: "semver",
		Go: "semver",
		"crates.io": "semver",
		Hex: "semver",
		Pub: "semver",
		NuGet: "semver",
		"GitHub Actions": "semver",
	},
	PyPI: "pypi",
};

/** Null for an ecosystem whose versions cannot be put in order here: its advisories are not kept. */
export function orderOf(ecosystem: string): VersionOrder | null {
	const colon = ecosystem.indexOf(":");
	const name = colon < 0 ? ecosystem : ecosystem.slice(0, colon);
	return Object.hasOwn(orders, name) ? (orders[name] ?? null) : null;
}
