/** All 65,535 ports of one loopback address, against `nmap -sT` in the same rounds; and what the main thread feels of it. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { createConnectEngine } from "../../../daemon/packets/connect.ts";
import type { PortEngine, PortJob } from "../../../daemon/packets/engine.ts";
import { median, missingPrograms, ratio, spread } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";

const address = "127.0.0.1";
const ports = Array.from({ length: 65_535 }, (_, i) => i + 1);
const listeners = 200;
const job: PortJob = {
	addresses: [address],
	ports,
	limits: { ratePerSecond: 1_000_000, inFlight: 500, inFlightPerHost: 500, timeoutMs: 1_000, retries: 1 },
};

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const rounds = smoke ? 2 : 7;
	const listening = await startListeners();
	const engine = await createConnectEngine();
	const fallback = await createConnectEngine({ backEnd: "node" });
	const lag = monitorEventLoopDelay({ resolution: 1 });
	const nmapThere = missingPrograms(["nmap"]).length === 0;
	try {
		const times = { ours: [] as number[], node: [] as number[], nmap: [] as number[], stop: [] as number[] };
		const found = { ours: listeners, node: listeners, nmap: listeners };
		const note = (who: keyof typeof found, result: { ms: number; open: Set<number> }) => {
			times[who].push(result.ms / 1_000);
			found[who] = Math.min(found[who], listening.ports.filter((port) => result.open.has(port)).length);
		};
		// What is started for the first time is compiled and its thread begun; nmap has no such thing to carry over.
		await scan(engine);
		for (let round = 0; round < rounds; round++) {
			lag.enable();
			note("ours", await scan(engine));
			lag.disable();
			if (nmapThere) note("nmap", await scanWithNmap());
			note("node", await scan(fallback));
			times.stop.push(await stopTime(engine));
		}
		const row = (name: string, seconds: number[], goal: string): BenchRow => ({
			name,
			ours: spread(seconds, 2),
			peer: nmapThere ? spread(times.nmap, 2) : "not installed",
			ratio: ratio(median(seconds), median(times.nmap)),
			unit: "s",
			note: goal,
		});
		const nmap = nmapThere ? `nmap ${found.nmap}` : "no nmap here";
		const all = `${listeners} listeners, found: ours ${found.ours}, ${nmap}, node:net ${found.node}`;
		return [
			row(`65,535 ports, ${engine.name}`, times.ours, `peer nmap -sT -T4, goal <= 1.3; ${all}`),
			row(`65,535 ports, ${fallback.name}`, times.node, "peer nmap -sT -T4; only where libc cannot be called"),
			limit("main thread lag p99 meanwhile", lag.percentile(99) / 1e6, 20),
			limit("stop of a run at full rate, worst", Math.max(...times.stop), 200),
		];
	} finally {
		await engine.close();
		await fallback.close();
		await listening.worker.terminate();
	}
}

/** A row against a limit of our own instead of a peer. */
function limit(name: string, ms: number, most: number): BenchRow {
	const [ours, ratio] = [ms.toFixed(1), (ms / most).toFixed(2)];
	return { name, ours, peer: String(most), ratio, unit: "ms", note: "peer is the limit, goal <= 1" };
}

async function scan(engine: PortEngine): Promise<{ ms: number; open: Set<number> }> {
	const startedAt = performance.now();
	const open = new Set<number>();
	for await (const { answers } of engine.run(job)) {
		for (const { port, state } of answers) if (state === "open") open.add(port);
	}
	return { ms: performance.now() - startedAt, open };
}

async function scanWithNmap(): Promise<{ ms: number; open: Set<number> }> {
	const startedAt = performance.now();
	const args = ["-sT", "-T4", "-n", "-Pn", "-p1-65535", "-oG", "-", address];
	const { stdout } = await promisify(execFile)("nmap", args, { timeout: 120_000 });
	const open = new Set(Array.from(stdout.matchAll(/(\d+)\/open\/tcp/g), (match) => Number(match[1])));
	return { ms: performance.now() - startedAt, open };
}

async function stopTime(engine: PortEngine): Promise<number> {
	const run = engine.run(job);
	let stoppedAt = 0;
	for await (const _ of run) {
		stoppedAt = performance.now();
		break;
	}
	await run.stop();
	return performance.now() - stoppedAt;
}

/** Listeners on a thread of their own: accepting must not count as lag of the main one. */
async function startListeners(): Promise<{ worker: Worker; ports: number[] }> {
	const code = `
		const { parentPort } = require("node:worker_threads");
		const { createServer } = require("node:net");
		const ports = [];
		for (let i = 0; i < ${listeners}; i++) {
			const server = createServer((socket) => socket.on("error", () => {}).destroy());
			server.listen(0, "${address}", () => {
				if (ports.push(server.address().port) === ${listeners}) parentPort.postMessage(ports);
			});
		}`;
	const worker = new Worker(code, { eval: true });
	const [ports] = (await once(worker, "message")) as [number[]];
	return { worker, ports };
}
