/** From Red Hat's documents to what is said of a host: modules, minor releases, epochs, third parties, and what has no fix. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DataOf } from "../../evidence/record.ts";
import { KnowledgeBase } from "./base.ts";
import { AdvisoryBook } from "./book.ts";
import { csafSample, idOf, type SamplePart } from "./feeds/testdata/csaf-samples.ts";
import { takeIn } from "./take-in.ts";

let folder: string;
let base: KnowledgeBase | null;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-redhat-"));
	base = null;
});
afterEach(() => {
	base?.close();
	rmSync(folder, { recursive: true });
});

async function bookOf(documents: readonly object[]): Promise<AdvisoryBook> {
	const path = join(folder, "vex");
	mkdirSync(path);
	documents.forEach((document, i) => {
		writeFileSync(join(path, `${i}.json`), JSON.stringify(document));
	});
	const next = join(folder, "base.db");
	await takeIn({ path, name: null, current: join(folder, "none"), next, now: 0 }, () => {});
	base = KnowledgeBase.open(next);
	if (base === null) throw new Error("no base");
	return new AdvisoryBook(base);
}

type Package = DataOf<"packages">["packages"][number];
const rpm = (name: string, version: string, rest: Partial<Package> = {}): Package => ({
	...{
		name,
		version,
		source: name,
		sourceVersion: null,
		architecture: "x86_64",
		vendor: "Red Hat, Inc.",
		module: null,
	},
	...rest,
});
function host(version: string, kernel: string | null = null, repositories?: string[]): DataOf<"system"> {
	const os = {
		id: "rhel",
		like: ["fedora"],
		version,
		codename: null,
		name: `Red Hat Enterprise Linux ${version}`,
		cpe: null,
	};
	return {
		...{ os, hostname: null, fqdn: null, architecture: null, bootedAt: null, virtualization: null, machineId: null },
		...{ dmi: { uuid: null, serial: null, vendor: null, product: null }, cloud: null, timeSync: null },
		...(repositories === undefined ? {} : { repositories }),
		kernel: kernel === null ? null : { running: kernel, build: null, installed: [] },
	};
}

/** `advisory package: what the vendor does`. */
function said(book: AdvisoryBook, system: DataOf<"system">, packages: Package[]): string[] {
	const { verdicts, problem } = book.judgeHost(system, { manager: "rpm", packages });
	if (problem !== null) return [problem];
	return [...verdicts].map(
		([name, { packages: own }]) =>
			`${name} ${own.map((one) => `${one.package}: ${one.fix}${one.fixed === null ? "" : ` ${one.fixed}`}`).join(", ")}`,
	);
}

const nine = (component: string, purl?: string): SamplePart => ({
	...{ product: "BaseOS-9.4.0.Z.MAIN.EUS", component },
	...(purl === undefined ? {} : { purl }),
});
const vex = (cve: string, parts: readonly SamplePart[], status: string, remediations: readonly object[] = []) =>
	csafSample(cve, parts, [{ cve, status: { [status]: parts.map(idOf) }, remediations }]);

test("each state the vendor gives is told apart", async () => {
	const unfixed = (name: string): SamplePart => ({
		product: "red_hat_enterprise_linux_9",
		component: name,
		purl: `pkg:rpm/redhat/${name}?arch=src`,
	});
	const told = (cve: string, name: string, category: string, details: string) =>
		vex(cve, [unfixed(name)], "known_affected", [{ category, details, product_ids: [idOf(unfixed(name))] }]);
	const book = await bookOf([
		vex("CVE-2025-0001", [nine("curl-0:7.76.1-29.el9_4.1.x86_64")], "fixed"),
		told("CVE-2025-0002", "curl", "no_fix_planned", "Will not fix"),
		told("CVE-2025-0003", "curl", "none_available", "Deferred"),
		told("CVE-2025-0004", "curl", "none_available", "Affected"),
		vex("CVE-2025-0005", [unfixed("curl")], "under_investigation"),
		vex("CVE-2025-0006", [unfixed("curl")], "known_not_affected"),
	]);
	expect(
		said(book, host("9.4"), [
			rpm("curl", "7.76.1-29.el9"),
			rpm("libcurl", "7.76.1-29.el9", { source: "curl" }),
		]).toSorted(),
	).toEqual([
		"REDHAT-CVE-2025-0001 curl: available 7.76.1-29.el9_4.1",
		"REDHAT-CVE-2025-0002 curl.src: will-not-fix",
		"REDHAT-CVE-2025-0003 curl.src: postponed",
		"REDHAT-CVE-2025-0004 curl.src: none",
		"REDHAT-CVE-2025-0005 curl.src: under-investigation",
	]);
});

