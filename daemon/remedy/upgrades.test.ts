import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DataOf } from "../evidence/record.ts";
import type { Advisory } from "../knowledge/advisories/advisory.ts";
import { KnowledgeBase } from "../knowledge/advisories/base.ts";
import { BaseWriter } from "../knowledge/advisories/base-writer.ts";
import { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { upgradeCommands } from "./upgrade-commands.ts";
import { keyOf, planUpgrades, upgraded } from "./upgrades.ts";

type Package = DataOf<"packages">["packages"][number];
type Os = NonNullable<DataOf<"system">["os"]>;
const t0 = 1_700_000_000_000;

let folder: string;
const opened: KnowledgeBase[] = [];
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-remedy-"));
});
afterAll(() => {
	for (const base of opened) base.close();
	rmSync(folder, { recursive: true });
});

type Told = readonly [name: string, packageName: string, fixed: string | null];

function bookOf(ecosystem: string, told: readonly Told[]): AdvisoryBook {
	const path = join(folder, `${opened.length}.db`);
	const writer = new BaseWriter(path, { name: "osv", format: "osv", file: "f", importedAt: t0 });
	for (const [id, packageName, fixed] of told) {
		const range = { introduced: null, fixed, lastAffected: null, state: fixed === null ? "open" : "fixed", note: null };
		writer.addAdvisory({
			...{ id, cves: [`CVE-2026-${id.replace(/\D/g, "").padStart(4, "0")}`], title: id, severity: null, cvss: [] },
			...{ publishedAt: t0, modifiedAt: t0, withdrawnAt: null },
			affected: [{ ecosystem, package: packageName, ...range }],
		} as Advisory);
	}
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	opened.push(base);
	return new AdvisoryBook(base);
}

const debian: Os = {
	id: "debian",
	like: [],
	version: "12",
	codename: "bookworm",
	name: "Debian GNU/Linux 12",
	cpe: null,
};
const alma: Os = { ...debian, id: "almalinux", version: "9.4", name: "AlmaLinux 9.4" };
const alpine: Os = { ...debian, id: "alpine", version: "3.19.1", name: "Alpine Linux v3.19" };
const systemOf = (os: Os): DataOf<"system"> => ({
	...{ os, hostname: "web1", fqdn: null, architecture: "x86_64", bootedAt: null, virtualization: null },
	kernel: { running: "6.1.0-18-amd64", build: "#1 SMP Debian 6.1.76-1 (2024-02-01)", installed: [] },
	...{ machineId: null, dmi: { uuid: null, serial: null, vendor: null, product: null }, cloud: null, timeSync: true },
});
const installed = (name: string, version: string, source: string | null = null): Package => ({
	...{ name, version, source, sourceVersion: null, architecture: "amd64", module: null, vendor: null },
});

const families = [
	{ os: debian, manager: "dpkg" as const, ecosystem: "Debian:12", version: (n: number) => `1.${n}-1+deb12u${n % 3}` },
	{ os: alma, manager: "rpm" as const, ecosystem: "AlmaLinux:9", version: (n: number) => `1.${n}-${n}.el9` },
	{ os: alpine, manager: "apk" as const, ecosystem: "Alpine:v3.19", version: (n: number) => `1.${n}-r${n}` },
];
const names = ["openssl", "curl", "bash"] as const;
const scene = fc.record({
	family: fc.constantFrom(...families),
	packages: fc.array(fc.record({ of: fc.constantFrom(...names), part: fc.nat(2), at: fc.nat(9) }), {
		minLength: 1,
		maxLength: 6,
	}),
	advisories: fc.array(
		fc.record({ of: fc.constantFrom(...names), fixed: fc.option(fc.integer({ min: 1, max: 12 })) }),
		{
			minLength: 1,
			maxLength: 8,
		},
	),
	wanted: fc.array(fc.nat(7), { minLength: 1, maxLength: 8 }),
});

test("judged again with the upgrades, none of what was to be closed is left; and nothing needless is upgraded", () => {
	fc.assert(
		fc.property(scene, ({ family, packages, advisories, wanted }) => {
			const { os, manager, ecosystem, version } = family;
			const told = advisories.map(
				({ of, fixed }, at): Told => [`ADV-${at}`, of, fixed === null ? null : version(fixed)],
			);
			const book = bookOf(ecosystem, told);
			const listed = [
				...new Map(
					packages.map(({ of, part, at }) => {
						// By source, several packages are made from one; AlmaLinux speaks of each by itself.
						const name = manager === "rpm" || part === 0 ? of : `lib${of}${part}`;
						return [name, installed(name, version(at), name === of ? null : of)];
					}),
				).values(),
			];
			const chosen = new Set(wanted.map((at) => `ADV-${at % advisories.length}`));
			const judge: Parameters<typeof planUpgrades>[3] = (system, data) => book.judgeHost(system, data);
			const data = { manager, packages: listed };
			const { upgrades, closes, stays } = planUpgrades(systemOf(os), data, chosen, judge);
			const after = upgraded(
				listed,
				new Map(upgrades.map((one) => [keyOf({ name: one.package, version: one.from }), one])),
			);
			const left = judge(systemOf(os), { manager, packages: after }).verdicts;
			for (const name of closes) expect(left.has(name)).toBe(false);
			const before = judge(systemOf(os), data).verdicts;
			for (const name of chosen) expect(closes.has(name) || stays.has(name)).toBe(before.has(name));
			for (const { advisories: by } of upgrades) expect(by.some((name) => chosen.has(name))).toBe(true);
		}),
		{ numRuns: 60 },
	);
});

