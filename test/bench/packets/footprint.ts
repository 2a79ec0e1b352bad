/**
 * What an engine costs the process it is in: memory while it asks very many targets, and how late the main thread is while
 * packets leave at full rate. A process of its own: it prints the figures as JSON.
 */

import { monitorEventLoopDelay } from "node:perf_hooks";
import { memoryUsage } from "node:process";
import { chooseEngine } from "../../../daemon/packets/raw-choice.ts";
import { blockWork, wide } from "./work.ts";

export interface Footprint {
	/** Most resident memory, in MB, by how many targets were asked. */
	readonly rss: readonly { readonly targets: number; readonly mb: number }[];
	/** How late timers were, in milliseconds: 99 of 100, and the worst. */
	readonly lagP99: number;
	readonly lagMax: number;
	/** The same in a process that does nothing. */
	readonly idleP99: number;
	readonly packetsPerSecond: number;
}

const limits = { ratePerSecond: 10_000_000, inFlight: 4_000_000, inFlightPerHost: 65_535, timeoutMs: 300, retries: 1 };
/** A scan asks that many targets at once. */
const targetsAtOnce = 4_096;
const samplingMs = 50;

const { engine, reason } = chooseEngine({ idleMs: 600_000 });
if (engine.name !== "raw") throw new Error(reason);

const rss: { targets: number; mb: number }[] = [];
for (const count of (process.argv[2] ?? "1000").split(",").map(Number)) rss.push(await ask(count));
const work = blockWork("", 1_024, Number(process.argv[3] ?? 1_000));
const idle = await lagWhile(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
const startedAt = performance.now();
let sent = 0;
const busy = await lagWhile(async () => {
	for await (const batch of engine.run({ ...work, limits })) sent = batch.sent;
});
const packetsPerSecond = (sent / (performance.now() - startedAt)) * 1_000;
const result: Footprint = { rss, lagP99: busy.p99, lagMax: busy.max, idleP99: idle.p99, packetsPerSecond };
process.stdout.write(`${JSON.stringify(result)}\n`);
await engine.close();

/** The same 65,536 addresses again and again: to the engine they are new each time. */
async function ask(targets: number) {
	const samples: number[] = [];
	const timer = setInterval(() => samples.push(memoryUsage.rss()), samplingMs);
	for (let asked = 0; asked < targets; asked += targetsAtOnce) {
		const first = asked % wide.addresses.length;
		const addresses = wide.addresses.slice(first, first + Math.min(targetsAtOnce, targets - asked));
		for await (const _ of engine.run({ addresses, ports: [80], firstAnswerOnly: true, limits, group: "all" }));
	}
	clearInterval(timer);
	samples.push(memoryUsage.rss());
	return { targets, mb: Math.max(...samples) / 1e6 };
}

async function lagWhile(doing: () => Promise<unknown>): Promise<{ p99: number; max: number }> {
	const resolution = 1;
	const lag = monitorEventLoopDelay({ resolution });
	lag.enable();
	await doing();
	lag.disable();
	return { p99: lag.percentile(99) / 1e6 - resolution, max: lag.max / 1e6 - resolution };
}
