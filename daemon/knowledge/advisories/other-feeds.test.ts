/** The feeds that are not OSV: Debian's tracker, CISA's list, EPSS. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isKev, parseEpssLine, parseKev, readEpssHead } from "./cve-facts.ts";
import { isDebianTracker, parseDebianTracker } from "./debian-tracker.ts";

describe("Debian's tracker", () => {
	const place = (fields: object) => ({
		x: { "CVE-2024-0001": { description: "Flaw", releases: { bookworm: fields } } },
	});
	const rangeOf = (fields: object) => parseDebianTracker(place(fields))[0]?.affected[0];

	it.each([
		[
			{ status: "resolved", fixed_version: "1.2-3", urgency: "low" },
			{ fixed: "1.2-3", state: "fixed", note: "low" },
		],
		[
			{ status: "resolved", fixed_version: "0" },
			{ fixed: null, state: "not-affected" },
		],
		[
			{ status: "open", urgency: "not yet assigned" },
			{ fixed: null, state: "open", note: null },
		],
		[
			{ status: "open", nodsa: "Minor issue", nodsa_reason: "" },
			{ state: "postponed", note: "Minor issue" },
		],
		[
			{ status: "open", nodsa: "Later", nodsa_reason: "postponed" },
			{ state: "postponed", note: "Later" },
		],
		[
			{ status: "open", nodsa: "Too intrusive", nodsa_reason: "ignored" },
			{ state: "will-not-fix", note: "Too intrusive" },
		],
		[{ status: "open", urgency: "unimportant" }, { state: "will-not-fix" }],
		[{ status: "open", urgency: "end-of-life" }, { state: "will-not-fix" }],
	])("%j", (fields, expected) => {
		expect(rangeOf(fields)).toMatchObject({ ecosystem: "Debian:12", package: "x", ...expected });
	});

	it("says nothing of what is undetermined, of unnumbered issues and of releases it cannot name", () => {
		expect(rangeOf({ status: "undetermined" })).toBeUndefined();
		expect(
			parseDebianTracker({ x: { "TEMP-0000001-ABCDEF": { releases: { bookworm: { status: "open" } } } } }),
		).toEqual([]);
		expect(
			parseDebianTracker({ x: { "CVE-2024-0001": { releases: { zurg: { status: "open" } } } } })[0]?.affected,
		).toEqual([]);
	});

	it("joins the packages of one CVE", () => {
		const issue = { "CVE-2024-0001": { releases: { sid: { status: "open" } } } };
		const [advisory, ...more] = parseDebianTracker({ x: issue, y: issue });
		expect(more).toEqual([]);
		expect(advisory?.affected.map((range) => [range.package, range.ecosystem])).toEqual([
			["x", "Debian:unstable"],
			["y", "Debian:unstable"],
		]);
	});
});

describe("known exploited vulnerabilities", () => {
	it("are read with their dates", () => {
		const vulnerabilities = [
			{
				...{ cveID: "CVE-2021-44228", vulnerabilityName: "Log4Shell", dateAdded: "2021-12-10", dueDate: "2021-12-24" },
				knownRansomwareCampaignUse: "Known",
			},
			{ cveID: "no CVE", dateAdded: "2021-12-10" },
			{ cveID: "CVE-2021-0001" },
		];
		const document = { catalogVersion: "2025.08.25", dateReleased: "2025-08-25T17:00:59.459Z", vulnerabilities };
		expect(isKev(document)).toBe(true);
		expect(parseKev(document)).toEqual({
			publishedAt: Date.UTC(2025, 7, 25, 17, 0, 59, 459),
			facts: [
				{
					...{ cve: "CVE-2021-44228", title: "Log4Shell" },
					kev: { addedAt: Date.UTC(2021, 11, 10), dueAt: Date.UTC(2021, 11, 24), ransomware: true },
				},
			],
		});
	});
});

describe("EPSS", () => {
	it("begins with its date and its head", () => {
		const head = "cve,epss,percentile";
		expect(readEpssHead(["#model_version:v2025.03.14,score_date:2025-02-20T00:00:00+0000", head])).toEqual({
			publishedAt: Date.UTC(2025, 1, 20),
		});
		expect(readEpssHead(["#model_version:v1", head])).toEqual({ publishedAt: null });
		expect(readEpssHead(["#x", "cve,score"])).toBeNull();
		expect(readEpssHead([])).toBeNull();
	});

	it("has a score a line", () => {
		expect(parseEpssLine("CVE-1999-0001,0.00383,0.73075")).toEqual({
			cve: "CVE-1999-0001",
			epss: { score: 0.00383, percentile: 0.73075 },
		});
		for (const line of [
			"",
			"CVE-1999-0001",
			"CVE-1999-0001,2,0",
			"CVE-1999-0001,0,0,0",
			"x,0,0",
			"CVE-1999-0001,a,0",
		]) {
			expect(parseEpssLine(line)).toBeNull();
		}
	});
});

it("throws at nothing", () => {
	const anything = fc.jsonValue({ maxDepth: 5 });
	const tracker = fc.dictionary(
		fc.string(),
		fc.dictionary(
			fc.constantFrom("CVE-2024-0001", "TEMP-1"),
			fc.oneof(anything, fc.record({ releases: fc.dictionary(fc.constantFrom("sid", "bookworm", "x"), anything) })),
		),
	);
	fc.assert(
		fc.property(fc.oneof(anything, tracker), fc.string(), (document, line) => {
			isDebianTracker(document);
			parseDebianTracker(document);
			isKev(document);
			parseKev(document);
			parseEpssLine(line);
			readEpssHead([line]);
		}),
		{ numRuns: 1_000 },
	);
});
