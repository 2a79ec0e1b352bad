/**
 * NVD's CVE records, as its API 2.0 and its yearly files give them (csrc.nist.gov, schema nvd_api_2.0): scores, weaknesses and
 * references. What versions they name is not read: of a distribution's package that says nothing. Pure.
 */
import { type CveDetail, isCve } from "../advisory.ts";
import { list, record, text, time } from "../untrusted.ts";

export function isNvd(document: unknown): boolean {
	const { format, vulnerabilities } = record(document);
	return format === "NVD_CVE" && Array.isArray(vulnerabilities);
}

export function parseNvd(document: unknown): { readonly publishedAt: number | null; readonly details: CveDetail[] } {
	const { timestamp, vulnerabilities } = record(document);
	// NVD writes its times in UTC without saying so.
	const publishedAt = utc(timestamp);
	return { publishedAt, details: list(vulnerabilities).flatMap((one) => detailOf(record(record(one).cve)) ?? []) };
}

function detailOf(cve: Readonly<Record<string, unknown>>): CveDetail | null {
	const id = text(cve.id);
	if (id === null || !isCve(id)) return null;
	const english = list(cve.descriptions)
		.map(record)
		.find(({ lang }) => lang === "en");
	const cwes = list(cve.weaknesses)
		.flatMap((one) => list(record(one).description))
		.flatMap((one) => /^CWE-[0-9]{1,5}$/.exec(text(record(one).value) ?? "")?.[0] ?? []);
	return {
		...{ cve: id, title: null, description: text(english?.value)?.slice(0, 1_000) ?? null },
		...{ cvss: vectorsOf(record(cve.metrics)), cwes: [...new Set(cwes)].slice(0, 10) },
		references: [...new Set(list(cve.references).flatMap((one) => text(record(one).url) ?? []))].slice(0, 20),
		...{ publishedAt: utc(cve.published), modifiedAt: utc(cve.lastModified), status: text(cve.vulnStatus) },
	};
}

/** Of each version of CVSS NVD's own score before others', newest version first. */
function vectorsOf(metrics: Readonly<Record<string, unknown>>): string[] {
	const vectors = ["cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"].flatMap((name) =>
		list(metrics[name])
			.map(record)
			.toSorted((a, b) => Number(b.type === "Primary") - Number(a.type === "Primary"))
			.flatMap(({ cvssData }) => text(record(cvssData).vectorString) ?? []),
	);
	return [...new Set(vectors)].slice(0, 10);
}

function utc(value: unknown): number | null {
	const written = text(value);
	return time(written !== null && /T[0-9:.]+$/.test(written) ? `${written}Z` : written);
}
