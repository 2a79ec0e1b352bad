/** How long until the daemon answers and the console has painted, and what an idle daemon weighs. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dialUnix } from "../../../protocol/dial.ts";
import { resolveHome } from "../../../protocol/home.ts";
import * as daemon from "../../../protocol/methods/daemon.ts";
import * as scans from "../../../protocol/methods/scans.ts";
import { fakeRedis, serve } from "../../support/fake-host.ts";
import { ended, Household, program } from "../../support/vedette.ts";
import { median, ratio, spread } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";

/** What the README promises of an idle daemon. */
const idleMb = 90;
/** The threads of a scan end after 15 s without work, and memory is given back after 20. */
const restMs = 24_000;

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	if (!existsSync(program)) throw new Error("dist/ is missing: npm run build makes it");
	const rounds = smoke ? 3 : 9;
	const times = { node: [] as number[], ready: [] as number[], painted: [] as number[], whole: [] as number[] };
	const household = new Household();
	try {
		// Compiled code is kept from the first start on.
		await round(household, { node: [], ready: [], painted: [], whole: [] });
		for (let n = 0; n < rounds; n++) await round(household, times);
		const weights = await weigh(household, smoke ? 1 : 3);
		const row = (name: string, ms: readonly number[], goal: number): BenchRow => ({
			name,
			ours: ms.length === 0 ? "-" : spread(ms, 0),
			peer: spread(times.node, 0),
			ratio: ratio(median(ms), median(times.node), 1),
			unit: "ms",
			note: ms.length === 0 ? "needs node-pty" : `peer: an empty Node; goal < ${goal} ms`,
		});
		const weight = (name: string, mb: readonly number[]): BenchRow => ({
			...{ name, ours: spread(mb, 0), peer: `${idleMb}`, ratio: ratio(median(mb), idleMb), unit: "MB" },
			note: "RSS; peer is the limit, goal <= 1",
		});
		return [
			row("daemon ready", times.ready, 400),
			row("console, first paint", times.painted, 400),
			row("console, first paint, daemon started with it", times.whole, 1_000),
			weight("daemon idle, 6 s after its start", weights.fresh),
			weight("daemon idle, 24 s after a scan", weights.used),
		];
	} finally {
		await household.end();
	}
}

async function round(household: Household, times: Record<"node" | "ready" | "painted" | "whole", number[]>) {
	times.node.push(await timeOf(() => spawnToEnd(["-e", "0"])));
	const whole = await firstPaint(household.env);
	if (whole !== null) times.whole.push(whole);
	await household.run(["daemon", "stop"]);
	await household.settled();
	const { child, ms } = await startDaemon(household);
	times.ready.push(ms);
	const painted = await firstPaint(household.env);
	if (painted !== null) times.painted.push(painted);
	await ended(child, "SIGTERM");
}

/** Milliseconds from starting a daemon to its door being open. */
async function startDaemon({ env }: Household): Promise<{ child: ChildProcess; ms: number }> {
	const { socketPath } = resolveHome(env);
	const startedAt = performance.now();
	const child = spawn(process.execPath, [program, "daemon"], { env, stdio: "ignore" });
	for (;;) {
		const socket = await dialUnix(socketPath).catch(() => null);
		const ms = performance.now() - startedAt;
		socket?.close();
		if (socket !== null) return { child, ms };
		if (child.exitCode !== null) throw new Error(`the daemon ended with exit code ${child.exitCode}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** Resident megabytes of a daemon that a command started in the background: after some seconds, and after a scan. */
async function weigh(household: Household, rounds: number): Promise<{ fresh: number[]; used: number[] }> {
	const service = await serve("127.0.93.1", 0, fakeRedis({ password: () => false }));
	const weights = { fresh: [] as number[], used: [] as number[] };
	try {
		for (let n = 0; n < rounds; n++) {
			await household.run(["daemon", "start"]);
			await pause(6_000);
			const client = await household.client(3_000);
			const { pid } = await client.call(daemon.status, {});
			weights.fresh.push(residentMb(pid));
			const targets = ["127.0.93.1-16"];
			const { id } = await client.call(scans.start, { targets, ports: `1-1000,${service.port}`, confirm: true });
			while (["queued", "running"].includes((await client.call(scans.get, { scan: id })).status)) await pause(100);
			await pause(restMs);
			weights.used.push(residentMb(pid));
			await client.close();
			await household.run(["daemon", "stop"]);
			await household.settled();
		}
	} finally {
		await service.close();
	}
	return weights;
}

/** Milliseconds from starting `vedette` in a terminal to its first frame; null without node-pty. */
async function firstPaint(env: NodeJS.ProcessEnv): Promise<number | null> {
	const pty = await import("node-pty").catch(() => null);
	if (pty === null) return null;
	const startedAt = performance.now();
	const terminal = pty.spawn(process.execPath, [program], { cols: 160, rows: 45, env: env as Record<string, string> });
	const at = await new Promise<number>((resolve) => {
		terminal.onData((text) => {
			if (text.includes("Dash")) resolve(performance.now() - startedAt);
		});
	});
	const gone = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
	terminal.kill("SIGTERM");
	await gone;
	return at;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

function spawnToEnd(args: string[]): Promise<void> {
	return new Promise((resolve) => spawn(process.execPath, args, { stdio: "ignore" }).once("close", () => resolve()));
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

function residentMb(pid: number): number {
	const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
	return Number(line ?? 0) / 1024;
}
