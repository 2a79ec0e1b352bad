/**
 * The packages of this machine against what Debian itself wrote of its fixes (the CVEs in the packages' changelogs), and
 * every verdict against `dpkg --compare-versions`; then the same through the program, whose daemon cannot send a packet.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { KnowledgeBase } from "../../daemon/knowledge/advisories/base.ts";
import { type InstalledPackage, matchPackages } from "../../daemon/knowledge/advisories/match.ts";
import { takeIn } from "../../daemon/knowledge/advisories/take-in.ts";
import * as findings from "../../protocol/methods/findings.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import { Household } from "../support/vedette.ts";

const folder = mkdtempSync(join(tmpdir(), "vedette-packages-"));
afterAll(() => rmSync(folder, { recursive: true }));

let household: Household;
beforeEach(() => {
	household = new Household();
});
afterEach(() => household.end());

/** A version of a source package in which a CVE was mended, as its changelog says. */
interface Fix {
	readonly source: string;
	readonly version: string;
	readonly cve: string;
}

const fixes: Fix[] = [];
/** Every version a source package ever had, newest first. */
const versions = new Map<string, string[]>();
let installed: InstalledPackage[] = [];

beforeAll(() => {
	const format = ["Package", "Version", "source:Package", "source:Version"].map((field) => `$\{${field}}`).join("\\t");
	installed = execFileSync("dpkg-query", ["-W", "-f", `${format}\\n`], { encoding: "utf8" })
		.trim()
		.split("\n")
		.map((line) => {
			const [name = "", version = "", source = "", sourceVersion = ""] = line.split("\t");
			return { name, version, source, sourceVersion };
		});
	for (const name of readdirSync("/usr/share/doc")) readChangelog(join("/usr/share/doc", name, "changelog.Debian.gz"));
});

function readChangelog(path: string): void {
	if (!existsSync(path)) return;
	let [source, version] = ["", ""];
	for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
		const head = /^([a-z0-9][a-z0-9+.-]*) \(([^)]+)\)/.exec(line);
		if (head !== null) {
			[source = "", version = ""] = head.slice(1);
			const known = versions.get(source) ?? [];
			if (!known.includes(version)) versions.set(source, [...known, version]);
		} else for (const [cve] of line.matchAll(/CVE-[0-9]{4}-[0-9]{4,7}/g)) fixes.push({ source, version, cve });
	}
}

it("judges them, and the versions they had before, as dpkg compares", async () => {
	expect(installed.length).toBeGreaterThan(100);
	expect(fixes.length).toBeGreaterThan(100);
	const records = fixes.map(({ source, version, cve }, i) => ({
		...{ id: `X-${i}`, upstream: [cve], modified: "2026-01-01T00:00:00Z" },
		affected: [
			{
				package: { ecosystem: "Debian:12", name: source },
				ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: version }] }],
			},
		],
	}));
	const file = join(folder, "fixes.json");
	writeFileSync(file, JSON.stringify(records));
	const next = join(folder, "base.db");
	const taken = await takeIn({ path: file, name: null, current: join(folder, "none"), next, now: 0 }, () => {});
	expect(taken.ranges + taken.leftOut).toBe(fixes.length);
	expect(taken.leftOut).toBe(0);

	// Some tenth version of each, so that there is something to mend.
	const older = [...versions].flatMap(([name, all]) => {
		const version = all[Math.min(10, all.length - 1)] ?? "";
		return [{ name, version, source: null, sourceVersion: null }];
	});
	const base = KnowledgeBase.open(next);
	if (base === null) throw new Error("no base");
	const pairs: [string, string, string, boolean][] = [];
	for (const packages of [installed, older]) {
		const { verdicts, unread } = matchPackages({ ecosystems: ["Debian:12"], packages }, base);
		expect(unread).toEqual([]);
		const told = new Set(verdicts.map(({ package: name, version, advisory }) => `${name} ${version} ${advisory}`));
		const subjects = new Map(
			packages.map((one) => [one.source ?? one.name, one.sourceVersion ?? one.version] as const),
		);
		for (const [source, version] of subjects) {
			for (const { advisory, fixed } of base.rangesOf("Debian:12", source)) {
				pairs.push([source, version, fixed ?? "", told.has(`${source} ${version} ${advisory}`)]);
			}
		}
	}
	base.close();
	const vulnerable = pairs.filter(([, , , is]) => is);
	expect(vulnerable.length).toBeGreaterThan(50);
	expect(pairs.length - vulnerable.length).toBeGreaterThan(50);
	const questions = new Map(pairs.map(([, version, fixed, is]) => [`'${version}' lt '${fixed}'`, is]));
	// dpkg is a process a question: some two thousand of them, spread over all.
	const distinct = [...questions].filter((_, i) => i % Math.ceil(questions.size / 2_000) === 0);
	const script = distinct.map(
		([question, is]) => `dpkg --compare-versions ${question} ${is ? "||" : "&&"} echo "${question}"`,
	);
	// The last question may be answered by failing.
	const wrong = execFileSync("sh", {
		input: `${script.join("\n")}\ntrue`,
		encoding: "utf8",
		stdio: ["pipe", "pipe", "ignore"],
	});
	expect(wrong).toBe("");
});

