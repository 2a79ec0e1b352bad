/**
 * The store against the obvious one: a row-id table of findings with five indexes, paged by OFFSET and counted by GROUP
 * BY, in the same run, on the same machine, with the same number of findings. `--full`: at the size of the goals, beside them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { ingestHost } from "../../../daemon/assess/ingest.ts";
import { addressKey } from "../../../daemon/store/address-key.ts";
import { listFindings } from "../../../daemon/store/findings.ts";
import { overview } from "../../../daemon/store/overview.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { fullRows } from "./full.ts";
import { benchHost, benchKnowledge, findingsPerHost } from "./hosts.ts";
import { countsBySeverity, ingestPlain, openPlain, type PlainTable, pageByOffset } from "./plain-table.ts";

const pageSize = 100;

export async function run(options: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	if (process.argv.includes("--full")) return await fullRows();
	const scanned = options.smoke ? 200 : 1_500;
	const assets = options.smoke ? 2_000 : 20_000;
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const store = openStore(join(folder, "ours.db"), { clock: { now: () => Date.now() } });
	const plain = openPlain(join(folder, "plain.db"));
	try {
		const first = await ingestBoth(store, plain, scanned, 1);
		const again = await ingestBoth(store, plain, scanned, 2);
		await ingestBoth(store, plain, scanned, 3);
		const steady = await ingestBoth(store, plain, scanned, 4);
		fill(store, plain, scanned, assets);
		const full = await ingestBoth(store, plain, scanned, 5);
		const rows = [
			rateRow("ingest, host seen first", first),
			rateRow("ingest, second scan", again),
			rateRow("ingest, nothing new", steady),
			rateRow(`the same among ${assets.toLocaleString("en")} assets`, full),
			...readRows(store, plain, scanned, assets),
		];
		return [...rows, sizeRow(store, plain, assets)];
	} finally {
		store.close();
		plain.close();
		rmSync(folder, { recursive: true });
	}
}

interface Rates {
	ours: number;
	plain: number;
	p99: number;
}

/** Hosts a second: ours whole (evidence kept, judged, findings, counters), the plain table's findings alone. */
async function ingestBoth(store: Store, plain: PlainTable, hosts: number, scan: number): Promise<Rates> {
	const at = Date.now();
	const times: number[] = [];
	const start = performance.now();
	for (let n = 0; n < hosts; n++) {
		const host = benchHost(n, scan, at);
		times.push(seconds(() => ingestHost(store, benchKnowledge, host)) * 1000);
		// As in a scan, where hosts finish one by one: the event loop gets its turn.
		if (n % 10 === 9) await setImmediate();
	}
	const ours = (performance.now() - start) / 1000;
	const peer = seconds(() => {
		for (let n = 0; n < hosts; n++) ingestPlain(plain, n, at);
	});
	return { ours: hosts / ours, plain: hosts / peer, p99: quantile(times, 0.99) };
}

function rateRow(name: string, rates: Rates): BenchRow {
	return {
		name,
		ours: rates.ours.toFixed(0),
		peer: rates.plain.toFixed(0),
		ratio: (rates.ours / rates.plain).toFixed(2),
		unit: "hosts/s",
		note: `${findingsPerHost} findings a host, 10 records judged; p99 ${rates.p99.toFixed(1)} ms; the peer only upserts findings; more is better`,
	};
}

