import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DataOf, RecordOf, Source } from "../evidence/record.ts";
import type { Advisory, AffectedRange, CveFact } from "../knowledge/advisories/advisory.ts";
import { KnowledgeBase } from "../knowledge/advisories/base.ts";
import { BaseWriter } from "../knowledge/advisories/base-writer.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { withAdvisories } from "../knowledge/with-advisories.ts";
import { findingEvents, listFindings } from "../store/findings.ts";
import type { Store } from "../store/store.ts";
import { noteVerification } from "../store/verification.ts";
import { explain } from "./explain.ts";
import { ingestHost } from "./ingest.ts";
import { diffKnowledge } from "./knowledge-diff.ts";
import { rejudge } from "./rejudge.ts";
import { checkOf, coverageOf, knowledgeOf, memoryStore, portOf, signatureOf } from "./testdata/hosts.ts";

const t0 = 1_700_000_000_000;
const address = "127.0.0.1";
const everything = { where: { sql: "1", params: [] }, sort: null, limit: 1000, cursor: null };

let folder: string;
let bases: KnowledgeBase[];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-verdicts-"));
	bases = [];
});
afterEach(() => {
	for (const base of bases) base.close();
	rmSync(folder, { recursive: true });
});

function baseOf(advisories: Advisory[], facts: CveFact[] = []): KnowledgeBase {
	const path = join(folder, `${bases.length}.db`);
	const writer = new BaseWriter(path, { name: "osv Debian", format: "osv", file: "f", importedAt: t0 });
	for (const one of advisories) writer.addAdvisory(one);
	for (const fact of facts) writer.addFact(fact);
	writer.finish();
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	bases.push(base);
	return base;
}

const over = (advisories: Advisory[], facts: CveFact[] = [], signatures: Knowledge = knowledgeOf([])) =>
	withAdvisories(signatures, baseOf(advisories, facts));

function advisory(
	id: string,
	packageName: string,
	range: Partial<AffectedRange>,
	rest: Partial<Advisory> = {},
): Advisory {
	const state = range.fixed == null ? "open" : "fixed";
	return {
		...{ id, cves: [], title: `${packageName} - security update`, severity: null, cvss: [] },
		...{ publishedAt: t0, modifiedAt: t0, withdrawnAt: null },
		affected: [
			{
				...{ ecosystem: "Debian:12", package: packageName, introduced: null, fixed: null, lastAffected: null },
				...{ state, note: null },
				...range,
			},
		],
		...rest,
	};
}

type Package = DataOf<"packages">["packages"][number];
const dpkg = (name: string, version: string, source: string | null = null, rest: Partial<Package> = {}): Package => ({
	...{ name, version, source, sourceVersion: null, architecture: "amd64", module: null },
	...{ vendor: "Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>" },
	...rest,
});

const debian = { id: "debian", like: [], version: "12", codename: "bookworm", name: "Debian GNU/Linux 12", cpe: null };
type System = DataOf<"system">;

function systemRecord(at: number, source: Source, rest: Partial<System> = {}): RecordOf<"system"> {
	return {
		...{ kind: "system", address, port: 0, protocol: "tcp", source, complete: true, observedAt: at },
		data: {
			...{ os: debian, hostname: "web1", fqdn: null, architecture: "x86_64", bootedAt: null, virtualization: null },
			kernel: { running: "6.1.0-18-amd64", build: "#1 SMP Debian 6.1.76-1 (2024-02-01)", installed: [] },
			...{
				machineId: null,
				dmi: { uuid: null, serial: null, vendor: null, product: null },
				cloud: null,
				timeSync: true,
			},
			...rest,
		},
	};
}

interface Visit {
	readonly at?: number;
	readonly source?: Source;
	readonly scan?: number | null;
	readonly complete?: boolean;
	readonly system?: Partial<System>;
	readonly manager?: DataOf<"packages">["manager"];
}

/** A login that lists these packages. */
function visit(store: Store, knowledge: Knowledge, packages: Package[], options: Visit = {}) {
	const { at = t0, source = "login", complete = true, manager = "dpkg", scan = null } = options;
	const record: RecordOf<"packages"> = {
		...{ kind: "packages", address, port: 0, protocol: "tcp", source, complete, observedAt: at },
		data: { manager, packages },
	};
	return ingestHost(store, knowledge, {
		...{ scan, hostname: null, startedAt: at, finishedAt: at },
		records: [systemRecord(at, source, options.system), record],
		coverage: coverageOf(address, [], { hostKinds: ["system", ...(complete ? (["packages"] as const) : [])] }),
	});
}

