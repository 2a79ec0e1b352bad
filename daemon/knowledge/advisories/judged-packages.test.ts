import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { DataOf } from "../../evidence/record.ts";
import { distributionOf } from "./distribution.ts";
import { judgedPackages } from "./judged-packages.ts";

type System = DataOf<"system">;
type Packages = DataOf<"packages">;

const os = (id: string, version: string | null) => ({
	id,
	like: [],
	version,
	codename: "x",
	name: `${id} ${version}`,
	cpe: null,
});

describe("the names feeds know a system by", () => {
	const names: [id: string, version: string | null, ...ecosystems: string[]][] = [
		["debian", "12", "Debian:12"],
		["ubuntu", "22.04", "Ubuntu:22.04:LTS", "Ubuntu:Pro:22.04:LTS"],
		["ubuntu", "24.10", "Ubuntu:24.10"],
		["ubuntu", "23.04", "Ubuntu:23.04"],
		["alpine", "3.19.1", "Alpine:v3.19"],
		["alpine", "3.6.5", "Alpine:v3.6"],
		["almalinux", "9.3", "AlmaLinux:9"],
		["rocky", "8.10", "Rocky Linux:8"],
		["opensuse-leap", "15.5", "openSUSE:Leap 15.5"],
		["sles", "12", "SUSE:Linux Enterprise Server 12", "SUSE:Linux Enterprise Server 12-LTSS"],
	];
	it.each(names)("%s %s", (id, version, ...ecosystems) => {
		expect(distributionOf(os(id, version))).toMatchObject({ ecosystems, problem: null });
	});

	test("of Red Hat are its streams", () => {
		expect(distributionOf(os("rhel", "9.3")).ecosystems).toContain("Red Hat:enterprise_linux:9::appstream");
	});

	test("of SUSE are the modules of its service pack, and LTSS where a repository says so", () => {
		const none = distributionOf(os("sles", "15.5"), []);
		expect(none.ecosystems).toEqual(
			expect.arrayContaining([
				"SUSE:Linux Enterprise Server 15 SP5",
				"SUSE:Linux Enterprise Module for Basesystem 15 SP5",
				"SUSE:Linux Enterprise Server 15 SP5-LTSS",
			]),
		);
		expect(none).toMatchObject({
			subscription: "SUSE:Linux Enterprise Server 15 SP5-LTSS",
			stream: null,
			unsure: null,
		});
		const repositories = ["SUSE_Linux_Enterprise_Server_LTSS_15_SP5_x86_64:SLES15-SP5-LTSS-Updates"];
		expect(distributionOf(os("sles", "15.5"), repositories)).toMatchObject({
			...{ subscription: null, stream: { title: "LTSS" } },
		});
	});

	it.each([
		["9.2", "rhel-9-for-x86_64-baseos-eus-rpms", "Red Hat:rhel_eus:9.2", "EUS of 9.2"],
		["8.6", "rhel-8-for-x86_64-sap-solutions-e4s-rpms", "Red Hat:rhel_e4s:8.6", "E4S of 8.6"],
		["8.4", "rhui-rhel-8-for-x86_64-baseos-aus-rhui-rpms", "Red Hat:rhel_aus:8.4", "AUS of 8.4"],
		["8.8", "rhel-8-for-x86_64-appstream-tus-source-rpms", "Red Hat:rhel_tus:8.8::appstream", "TUS of 8.8"],
		["7.7", "rhel-7-server-eus-rpms", "Red Hat:rhel_eus:7.7", "EUS of 7.7"],
		["7.9", "rhel-7-server-els-rpms", "Red Hat:rhel_els:7", "ELS of 7"],
	])("of Red Hat %s with %s are those of the stream", (version, repository, ecosystem, title) => {
		const { ecosystems, stream } = distributionOf(os("rhel", version), ["epel", repository]);
		expect(ecosystems).toContain(ecosystem);
		expect(stream?.title).toBe(title);
		const others = ["rhel-9-for-x86_64-baseos-rpms", "rhel-6-server-eus-rpms", "my-rhel-9-mirror", "eus"];
		expect(distributionOf(os("rhel", version), others).stream).toBeNull();
	});

	it.each([
		["debian", null],
		["alpine", "edge"],
		["alpine", "3.21.0_alpha20240923"],
		["haiku", "1"],
		["ubuntu", null],
		["almalinux", "x"],
	])("are none for %s %s, and it says why", (id, version) => {
		const { ecosystems, problem } = distributionOf(os(id, version));
		expect(ecosystems).toEqual([]);
		expect(problem).not.toBeNull();
	});

	test("need the host's word", () => {
		expect(distributionOf(null).problem).toContain("did not say");
	});
});

const system = (id: string, version: string, running: string, build: string | null = null): System => ({
	...{ os: os(id, version), hostname: null, fqdn: null, architecture: "x86_64", bootedAt: null, virtualization: null },
	...{ kernel: { running, build, installed: [] }, machineId: null, cloud: null, timeSync: null },
	dmi: { uuid: null, serial: null, vendor: null, product: null },
});
const one = (name: string, version: string, source: string | null = null, vendor: string | null = null) => ({
	...{ name, version, source, vendor, sourceVersion: null, architecture: "x86_64", module: null },
});
const judge = (of: System, manager: Packages["manager"], packages: Packages["packages"]) => {
	const { packages: judged, leftOut } = judgedPackages(of, { manager, packages });
	return {
		judged: judged.map(({ name, source, sourceVersion }) => [name, source, sourceVersion].filter(Boolean).join(" ")),
		leftOut: leftOut.map(({ name, version, reason }) => `${name} ${version}: ${reason}`),
	};
};