const aptUpgrade =
	"DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install --only-upgrade -y";

describe("in the words of each manager", () => {
	const plan = (os: Os, manager: "dpkg" | "rpm" | "apk", ecosystem: string, packages: Package[], told: Told[]) => {
		const book = bookOf(ecosystem, told);
		const judge: Parameters<typeof planUpgrades>[3] = (system, data) => book.judgeHost(system, data);
		const wanted = new Set(told.map(([name]) => name));
		const { upgrades } = planUpgrades(systemOf(os), { manager, packages }, wanted, judge);
		return { upgrades, ...upgradeCommands(manager, os, upgrades) };
	};

	test("apt: every package of the source, once, and a check", () => {
		const packages = [installed("libssl3", "3.0.11-1~deb12u1", "openssl"), installed("openssl", "3.0.11-1~deb12u1")];
		const told: Told[] = [
			["DSA-1", "openssl", "3.0.11-1~deb12u2"],
			["DSA-2", "openssl", "3.0.13-1~deb12u1"],
		];
		const { commands, checks, upgrades } = plan(debian, "dpkg", "Debian:12", packages, told);
		expect(commands).toEqual(["apt-get update", `${aptUpgrade} libssl3 openssl`]);
		expect(upgrades.map(({ to }) => to)).toEqual(["3.0.13-1~deb12u1", "3.0.13-1~deb12u1"]);
		expect(checks[0]).toContain("ge '3.0.13-1~deb12u1'");
	});

	test("dnf: at least that version; yum and zypper: the name", () => {
		const packages = [installed("openssl", "1:3.0.7-24.el9")];
		const told: Told[] = [["ALSA-1", "openssl", "1:3.0.7-25.el9"]];
		expect(plan(alma, "rpm", "AlmaLinux:9", packages, told).commands).toEqual([
			"dnf makecache",
			"dnf upgrade -y 'openssl >= 1:3.0.7-25.el9'",
		]);
		const upgrades = plan(alma, "rpm", "AlmaLinux:9", packages, told).upgrades;
		const old = { ...alma, id: "rhel", version: "7.9" };
		expect(upgradeCommands("rpm", old, upgrades).commands).toEqual(["yum update -y openssl"]);
		expect(upgradeCommands("rpm", { ...alma, id: "sles" }, upgrades).commands).toEqual([
			"zypper refresh",
			"zypper --non-interactive update openssl",
		]);
	});

	test("rpm: a check that misses one of its packages does not end the script it is in", () => {
		const packages = [installed("openssl", "1:3.0.7-24.el9")];
		const { checks } = plan(alma, "rpm", "AlmaLinux:9", packages, [["ALSA-1", "openssl", "1:3.0.7-25.el9"]]);
		const script = ["set -eu", "rpm() { echo 'not installed'; return 1; }", ...checks, "echo the rest"].join("\n");
		expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe("not installed\nthe rest\n");
	});

	test("apk: without a word in the world file", () => {
		const told: Told[] = [["CVE-2026-1", "openssl", "3.1.4-r3"]];
		const packages = [installed("libssl3", "3.1.4-r1", "openssl")];
		expect(plan(alpine, "apk", "Alpine:v3.19", packages, told).commands).toEqual(["apk update", "apk upgrade libssl3"]);
	});

	test("a kernel comes with its metapackage, and only a reboot brings it into force", () => {
		const packages = [
			installed("linux-image-6.1.0-18-amd64", "6.1.76-1", "linux-signed-amd64"),
			installed("linux-image-amd64", "6.1.76-1", "linux-signed-amd64"),
		];
		const { upgrades, commands } = plan(debian, "dpkg", "Debian:12", packages, [["DSA-3", "linux", "6.1.85-1"]]);
		expect(upgrades).toMatchObject([{ package: "linux-image-amd64", isKernel: true, to: "6.1.85-1" }]);
		expect(commands).toEqual(["apt-get update", `${aptUpgrade} linux-image-amd64`]);
	});
});

test("whatever a host calls its packages, nothing but names and versions reaches a shell", () => {
	const text = fc.oneof(
		fc.string({ unit: "binary", maxLength: 30 }),
		fc.constantFrom("a;reboot", "$(id)", "`id`", "a b", "-o", "--x", "openssh-server-", "a.b", "g++"),
	);
	const version = fc.oneof(text, fc.constant("1.2-3"));
	const upgrade = fc.record({
		...{ package: text, from: text, source: text, to: version, isOwnVersion: fc.boolean(), isKernel: fc.boolean() },
		advisories: fc.constant([]),
	});
	const plain = /^([A-Za-z0-9][A-Za-z0-9+._-]*|'[A-Za-z0-9][A-Za-z0-9+._-]* >= [A-Za-z0-9][A-Za-z0-9+.:~^_-]*')(?<!-)$/;
	const apt = /^([A-Za-z0-9][A-Za-z0-9_-]*|'\^[A-Za-z0-9]([A-Za-z0-9_-]|\\[.+])*\$')(?<!-)$/;
	fc.assert(
		fc.property(fc.array(upgrade, { maxLength: 4 }), fc.constantFrom(...families), (upgrades, { manager, os }) => {
			const { commands } = upgradeCommands(manager, os, upgrades);
			const last =
				commands
					.at(-1)
					?.replace(aptUpgrade, "")
					.replace(/^(dnf upgrade -y|apk upgrade) /, "") ?? "";
			for (const one of last.match(/'[^']*'|\S+/g) ?? []) expect(one).toMatch(manager === "dpkg" ? apt : plain);
		}),
	);
});