test("a module's stream is compared with its own builds alone", async () => {
	const stream = (version: string, own: string): SamplePart => ({
		product: "AppStream-8.9.0.GA",
		component: `ruby-${version}.x86_64.rpm-ruby:${own}`,
	});
	const parts = [stream("2.5.9-111.module+el8.9.0+1", "2.5"), stream("3.1.4-142.module+el8.9.0+2", "3.1")];
	const book = await bookOf([vex("CVE-2025-0001", parts, "fixed")]);
	const at = (version: string, module: string | null) => said(book, host("8.9"), [rpm("ruby", version, { module })]);
	expect(at("2.5.9-110.module+el8.6.0+1", "ruby:2.5")).toEqual([
		"REDHAT-CVE-2025-0001 ruby:2.5/ruby: available 2.5.9-111.module+el8.9.0+1",
	]);
	expect(at("2.5.9-111.module+el8.9.0+1", "ruby:2.5")).toEqual([]);
	// Newer than the fix of another stream, older than that of its own.
	expect(at("3.1.2-141.module+el8.9.0+2", "ruby:3.1")).toHaveLength(1);
	expect(at("2.7.8-139.module+el8.8.0+3", "ruby:2.7")).toEqual([]);
	expect(at("2.5.3-1.el8", null)).toEqual([]);
});

test("epochs count, third parties' packages do not, and of kernels the one that runs", async () => {
	const kernel: SamplePart = {
		product: "red_hat_enterprise_linux_9",
		component: "kernel",
		purl: "pkg:rpm/redhat/kernel?arch=src",
	};
	const book = await bookOf([
		vex("CVE-2025-0001", [nine("bind-32:9.16.23-18.el9_4.1.x86_64")], "fixed"),
		vex("CVE-2025-0002", [kernel], "known_affected"),
	]);
	expect(said(book, host("9.4"), [rpm("bind", "32:9.16.23-18.el9_4.1")])).toEqual([]);
	expect(said(book, host("9.4"), [rpm("bind", "32:9.16.23-18.el9_4")])).toHaveLength(1);
	expect(said(book, host("9.4"), [rpm("bind", "32:9.16.23-18.el9_4", { vendor: "Fedora Project" })])).toEqual([]);
	const core = (version: string) => rpm("kernel-core", version, { source: "kernel" });
	const kernels = [core("5.14.0-427.el9"), core("5.14.0-503.el9")];
	expect(said(book, host("9.4", "5.14.0-427.el9.x86_64"), kernels)).toEqual(["REDHAT-CVE-2025-0002 kernel.src: none"]);
	expect(said(book, host("9.4", "4.18.0-1.el8.x86_64"), kernels)).toEqual([]);
});

test("the documents of one release say nothing of another", async () => {
	const book = await bookOf([vex("CVE-2025-0001", [nine("curl-0:7.76.1-29.el9_4.1.x86_64")], "fixed")]);
	expect(said(book, host("8.9"), [rpm("curl", "7.61.1-1.el8")])).toEqual([
		"no feed that was taken in speaks of Red Hat:enterprise_linux:8",
	]);
});

