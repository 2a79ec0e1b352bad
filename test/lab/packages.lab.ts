/**
 * The packages of this machine against what Debian itself wrote of its fixes (the CVEs in the packages' changelogs), and
 * every verdict against `dpkg --compare-versions`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KnowledgeBase } from "../../daemon/knowledge/advisories/base.ts";
import { type InstalledPackage, matchPackages } from "../../daemon/knowledge/advisories/match.ts";
import { takeIn } from "../../daemon/knowledge/advisories/take-in.ts";

const folder = mkdtempSync(join(tmpdir(), "vedette-packages-"));
afterAll(() => rmSync(folder, { recursive: true }));

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
	const wrong = execFileSync("sh", { input: script.join("\n"), encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
	expect(wrong).toBe("");
});
