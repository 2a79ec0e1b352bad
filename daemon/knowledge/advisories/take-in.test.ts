/** From a feed's file to answers about a version: real files, a real database. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KnowledgeBase } from "./base.ts";
import { csafSample, idOf } from "./feeds/testdata/csaf-samples.ts";
import { takeIn } from "./take-in.ts";
import { zip } from "./zip.test-support.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-feeds-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const current = () => join(folder, "base.db");
const next = () => join(folder, "next.db");
const osv = (id: string, fixed: string, name = "openssl") => ({
	...{ id, summary: `Flaw in ${name}`, modified: "2025-01-02T00:00:00Z", upstream: ["CVE-2025-0001"] },
	affected: [
		{
			package: { ecosystem: "Debian:12", name },
			ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }],
		},
	],
});

function file(name: string, content: string | Buffer): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

/** Takes a file in and puts the new base in force. */
async function take(path: string, name: string | null = null) {
	rmSync(next(), { force: true });
	const taken = await takeIn({ path, name, current: current(), next: next(), now: 1_000 }, () => {});
	renameSync(next(), current());
	return taken;
}

function reading<T>(read: (base: KnowledgeBase) => T): T {
	const base = KnowledgeBase.open(current());
	if (base === null) throw new Error("there is no base");
	try {
		return read(base);
	} finally {
		base.close();
	}
}

describe("what comes in", () => {
	it.each([
		["a zip", () => file("all.zip", zip({ "a.json": osv("DSA-1", "1"), "b.json": osv("DSA-2", "2"), README: {} }))],
		["a folder", () => folderOf([osv("DSA-1", "1"), osv("DSA-2", "2")])],
		["one document of many", () => file("all.json", JSON.stringify([osv("DSA-1", "1"), osv("DSA-2", "2")]))],
		["a tar archive, packed", () => tarOf({ "./x/a.json": osv("DSA-1", "1"), "./x/b.json": osv("DSA-2", "2") })],
		["the same, packed", () => file("all.json.gz", gzipSync(JSON.stringify([osv("DSA-1", "1"), osv("DSA-2", "2")])))],
	])("%s of records", async (_, make) => {
		expect(await take(make())).toMatchObject({
			...{ name: "osv Debian", format: "osv", records: 2, ranges: 2, leftOut: 0, publishedAt: Date.UTC(2025, 0, 2) },
		});
		const ranges = reading((base) => base.rangesOf("Debian:12", "openssl"));
		expect(ranges.map(({ fixed, state }) => [fixed, state])).toEqual([
			["1", "fixed"],
			["2", "fixed"],
		]);
	});

	it("is told apart by what it says", async () => {
		const kev = {
			...{ catalogVersion: "1", dateReleased: "2025-08-25T00:00:00Z" },
			vulnerabilities: [{ cveID: "CVE-2025-0001", dateAdded: "2025-01-05", vulnerabilityName: "A flaw" }],
		};
		const tracker = { openssl: { "CVE-2025-0001": { releases: { bookworm: { status: "open" } } } } };
		expect(await take(file("kev.json", JSON.stringify(kev)))).toMatchObject({ name: "kev", records: 1 });
		expect(await take(file("t.json", JSON.stringify(tracker)))).toMatchObject({ name: "debian-tracker", ranges: 1 });
		const scores = "#score_date:2025-02-20T00:00:00+0000\r\ncve,epss,percentile\r\nCVE-2025-0001,0.5,0.9\r\n";
		expect(await take(file("epss.csv.gz", gzipSync(scores)))).toMatchObject({ name: "epss", records: 1 });
		expect(reading((base) => base.cve("CVE-2025-0001"))).toEqual({
			...{ name: "CVE-2025-0001", title: "A flaw", epss: { score: 0.5, percentile: 0.9 } },
			kev: { addedAt: Date.UTC(2025, 0, 5), dueAt: null, ransomware: false },
		});
		expect(reading((base) => base.find("CVE-2025-0001").map(({ name, feed }) => [name, feed]))).toEqual([
			["CVE-2025-0001", "debian-tracker"],
		]);
	});
});

describe("a feed taken in again", () => {
	it("replaces what it said, and nothing of the others", async () => {
		await take(folderOf([osv("DSA-1", "1"), osv("DSA-2", "2")]), "a");
		await take(folderOf([osv("DSA-9", "9", "zlib")]), "b");
		await take(folderOf([osv("DSA-3", "3")]), "a");
		reading((base) => {
			expect(base.rangesOf("Debian:12", "openssl").map(({ fixed }) => fixed)).toEqual(["3"]);
			expect(base.rangesOf("Debian:12", "zlib").map(({ fixed }) => fixed)).toEqual(["9"]);
			expect(base.feeds().map(({ name, records }) => [name, records])).toEqual([
				["a", 1],
				["b", 1],
			]);
			expect(base.find("dsa-1")).toEqual([]);
			expect(base.find("dsa-3")).toMatchObject([{ name: "DSA-3", feed: "a", cves: ["CVE-2025-0001"] }]);
		});
	});

	it("has the same digest when it says the same", async () => {
		await take(folderOf([osv("DSA-1", "1")]), "a");
		const first = reading((base) => base.feeds()[0]?.digest);
		await take(folderOf([osv("DSA-1", "1")]), "a");
		expect(reading((base) => base.feeds()[0]?.digest)).toBe(first);
		await take(folderOf([osv("DSA-1", "1.1")]), "a");
		expect(reading((base) => base.feeds()[0]?.digest)).not.toBe(first);
	});
});

