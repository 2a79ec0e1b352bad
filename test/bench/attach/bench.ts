/**
 * A console on a daemon far away: how long until it can be used, what that carries, whether keys wait for the line; and many
 * consoles on one daemon while it scans. The line is a proxy in this process, so figures are those of the programs.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "../../../protocol/client.ts";
import { resolveHome } from "../../../protocol/home.ts";
import * as access from "../../../protocol/methods/access.ts";
import * as scans from "../../../protocol/methods/scans.ts";
import { fakeRedis, serve } from "../../support/fake-host.ts";
import { hasPty, openPty, type PtyScreen } from "../../support/pty.ts";
import { openSlowLine, type SlowLine } from "../../support/slow-line.ts";
import { ended, Household, program } from "../../support/vedette.ts";
import { quantile, ratio, spread } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";

const goals = { usableMs: 2_000, keyMs: 50 } as const;
const many = 20;
/** Half of a round trip of 300 ms. */
const farMs = 150;
const slowBytes = 100_000;

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	if (!existsSync(program)) throw new Error("dist/ is missing: npm run build makes it");
	const [far, near] = [new Household(), new Household()];
	const service = await serve("127.0.94.1", 0, fakeRedis({ password: () => false }));
	try {
		const { child, client } = await far.daemon();
		const { network } = await client.call(access.setListener, { listener: { address: "127.0.0.1:0", tls: true } });
		const port = Number(network.listensOn?.split(":").at(-1));
		const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
		const { secret } = await client.call(access.createToken, { name: "bench", access: "operate", expiresAt });
		const tokenFile = join(near.home, "token");
		writeFileSync(tokenFile, secret, { mode: 0o600 });
		const wish: Attach = { near, tokenFile, fingerprint: network.fingerprint ?? "" };
		// Something to show, and lists that are longer than a screen.
		await scanned(client, { targets: ["127.0.94.0/24"], ports: `1-50,${service.port}` });

		const attached = await attachOver(wish, port, smoke ? 3 : 7);
		const keys = await keysOver(wish, port, smoke ? 30 : 120);
		const crowd = await consolesAtOnce(far, client, child.pid ?? 0, `1-2000,${service.port}`);
		return [...attached, ...keys, ...crowd];
	} finally {
		await near.end();
		await far.end();
		await service.close();
	}
}

interface Attach {
	readonly near: Household;
	readonly tokenFile: string;
	readonly fingerprint: string;
}

async function openFar({ near, tokenFile, fingerprint }: Attach, line: SlowLine): Promise<PtyScreen> {
	const address = `wss://127.0.0.1:${line.port}`;
	const words = ["attach", address, "--token-file", tokenFile, "--fingerprint", fingerprint];
	const env = { ...near.env, NO_COLOR: undefined, TERM: "xterm-256color" };
	return openPty([process.execPath, program, ...words], { columns: 160, rows: 45, env });
}

/** Figures of the far inventory are on the screen: not only a frame around nothing. */
const isUsable = (lines: string[]) => lines.some((text) => /[1-9][\d,]* assets?/.test(text));

async function attachOver(wish: Attach, port: number, rounds: number): Promise<BenchRow[]> {
	if (!hasPty) return [row("attach over a line of 300 ms", [], goals.usableMs, "ms", "needs node-pty")];
	const [far, here] = [[] as number[], [] as number[]];
	const carried = { up: [] as number[], down: [] as number[] };
	for (let round = 0; round <= rounds; round++) {
		for (const delayMs of [0, farMs]) {
			const line = await openSlowLine({ to: port, delayMs });
			const from = performance.now();
			const screen = await openFar(wish, line);
			try {
				await screen.until(isUsable, "the figures of the far daemon");
				// Compiled code is kept from the first start on.
				if (round > 0) (delayMs === 0 ? here : far).push(performance.now() - from);
				if (round > 0 && delayMs !== 0) for (const way of ["up", "down"] as const) carried[way].push(line.bytes[way]);
			} finally {
				screen.kill();
				await screen.ended;
				await line.close();
			}
		}
	}
	const kb = (bytes: readonly number[]) => bytes.map((count) => count / 1_000);
	return [
		row(
			"attach over wss and a line of 300 ms, to figures on the screen",
			far,
			goals.usableMs,
			"ms",
			"from starting the program; peer is the limit",
		),
		{
			name: "the same against a line of no length",
			...{
				ours: spread(far, 0),
				peer: spread(here, 0),
				ratio: ratio(quantile(far, 0.5), quantile(here, 0.5), 1),
				unit: "ms",
			},
			note: "the difference is round trips of 300 ms",
		},
		{
			...{
				name: "bytes of that, from the daemon (TLS included)",
				ours: spread(kb(carried.down), 1),
				peer: "-",
				ratio: "-",
			},
			...{ unit: "kB", note: `to it ${spread(kb(carried.up), 1)} kB` },
		},
	];
}

