/** A feed taken in from a zip of OSV records, against the least anybody could do: parse each and insert a row a range, unsorted. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import { takeIn } from "../../../daemon/knowledge/advisories/take-in.ts";
import { zip } from "../../../daemon/knowledge/advisories/zip.test-support.ts";
import type { BenchRow } from "../main.ts";

/** As AlmaLinux writes: some five kilobytes and a dozen packages a record. */
const packagesPerRecord = 12;

interface Measured {
	/** Seconds a round. */
	readonly ours: readonly number[];
	readonly peer: readonly number[];
	/** The most the process ever had, both included. */
	readonly rssMb: number;
}

export async function importRow(smoke: boolean): Promise<BenchRow> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const records = smoke ? 500 : 8_000;
	const ranges = records * packagesPerRecord;
	try {
		const documents = Object.fromEntries(Array.from({ length: records }, (_, i) => [`${i}.json`, recordOf(i)]));
		writeFileSync(join(folder, "osv.zip"), zip(documents));
		// In a process of its own, so that its memory is its own too.
		const args = [fileURLToPath(import.meta.url), folder, smoke ? "1" : "5"];
		const measured = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measured;
		const [best, peer] = [ranges / Math.min(...measured.ours), ranges / Math.min(...measured.peer)];
		return {
			...{ name: `a zip of ${records} OSV records with ${ranges} ranges taken in`, unit: "thousand ranges/s" },
			...{ ours: (best / 1_000).toFixed(0), peer: (peer / 1_000).toFixed(0), ratio: (best / peer).toFixed(2) },
			note: `peer: unpack, JSON.parse, one INSERT; goal 100; RSS ${measured.rssMb} MB`,
		};
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** In turns, so that a machine that grows slow does so for both. */
async function measure(folder: string, rounds: number): Promise<Measured> {
	const [ours, peer]: [number[], number[]] = [[], []];
	for (let round = 0; round < rounds; round++) {
		ours.push(await timed(() => takeInAnew(folder)));
		peer.push(await timed(async () => insertPlainly(join(folder, "osv.zip"), join(folder, `plain${round}.db`))));
	}
	return { ours, peer, rssMb: process.resourceUsage().maxRSS >> 10 };
}

async function takeInAnew(folder: string): Promise<void> {
	const next = join(folder, "next.db");
	rmSync(next, { force: true });
	await takeIn({ path: join(folder, "osv.zip"), name: null, current: join(folder, "none.db"), next, now: 0 }, () => {});
}

/** No keys, no order, no digests, nothing verified. */
function insertPlainly(zipped: string, path: string): void {
	const archive = readFileSync(zipped);
	const db = new DatabaseSync(path);
	db.exec(
		"PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; CREATE TABLE range (advisory, package, fixed); BEGIN",
	);
	const insert = db.prepare("INSERT INTO range VALUES (?, ?, ?)");
	for (let at = 0; archive.readUInt32LE(at) === 0x04034b50; ) {
		const [packed, name] = [archive.readUInt32LE(at + 18), archive.readUInt16LE(at + 26)];
		const start = at + 30 + name;
		at = start + packed;
		const record = JSON.parse(inflateRawSync(archive.subarray(start, at)).toString()) as ReturnType<typeof recordOf>;
		for (const { package: about, ranges } of record.affected) {
			insert.run(record.id, about.name, ranges[0]?.events[1]?.fixed ?? null);
		}
	}
	db.exec("COMMIT");
	db.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
	const start = performance.now();
	await work();
	return (performance.now() - start) / 1_000;
}

function recordOf(i: number) {
	return {
		...{ schema_version: "1.7.0", id: `ALSA-2026:${i}`, summary: `Important: package${i % 900} security update` },
		...{ modified: "2026-01-02T00:00:00Z", published: "2026-01-01T00:00:00Z" },
		details: `The flaw is told at some length here, as vendors do. ${"Its description goes on for a while. ".repeat(40)}`,
		...{ related: [`CVE-2026-${10_000 + i}`, `CVE-2026-${20_000 + i}`] },
		affected: Array.from({ length: packagesPerRecord }, (_, n) => ({
			package: { ecosystem: `AlmaLinux:${8 + (i % 3)}`, name: `package${i % 900}-part${n}` },
			ranges: [
				{
					type: "ECOSYSTEM",
					events: [{ introduced: "0" }, { fixed: `${i % 7}.${i % 50}.${n % 4}-${i % 11}.el9_${i % 5}` }] as {
						introduced?: string;
						fixed?: string;
					}[],
				},
			],
		})),
		references: [{ type: "ADVISORY", url: `https://errata.example.org/${i}` }],
	};
}

if (import.meta.main) {
	const [folder = "", rounds = "1"] = process.argv.slice(2);
	process.stdout.write(JSON.stringify(await measure(folder, Number(rounds))));
}
