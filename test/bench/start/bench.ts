/** How long until the daemon answers and the console has painted, and what an idle daemon weighs. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as daemon from "../../../protocol/methods/daemon.ts";
import { ended, Household } from "../../support/vedette.ts";
import type { BenchOptions, BenchRow } from "../main.ts";

const program = fileURLToPath(new URL("../../../dist/vedette.js", import.meta.url));

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	const rounds = smoke ? 2 : 7;
	const household = new Household();
	const ready: number[] = [];
	const bare: number[] = [];
	const painted: number[] = [];
	let idleMb = 0;
	try {
		for (let round = 0; round < rounds; round++) {
			bare.push(await timeOf(() => spawnToEnd(["-e", "0"])));
			const startedAt = performance.now();
			const { child, client } = await household.daemon();
			ready.push(performance.now() - startedAt);
			await client.call(daemon.getOverview, {});
			const first = await firstPaint(household.env);
			if (first !== null) painted.push(first);
			idleMb = residentMb(child.pid ?? 0);
			await ended(child, "SIGTERM");
		}
	} finally {
		await household.end();
	}
	const ms = (value: number) => value.toFixed(0);
	const node = median(bare);
	const rows: BenchRow[] = [
		{
			name: "daemon ready",
			ours: ms(median(ready)),
			peer: ms(node),
			ratio: (median(ready) / node).toFixed(1),
			unit: "ms",
			note: "peer: an empty Node; goal < 400 ms",
		},
		{
			name: "daemon idle, RSS",
			ours: idleMb.toFixed(0),
			peer: "90",
			ratio: (idleMb / 90).toFixed(2),
			unit: "MB",
			note: "peer: the limit",
		},
	];
	if (painted.length > 0)
		rows.push({
			name: "console, first paint",
			ours: ms(median(painted)),
			peer: ms(node),
			ratio: (median(painted) / node).toFixed(1),
			unit: "ms",
			note: "peer: an empty Node; goal < 400 ms",
		});
	return rows;
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

function residentMb(pid: number): number {
	const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
	return Number(line ?? 0) / 1024;
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
