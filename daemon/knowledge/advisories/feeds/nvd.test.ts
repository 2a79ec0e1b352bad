/** NVD's records: scores, weaknesses, references, and nothing that could judge a package. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNvd, parseNvd } from "./nvd.ts";

const score = (vectorString: string, type = "Primary") => ({ type, cvssData: { vectorString } });
const page = (cve: object) => ({
	...{ format: "NVD_CVE", version: "2.0", timestamp: "2025-02-03T04:05:06.007", vulnerabilities: [{ cve }] },
});

describe("NVD's JSON 2.0", () => {
	it("gives scores of all versions of CVSS, NVD's own before others'", () => {
		const cve = {
			...{
				id: "CVE-2024-0001",
				vulnStatus: "Analyzed",
				published: "2024-01-02T03:04:05.678",
				lastModified: "2024-05-06T07:08:09.010",
			},
			descriptions: [
				{ lang: "es", value: "Un fallo" },
				{ lang: "en", value: "A flaw" },
			],
			metrics: {
				cvssMetricV2: [score("AV:N/AC:L/Au:N/C:P/I:P/A:P")],
				cvssMetricV31: [score("CVSS:3.1/of-others", "Secondary"), score("CVSS:3.1/its-own")],
				cvssMetricV40: [score("CVSS:4.0/AV:N")],
			},
			weaknesses: [{ description: [{ value: "CWE-79" }, { value: "NVD-CWE-noinfo" }] }],
			references: [{ url: "https://example.org/a" }, { url: "https://example.org/a" }],
			configurations: [{ nodes: [{ cpeMatch: [{ criteria: "cpe:2.3:a:x:x:1:*:*:*:*:*:*:*", vulnerable: true }] }] }],
		};
		expect(parseNvd(page(cve))).toEqual({
			publishedAt: Date.UTC(2025, 1, 3, 4, 5, 6, 7),
			details: [
				{
					...{ cve: "CVE-2024-0001", title: null, description: "A flaw", cwes: ["CWE-79"], status: "Analyzed" },
					cvss: ["CVSS:4.0/AV:N", "CVSS:3.1/its-own", "CVSS:3.1/of-others", "AV:N/AC:L/Au:N/C:P/I:P/A:P"],
					...{ references: ["https://example.org/a"], publishedAt: Date.UTC(2024, 0, 2, 3, 4, 5, 678) },
					modifiedAt: Date.UTC(2024, 4, 6, 7, 8, 9, 10),
				},
			],
		});
	});

	it("is told apart by its format", () => {
		expect(isNvd(page({}))).toBe(true);
		expect(isNvd({ CVE_Items: [] })).toBe(false);
	});

	it("throws at nothing", () => {
		fc.assert(fc.property(fc.anything(), (any) => parseNvd(any).details.length === 0));
		const id = fc.constant("CVE-2024-0001");
		const record = fc.record({
			id,
			metrics: fc.anything(),
			weaknesses: fc.anything(),
			references: fc.anything(),
			descriptions: fc.anything(),
		});
		fc.assert(fc.property(record, (cve) => parseNvd(page(cve)).details.length === 1));
	});
});
