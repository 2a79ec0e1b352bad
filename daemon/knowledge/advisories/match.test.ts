import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareVersions } from "../versions/version-order.ts";
import type { Advisory, AffectedRange } from "./advisory.ts";
import { KnowledgeBase } from "./base.ts";
import { BaseWriter } from "./base-writer.ts";
import { matchPackages } from "./match.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-match-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const range = (fields: Partial<AffectedRange>): AffectedRange => ({
	...{ ecosystem: "Debian:12", package: "openssl", introduced: null, fixed: null, lastAffected: null, note: null },
	state: fields.fixed == null ? "open" : "fixed",
	...fields,
});
const advisory = (id: string, affected: AffectedRange[], cves: string[] = []): Advisory => ({
	...{
		id,
		cves,
		title: id,
		severity: null,
		cvss: [],
		publishedAt: null,
		modifiedAt: null,
		withdrawnAt: null,
		affected,
	},
});
const dpkg = (name: string, version: string, source: string | null = null) => ({
	...{ name, version, source, sourceVersion: null },
});

/** Judges against a base of these feeds. Verdicts as `advisory package version state`. */
function judge(
	feeds: Record<string, Advisory[]>,
	packages: ReturnType<typeof dpkg>[],
	ecosystems: string[] = ["Debian:12"],
): string[] {
	const path = join(folder, "base.db");
	rmSync(path, { force: true });
	for (const [name, advisories] of Object.entries(feeds)) {
		const writer = new BaseWriter(path, { name, format: "osv", file: name, importedAt: 0 });
		for (const one of advisories) writer.addAdvisory(one);
		writer.finish();
	}
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	try {
		const { verdicts } = matchPackages({ ecosystems, packages }, base);
		return verdicts.map((one) =>
			[base.advisory(one.advisory)?.name, one.package, one.version, one.state, ...one.binaries].join(" "),
		);
	} finally {
		base.close();
	}
}

describe("a version", () => {
	it("is affected from what introduced the flaw to what mends it", () => {
		const feed = { f: [advisory("DSA-1", [range({ introduced: "3.0", fixed: "3.1-2" })])] };
		const at = (version: string) => judge(feed, [dpkg("openssl", version)]);
		expect(at("2.9")).toEqual([]);
		expect(at("3.0")).toEqual(["DSA-1 openssl 3.0 update openssl"]);
		expect(at("3.1-1+deb12u9")).toHaveLength(1);
		expect(at("3.1-2")).toEqual([]);
	});

	it("is affected up to and with the last one", () => {
		const feed = { f: [advisory("X-1", [range({ lastAffected: "3.1" })])] };
		expect(judge(feed, [dpkg("openssl", "3.1")])).toEqual(["X-1 openssl 3.1 open openssl"]);
		expect(judge(feed, [dpkg("openssl", "3.1.1")])).toEqual([]);
	});

	it("of the source package counts, told once with all that is made from it", () => {
		const feed = { f: [advisory("DSA-1", [range({ fixed: "3.1-2" })])] };
		const packages = [dpkg("libssl3", "3.1-1", "openssl"), dpkg("openssl", "3.1-1"), dpkg("libother", "1", "other")];
		expect(judge(feed, packages)).toEqual(["DSA-1 openssl 3.1-1 update libssl3 openssl"]);
	});

	it("of another ecosystem is nobody's business", () => {
		const feed = { f: [advisory("DSA-1", [range({ ecosystem: "Debian:11", fixed: "9" })])] };
		expect(judge(feed, [dpkg("openssl", "1")])).toEqual([]);
		expect(judge(feed, [dpkg("openssl", "1")], ["Debian:11"])).toHaveLength(1);
	});
});

it("keeps what waits, what will not be mended and what was never affected apart", () => {
	const feed = {
		f: (["postponed", "will-not-fix", "not-affected", "open"] as const).map((state, i) =>
			advisory(`CVE-2026-000${i}`, [range({ state })], [`CVE-2026-000${i}`]),
		),
	};
	expect(judge(feed, [dpkg("openssl", "1")]).map((line) => line.split(" ")[3])).toEqual([
		"postponed",
		"will-not-fix",
		"open",
	]);
});

it("tells a flaw once: the vendor's advisory before the record of its CVE, and one of two alike", () => {
	const fixed = [range({ fixed: "2" })];
	const feeds = {
		a: [
			advisory("DSA-1", fixed, ["CVE-2026-0001", "CVE-2026-0002"]),
			advisory("DEBIAN-CVE-2026-0001", fixed, ["CVE-2026-0001"]),
		],
		b: [advisory("CVE-2026-0002", fixed, ["CVE-2026-0002"]), advisory("CVE-2026-0003", [range({})], ["CVE-2026-0003"])],
		c: [advisory("DEBIAN-CVE-2026-0003", [range({})], ["CVE-2026-0003"]), advisory("DSA-1", fixed, ["CVE-2026-0001"])],
	};
	expect(judge(feeds, [dpkg("openssl", "1")])).toEqual([
		"DSA-1 openssl 1 update openssl",
		"CVE-2026-0003 openssl 1 open openssl",
	]);
});

