/**
 * A fleet judged again after an update of the knowledge, findings written: against judging each host as a whole, and against
 * writing as many rows into a plain table. `--full`: all 100,000 hosts of the goal, a minute to build and 500 MB.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { diffKnowledge } from "../../../daemon/assess/knowledge-diff.ts";
import { rejudge } from "../../../daemon/assess/rejudge.ts";
import type { Knowledge } from "../../../daemon/knowledge/knowledge.ts";
import { withAdvisories } from "../../../daemon/knowledge/with-advisories.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { openPlain } from "../store/plain-table.ts";
import { bannerRows } from "./banners.ts";
import { addFleet, baseOf, fleetAt, noSignatures, packagesPerHost } from "./fleet.ts";

/** Packages with a new advisory: each is on a quarter of the hosts. */
const updated = [401, 2_802, 5_203, 7_600];

export async function run(options: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const hosts = options.smoke ? 1_000 : process.argv.includes("--full") ? 100_000 : 20_000;
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const store = openStore(join(folder, "store.db"), { clock: { now: () => fleetAt } });
	const bases = [baseOf(join(folder, "first.db"), []), baseOf(join(folder, "second.db"), updated)] as const;
	try {
		const [before, after] = bases.map((base) => withAdvisories(noSignatures, base));
		if (before === undefined || after === undefined) throw new Error("no knowledge");
		await rejudge(store, before);
		addFleet(store, before, hosts);
		const told = await previewed(store, before, after);
		const there = await measured(store, after);
		const back = await measured(store, before);
		const plain = plainly(join(folder, "plain.db"), there.opened);
		return [
			rowOf(
				`${hosts.toLocaleString("en")} hosts of ${packagesPerHost} packages judged again after a day's update`,
				there,
				plain,
				hosts,
			),
			rowOf("the same, the update taken back", back, plain, hosts),
			...(await bannerRows(folder, options.smoke ? 100 : hosts / 20)),
			{
				...{ name: "what it would change, told beforehand", ours: told.seconds.toFixed(2), unit: "s" },
				...{ peer: there.seconds.toFixed(2), ratio: (told.seconds / there.seconds).toFixed(2) },
				note: `${told.changes} changes on ${told.changedHosts} of ${told.hosts} hosts; peer: carrying it out`,
			},
			{
				...{ name: "the event loop meanwhile, lag p99", ours: there.lag.toFixed(1), peer: "20", unit: "ms" },
				...{ ratio: (there.lag / 20).toFixed(2), note: `peer: the limit; longest ${there.longest.toFixed(0)} ms` },
			},
		];
	} finally {
		for (const base of bases) base.close();
		store.close();
		rmSync(folder, { recursive: true });
	}
}

async function previewed(store: Store, before: Knowledge, after: Knowledge) {
	const start = performance.now();
	const found = await diffKnowledge(store, before.advisories ?? null, after.advisories ?? null);
	return { ...found, changes: found.changes.length, seconds: (performance.now() - start) / 1000 };
}

interface Measured {
	readonly seconds: number;
	/** Of the processor, which other programs cannot lengthen. */
	readonly busy: number;
	readonly opened: number;
	readonly corrected: number;
	readonly assets: number;
	readonly lag: number;
	readonly longest: number;
}

async function measured(store: Store, knowledge: Knowledge): Promise<Measured> {
	const delay = monitorEventLoopDelay({ resolution: 1 });
	delay.enable();
	await setImmediate();
	const [start, busy] = [performance.now(), process.threadCpuUsage()];
	const outcome = await rejudge(store, knowledge);
	const seconds = (performance.now() - start) / 1000;
	const { user, system } = process.threadCpuUsage(busy);
	delay.disable();
	return {
		...outcome,
		seconds,
		busy: (user + system) / 1e6,
		lag: delay.percentile(99) / 1e6,
		longest: delay.max / 1e6,
	};
}

/** Seconds to put as many findings into a plain table of one row each, in transactions of 500. */
function plainly(path: string, findings: number): number {
	const table = openPlain(path);
	try {
		const start = performance.now();
		const found = new Date(fleetAt).toISOString();
		for (let n = 0; n < findings; ) {
			table.db.exec("BEGIN IMMEDIATE");
			for (const end = Math.min(findings, n + 500); n < end; n++) {
				const name = `advisory/DSA-${n % updated.length}`;
				table.upsert.run(`host-${Math.floor(n / updated.length)}`, name, 0, 3, found, `fixed in 1.${n % 50}.9-1`);
			}
			table.db.exec("COMMIT");
		}
		return (performance.now() - start) / 1000;
	} finally {
		table.close();
	}
}

function rowOf(
	name: string,
	{ seconds, busy, opened, corrected, assets }: Measured,
	plain: number,
	hosts: number,
): BenchRow {
	const written = opened > 0 ? `${opened} findings opened` : `${corrected} findings corrected`;
	return {
		...{ name, ours: seconds.toFixed(2), peer: plain.toFixed(2), ratio: (seconds / plain).toFixed(2), unit: "s" },
		note: `${written} on ${assets} hosts, ${busy.toFixed(2)} s of a processor; peer: as many rows into a plain table; goal ${((5 * hosts) / 100_000).toFixed(2)}`,
	};
}