/** Cursor moves in a list while its pages and a scan's news come over 100 kB/s. */
async function keysOver(wish: Attach, port: number, count: number): Promise<BenchRow[]> {
	if (!hasPty) return [];
	const line = await openSlowLine({ to: port, delayMs: farMs, bytesPerSecond: slowBytes });
	const screen = await openFar(wish, line);
	try {
		await screen.until(isUsable, "the figures of the far daemon");
		screen.type("3");
		const position = (lines: string[]) => Number(/│ (\d+)\/\d+/.exec(lines.at(-1) ?? "")?.[1] ?? 0);
		await screen.until((lines) => position(lines) === 1, "the list");
		const times: number[] = [];
		for (let n = 0; n < count; n++) {
			const wanted = n % 2 === 0 ? 2 : 1;
			const from = performance.now();
			screen.type(wanted === 2 ? "j" : "k");
			await screen.until((lines) => position(lines) === wanted, `row ${wanted}`);
			times.push(performance.now() - from);
			await pause(30);
		}
		return [
			row(
				"a key over a line of 300 ms and 100 kB/s to the daemon, 95 %",
				[quantile(times, 0.95)],
				goals.keyMs,
				"ms",
				`median ${quantile(times, 0.5).toFixed(1)}; to the screen of a pty`,
			),
		];
	} finally {
		screen.kill();
		await screen.ended;
		await line.close();
	}
}

/** What consoles subscribe to, twenty times, while a scan runs: weight of the daemon, and how long an answer takes. */
async function consolesAtOnce(far: Household, client: Client, pid: number, ports: string): Promise<BenchRow[]> {
	const { socketPath } = resolveHome(far.env);
	const alone = await whileScanning(client, ports);
	const before = residentMb(pid);
	const together = await whileScanning(client, ports, (scan) => attachCrowd(socketPath, scan));
	const after = residentMb(pid);
	const name = `an answer with ${many} consoles on a scan, 99 %`;
	return [
		{
			...{ name, ours: together.p99.toFixed(1), peer: alone.p99.toFixed(1), ratio: ratio(together.p99, alone.p99, 1) },
			...{ unit: "ms", note: `median ${together.p50.toFixed(1)}; peer: without them` },
		},
		{
			...{
				name: `weight of ${many} consoles in the daemon`,
				ours: (after - before).toFixed(0),
				peer: before.toFixed(0),
			},
			...{ ratio: ratio(after - before, before), unit: "MB", note: "RSS more than alone; peer: the daemon alone" },
		},
	];
}

/** Resolves once all of them hold their subscriptions, with the way to end them. */
async function attachCrowd(socketPath: string, scan: number): Promise<() => Promise<unknown>> {
	const crowd = join(import.meta.dirname, "crowd.ts");
	const child = spawn(process.execPath, [crowd, socketPath, String(many), String(scan)], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	await once(child.stdout, "data");
	return () => ended(child, "SIGTERM");
}

/** Times of a small call until the scan has ended; `attach` is waited for first. */
async function whileScanning(
	client: Client,
	ports: string,
	attach?: (scan: number) => Promise<() => Promise<unknown>>,
): Promise<{ p50: number; p99: number }> {
	const { id } = await client.call(scans.start, { targets: ["127.0.94.0/25"], ports, confirm: true });
	const leave = await attach?.(id);
	const times: number[] = [];
	for (;;) {
		const from = performance.now();
		const { status } = await client.call(scans.get, { scan: id });
		times.push(performance.now() - from);
		if (status !== "queued" && status !== "running") break;
		await pause(10);
	}
	await leave?.();
	return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function scanned(client: Client, wish: { targets: string[]; ports: string }): Promise<void> {
	const { id } = await client.call(scans.start, { ...wish, confirm: true });
	while (["queued", "running"].includes((await client.call(scans.get, { scan: id })).status)) await pause(100);
}

function row(name: string, values: readonly number[], limit: number, unit: string, note: string): BenchRow {
	const middle = quantile(values, 0.5);
	return {
		name,
		ours: values.length === 0 ? "-" : spread(values, 0),
		peer: `< ${limit}`,
		ratio: ratio(middle, limit),
		unit,
		note,
	};
}

function residentMb(pid: number): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1_024;
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