const rows = (store: Store) => listFindings(store.db, everything).items.toSorted((a, b) => a.id - b.id);
const told = (store: Store) => rows(store).map(({ signature, status, fix }) => `${signature} ${status} ${fix}`);
const kindsOf = (store: Store, id: number) => findingEvents(store.db, id).map(({ kind }) => kind);

const openssl = [dpkg("libssl3", "3.0.11-1~deb12u1", "openssl"), dpkg("openssl", "3.0.11-1~deb12u1")];
const dsa = advisory("DSA-1-1", "openssl", { fixed: "3.0.11-1~deb12u2" }, { cves: ["CVE-2026-0001"] });

describe("an advisory", () => {
	test("is one finding on the host, with what mends it", () => {
		const store = memoryStore(t0);
		const { changes } = visit(store, over([dsa]), openssl);
		expect(changes.map(({ change, fix }) => [change, fix])).toEqual([["new", "available"]]);
		const [finding] = rows(store);
		expect(finding).toMatchObject({
			signature: "advisory/DSA-1-1",
			type: "confirmed",
			port: null,
			cves: ["CVE-2026-0001"],
		});
		expect(finding?.qid).toBeGreaterThan(100_000_000);
		expect(finding?.result.split("\n")).toEqual([
			"openssl 3.0.11-1~deb12u1 (libssl3, openssl): fixed in 3.0.11-1~deb12u2 (Debian:12)",
			"Update: apt-get update && apt-get install --only-upgrade libssl3 openssl",
		]);
	});

	test("is fixed when all packages were listed again and are new, not when the list was cut", () => {
		const store = memoryStore(t0);
		const knowledge = over([dsa]);
		visit(store, knowledge, openssl);
		visit(store, knowledge, [], { at: t0 + 1, complete: false });
		expect(told(store)).toEqual(["advisory/DSA-1-1 NEW available"]);
		visit(store, knowledge, [dpkg("openssl", "3.0.11-1~deb12u2")], { at: t0 + 2 });
		expect(told(store)).toEqual(["advisory/DSA-1-1 FIXED available"]);
		expect(kindsOf(store, 1)).toEqual(["new", "fixed"]);
	});

	test("found by a file that was carried over is fixed by a login, and the other way round", () => {
		for (const [first, second] of [
			["import", "login"],
			["login", "import"],
		] as const) {
			const store = memoryStore(t0);
			const knowledge = over([dsa]);
			visit(store, knowledge, openssl, { source: first });
			visit(store, knowledge, [dpkg("openssl", "3.0.12-1")], { at: t0 + 1, source: second });
			expect(told(store)).toEqual(["advisory/DSA-1-1 FIXED available"]);
		}
	});

	test("appears without a packet, and goes as corrected when the vendor takes it back", async () => {
		const store = memoryStore(t0);
		visit(store, over([advisory("DSA-9-1", "bash", { fixed: "9" })]), openssl);
		expect(told(store)).toEqual([]);
		expect(await rejudge(store, over([dsa]))).toEqual({ assets: 1, opened: 1, corrected: 0 });
		expect(told(store)).toEqual(["advisory/DSA-1-1 NEW available"]);
		const retracted = over([advisory("DSA-9-1", "bash", { fixed: "9" })]);
		expect(await rejudge(store, retracted)).toEqual({ assets: 1, opened: 0, corrected: 1 });
		expect(kindsOf(store, 1)).toEqual(["new", "corrected"]);
		const corrected = {
			verdict: "not-vulnerable",
			summary: expect.stringContaining("by what is known now it was never there"),
			steps: expect.arrayContaining([
				expect.objectContaining({ step: "lifecycle", text: expect.stringContaining(", corrected 20") }),
			]),
		};
		expect(explain(store, knowledgeOf([], "3"), { id: 1 })).toMatchObject(corrected);
		// Somebody had it tested again since.
		noteVerification(store.db, { scan: 1, ids: [1], by: "ana", at: t0 + 1 });
		expect(kindsOf(store, 1).at(-1)).toBe("verified");
		expect(explain(store, knowledgeOf([], "3"), { id: 1 })).toMatchObject(corrected);
		expect(await rejudge(store, over([dsa, { ...dsa, id: "DSA-2-1" }]))).toMatchObject({ opened: 2 });
		expect(told(store)).toEqual(["advisory/DSA-1-1 REOPENED available", "advisory/DSA-2-1 NEW available"]);
	});

	test("is left as it is when no feed speaks of the system any more", async () => {
		const store = memoryStore(t0);
		visit(store, over([dsa]), openssl);
		expect(await rejudge(store, knowledgeOf([], "2"))).toMatchObject({ corrected: 0 });
		const other = over([advisory("DSA-1-1", "openssl", { ecosystem: "Debian:11", fixed: "9" })]);
		expect(await rejudge(store, other)).toMatchObject({ corrected: 0 });
		expect(told(store)).toEqual(["advisory/DSA-1-1 NEW available"]);
	});

	test("that mends no flaw is no finding", () => {
		const store = memoryStore(t0);
		const system = { os: { ...debian, id: "almalinux", version: "9.3" } };
		const affected = { ecosystem: "AlmaLinux:9", fixed: "2.0-1.el9" };
		const feed = [
			advisory("ALBA-2023:1", "openssl", affected),
			advisory("ALSA-2023:2", "openssl", affected, { cves: ["CVE-2026-0001"], severity: "Important" }),
		];
		const packages = [dpkg("openssl", "1.0-1.el9", "openssl", { vendor: "AlmaLinux" })];
		const knowledge = over(feed);
		visit(store, knowledge, packages, { system, manager: "rpm" });
		expect(told(store)).toEqual(["advisory/ALSA-2023:2 NEW available"]);
		expect(rows(store)[0]).toMatchObject({ severity: 4 });
		// Also where its version is newer: that it names the package's version is not why.
		expect(explain(store, knowledge, { subject: "ALBA-2023:1", asset: "web1" })).toMatchObject({
			...{ verdict: "not-vulnerable", summary: expect.stringContaining("names no CVE") },
		});
	});
});