test("a host that stays on a minor release is judged by that release's own updates", async () => {
	const advisory = (id: string, product: string, component: string, cve: string) => {
		const part: SamplePart = { product, component };
		return csafSample(id, [part], [{ cve, status: { fixed: [idOf(part)] } }]);
	};
	const book = await bookOf([
		advisory("RHSA-2025:0001", "BaseOS-9.4.0.Z.MAIN.EUS", "curl-0:7.76.1-29.el9_4.1.x86_64", "CVE-2025-0001"),
		advisory("RHSA-2025:0002", "BaseOS-9.2.0.Z.EUS", "curl-0:7.76.1-23.el9_2.4.x86_64", "CVE-2025-0001"),
		advisory("RHSA-2025:0003", "BaseOS-9.4.0.Z.MAIN.EUS", "curl-0:7.76.1-29.el9_4.2.x86_64", "CVE-2025-0003"),
	]);
	const eus = ["rhel-9-for-x86_64-baseos-eus-rpms", "rhel-9-for-x86_64-appstream-eus-rpms"];
	const at = (version: string, repositories?: string[]) =>
		said(book, host("9.2", null, repositories), [rpm("curl", version)]).toSorted();
	expect(at("7.76.1-23.el9_2.3", eus)).toEqual([
		"RHSA-2025:0002 curl: available 7.76.1-23.el9_2.4",
		"RHSA-2025:0003 curl: none",
	]);
	expect(at("7.76.1-23.el9_2.4", eus)).toEqual(["RHSA-2025:0003 curl: none"]);
	// Others on 9.2 get what the newest minor release has.
	const main = ["RHSA-2025:0001 curl: available 7.76.1-29.el9_4.1", "RHSA-2025:0003 curl: available 7.76.1-29.el9_4.2"];
	expect(at("7.76.1-23.el9_2.4", ["rhel-9-for-x86_64-baseos-rpms"])).toEqual(main);
	expect(at("7.76.1-23.el9_2.4")).toEqual(main);
	const { verdicts, unsure } = book.judgeHost(host("9.2"), { manager: "rpm", packages: [] });
	expect([verdicts.size, unsure]).toEqual([0, expect.stringContaining("was not told")]);
	const { stream } = book.judgeHost(host("9.2", null, eus), { manager: "rpm", packages: [] });
	expect(stream?.title).toBe("EUS of 9.2");
});

test("what ELS mends comes with ELS alone, and to who has it as an update", async () => {
	const dead: SamplePart = { product: "7Server-ELS", component: "bash-0:4.2.46-36.el7_9.x86_64" };
	const open: SamplePart = { product: "red_hat_enterprise_linux_7", component: "bash", purl: "pkg:rpm/redhat/bash" };
	const cve = "CVE-2025-0001";
	const status = { fixed: [idOf(dead)], known_affected: [idOf(open)] };
	const book = await bookOf([csafSample(cve, [dead, open], [{ cve, status }])]);
	const at = (version: string, repositories: string[]) =>
		said(book, host("7.9", null, repositories), [rpm("bash", version)]);
	const [plain, els] = [["rhel-7-server-rpms"], ["rhel-7-server-rpms", "rhel-7-server-els-rpms"]];
	expect(at("4.2.46-35.el7_9", plain)).toEqual([`REDHAT-${cve} bash: subscription 4.2.46-36.el7_9`]);
	expect(at("4.2.46-35.el7_9", els)).toEqual([`REDHAT-${cve} bash: available 4.2.46-36.el7_9`]);
	expect(at("4.2.46-36.el7_9", els)).toEqual([]);
});

