/**
 * The store at the size of the goals, 100,000 assets with 3,000,000 findings: evidence that changes comes in while two
 * clients read without a pause, and first pages of findings for a filter on each kind of field.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type HostEvidence, ingestHost } from "../../../daemon/assess/ingest.ts";
import { listFindings } from "../../../daemon/store/findings.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import { quantile } from "../figures.ts";
import type { BenchRow } from "../main.ts";
import { fill } from "../tags/fill.ts";
import { memoryRow } from "./daemon-memory.ts";
import { pageRows } from "./first-pages.ts";
import { benchHost, benchKnowledge } from "./hosts.ts";

const assets = 100_000;
const hosts = 1_500;

export async function fullRows(): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const path = join(folder, "store.db");
	const store = openStore(path, { clock: { now: () => Date.now() } });
	try {
		fill(store.db, { assets, services: 5, findings: 30, now: Date.now() });
		store.db.exec("PRAGMA synchronous = NORMAL");
		for (const scan of [1, 2]) await ingest(store, scan);
		const rows = [
			await ingestRow(store, path, { name: "changed evidence, 2 consoles at work", restMs: 100, scan: 3 }),
			await ingestRow(store, path, { name: "the same, 2 readers that never rest", restMs: 0, scan: 6 }),
		];
		rows.push(...pageRows(path), nextRow(store));
		store.close();
		return [...rows, await memoryRow(path)];
	} finally {
		store.close();
		rmSync(folder, { recursive: true });
	}
}

/** One record in ten says something else at every scan. */
function changedHost(n: number, scan: number, at: number): HostEvidence {
	const host = benchHost(n, scan, at);
	const records = host.records.map((record, index) =>
		record.kind === "redis" && index === 3 ? { ...record, data: { ...record.data, os: `Linux 6.${scan}` } } : record,
	);
	return { ...host, records };
}

async function ingest(store: Store, scan: number): Promise<{ rate: number; busy: number; p99: number }> {
	const at = Date.now();
	const times: number[] = [];
	const [start, used] = [performance.now(), process.threadCpuUsage()];
	for (let n = 0; n < hosts; n++) {
		const began = performance.now();
		ingestHost(store, benchKnowledge, changedHost(n, scan, at));
		times.push(performance.now() - began);
		if (n % 10 === 9) await setImmediate();
	}
	const { user, system } = process.threadCpuUsage(used);
	const rate = hosts / ((performance.now() - start) / 1000);
	return { rate, busy: hosts / ((user + system) / 1e6), p99: quantile(times, 0.99) };
}

interface Readers {
	readonly name: string;
	/** Between two pages: a console that holds a key down asks for some ten a second. */
	readonly restMs: number;
	/** Number of the first of three scans. */
	readonly scan: number;
}

async function ingestRow(store: Store, path: string, { name, restMs, scan }: Readers): Promise<BenchRow> {
	const workerData = { path, restMs };
	const readers = [1, 2].map(() => new Worker(new URL("./reader.ts", import.meta.url), { workerData }));
	await Promise.all(readers.map((reader) => once(reader, "message")));
	const all = [await ingest(store, scan), await ingest(store, scan + 1), await ingest(store, scan + 2)];
	const read = (await Promise.all(
		readers.map((reader) => {
			const told = once(reader, "message");
			reader.postMessage("enough");
			return told;
		}),
	)) as number[][][];
	const times = read.flat(2);
	const of = (pick: (one: (typeof all)[number]) => number) => quantile(all.map(pick), 0.5);
	const [rate, busy, p99] = [of((one) => one.rate), of((one) => one.busy), of((one) => one.p99)];
	const told = `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(1)} ms`;
	return {
		...{
			name,
			ours: rate.toFixed(0),
			peer: "1,500",
			ratio: (rate / 1_500).toFixed(2),
		},
		unit: "hosts/s",
		note: `${busy.toFixed(0)} a second of a processor; p99 ${p99.toFixed(1)} ms; readers, page and asset, p50 / p99 ${told}; peer: the goal`,
	};
}

function nextRow(store: Store): BenchRow {
	let cursor: string | null = null;
	const times = Array.from({ length: 500 }, () => {
		const start = performance.now();
		cursor = listFindings(store.db, { where: null, sort: null, limit: 100, cursor, counted: false }).next;
		return performance.now() - start;
	});
	const ms = quantile(times, 0.5);
	const note = `p99 ${quantile(times, 0.99).toFixed(2)} ms; 100 findings by key; peer: the goal`;
	return { name: "next page, p50", ours: ms.toFixed(2), peer: "1", ratio: ms.toFixed(2), unit: "ms", note };
}