it("counts the ranges nobody could judge by, and keeps the rest", async () => {
	const strange = osv("DSA-1", "not a version");
	const unknown = { ...osv("X-1", "1"), affected: [{ package: { ecosystem: "Plan9", name: "x" }, versions: ["1"] }] };
	const withdrawn = { ...osv("DSA-3", "3"), withdrawn: "2025-02-02T00:00:00Z" };
	const taken = await take(folderOf([strange, unknown, osv("DSA-2", "2"), withdrawn]));
	expect(taken).toMatchObject({ records: 4, ranges: 1, leftOut: 2 });
});

describe("what is not taken in, with a reason", () => {
	const whole = () => zip({ "a.json": osv("DSA-1", "1"), "b.json": osv("DSA-2", "2") });
	it.each<[string, () => string, RegExp]>([
		["nothing", () => file("x.json", ""), /it is empty/],
		["half a document", () => file("x.json", '{"id": "DSA-1", "affec'), /not whole JSON/],
		["a text", () => file("x.txt", "Hello\n"), /no feed that is known/],
		["another document", () => file("x.json", '{"a": 1}'), /no feed that is known/],
		["an archive cut off", () => cut(file("x.zip", whole()), 100), /cut off or damaged/],
		[
			"a damaged entry",
			() => file("x.zip", zip({ "a.json": osv("DSA-1", "1") }, { spoil: true })),
			/cut off or damaged/,
		],
		["a bomb", () => file("x.zip", zip({ "a.json": osv("DSA-1", "1") }, { claims: 2 ** 31 })), /more than is sensible/],
		[
			"more than it claims",
			() => file("x.zip", zip({ "a.json": osv("DSA-1", "1") }, { claims: 10 })),
			/cut off or damaged/,
		],
		[
			"packed and cut off",
			() => cut(file("x.json.gz", gzipSync(JSON.stringify([osv("DSA-1", "1")]))), 60),
			/cut off or damaged/,
		],
		["no file", () => join(folder, "none.json"), /ENOENT/],
		["an empty folder", () => folderOf([]), /no feed that is known/],
	])("%s", async (_, make, why) => {
		await take(folderOf([osv("DSA-7", "7")], "before"), "before");
		await expect(take(make())).rejects.toThrow(why);
		expect(reading((base) => base.feeds().map(({ name }) => name))).toEqual(["before"]);
	});
});

it("is none when the file is another program's, or of another version", () => {
	expect(KnowledgeBase.open(current())).toBeNull();
	writeFileSync(current(), "not a database at all, but longer than a header would be".repeat(10));
	expect(KnowledgeBase.open(current())).toBeNull();
	expect(existsSync(current())).toBe(true);
});

function folderOf(documents: readonly object[], name = "records"): string {
	const path = join(folder, name);
	rmSync(path, { recursive: true, force: true });
	mkdirSync(join(path, "deeper"), { recursive: true });
	documents.forEach((document, i) => {
		writeFileSync(join(path, i % 2 === 0 ? "." : "deeper", `${i}.json`), JSON.stringify(document));
	});
	return path;
}

/** Made by tar itself. */
function tarOf(documents: Record<string, object>): string {
	mkdirSync(join(folder, "packed", "x"), { recursive: true });
	for (const [name, document] of Object.entries(documents)) {
		writeFileSync(join(folder, "packed", name), JSON.stringify(document));
	}
	const path = join(folder, "all.tar.gz");
	execFileSync("tar", ["-C", join(folder, "packed"), "-czf", path, "."]);
	return path;
}

function cut(path: string, bytes: number): string {
	truncateSync(path, bytes);
	return path;
}

it("a table without lines is refused before it fills the memory", async () => {
	await expect(take(file("bomb.gz", gzipSync(Buffer.alloc(8 << 20, 0x41))))).rejects.toThrow(
		/neither JSON nor a table/,
	);
	await expect(take(file("bomb.zst", zstdCompressSync(Buffer.alloc(8 << 20, 0x41))))).rejects.toThrow(
		/neither JSON nor a table/,
	);
});

it("the IEEE's tables tell the maker of an adapter, by the smallest block", async () => {
	const head = "Registry,Assignment,Organization Name,Organization Address";
	const large = file(
		"oui.csv",
		`${head}\r\nMA-L,00AB01,Large,Town\r\nMA-L,00AB02,IEEE Registration Authority,Town\r\n`,
	);
	expect(await take(large)).toMatchObject({ name: "ieee MA-L", format: "ieee", records: 1 });
	expect(await take(file("mam.csv", `${head}\nMA-M,00AB02C,Medium,Town\n`))).toMatchObject({ name: "ieee MA-M" });
	const makers = ["00:ab:01:00:00:01", "00-AB-02-C1-00-01", "00:ab:02:d0:00:01", "nonsense"];
	expect(reading((base) => makers.map((mac) => base.vendorOf(mac)))).toEqual(["Large", "Medium", null, null]);
	await take(file("oui.csv", `${head}\nMA-L,00AB01,Renamed,Town\n`));
	expect(reading((base) => base.vendorOf(makers[0] ?? ""))).toBe("Renamed");
	await expect(take(file("empty.csv", `${head}\n`))).rejects.toThrow(/no line of it/);
});

