/** The sources that are known without being told: public, free of charge, and under a licence that lets anybody use them. */
import type { FeedSource } from "../../../protocol/model/knowledge-update.ts";

/** Each ecosystem's records as one zip (google.github.io/osv.dev/data, "Data dumps"). */
const osv = (name: string, ecosystem: string, about: string, licence: string, enabled: boolean): FeedSource => ({
	...{ name, feed: `osv ${ecosystem}`, about, licence, sha256Url: null, enabled },
	urls: [`https://storage.googleapis.com/osv-vulnerabilities/${encodeURIComponent(ecosystem)}/all.zip`],
});

const one = (name: string, url: string, about: string, licence: string, enabled = true): FeedSource => ({
	...{ name, feed: name, about, licence, urls: [url], sha256Url: null, enabled },
});

/** Switched on are those that judge a distribution's packages, and what is known of a CVE's urgency. */
export const defaultSources: readonly FeedSource[] = [
	one(
		"debian-tracker",
		"https://security-tracker.debian.org/tracker/data/json",
		"Debian: what is open, postponed or not affected, besides what was mended",
		"terms of debian.org",
	),
	osv("osv-debian", "Debian", "Debian security advisories", "terms of debian.org", true),
	osv("osv-ubuntu", "Ubuntu", "Ubuntu security notices and CVEs, with Pro", "CC-BY-SA-4.0", true),
	osv("osv-alpine", "Alpine", "Alpine's security database", "terms of alpinelinux.org", true),
	osv("osv-almalinux", "AlmaLinux", "AlmaLinux errata", "MIT", true),
	osv("osv-rocky", "Rocky Linux", "Rocky Linux errata", "BSD", true),
	osv("osv-redhat", "Red Hat", "Red Hat advisories", "CC-BY-4.0", true),
	osv("osv-suse", "SUSE", "SUSE Linux Enterprise advisories", "CC-BY-4.0", true),
	osv("osv-opensuse", "openSUSE", "openSUSE advisories", "CC-BY-4.0", false),
	osv("osv-npm", "npm", "npm packages", "CC-BY-4.0", false),
	osv("osv-pypi", "PyPI", "Python packages", "CC-BY-4.0", false),
	osv("osv-go", "Go", "Go modules", "CC-BY-4.0", false),
	osv("osv-crates", "crates.io", "Rust crates", "CC0-1.0", false),
	one(
		"kev",
		"https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
		"CISA: CVEs that are exploited",
		"CC0-1.0",
	),
	one(
		"epss",
		"https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
		"FIRST: how likely each CVE is to be exploited within 30 days",
		"free to use, FIRST asks to be named",
	),
	one(
		"endoflife",
		"https://endoflife.date/api/v1/products/full",
		"endoflife.date: until when systems and services are supported",
		"MIT",
	),
	one(
		"recog",
		"https://github.com/rapid7/recog/archive/refs/heads/main.zip",
		"recog: what a banner tells of the software behind it",
		"BSD-2-Clause",
		false,
	),
	{
		...one(
			"ieee-oui",
			"https://standards-oui.ieee.org/oui/oui.csv",
			"IEEE: which maker an adapter's address was given to",
			"terms of the IEEE",
			false,
		),
		feed: "ieee MA-L",
	},
	{
		...one(
			"nvd-modified",
			"https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-modified.json.gz",
			"NVD: ratings and descriptions of the CVEs of the last days, never a verdict",
			"public domain (NIST)",
			false,
		),
		feed: "nvd modified",
	},
];
