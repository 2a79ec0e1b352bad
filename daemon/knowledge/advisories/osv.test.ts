import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseOsv } from "./osv.ts";

const eventsOf = (...events: object[]) => ({
	id: "X-1",
	affected: [{ package: { ecosystem: "Debian:12", name: "x" }, ranges: [{ type: "ECOSYSTEM", events }] }],
});
const base = { ecosystem: "Debian:12", package: "x", note: null };

describe("ranges", () => {
	it("run from what introduced the flaw to what ends it", () => {
		expect(parseOsv(eventsOf({ introduced: "0" }, { fixed: "2" }))?.affected).toEqual([
			{ ...base, introduced: null, fixed: "2", lastAffected: null, state: "fixed" },
		]);
		expect(parseOsv(eventsOf({ introduced: "1" }, { last_affected: "2" }))?.affected).toEqual([
			{ ...base, introduced: "1", fixed: null, lastAffected: "2", state: "open" },
		]);
		expect(parseOsv(eventsOf({ introduced: "1" }))?.affected).toEqual([
			{ ...base, introduced: "1", fixed: null, lastAffected: null, state: "open" },
		]);
	});

	it("may be several in one, and a limit ends none", () => {
		const parsed = parseOsv(
			eventsOf(
				{ introduced: "1" },
				{ fixed: "2" },
				{ introduced: "3" },
				{ limit: "9" },
				{ introduced: "5" },
				{ fixed: "6" },
			),
		);
		expect(parsed?.affected.map(({ introduced, fixed }) => [introduced, fixed])).toEqual([
			["1", "2"],
			["3", null],
			["5", "6"],
		]);
	});

	it("of commits are left out; versions named one by one are ranges of one", () => {
		const affected = [
			{
				package: { ecosystem: "npm", name: "x" },
				ranges: [{ type: "GIT", events: [{ introduced: "abc" }] }],
				versions: ["1.0.0", 7, "1.0.1"],
			},
		];
		expect(parseOsv({ id: "X-1", affected })?.affected).toEqual(
			["1.0.0", "1.0.1"].map((version) => ({
				...{ ecosystem: "npm", package: "x", note: null, introduced: version },
				...{ fixed: null, lastAffected: version, state: "open" },
			})),
		);
	});
});

it("finds the CVEs of each vendor where it writes them", () => {
	const cves = (fields: object) => parseOsv({ id: "X-1", affected: [], ...fields })?.cves;
	expect(cves({ aliases: ["CVE-2024-0001", "GHSA-1"], related: ["CVE-2024-0009"] })).toEqual(["CVE-2024-0001"]);
	expect(cves({ id: "UBUNTU-CVE-2024-0002", upstream: ["CVE-2024-0002"] })).toEqual(["CVE-2024-0002"]);
	expect(cves({ id: "DEBIAN-CVE-2024-0003" })).toEqual(["CVE-2024-0003"]);
	expect(cves({ id: "ALSA-2024:1", related: ["CVE-2024-0004", "CVE-2024-0005"] })).toEqual([
		"CVE-2024-0004",
		"CVE-2024-0005",
	]);
	expect(cves({ upstream: ["CVE-24-1", "CVE-2024-1 OR 1"] })).toEqual([]);
});

it("takes severity, vectors, dates and title as they stand", () => {
	const severity = [
		{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" },
		{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" },
		{ type: "Ubuntu", score: "medium" },
	];
	const dates = { published: "2024-05-06T07:08:09Z", modified: "2024-05-07T00:00:00Z", withdrawn: "not a date" };
	const parsed = parseOsv({ id: "U-1", affected: [], details: "First line\nsecond", severity, ...dates });
	expect(parsed).toMatchObject({
		...{ title: "First line", severity: "medium", cvss: [severity[0]?.score] },
		...{ publishedAt: Date.UTC(2024, 4, 6, 7, 8, 9), modifiedAt: Date.UTC(2024, 4, 7), withdrawnAt: null },
	});
});

it("leaves out what it does not understand, whatever it is given", () => {
	expect(parseOsv(null)).toBeNull();
	expect(parseOsv({ id: "X" })).toBeNull();
	expect(parseOsv({ id: 7, affected: [] })).toBeNull();
	const anything = fc.jsonValue({ maxDepth: 4 });
	const shaped = fc.record(
		{
			id: fc.oneof(fc.string(), anything),
			affected: fc.array(
				fc.record({
					package: fc.oneof(fc.record({ ecosystem: fc.string(), name: fc.string() }), anything),
					ranges: fc.array(
						fc.record({
							type: fc.constantFrom("ECOSYSTEM", "SEMVER", "GIT"),
							events: fc.array(
								fc.oneof(fc.record({ introduced: fc.string() }), fc.record({ fixed: fc.string() }), anything),
							),
						}),
					),
					versions: anything,
				}),
			),
			severity: anything,
			database_specific: anything,
			related: anything,
		},
		{ requiredKeys: ["id", "affected"] },
	);
	fc.assert(
		fc.property(fc.oneof(anything, shaped), (document) => {
			for (const range of parseOsv(document)?.affected ?? []) {
				expect(range.fixed === null || range.lastAffected === null).toBe(true);
			}
		}),
		{ numRuns: 2_000 },
	);
});
