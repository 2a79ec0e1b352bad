/**
 * The search for duplicates over a whole inventory, beside a main thread that goes on, against the self-join one would write
 * first (pairs alone: no evidence, no groups, no bounds); and merging and undoing.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { ingestHost } from "../../../daemon/assess/ingest.ts";
import { carryOutMerge, carryOutUndo } from "../../../daemon/duplicates/carry-out.ts";
import { DuplicateKeeper } from "../../../daemon/duplicates/keeper.ts";
import { planMerge } from "../../../daemon/duplicates/plan-merge.ts";
import { Hub } from "../../../daemon/hub.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import { quantile, ratio } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { benchHost, benchKnowledge, findingsPerHost } from "../store/hosts.ts";
import { fillInventory, pairsBySelfJoin } from "./inventory.ts";

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	try {
		return [
			...(await searchRows(join(folder, "search.db"), smoke ? 20_000 : 1_000_000, smoke)),
			...(await mergeRows(folder, smoke)),
		];
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function searchRows(path: string, assets: number, smoke: boolean): Promise<BenchRow[]> {
	const store = openStore(path, { clock: { now: () => Date.now() } });
	try {
		const made = fillInventory(store.db, assets);
		const keeper = new DuplicateKeeper({
			...{ store, hub: new Hub(), merge: () => undefined },
			onFault(err) {
				throw err;
			},
		});
		const idle = monitorEventLoopDelay({ resolution: 5 });
		idle.enable();
		await sleep(smoke ? 500 : 3_000);
		idle.disable();
		const delay = monitorEventLoopDelay({ resolution: 5 });
		let rss = process.memoryUsage.rss();
		const before = rss;
		const sampler = setInterval(() => {
			rss = Math.max(rss, process.memoryUsage.rss());
		}, 20);
		delay.enable();
		const cpuBefore = process.cpuUsage();
		const start = performance.now();
		keeper.search();
		await keeper.settled();
		const seconds = (performance.now() - start) / 1_000;
		const { user, system } = process.cpuUsage(cpuBefore);
		delay.disable();
		clearInterval(sampler);
		const { groups } = keeper.status();
		const naiveStart = performance.now();
		const pairs = pairsBySelfJoin(store.db);
		const naive = (performance.now() - naiveStart) / 1_000;
		await keeper.close();
		const lagOf = (measured: typeof delay) => Math.max(0, measured.percentile(99) / 1e6 - 5);
		const [lag, quiet] = [lagOf(delay), lagOf(idle)];
		return [
			{
				name: `duplicates of ${assets.toLocaleString("en")} assets`,
				...{ ours: seconds.toFixed(1), peer: naive.toFixed(1), ratio: ratio(seconds, naive), unit: "s" },
				note: `${groups} of ${made.groups} groups, stored, ${((user + system) / 1e6).toFixed(1)} s of CPU; the peer has ${pairs.toLocaleString("en")} pairs, counted; less is better, < 30 s`,
			},
			{
				name: "memory while searching",
				...{ ours: (rss / 1e6).toFixed(0), peer: "1000", ratio: ratio(rss / 1e6, 1_000), unit: "MB" },
				note: `RSS of the whole process, ${(before / 1e6).toFixed(0)} MB before; the peer is the limit`,
			},
			{
				name: "main thread while searching",
				...{ ours: lag.toFixed(1), peer: quiet.toFixed(1), ratio: ratio(lag, quiet), unit: "ms" },
				note: `lag p99, the peer is the same thread with nothing to do; the limit is 20 ms`,
			},
		];
	} finally {
		store.close();
	}
}

async function mergeRows(folder: string, smoke: boolean): Promise<BenchRow[]> {
	const store = openStore(join(folder, "merge.db"), { clock: { now: () => Date.now() } });
	try {
		const pairs = smoke ? 30 : 300;
		for (let n = 0; n < pairs * 2; n++) ingestHost(store, benchKnowledge, benchHost(n, 1, Date.now()));
		const merges: number[] = [];
		const times = { merge: [] as number[], undo: [] as number[] };
		for (let n = 0; n < pairs; n++) {
			merges.push(timed(times.merge, () => mergeOne(store, 2 * n + 1, 2 * n + 2)));
			await setImmediate();
		}
		for (const id of merges) {
			timed(times.undo, () =>
				carryOutUndo(store, id, { by: "bench", why: "", notSame: false }, { judgeAgain() {}, write() {} }),
			);
			await setImmediate();
		}
		return (["merge", "undo"] as const).map((what) => {
			const [p50, p99] = [quantile(times[what], 0.5), quantile(times[what], 0.99)];
			return {
				name: `${what} two assets`,
				...{ ours: p50.toFixed(2), peer: "5", ratio: ratio(p50, 5), unit: "ms" },
				note: `p50; p99 ${p99.toFixed(2)} ms; ${findingsPerHost} findings each, planned and written; the peer is the limit`,
			};
		});
	} finally {
		store.close();
	}
}

function mergeOne(store: Store, one: number, other: number): number {
	const plan = planMerge(store.db, { assets: [one, other], fields: {}, force: true });
	return carryOutMerge(store, plan, { by: "bench", why: "", automatic: false }, () => undefined).id;
}

function timed<T>(times: number[], work: () => T): T {
	const start = performance.now();
	const value = work();
	times.push(performance.now() - start);
	return value;
}