describe("what the vendor does about it", () => {
	test("is kept apart", () => {
		const store = memoryStore(t0);
		const states = ["open", "postponed", "will-not-fix", "not-affected"] as const;
		const feed = states.map((state, i) =>
			advisory(
				`CVE-2026-000${i}`,
				"openssl",
				{ state, note: state === "open" ? null : "Minor issue" },
				{ cves: [`CVE-2026-000${i}`] },
			),
		);
		visit(store, over(feed), openssl);
		expect(told(store)).toEqual([
			"advisory/CVE-2026-0000 NEW none",
			"advisory/CVE-2026-0001 NEW postponed",
			"advisory/CVE-2026-0002 NEW will-not-fix",
		]);
		expect(rows(store).map(({ severity }) => severity)).toEqual([3, 2, 2]);
		expect(rows(store)[2]?.result).toContain("the vendor will not fix it, the vendor says: Minor issue");
	});

	test("of Ubuntu: what is mended for subscribers alone is vulnerable and says so", () => {
		const ubuntu = { os: { ...debian, id: "ubuntu", version: "16.04", name: "Ubuntu 16.04" } };
		const feed = [
			advisory("USN-1-1", "wayland", { ecosystem: "Ubuntu:Pro:16.04:LTS", fixed: "1.12.0-1~ubuntu16.04.3+esm1" }),
		];
		const free = memoryStore(t0);
		visit(free, over(feed), [dpkg("libwayland-client0", "1.12.0-1~ubuntu16.04.3", "wayland")], { system: ubuntu });
		expect(told(free)).toEqual(["advisory/USN-1-1 NEW subscription"]);
		expect(rows(free)[0]?.result).toContain("the fix needs Ubuntu Pro");
		const attached = memoryStore(t0);
		const packages = [dpkg("libwayland-client0", "1.12.0-1~ubuntu16.04.3", "wayland"), dpkg("zip", "3.0-11+esm2")];
		visit(attached, over(feed), packages, { system: ubuntu });
		expect(told(attached)).toEqual(["advisory/USN-1-1 NEW available"]);
	});

	test("changes with the knowledge, and the finding with it", async () => {
		const store = memoryStore(t0);
		const cves = ["CVE-2026-0001"];
		visit(store, over([advisory("CVE-2026-0001", "openssl", { note: "low" }, { cves })]), openssl);
		expect(rows(store)[0]).toMatchObject({ fix: "none", severity: 2, kev: false, epss: null });
		const mended = advisory("CVE-2026-0001", "openssl", { fixed: "3.1-1" }, { cves, title: "now with a title" });
		const kev = { addedAt: t0, dueAt: null, ransomware: false };
		const epss = { score: 0.75, percentile: 0.99 };
		await rejudge(store, over([mended], [{ cve: "CVE-2026-0001", kev, epss }]));
		expect(rows(store)[0]).toMatchObject({
			...{
				fix: "available",
				severity: 5,
				kev: true,
				epss: 0.75,
				title: "CVE-2026-0001: now with a title",
				status: "NEW",
			},
		});
	});
});