function readRows(store: Store, plain: PlainTable, scanned: number, assets: number): BenchRow[] {
	const findings = assets * findingsPerHost;
	const ours: number[] = [];
	const peer: number[] = [];
	let cursor: string | null = null;
	for (let n = 0; n < 200; n++) {
		ours.push(
			1000 *
				seconds(() => {
					const page = listFindings(store.db, { where: null, sort: null, limit: pageSize, cursor });
					cursor = page.next;
				}),
		);
		// A writer between the pages, as in a scan.
		ingestHost(store, benchKnowledge, benchHost(n % scanned, 6, Date.now()));
	}
	for (let n = 0; n < 20; n++) {
		peer.push(1000 * seconds(() => pageByOffset(plain, pageSize, Math.floor((n * findings) / 20))));
	}
	const counters = Array.from(
		{ length: 200 },
		() => 1000 * seconds(() => overview(store.db, { now: Date.now(), knowledge: benchKnowledge.status() })),
	);
	const grouped = Array.from({ length: 5 }, () => 1000 * seconds(() => countsBySeverity(plain)));
	const many = `${findings.toLocaleString("en")} findings`;
	return [
		latencyRow(
			`page of ${pageSize}, p50`,
			quantile(ours, 0.5),
			quantile(peer, 0.5),
			`${many}, ingest in between; peer by OFFSET, any depth`,
		),
		latencyRow(`page of ${pageSize}, p99`, quantile(ours, 0.99), quantile(peer, 0.99), many),
		latencyRow(
			"dashboard figures, p50",
			quantile(counters, 0.5),
			quantile(grouped, 0.5),
			`${many}; peer: one GROUP BY`,
		),
	];
}

function latencyRow(name: string, ours: number, peer: number, note: string): BenchRow {
	return {
		name,
		ours: ours.toFixed(2),
		peer: peer.toFixed(2),
		ratio: (ours / peer).toFixed(3),
		unit: "ms",
		note: `${note}; less is better`,
	};
}

function sizeRow(store: Store, plain: PlainTable, assets: number): BenchRow {
	const pages = store.db
		.prepare("SELECT sum(pgsize) AS n FROM dbstat WHERE name LIKE 'finding%' OR name LIKE 'sqlite_autoindex_finding%'")
		.get();
	const ours = Number(pages?.n) / (assets * findingsPerHost);
	const peer = plain.sizeBytes() / (assets * findingsPerHost);
	return {
		name: "bytes a finding",
		ours: ours.toFixed(0),
		peer: peer.toFixed(0),
		ratio: (ours / peer).toFixed(2),
		unit: "bytes",
		note: "with indexes and log; less is better",
	};
}

/** Copies the scanned hosts until there are `assets` of them: scanning them all would take the whole time. */
function fill(store: Store, plain: PlainTable, scanned: number, assets: number): void {
	const { db } = store;
	db.exec("BEGIN");
	const columns = `signature, address, port, protocol, instance, severity, type, status, open, first_found, last_found,
		last_fixed, last_reopened, times_found, scan, change, source, seen_as, result`;
	const asset = db.prepare(
		"INSERT INTO asset (id, network, name, address, tracking, first_seen, last_seen, open_ports, n1, n2, n3, n4, n5) SELECT ?, network, name || ?, ?, tracking, first_seen, last_seen, open_ports, n1, n2, n3, n4, n5 FROM asset WHERE id = ?",
	);
	const findings = db.prepare(
		`INSERT INTO finding (asset, id, ${columns}) SELECT ?, id + ?, ${columns} FROM finding WHERE asset = ?`,
	);
	for (let id = scanned + 1; id <= assets; id++) {
		const model = ((id - 1) % scanned) + 1;
		asset.run(id, `-${id}`, addressKey(`127.${(id >> 16) & 255}.${(id >> 8) & 255}.${id & 255}`), model);
		findings.run(id, (id - model) * findingsPerHost, model);
	}
	const times = assets / scanned;
	db.prepare("UPDATE counter SET n = n * ? WHERE key NOT LIKE 'name:%'").run(Math.round(times));
	db.exec("COMMIT");
	plain.db.exec("BEGIN");
	for (let n = scanned; n < assets; n++) ingestPlain(plain, n, Date.now());
	plain.db.exec("COMMIT");
}

function seconds(work: () => void): number {
	const start = performance.now();
	work();
	return (performance.now() - start) / 1000;
}

function quantile(numbers: readonly number[], q: number): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