describe("fingerprints", () => {
	const recog = (pattern: string, example: string) =>
		`<fingerprints matches="ssh.banner"><fingerprint pattern="${pattern}"><example>${example}</example></fingerprint></fingerprints>`;

	it("are taken in, and those that fail their own examples or are no linear-time patterns counted", async () => {
		mkdirSync(join(folder, "xml"));
		const all = { "a.xml": recog("^A", "A1"), "b.xml": recog("^B", "no"), "c.xml": recog("(?=C)", "C") };
		for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, "xml", name), text);
		expect(await take(join(folder, "xml"))).toMatchObject({ name: "recog", format: "recog", records: 1, leftOut: 2 });
		expect(reading((base) => base.fingerprintsFor("ssh.banner").map(({ pattern }) => pattern))).toEqual(["^A"]);
	});

	it("that are cut off are refused by name", async () => {
		await expect(take(file("a.xml", recog("^A", "A1").slice(0, -20)))).rejects.toThrow(/a\.xml cannot be taken in/);
	});
});

describe("what Red Hat and NVD say", () => {
	const part = { product: "BaseOS-9.4.0.Z.MAIN.EUS", component: "curl-0:7.76.1-29.el9_4.1.x86_64" };
	const rhsa = (id: string) => csafSample(id, [part], [{ cve: "CVE-2025-0001", status: { fixed: [idOf(part)] } }]);
	const page = (vector: string) => ({
		...{ format: "NVD_CVE", version: "2.0", timestamp: "2025-02-03T04:05:06.007" },
		vulnerabilities: [
			{
				cve: {
					id: "CVE-2025-0001",
					metrics: { cvssMetricV31: [{ type: "Primary", cvssData: { vectorString: vector } }] },
				},
			},
		],
	});

	it("stands beside each other, each with who said it", async () => {
		const packed = zstdCompressSync(JSON.stringify(rhsa("RHSA-2025:0001")));
		expect(await take(file("rhsa.json.zst", packed))).toMatchObject({
			name: "csaf RHSA-2025:0001",
			format: "csaf",
			ranges: 1,
		});
		expect(await take(folderOf([rhsa("RHSA-2025:0002")], "errata"))).toMatchObject({ name: "csaf advisories" });
		expect(await take(file("nvdcve-2.0-2025.json", JSON.stringify(page("CVSS:3.1/nvd"))))).toMatchObject({
			name: "nvd 2025",
			ranges: 0,
		});
		reading((base) => {
			const said = base.details("CVE-2025-0001").map(({ feed, cvss }) => [feed, cvss[0]?.split("/")[1]]);
			expect(said).toEqual([
				["csaf RHSA-2025:0001", "AV:N"],
				["csaf advisories", "AV:N"],
				["nvd 2025", "nvd"],
			]);
			expect(base.rangesOf("Red Hat:enterprise_linux:9", "curl")).toHaveLength(2);
			expect(base.feeds().map(({ licence }) => licence)).toEqual(["CC BY 4.0", "CC BY 4.0", "public domain (NIST)"]);
		});
	});

	it("in one folder is one feed, and of the others it is said that they were left out", async () => {
		mkdirSync(join(folder, "all"));
		const kev = { catalogVersion: "2025.01.01", vulnerabilities: [{ cveID: "CVE-2025-0002" }] };
		const all = { "b.json": page("CVSS:3.1/nvd"), "c.json": kev, "d.json": { an: "index" } };
		for (const [name, value] of Object.entries(all)) writeFileSync(join(folder, "all", name), JSON.stringify(value));
		const taken = await take(join(folder, "all"));
		expect(taken.records).toBe(1);
		expect(taken.refused).toEqual({
			documents: 1,
			first: [
				taken.format === "nvd"
					? { document: "c.json", why: "it is of another feed (CISA's KEV JSON): take it in by itself" }
					: { document: "b.json", why: "it is of another feed (NVD's JSON 2.0): take it in by itself" },
			],
		});
	});

	it("of other vendors, and other documents people take for feeds, is refused by name", async () => {
		const others = { document: { csaf_version: "2.0", publisher: { name: "Example GmbH" } } };
		await expect(take(file("a.json", JSON.stringify(others)))).rejects.toThrow(/CSAF document of Example GmbH/);
		await expect(take(file("b.json", JSON.stringify({ bomFormat: "CycloneDX" })))).rejects.toThrow(/CycloneDX/);
		await expect(take(file("c.xml", "<nmaprun/>"))).rejects.toThrow(/fits none of them/);
	});
});