describe("packages the vendor does not speak of", () => {
	const anything = (name: string) => over([advisory("DSA-1-1", name, { fixed: "999" })]);
	const isFound = (installed: Package, options: Visit = {}, name = installed.source ?? installed.name) => {
		const store = memoryStore(t0);
		visit(store, anything(name), [installed], options);
		return told(store).length === 1;
	};

	test("are never vulnerable by its data", () => {
		expect(isFound(dpkg("nginx", "1.22.1-9+deb12u1"))).toBe(true);
		expect(isFound(dpkg("nginx", "1.24.0-1~bookworm"))).toBe(false);
		expect(isFound(dpkg("nginx", "1.24.0-1", null, { vendor: "NGINX Packaging <nginx-packaging@f5.com>" }))).toBe(
			false,
		);
		expect(isFound(dpkg("postgresql-15", "15.4-1.pgdg120+1"))).toBe(false);
		expect(isFound(dpkg("linux-base", "4.9~bpo12+1"))).toBe(false);
		const alma = { manager: "rpm", system: { os: { ...debian, id: "almalinux", version: "9.3" } } } as const;
		const feed = over([advisory("ALSA-1", "htop", { ecosystem: "AlmaLinux:9", fixed: "999" })]);
		for (const [vendor, count] of [
			["AlmaLinux", 1],
			["Fedora Project", 0],
		] as const) {
			const store = memoryStore(t0);
			visit(store, feed, [dpkg("htop", "3.2-1.el9", "htop", { vendor })], alma);
			expect(told(store)).toHaveLength(count);
		}
	});

	/** Cases Wazuh and others got wrong, see their issues. */
	test("backports and point releases", () => {
		const linux = over([advisory("CVE-2026-1", "linux", { ecosystem: "Debian:12", fixed: "6.12.88-1" })]);
		const store = memoryStore(t0);
		const kernel = {
			running: "6.12.90+deb12-amd64",
			build: "#1 SMP Debian 6.12.90-2~bpo12+1 (2026-01-01)",
			installed: [],
		};
		visit(store, linux, [dpkg("linux-image-6.12.90+deb12-amd64", "6.12.90-2~bpo12+1", "linux-signed-amd64")], {
			system: { kernel },
		});
		expect(told(store)).toEqual([]);
		const mended = over([advisory("DSA-1-1", "foo", { ecosystem: "Debian:13", fixed: "1.11.0-1+deb13u1" })]);
		visit(store, mended, [dpkg("foo", "1.11.0-1+deb13u1")], {
			system: { os: { ...debian, version: "13" } },
			at: t0 + 1,
		});
		expect(told(store)).toEqual([]);
	});

	test("of kernels only the one that runs counts, in the version that was booted", () => {
		const image = (abi: string, version: string) =>
			dpkg(`linux-image-${abi}-amd64`, version, "linux-signed-amd64", { sourceVersion: version.replace("-", "+") });
		const judge = (packages: Package[], kernel: System["kernel"]) => {
			const store = memoryStore(t0);
			visit(store, over([advisory("DSA-1-1", "linux", { fixed: "6.1.85-1" })]), packages, { system: { kernel } });
			return told(store).length;
		};
		const running = (abi: string, version: string) => ({
			running: `${abi}-amd64`,
			build: `#1 SMP Debian ${version} (2024-02-01)`,
			installed: [],
		});
		const both = [
			image("6.1.0-18", "6.1.76-1"),
			image("6.1.0-20", "6.1.85-1"),
			dpkg("linux-image-amd64", "6.1.85-1", "linux-signed-amd64"),
			dpkg("linux-libc-dev", "6.1.76-1", "linux"),
		];
		expect(judge(both, running("6.1.0-20", "6.1.85-1"))).toBe(0);
		expect(judge(both, running("6.1.0-18", "6.1.76-1"))).toBe(1);
		// Replaced under its own name, and not booted since.
		expect(judge([image("6.1.0-20", "6.1.85-1")], running("6.1.0-20", "6.1.76-1"))).toBe(1);
		expect(judge(both, null)).toBe(0);
	});
});

