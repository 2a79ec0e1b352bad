/** How a daemon answers while it scans: the lag of its main thread as it tells it, and the time of a call over the socket. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import type { Client } from "../../../protocol/client.ts";
import * as daemon from "../../../protocol/methods/daemon.ts";
import * as scans from "../../../protocol/methods/scans.ts";
import { ended, Household } from "../../support/vedette.ts";
import { quantile } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";

const limitMs = 20;
const callEveryMs = 20;
/** Long enough for the slowest machine; a scan that takes longer says so instead of holding everything up. */
const longestMs = 150_000;

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	const hosts = smoke ? 48 : 256;
	const servers = await startServers(hosts);
	const household = new Household();
	try {
		const { client } = await household.daemon();
		// What the machine alone makes late: this process does next to nothing meanwhile.
		const resolution = 10;
		const own = monitorEventLoopDelay({ resolution });
		own.enable();
		const { scan, seconds, calls } = await scanAndCall(client, `127.91.0.0-${hosts - 1}`);
		own.disable();
		const noise = (own.percentile(99) / 1e6 - resolution).toFixed(1);
		const status = await client.call(daemon.status, {});
		const pairs = scan.stages.find((stage) => stage.name === "ports")?.total ?? 0;
		const findings = Object.values(scan.findings).reduce((sum, count) => sum + count, 0);
		const found = `${scan.services} services, ${findings} findings`;
		const took = `${hosts} hosts, ${pairs} ports, ${found}, ${seconds.toFixed(1)} s, ${scan.status}, ${status.engine.name}`;
		return [
			rowOf("daemon scanning: event loop lag, p99", status.eventLoopP99Ms, `an idle process: ${noise} ms; ${took}`),
			rowOf(
				"daemon scanning: call over the socket, median",
				quantile(calls, 0.5),
				`${calls.length} calls of daemon.status`,
			),
			rowOf(
				"daemon scanning: call over the socket, p99",
				quantile(calls, 0.99),
				`worst ${Math.max(...calls).toFixed(1)} ms`,
			),
		];
	} finally {
		await household.end();
		await ended(servers, "SIGTERM");
	}
}

/** A scan from its start to its end, and meanwhile one call after the other. Times of the calls in milliseconds. */
async function scanAndCall(client: Client, targets: string) {
	const startedAt = performance.now();
	const { id } = await client.call(scans.start, { targets: [targets], ports: "standard", confirm: true });
	const calls: number[] = [];
	for (;;) {
		const from = performance.now();
		await client.call(daemon.status, {});
		calls.push(performance.now() - from);
		await new Promise((resolve) => setTimeout(resolve, callEveryMs));
		const scan = await client.call(scans.get, { scan: id });
		const over = scan.status !== "running" && scan.status !== "queued";
		if (over || from - startedAt > longestMs) return { scan, seconds: (from - startedAt) / 1_000, calls };
	}
}

async function startServers(hosts: number): Promise<ChildProcess> {
	const script = fileURLToPath(new URL("./servers.ts", import.meta.url));
	const child = spawn(process.execPath, [script, `${hosts}`], { stdio: ["pipe", "pipe", "inherit"] });
	const failed = once(child, "exit").then(() => {
		throw new Error(
			"the servers of the benchmark could not be started: are ports 21, 22, 80 and 6379 free on 127.91.0.x?",
		);
	});
	await Promise.race([once(child.stdout, "data"), failed]);
	failed.catch(() => undefined);
	return child;
}

function rowOf(name: string, ms: number, note: string): BenchRow {
	const [ours, ratio] = [ms.toFixed(1), (ms / limitMs).toFixed(2)];
	return { name, ours, peer: String(limitMs), ratio, unit: "ms", note: `peer is the limit, goal <= 1; ${note}` };
}
