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
import { compileFilter } from "../../../daemon/query/compile.ts";
import { findingFields, findingScope } from "../../../daemon/store/fields.ts";
import { narrowFindings } from "../../../daemon/store/finding-narrow.ts";
import { listFindings } from "../../../daemon/store/findings.ts";
import { scoped } from "../../../daemon/store/query-lists.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import { quantile } from "../figures.ts";
import type { BenchRow } from "../main.ts";
import { fill } from "../tags/fill.ts";
import { benchHost, benchKnowledge } from "./hosts.ts";

const assets = 100_000;
const hosts = 1_500;
const rounds = 2;
const filters = [
	...["id:77", "asset:web-123", "asset:*.fra.example.org", "address:10.0.3.0/24", "address:10.0.0.77", "port:443"],
	...["port>20", "protocol:tcp", "protocol:udp", "instance:none", "qid:100077", "signature:bench/signature-7"],
	...["title:number", 'title:"weakness number 77"', "severity:5", "severity:1", "severity>=4", "type:confirmed"],
	...["type:potential", "status:ACTIVE", "status:NEW", "status:FIXED", "status:REOPENED", "firstFound>now-10d"],
	...["lastFound<now-30d", "lastFixed>now-1d", "timesFound>3", "cve:CVE-2024-1007", "requirement:8.3.9", "cvss>5"],
	...["kev:true", "epss>0.5", "fix:available", "result:seen", "result:nowhere", "os:debian", "os is null", "os:none"],
	...["tags:none", "criticality>3", "software:openssl", "os:debian and port:7", "not os:linux and severity>=4"],
];

export async function fullRows(): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const path = join(folder, "store.db");
	const store = openStore(path, { clock: { now: () => Date.now() } });
	try {
		fill(store.db, { assets, services: 5, findings: 30, now: Date.now() });
		store.db.exec("PRAGMA synchronous = NORMAL");
		for (const scan of [1, 2]) await ingest(store, scan);
		const rows = [await ingestRow(store, path)];
		return [...rows, ...pageRows(store)];
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

async function ingestRow(store: Store, path: string): Promise<BenchRow> {
	const readers = [1, 2].map(() => new Worker(new URL("./reader.ts", import.meta.url), { workerData: { path } }));
	await Promise.all(readers.map((reader) => once(reader, "message")));
	const all = [await ingest(store, 3), await ingest(store, 4), await ingest(store, 5)];
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
			name: "changed evidence, 2 readers at work",
			ours: rate.toFixed(0),
			peer: "1,500",
			ratio: (rate / 1_500).toFixed(2),
		},
		unit: "hosts/s",
		note: `${busy.toFixed(0)} a second of a processor; p99 ${p99.toFixed(1)} ms; readers, page and asset, p50 / p99 ${told}; peer: the goal`,
	};
}

function pageRows(store: Store): BenchRow[] {
	const costs = filters.map((filter) => ({
		filter,
		all: Array.from({ length: rounds }, () => firstPage(store, filter)),
	}));
	const slowest = costs.map(({ filter, all }) => ({ filter, ms: Math.min(...all) })).toSorted((a, b) => b.ms - a.ms);
	const over = slowest.filter(({ ms }) => ms > 15);
	const all = costs.flatMap((one) => one.all);
	const named = slowest.slice(0, 14).map(({ filter, ms }) => `${filter} ${ms.toFixed(0)}`);
	const row = (name: string, q: number, note: string): BenchRow => {
		const ms = quantile(all, q);
		return { name, ours: ms.toFixed(2), peer: "15", ratio: (ms / 15).toFixed(2), unit: "ms", note };
	};
	return [
		row(
			"findings, filtered first page, p50",
			0.5,
			`${filters.length} filters, 3,000,000 findings; peer: the goal for p99`,
		),
		row("the same, p90", 0.9, `${over.length} of ${filters.length} filters take more; slowest: ${named.join("; ")}`),
		row("the same, p99", 0.99, "on the reading thread"),
		nextRow(store),
	];
}

/** Milliseconds. */
function firstPage(store: Store, filter: string): number {
	const start = performance.now();
	const { where, named, plan } = compileFilter(filter, findingFields, { now: Date.now() });
	const scope = findingScope(named);
	const narrow = narrowFindings(plan, scope);
	listFindings(store.db, { where: scoped(where, scope), narrow, sort: null, limit: 100, cursor: null, counted: false });
	return performance.now() - start;
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