test("what the vendor still looks into is potential, and says so", () => {
	const store = memoryStore(t0);
	const looking = advisory(
		"REDHAT-CVE-2026-0001",
		"openssl",
		{ state: "under-investigation" },
		{ cves: ["CVE-2026-0001"] },
	);
	visit(store, over([looking]), openssl);
	const [finding] = rows(store);
	expect(finding).toMatchObject({ type: "potential", fix: "under-investigation" });
	expect(finding?.result).toContain("the vendor is still looking into whether it is affected");
	const cleared = advisory(looking.id, "openssl", { state: "not-affected" }, { cves: ["CVE-2026-0001"] });
	visit(store, over([cleared]), openssl, { at: t0 + 1000 });
	expect(told(store)).toEqual(["advisory/REDHAT-CVE-2026-0001 FIXED under-investigation"]);
});

test("a score that NVD alone gives rates the finding", () => {
	const store = memoryStore(t0);
	const path = join(folder, "nvd.db");
	const vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
	for (const format of ["osv", "nvd"]) {
		const writer = new BaseWriter(path, { name: format, format, file: format, importedAt: t0 });
		if (format === "osv") writer.addAdvisory(dsa);
		else {
			writer.addDetail({
				...{ cve: "CVE-2026-0001", title: null, description: null, cvss: [vector], cwes: ["CWE-787"], status: null },
				...{ references: ["https://example.org/x", "javascript:alert(1)"], publishedAt: null, modifiedAt: null },
			});
		}
		writer.finish();
	}
	const base = KnowledgeBase.open(path);
	if (base === null) throw new Error("no base");
	bases.push(base);
	const knowledge = withAdvisories(knowledgeOf([]), base);
	visit(store, knowledge, openssl);
	expect(rows(store)[0]).toMatchObject({ severity: 5, cvss: 9.8 });
	const signature = knowledge.advisories?.findSignature("advisory/DSA-1-1")?.signature;
	expect(signature).toMatchObject({ cwes: ["CWE-787"], pci: { fail: true } });
	expect(signature?.references).toContain("https://example.org/x");
	expect(signature?.references.some((one) => one.startsWith("javascript"))).toBe(false);
});

