/**
 * Queries and tags over a large inventory: the first page with its total for a filter on each built-in field, a changed rule
 * applied to all assets, one asset brought in step while its evidence comes in. Each figure beside the limit it is to keep.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { compileFilter } from "../../../daemon/query/compile.ts";
import { listAssets } from "../../../daemon/store/assets.ts";
import { assetFields } from "../../../daemon/store/fields.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import { createTag, saveTag } from "../../../daemon/store/tags.ts";
import { evaluateTag } from "../../../daemon/tags/evaluate.ts";
import { retagAsset } from "../../../daemon/tags/live-rules.ts";
import type { TagRule } from "../../../protocol/model/tag.ts";
import { median, quantile } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { addressOf, fill, type Size } from "./fill.ts";

const now = Date.now();
const rounds = 5;
const filters = [
	...["", "id:77", "name:web-123", "name:*.fra.example.org", "name:`web-1.fra.example.org`", "address:10.0.3.0/24"],
	...[
		"address:10.0.0.77",
		"os:debian",
		"os:windows",
		"os is null",
		"tracking:IP",
		"firstSeen>now-10d",
		"lastSeen<now-30d",
	],
	...[
		"lastScan:[now-7d .. now]",
		"openPortCount>3",
		"port:443",
		"port:9999",
		"service:ssh",
		"product:nginx",
		"severity:5",
	],
	...["severity>=4", 'finding:"weakness number 77"', "signature:bench/signature-7", "finding.qid:100077", "group:All"],
	...["vulnerabilities.vulnerability.qid:100077", "vulnerabilities:(severity:5 and status:FIXED)", "tags:Half"],
	...[
		"vulnerabilities.vulnerability.cveIds:CVE-2024-1007",
		"criticality>3",
		"risk>=4",
		"software:openssl",
		"lastBoot>2020",
	],
	...["interfaces.hostname:web", "os:debian and port:443", "not os:linux and severity>=4", "activatedForModules:VM"],
];

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const small: Size = { assets: smoke ? 2_000 : 100_000, services: 5, findings: smoke ? 5 : 30, now };
	const large: Size = { assets: smoke ? 5_000 : 1_000_000, services: 1, findings: 0, now };
	return [
		...within(small, (store) => [...tagRows(store, small), ...pageRows(store, small)]),
		...within(large, (store) => largeRows(store, large)),
	];
}

function within(size: Size, measure: (store: Store) => BenchRow[]): BenchRow[] {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const store = openStore(join(folder, "store.db"), { clock: { now: () => now } });
	try {
		fill(store.db, size);
		return measure(store);
	} finally {
		store.close();
		rmSync(folder, { recursive: true });
	}
}

interface Cost {
	readonly wall: number;
	/** What it took of a processor: the same on a machine that is busy with other things. */
	readonly cpu: number;
}

/** Milliseconds. */
function costOf(work: () => void): Cost {
	const used = process.cpuUsage();
	const start = performance.now();
	work();
	const wall = performance.now() - start;
	const { user, system } = process.cpuUsage(used);
	return { wall, cpu: (user + system) / 1000 };
}

/** A page with its total, nothing of it remembered from the time before. */
function asked(store: Store, filter: string): Cost {
	// A write makes the count of before old.
	store.db.exec("UPDATE meta SET value = value");
	return costOf(() => {
		const { where } = compileFilter(filter, assetFields, { now });
		listAssets(store.db, { where, sort: null, limit: 100, cursor: null });
	});
}

function pageRows(store: Store, { assets, findings }: Size): BenchRow[] {
	const costs = filters.map((filter) => ({ filter, all: Array.from({ length: rounds }, () => asked(store, filter)) }));
	const all = costs.flatMap((one) => one.all);
	const slowest = costs
		.map((one) => ({ filter: one.filter, ms: median(one.all.map(({ cpu }) => cpu)) }))
		.toSorted((a, b) => b.ms - a.ms)
		.slice(0, 5)
		.map(({ filter, ms }) => `${filter} ${ms.toFixed(0)}`);
	const what = `${filters.length} filters, ${assets.toLocaleString("en")} assets, ${(assets * findings).toLocaleString("en")} findings`;
	return [
		limitRow("filtered first page and total, p50", at(all, 0.5), 15, `${what}; less is better`),
		limitRow("the same, p99", at(all, 0.99), 15, `slowest, CPU ms: ${slowest.join("; ")}`),
	];
}

function largeRows(store: Store, { assets }: Size): BenchRow[] {
	const some = filters.filter((filter) => !/finding|signature|vulnerab|software|lastBoot/.test(filter));
	const all = some.flatMap((filter) => Array.from({ length: rounds }, () => asked(store, filter)));
	const what = `${some.length} filters, ${assets.toLocaleString("en")} assets; less is better`;
	return [limitRow("query over a large inventory, p50", at(all, 0.5), 50, what)];
}

function tagRows(store: Store, { assets }: Size): BenchRow[] {
	const words = { colour: null, description: "", favourite: false, criticality: 3, parent: null };
	const rule = (text: string): TagRule => ({ kind: "network-range", text });
	const tag = createTag(store.db, { ...words, name: "Half", rule: rule(`10.0.0.0-${addressOf(assets / 2 - 1)}`) }, now);
	evaluateTag(store.db, tag, now);
	// The other half of the addresses: every asset changes.
	const changed = saveTag(
		store.db,
		tag.id,
		{ ...words, name: "Half", rule: rule(`${addressOf(assets / 2)}-10.255.255.255`) },
		now,
	);
	let counts = "";
	const whole = costOf(() => {
		const { added, removed } = evaluateTag(store.db, changed, now);
		counts = `+${added.length} -${removed.length}`;
	});
	const kinds: TagRule[] = [
		{ kind: "os-regex", text: ".*(Debian|Ubuntu).*" },
		{ kind: "name-contains", text: "web" },
		{ kind: "open-ports", text: "443, 8080" },
		{ kind: "query", text: "os:windows and lastSeen<now-30d" },
		{ kind: "vuln-exist", text: "100077" },
	];
	for (let n = 0; n < 50; n++) {
		const one = kinds[n % kinds.length];
		if (one) createTag(store.db, { ...words, name: `rule ${n}`, rule: one }, now);
	}
	const each = Array.from({ length: 300 }, (_, n) => costOf(() => retagAsset(store.db, (n * 7) % assets || 1, now)));
	const note = `${assets.toLocaleString("en")} assets; ${counts}; less is better`;
	return [
		limitRow("a changed rule applied to all assets", whole, 2_000, note),
		limitRow(
			...(["one asset's tags while its evidence comes in", at(each, 0.5), 0.63] as const),
			"51 rules, 30 findings; the limit is a host of 1,587/s",
		),
	];
}

/** Each by itself: the one of the wall and the one of the processor need not be the same round. */
function at(costs: readonly Cost[], q: number): Cost {
	return {
		wall: quantile(
			costs.map(({ wall }) => wall),
			q,
		),
		cpu: quantile(
			costs.map(({ cpu }) => cpu),
			q,
		),
	};
}

function limitRow(name: string, { wall, cpu }: Cost, limit: number, note: string): BenchRow {
	const text = (ms: number) => ms.toFixed(ms < 10 ? 2 : 0);
	const figures = { ours: text(wall), peer: `≤ ${limit}`, ratio: (wall / limit).toFixed(2), unit: "ms" };
	return { name, ...figures, note: `CPU ${text(cpu)} ms; ${note}` };
}