interface Mended {
	readonly id: string;
	readonly source: string;
	readonly fixed: string;
}

function feedOf(name: string, mended: readonly Mended[], day: string): string {
	const records = mended.map(({ id, source, fixed }) => ({
		...{ id, summary: `${source} - security update`, modified: `${day}T00:00:00Z`, upstream: [] },
		affected: [
			{
				package: { ecosystem: "Debian:12", name: source },
				ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }],
			},
		],
	}));
	const path = join(folder, name);
	writeFileSync(path, JSON.stringify(records));
	return path;
}

/** One for each source package the release has made: every other mended later than here. */
function mendedOf(): Mended[] {
	const sources = new Map(
		installed
			.filter(({ version, source }) => !/~bpo|nodesource/.test(version) && !/^linux/.test(source ?? ""))
			.map((one) => [one.source ?? one.name, one.sourceVersion ?? one.version]),
	);
	return [...sources].map(([source, version], i) => {
		const known = versions.get(source) ?? [];
		const earlier = known[(i * 7) % Math.max(1, known.length)] ?? version;
		return { id: `DSA-${i + 1}-1`, source, fixed: i % 2 === 0 ? `${version}+deb12u9` : earlier };
	});
}

/** What dpkg says is older than what mends it. */
function olderByDpkg(mended: readonly Mended[]): string[] {
	const own = new Map(installed.map((one) => [one.source ?? one.name, one.sourceVersion ?? one.version]));
	const script = mended.map(
		({ id, source, fixed }) => `dpkg --compare-versions '${own.get(source)}' lt '${fixed}' && echo ${id}`,
	);
	const input = `${script.join("\n")}\ntrue\n`;
	return execFileSync("sh", { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] })
		.trim()
		.split("\n")
		.sort();
}

it("judges them as a user would have it, and again when an advisory appears or is taken back, without a packet", async () => {
	// A network of its own in which nothing is up, not even the loopback.
	const { client } = await household.daemon("unshare", "--net");
	const open = async (filter = "signature:advisory/*") => {
		const page = await client.call(findings.list, { filter, limit: 1_000 });
		return page.items.map(({ signature }) => signature.replace("advisory/", "")).sort();
	};
	const until = async (wanted: readonly string[]) => {
		const changed = Promise.withResolvers<void>();
		const look = () => open().then((now) => now.join() === wanted.join() && changed.resolve(), changed.reject);
		const subscription = client.subscribe(findings.watch, {}, { onSnapshot: look, onEvent: look });
		await changed.promise;
		subscription.close();
	};
	const script = await household.run(["import", "script"]);
	const output = execFileSync("sh", { input: script.stdout, encoding: "utf8", maxBuffer: 64 << 20 });
	const carried = join(folder, "host.txt");
	writeFileSync(carried, output);
	const mended = mendedOf();
	await household.json("knowledge", "import", feedOf("first.json", mended, "2026-01-01"));
	const taken = await household.run(["import", "packages", carried, "--host", "127.0.0.1"]);
	expect([taken.code, taken.stderr]).toEqual([0, ""]);
	expect(taken.stdout).toContain("to be judged as Debian:12");
	const expected = olderByDpkg(mended);
	expect(expected.length).toBeGreaterThan(100);
	expect(expected.length).toBeLessThan(mended.length);
	expect(await open()).toEqual(expected);

	const next = feedOf("next.json", [...mended, { id: "DSA-9999-1", source: "dpkg", fixed: "999" }], "2026-01-02");
	const diff = await household.run(["knowledge", "diff", next]);
	expect(diff.stdout).toContain("1 new advisory, 0 changed, 0 gone; 1 of 1 host");
	expect(await open()).toEqual(expected);
	await household.json("knowledge", "import", next);
	const withNew = [...expected, "DSA-9999-1"].sort();
	await until(withNew);
	const why = await household.run(["why", "DSA-9999-1", "127.0.0.1"]);
	expect(why.stdout).toMatch(/Debian:12: [0-9.]+ < 999/);
	expect(why.stdout).toContain("dpkg --compare-versions");
	const byHand = /Check by hand: (dpkg [^;]+);/.exec(why.stdout)?.[1] ?? "false";
	expect(execFileSync("sh", ["-c", byHand], { encoding: "utf8" })).toBe("affected\n");

	await household.json("knowledge", "rollback");
	await until(expected);
	const gone = await household.json<{ items: Finding[] }>("findings", "status:FIXED");
	expect(gone.items.map(({ signature }) => signature)).toEqual(["advisory/DSA-9999-1"]);
	const { events } = await client.call(findings.get, { id: gone.items[0]?.id ?? 0 });
	expect(events.map(({ kind }) => kind)).toEqual(["new", "corrected"]);
});