describe("a suspicion by a banner", () => {
	const suspicion = checkOf(
		{ ...signatureOf("ssh/old", "ssh", 4, "potential"), cves: ["CVE-2026-0001"] },
		(record) => record.kind === "ssh",
	);
	const openssh = (version: string, fixed: string) => ({
		packages: [dpkg("openssh-server", version, "openssh")],
		knowledge: over(
			[advisory("DSA-1-1", "openssh", { fixed }, { cves: ["CVE-2026-0001"] })],
			[],
			knowledgeOf([suspicion]),
		),
	});
	const knock = (store: Store, knowledge: Knowledge, scan: number, version = "9.2p1") => {
		const data = { product: "OpenSSH", version, banner: `SSH-2.0-OpenSSH_${version}` };
		const at = t0 + scan;
		const record = {
			...{ kind: "ssh", address, port: 22, protocol: "tcp", source: "network", complete: true, observedAt: at },
			data: { ...data, hostKeys: [] },
		} as unknown as RecordOf<"ssh">;
		const coverage = coverageOf(address, [portOf(22, "answered", ["ssh"])]);
		ingestHost(store, knowledge, { scan, hostname: null, startedAt: at, finishedAt: at, records: [record], coverage });
	};

	test("is settled by a login: gone where it is mended, the vendor's finding where it is not", () => {
		for (const [version, found] of [
			["1:9.2p1-2+deb12u2", []],
			["1:9.2p1-2+deb12u1", ["advisory/DSA-1-1 NEW available"]],
		] as const) {
			const store = memoryStore(t0 + 100);
			const { packages, knowledge } = openssh(version, "1:9.2p1-2+deb12u2");
			knock(store, knowledge, 1);
			expect(told(store)).toEqual(["ssh/old NEW null"]);
			visit(store, knowledge, packages, { at: t0 + 10 });
			expect(told(store)).toEqual(["ssh/old FIXED null", ...found]);
			expect(kindsOf(store, 1)).toEqual(["new", "corrected"]);
			// The next look from outside does not bring it back.
			knock(store, knowledge, 20);
			expect(told(store)[0]).toBe("ssh/old FIXED null");
		}
	});

	test("stays where the software is not the package's, or the vendor says nothing of it", () => {
		const store = memoryStore(t0 + 100);
		const { packages, knowledge } = openssh("1:9.2p1-2+deb12u2", "1:9.2p1-2+deb12u2");
		knock(store, knowledge, 1, "8.9p1");
		visit(store, knowledge, packages, { at: t0 + 10 });
		expect(told(store)).toEqual(["ssh/old NEW null"]);
		const silent = memoryStore(t0 + 100);
		const other = over(
			[advisory("DSA-2-1", "openssh", { fixed: "1:0" }, { cves: ["CVE-2026-9999"] })],
			[],
			knowledgeOf([suspicion]),
		);
		knock(silent, other, 1);
		visit(silent, other, packages, { at: t0 + 10 });
		expect(told(silent)).toEqual(["ssh/old NEW null"]);
	});
});

test("what an import says leaves what scans covered as it is", () => {
	const store = memoryStore(t0);
	const knowledge = over([dsa]);
	const coverage = coverageOf(address, [portOf(22, "answered", ["ssh"])]);
	ingestHost(store, knowledge, { scan: 1, hostname: null, startedAt: t0, finishedAt: t0, records: [], coverage });
	visit(store, knowledge, openssl, { at: t0 + 1, source: "import" });
	const row = store.db.prepare("SELECT body FROM coverage").get();
	expect(JSON.parse(String(row?.body))).toMatchObject({ ports: [{ port: 22 }], hostKinds: ["system", "packages"] });
});

test("names from a host that no shell should see are not in a command", () => {
	const store = memoryStore(t0);
	visit(store, over([dsa]), [dpkg("$(reboot)", "3.0.11-1~deb12u1", "openssl")]);
	expect(rows(store)[0]?.result).not.toContain("Update:");
});

describe("why", () => {
	const why = (store: Store, knowledge: Knowledge, subject: string) =>
		explain(store, knowledge, { subject, asset: "web1" });
	const stepsOf = ({ steps }: ReturnType<typeof explain>, step: string) =>
		steps.filter((one) => one.step === step).map(({ text, outcome }) => `${outcome}: ${text}`);

	test("goes from the package to the comparison, and says how to see for oneself", () => {
		const store = memoryStore(t0);
		const knowledge = over([dsa]);
		visit(store, knowledge, openssl);
		const answer = why(store, knowledge, "cve-2026-0001");
		expect(answer.verdict).toBe("vulnerable");
		expect(stepsOf(answer, "package")).toEqual([
			"yes: Installed: libssl3 3.0.11-1~deb12u1, openssl 3.0.11-1~deb12u1; their source is openssl 3.0.11-1~deb12u1.",
		]);
		expect(stepsOf(answer, "advisory")[0]).toMatch(
			/^yes: DSA-1-1 \(CVE-2026-0001\): .*Feed osv Debian, 2023-11-14, record [0-9a-f]{32}\.$/,
		);
		expect(stepsOf(answer, "version")).toEqual([
			"yes: Debian:12: 3.0.11-1~deb12u1 < 3.0.11-1~deb12u2, which has the fix: affected",
		]);
		expect(answer.check).toBe(
			"dpkg --compare-versions 3.0.11-1~deb12u1 lt 3.0.11-1~deb12u2 && echo affected; apt-cache policy libssl3",
		);
		expect(explain(store, knowledge, { id: 1 })).toMatchObject({ verdict: "vulnerable", check: answer.check });
	});

	test("not: mended, not installed, a third party's, not known", () => {
		const store = memoryStore(t0);
		const nginx = advisory("DSA-3-1", "nginx", { fixed: "1.99" });
		const knowledge = over([dsa, nginx, advisory("DSA-4-1", "absent", { fixed: "2" })]);
		visit(store, knowledge, [dpkg("openssl", "3.0.11-1~deb12u2"), dpkg("nginx", "1.24.0-1~bookworm")]);
		const mended = why(store, knowledge, "DSA-1-1");
		expect(mended.verdict).toBe("not-vulnerable");
		expect(stepsOf(mended, "version")[0]).toContain("no: Debian:12: 3.0.11-1~deb12u2 = 3.0.11-1~deb12u2");
		const foreign = why(store, knowledge, "DSA-3-1");
		expect(stepsOf(foreign, "package")[0]).toContain("nginx 1.24.0-1~bookworm is not judged: no vendor data");
		expect(why(store, knowledge, "DSA-4-1")).toMatchObject({ verdict: "not-vulnerable" });
		expect(why(store, knowledge, "CVE-1999-1")).toMatchObject({ verdict: "unknown" });
		visit(store, knowledge, openssl, { at: t0 + 1, system: { os: { ...debian, id: "haiku", name: "Haiku" } } });
		expect(why(store, knowledge, "DSA-1-1")).toMatchObject({ verdict: "unknown" });
		expect(why(store, knowledge, "DSA-1-1").summary).toContain("no feed speaks of Haiku");
	});
});

