/**
 * A Nessus file of a hundred megabytes taken in by a running daemon: megabytes a second against reading its tags alone, and the
 * daemon's memory at its highest, against its limit.
 */
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { XmlDecoder } from "../../../daemon/xml/decode.ts";
import { XmlReader } from "../../../daemon/xml/reader.ts";
import * as daemon from "../../../protocol/methods/daemon.ts";
import * as imports from "../../../protocol/methods/imports.ts";
import { Household, program } from "../../support/vedette.ts";
import { quantile, ratio } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { writeNessusFile } from "./nessus-file.ts";

const limitMb = 300;

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	if (!existsSync(program)) throw new Error("dist/ is missing: npm run build makes it");
	const household = new Household();
	try {
		const path = join(household.home, "office.nessus");
		const second = join(household.home, "other.nessus");
		const hosts = writeNessusFile(path, smoke ? 5 : 100);
		writeNessusFile(second, smoke ? 5 : 100, 1);
		const megabytes = statSync(path).size / 1e6;
		const plain = await tagsAlone(path);
		await household.run(["daemon", "start"]);
		const client = await household.client();
		const { pid } = await client.call(daemon.status, {});
		forgetPeak(pid);
		const answers: number[] = [];
		let isOver = false;
		const asking = (async () => {
			while (!isOver) {
				const askedAt = performance.now();
				await client.call(imports.status, {});
				answers.push(performance.now() - askedAt);
			}
		})();
		const startedAt = performance.now();
		const outcome = await (await household.client()).call(imports.file, { path, dryRun: false });
		const seconds = (performance.now() - startedAt) / 1_000;
		isOver = true;
		await asking;
		if (outcome.hosts !== hosts || outcome.cut !== null) throw new Error("not all of the file was taken in");
		const peakMb = peakOf(pid);
		forgetPeak(pid);
		await client.call(imports.file, { path: second, dryRun: false });
		const secondMb = peakOf(pid);
		return [
			{
				name: `${megabytes.toFixed(0)} MB of Nessus taken in`,
				...{ ours: (megabytes / seconds).toFixed(1), peer: (megabytes / plain).toFixed(1), unit: "MB/s" },
				ratio: ratio(megabytes / seconds, megabytes / plain),
				note: `${hosts} hosts, ${outcome.findings.new} findings in ${seconds.toFixed(1)} s; asked meanwhile it answered in ${quantile(answers, 0.5).toFixed(1)} ms, p99 ${quantile(answers, 0.99).toFixed(1)} ms; peer: reading the tags`,
			},
			{
				name: "RSS of the daemon at most meanwhile",
				...{ ours: peakMb.toFixed(0), peer: String(limitMb), unit: "MB", ratio: ratio(peakMb, limitMb) },
				note: "the limit; the daemon as a console starts it",
			},
			{
				name: "the same, a second such file right after it",
				...{ ours: secondMb.toFixed(0), peer: peakMb.toFixed(0), unit: "MB", ratio: ratio(secondMb, peakMb) },
				note: `other hosts; peer: the first; the limit is ${limitMb} MB`,
			},
		];
	} finally {
		await household.end();
	}
}

/** The highest it was is counted anew from here (proc(5), clear_refs). */
function forgetPeak(pid: number): void {
	writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

function peakOf(pid: number): number {
	return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}

/** Seconds to read the file to its end and take it apart. */
async function tagsAlone(path: string): Promise<number> {
	const startedAt = performance.now();
	const decoder = new XmlDecoder();
	const reader = new XmlReader({ recover: true });
	let tags = 0;
	for await (const chunk of createReadStream(path)) {
		for (const { kind } of reader.push(decoder.push(chunk as Buffer))) tags += Number(kind === "open");
	}
	if (tags === 0) throw new Error("the file has no tags");
	return (performance.now() - startedAt) / 1_000;
}