describe("of kernels the one that runs", () => {
	test("Ubuntu: the upload booted, of the flavour's own source", () => {
		const running = system("ubuntu", "22.04", "5.15.0-91-generic", "#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023");
		const packages = [
			one("linux-image-5.15.0-91-generic", "5.15.0-91.101", "linux-signed"),
			one("linux-image-5.15.0-96-generic", "5.15.0-96.106", "linux-signed"),
			one("linux-modules-5.15.0-91-generic", "5.15.0-91.101", "linux"),
		];
		expect(judge(running, "dpkg", packages)).toEqual({
			judged: ["linux-image-5.15.0-91-generic linux 5.15.0-91.101"],
			leftOut: [
				"linux-image-5.15.0-96-generic 5.15.0-96.106: installed, not running",
				"linux-modules-5.15.0-91-generic 5.15.0-91.101: installed, not running",
			],
		});
		const cloud = system("ubuntu", "22.04", "6.2.0-1018-aws", "#18~22.04.1-Ubuntu SMP Wed Jan 10 2024");
		const image = one("linux-image-6.2.0-1018-aws", "6.2.0-1018.18~22.04.1", "linux-signed-aws-6.2");
		expect(judge(cloud, "dpkg", [image]).judged).toEqual([
			"linux-image-6.2.0-1018-aws linux-aws-6.2 6.2.0-1018.18~22.04.1",
		]);
	});

	/** Text order puts .100 before .96. */
	test("RPM: all its packages, by what the host says runs", () => {
		const running = system("almalinux", "9.3", "5.14.0-362.96.1.el9_3.x86_64");
		const packages = ["5.14.0-362.96.1.el9_3", "5.14.0-362.100.1.el9_3"].flatMap((version) =>
			["kernel", "kernel-core", "kernel-modules"].map((name) => one(name, version, "kernel", "AlmaLinux")),
		);
		const { judged, leftOut } = judge(running, "rpm", [
			...packages,
			one("openssl-libs", "3.0-1", "openssl", "AlmaLinux"),
		]);
		expect(judged).toEqual([
			"kernel 5.14.0-362.96.1.el9_3",
			"kernel-core 5.14.0-362.96.1.el9_3",
			"kernel-modules 5.14.0-362.96.1.el9_3",
			"openssl-libs",
		]);
		expect(leftOut).toHaveLength(3);
	});

	test("Alpine", () => {
		const running = system("alpine", "3.19.1", "6.6.30-0-lts");
		const packages = [one("linux-lts", "6.6.30-r0", "linux-lts"), one("linux-virt", "6.6.31-r0", "linux-virt")];
		expect(judge(running, "apk", packages)).toEqual({
			judged: ["linux-lts linux-lts 6.6.30-r0"],
			leftOut: ["linux-virt 6.6.31-r0: installed, not running"],
		});
	});
});

test("every package is judged or left out, whatever a host says", () => {
	const text = fc.oneof(
		fc.string(),
		fc.constantFrom("linux", "linux-image-6.1-amd64", "kernel-core", "1:2.3-4~bpo12+1"),
	);
	const packages = fc.array(fc.record({ name: text, version: text, source: fc.option(text), vendor: fc.option(text) }));
	const ids = fc.constantFrom("debian", "ubuntu", "almalinux", "alpine", "sles", "constructor", "__proto__", "");
	const managers = fc.constantFrom("dpkg" as const, "rpm" as const, "apk" as const);
	fc.assert(
		fc.property(ids, text, text, text, managers, packages, (id, version, running, build, manager, some) => {
			const list = some.map((each) => one(each.name, each.version, each.source, each.vendor));
			const { judged, leftOut } = judge(system(id, version, running, build), manager, list);
			expect(judged.length + leftOut.length).toBe(list.length);
		}),
	);
});

it("of Red Hat are also looked up as their sources and within their modules", () => {
	const os = { id: "rhel", name: "Red Hat Enterprise Linux 8.9", version: "8.9", codename: null };
	const one = { architecture: "x86_64", sourceVersion: null, vendor: "Red Hat, Inc.", module: null };
	const packages = [
		{ ...one, name: "libcurl", version: "7.61.1-33.el8", source: "curl" },
		{ ...one, name: "ruby", version: "2.5.9-110.module+el8", source: "ruby", module: "ruby:2.5" },
	];
	const { aliases } = judgedPackages({ os, kernel: null } as Parameters<typeof judgedPackages>[0], {
		manager: "rpm",
		packages,
	});
	expect(aliases.map(({ name, source }) => `${source} of ${name}`)).toEqual([
		"curl.src of libcurl",
		"ruby:2.5/ruby.src of ruby",
		"ruby:2.5/ruby of ruby",
	]);
});