test("what other knowledge would change is what it then changes", async () => {
	const store = memoryStore(t0);
	const before = over([
		dsa,
		advisory("DSA-2-1", "bash", { fixed: "9" }),
		advisory("CVE-2026-0007", "zip", {}, { cves: ["CVE-2026-0007"] }),
	]);
	const after = over([
		{ ...dsa, affected: dsa.affected.map((range) => ({ ...range, fixed: "3.0.11-1~deb12u3" })) },
		advisory("DSA-7-1", "zip", { fixed: "4" }, { cves: ["CVE-2026-0007"] }),
		advisory("DSA-8-1", "absent", { fixed: "4" }),
	]);
	visit(store, before, [...openssl, dpkg("bash", "5"), dpkg("zip", "3")]);
	const { changes, hosts, changedHosts } = await diffKnowledge(
		store,
		before.advisories ?? null,
		after.advisories ?? null,
	);
	expect([hosts, changedHosts]).toEqual([1, 1]);
	expect(changes.map(({ change, advisory: name, why }) => [change, name, why])).toEqual([
		["new", "DSA-7-1", "new in osv Debian"],
		["changed", "DSA-1-1", "the vendor's record has changed"],
		["gone", "CVE-2026-0007", "told by DSA-7-1 instead"],
		["gone", "DSA-2-1", "osv Debian does not have it any more"],
	]);
	expect(await rejudge(store, after)).toEqual({ assets: 1, opened: 1, corrected: 2 });
	expect((await diffKnowledge(store, after.advisories ?? null, after.advisories ?? null)).changes).toEqual([]);
});

test("judged again with the same knowledge nothing changes, whatever is installed", async () => {
	const names = fc.constantFrom("openssl", "bash", "zip", "linux-image-6.1.0-18-amd64");
	const versions = fc.constantFrom("1", "3.0.11-1~deb12u1", "3.0.11-1~deb12u2", "5~bpo12+1", "!!");
	const installed = fc.array(fc.tuple(names, versions), { maxLength: 8 });
	const knowledge = over([dsa, advisory("DSA-2-1", "bash", { fixed: "3" }), advisory("DSA-3-1", "zip", {})]);
	await fc.assert(
		fc.asyncProperty(installed, installed, async (first, second) => {
			const store = memoryStore(t0);
			visit(
				store,
				knowledge,
				first.map(([name, version]) => dpkg(name, version)),
			);
			visit(
				store,
				knowledge,
				second.map(([name, version]) => dpkg(name, version)),
				{ at: t0 + 1 },
			);
			const before = rows(store);
			expect(await rejudge(store, { ...knowledge, version: "again" })).toEqual({ assets: 1, opened: 0, corrected: 0 });
			expect(rows(store)).toEqual(before);
			store.close();
		}),
		{ numRuns: 40 },
	);
});