test("SUSE's documents judge what is installed on its hosts, and of others each is refused with its reason", async () => {
	const module = "SUSE Linux Enterprise Module for Basesystem 15 SP5";
	const leaf = (category: string, name: string, helper: object) => ({
		...{ category, name },
		product: { name, product_id: name, product_identification_helper: helper },
	});
	const suse = (id: string, category: string, builds: readonly string[], status: string) => ({
		document: {
			...{ category, csaf_version: "2.0", title: "Security update for curl", tracking: { id } },
			publisher: { category: "vendor", name: "SUSE Product Security Team", namespace: "https://www.suse.com/" },
			notes: [{ category: "legal_disclaimer", text: "Provided by SUSE with Attribution (CC-BY-4.0)." }],
		},
		product_tree: {
			branches: [
				leaf("product_name", module, { cpe: "cpe:/o:suse:sle-module-basesystem:15:sp5" }),
				...builds.map((build) => leaf("product_version", build, {})),
			],
			relationships: builds.map((build) => ({
				...{ category: "default_component_of", product_reference: build, relates_to_product_reference: module },
				full_product_name: { name: build, product_id: `${module}:${build}` },
			})),
		},
		vulnerabilities: [
			{ cve: `CVE-2025-${id.slice(-4)}`, product_status: { [status]: builds.map((build) => `${module}:${build}`) } },
		],
	});
	const siemens = {
		document: { csaf_version: "2.0", publisher: { name: "Siemens ProductCERT" }, tracking: { id: "SSA-1" } },
		product_tree: {
			branches: [{ branches: [leaf("product_version_range", "vers:intdot/<2.3", { cpe: "cpe:2.3:o:siemens:x" })] }],
		},
	};
	const path = join(folder, "vex");
	mkdirSync(path);
	const documents = [
		suse("SUSE-SU-2025:0001", "csaf_security_advisory", ["libcurl4-8.0.1-150400.5.41.1.x86_64"], "recommended"),
		suse("CVE-2025-0002", "csaf_vex", ["curl"], "known_affected"),
		siemens,
		{ document: { csaf_version: "2.0", publisher: { name: "Example" } }, product_tree: {} },
	];
	for (const [i, document] of documents.entries()) writeFileSync(join(path, `${i}.json`), JSON.stringify(document));
	const next = join(folder, "base.db");
	const taken = await takeIn({ path, name: null, current: join(folder, "none"), next, now: 0 }, () => {});
	expect(taken).toMatchObject({ name: expect.stringMatching(/^csaf SUSE /), refused: { documents: 2 } });
	expect(taken.refused.first.toSorted((a, b) => a.document.localeCompare(b.document))).toEqual([
		{ document: "2.json", why: expect.stringMatching(/^it is a CSAF document of Siemens ProductCERT.*told by CPE/) },
		{ document: "3.json", why: expect.stringMatching(/of Example.*names no product/) },
	]);
	base = KnowledgeBase.open(next);
	if (base === null) throw new Error("no base");
	const book = new AdvisoryBook(base);
	const system = { ...host("15.5"), os: { ...host("15.5").os, id: "sles", name: "SLES 15 SP5" } } as DataOf<"system">;
	const lib = (version: string) =>
		rpm("libcurl4", version, { source: "curl", vendor: "SUSE LLC <https://www.suse.com/>" });
	expect(said(book, system, [lib("8.0.1-150400.5.36.1")]).toSorted()).toEqual([
		"SUSE-CVE-2025-0002 curl: none",
		"SUSE-SU-2025:0001 libcurl4: available 8.0.1-150400.5.41.1",
	]);
	expect(said(book, system, [lib("8.0.1-150400.5.41.1")])).toEqual(["SUSE-CVE-2025-0002 curl: none"]);
});

test.each([
	["pkg:npm/left-pad@1.0.0", /purl types npm\) of nobody whose updates are judged/],
	["pkg:oci/app?tag=1", /purl types oci/],
])("a document of another publisher that comes alone is refused: %s", async (purl, why) => {
	const path = join(folder, "vex.json");
	const product = { name: "p", product_id: "p", product_identification_helper: { purl } };
	const head = { csaf_version: "2.0", category: "csaf_vex", publisher: { name: "Example" }, tracking: { id: "E-1" } };
	writeFileSync(path, JSON.stringify({ document: head, product_tree: { full_product_names: [product] } }));
	const work = { path, name: null, current: join(folder, "none"), next: join(folder, "base.db"), now: 0 };
	await expect(takeIn(work, () => {})).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(why) });
});