describe("builds of RPM modules", () => {
	const alma = (fixed: string, name = "python39") => range({ ecosystem: "AlmaLinux:8", package: name, fixed });
	const at = (version: string, ranges: AffectedRange[]) =>
		judge({ f: [advisory("ALSA-1", ranges)] }, [dpkg("python39", version)], ["AlmaLinux:8"]).length;

	it("say nothing of a package that is of no module, and the other way round", () => {
		expect(at("3.9.1-1.el8", [alma("3.9.19-1.module_el8.10.0+3849+a48d89aa")])).toBe(0);
		expect(at("3.9.1-1.module_el8.6.0+1+a", [alma("3.9.19-1.el8")])).toBe(0);
		expect(at("3.9.1-1.module_el8.6.0+1+a", [alma("3.9.19-1.module_el8.10.0+3849+a48d89aa")])).toBe(1);
	});

	it("have the fix from the lowest of those that carry it", () => {
		const both = [alma("0.29-5.module_el8.6.0+3248+c4"), alma("0.29-5.module_el8.6.0+2780+a4")];
		expect(at("0.29-5.module_el8.6.0+2780+a4", both)).toBe(0);
		expect(at("0.29-4.module_el8.6.0+9999+a4", both)).toBe(1);
	});
});

it("agrees with comparing every package with every range", () => {
	const version = fc.stringMatching(/^[0-3](\.[0-3])?(-[1-3])?(~rc1)?$/);
	const name = fc.constantFrom("a", "b", "c");
	const ranges = fc.array(fc.record({ package: name, introduced: fc.option(version), fixed: fc.option(version) }), {
		minLength: 1,
		maxLength: 12,
	});
	fc.assert(
		fc.property(fc.array(fc.tuple(name, version), { maxLength: 6 }), ranges, (installed, said) => {
			const packages = installed.map(([one, at]) => dpkg(one, at));
			const feed = said.map((fields, i) => advisory(`X-${i}`, [range(fields)]));
			const expected = new Set<string>();
			for (const [one, at] of installed) {
				said.forEach(({ package: about, introduced, fixed }, i) => {
					if (about !== one || (introduced !== null && compareVersions("dpkg", at, introduced) === -1)) return;
					if (fixed === null || compareVersions("dpkg", at, fixed) === -1) expected.add(`X-${i} ${one} ${at}`);
				});
			}
			const told = judge({ f: feed }, packages).map((line) => line.split(" ").slice(0, 3).join(" "));
			expect(new Set(told)).toEqual(expected);
		}),
		{ numRuns: 60 },
	);
});

describe("builds of several minor releases of Red Hat", () => {
	const rhel = (fields: Partial<AffectedRange>) =>
		range({ ecosystem: "Red Hat:enterprise_linux:9", package: "curl", ...fields });
	const builds = ["7.76.1-14.el9_0.9", "7.76.1-23.el9_2.4", "7.76.1-26.el9_3.2"];
	const record = advisory(
		"REDHAT-CVE-2023-0001",
		builds.map((fixed) => rhel({ fixed })),
		["CVE-2023-0001"],
	);
	const erratum = (id: string, cves: string[]) => advisory(id, [rhel({ fixed: "7.76.1-26.el9_3.2" })], cves);
	const at = (version: string, feeds: Record<string, Advisory[]> = { vex: [record] }) =>
		judge(feeds, [dpkg("curl", version)], ["Red Hat:enterprise_linux:9"]);

	it.each([
		["7.76.1-14.el9_0.9", false],
		["7.76.1-14.el9_0.8", true],
		["7.76.1-23.el9_2.4", false],
		["7.76.1-23.el9_2.3", true],
		["7.76.1-23.el9", true],
		["7.76.1-26.el9", true],
		["7.76.1-26.el9_3.2", false],
		["7.76.1-25.el9", true],
		["7.76.1-29.el9_4", false],
		["7.76.1-29.el9", false],
	])("%s is affected: %s", (version, isAffected) => {
		expect(at(version)).toHaveLength(isAffected ? 1 : 0);
	});

	it("an advisory does not hold against a build that the record of its CVE calls mended", () => {
		const errata = [
			erratum("RHSA-2023:0001", ["CVE-2023-0001"]),
			erratum("RHSA-2023:0002", ["CVE-2023-0001", "CVE-2023-2"]),
		];
		const feeds = { advisories: errata, vex: [record] };
		expect(at("7.76.1-23.el9_2.4", { advisories: errata })).toHaveLength(2);
		expect(at("7.76.1-23.el9_2.4", feeds)).toEqual(["RHSA-2023:0002 curl 7.76.1-23.el9_2.4 update curl"]);
		expect(at("7.76.1-23.el9_2.3", feeds).map((line) => line.split(" ")[0])).toEqual([
			"RHSA-2023:0001",
			"RHSA-2023:0002",
		]);
	});
});
