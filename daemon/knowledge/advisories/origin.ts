/** Whose packages a vendor's advisories speak of: not those of third parties, nor of a suite of backports. Pure. */
import type { DataOf } from "../../evidence/record.ts";

type Package = DataOf<"packages">["packages"][number];

/** RPM signs each package with its vendor's name. */
const rpmVendors: Readonly<Record<string, RegExp>> = {
	almalinux: /alma/i,
	rocky: /rocky/i,
	rhel: /^red hat/i,
	sles: /suse/i,
	"opensuse-leap": /suse/i,
	"opensuse-tumbleweed": /suse/i,
	azurelinux: /microsoft/i,
	openeuler: /openeuler/i,
	mageia: /mageia/i,
	photon: /vmware|broadcom/i,
};

/**
 * What third parties put into the versions they build for a release; the release's own packages never do. `~bpo`: Debian
 * mends its backports by newer backports, of which no advisory tells.
 */
const foreignVersions: readonly (readonly [pattern: RegExp, origin: string])[] = [
	[/~bpo[0-9]+\+/, "Debian's backports"],
	[/\.pgdg[0-9+]/, "the PostgreSQL project's repository"],
	[/nodesource/, "NodeSource"],
	[/\+maria~/, "the MariaDB project's repository"],
	[/ppa[0-9]*(?![a-z])/, "a PPA"],
	[/\+0~[0-9]{8}\.[0-9]+\+(debian|ubuntu)[0-9]/, "a third party (sury.org)"],
	[
		/~(stretch|buster|bullseye|bookworm|trixie|xenial|bionic|focal|jammy|noble)([0-9]|$)/,
		"its own project's repository",
	],
	[/-1\.dotdeb/, "dotdeb"],
];

/** All of them at once: nearly every version is of none. */
const anyForeign = new RegExp(foreignVersions.map(([pattern]) => pattern.source).join("|"));

/** Companies that build packages under names the distribution has too; by the maintainer's mail domain. */
const foreignMaintainers =
	/@(?:[a-z0-9-]+\.)*(nginx\.com|f5\.com|nodesource\.com|docker\.com|microsoft\.com|google\.com|elastic\.co|grafana\.com|hashicorp\.com|gitlab\.com|percona\.com|oracle\.com|redis\.com|redislabs\.com|mongodb\.com|zabbix\.com|influxdata\.com|sury\.org|mariadb\.com|mariadb\.org|varnish-software\.com|haproxy\.com|deb\.li|launchpad\.net)>?\s*$/i;

/** Who made it, when it was not the distribution; null when it was, or nothing says otherwise. */
export function foreignOrigin(one: Package, manager: DataOf<"packages">["manager"], osId: string): string | null {
	if (manager === "rpm") {
		const own = Object.hasOwn(rpmVendors, osId) ? rpmVendors[osId] : undefined;
		if (one.vendor === null || own === undefined || own.test(one.vendor)) return null;
		return one.vendor === "Fedora Project" ? "EPEL (Fedora Project)" : one.vendor;
	}
	if (manager === "apk") return null;
	if (anyForeign.test(one.version)) {
		for (const [pattern, origin] of foreignVersions) if (pattern.test(one.version)) return origin;
	}
	return one.vendor === null ? null : domainOf(one.vendor);
}

/** A distribution has a few hundred maintainers, and each host the same. */
const domains = new Map<string, string | null>();
const mostDomains = 20_000;

function domainOf(maintainer: string): string | null {
	const known = domains.get(maintainer);
	if (known !== undefined) return known;
	if (domains.size >= mostDomains) domains.clear();
	const domain = maintainer.length > 500 ? null : (foreignMaintainers.exec(maintainer)?.[1] ?? null);
	domains.set(maintainer, domain);
	return domain;
}
