/**
 * The measuring half of the benchmark of packets: runs in a network namespace of its own and prints its
 * rows as lines of JSON. Each lab is one network; in it the scanners take turns.
 */
import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { createConnectEngine } from "../../../daemon/packets/connect.ts";
import { chooseEngine } from "../../../daemon/packets/raw-choice.ts";
import { leanFlags } from "../../../daemon/spawn.ts";
import { type FarSide, RawNetwork } from "../../lab/raw-network.ts";
import { median, missingPrograms } from "../figures.ts";
import type { BenchRow } from "../main.ts";
import { bundleFootprint } from "./bundle.ts";
import { contest, type Peer, type Rules } from "./contest.ts";
import type { Footprint } from "./footprint.ts";
import { measureKernel, windows } from "./kernel-limit.ts";
import { watchPace } from "./pace.ts";
import { masscan, nmap, ours, type Scanner } from "./scanners.ts";
import {
	block,
	blockWork,
	busyWork,
	listen,
	listenBusy,
	listenWide,
	silentRules,
	sparseRules,
	type Work,
	wide,
	wideWork,
} from "./work.ts";

const smoke = process.argv.includes("--smoke");
const only = process.argv
	.find((word) => word.startsWith("--only="))
	?.slice("--only=".length)
	.split(",");
const rules: Rules = smoke
	? { rounds: 1, patienceSeconds: 60, judged: false }
	: { rounds: 5, patienceSeconds: process.argv.includes("--all-rounds") ? Number.POSITIVE_INFINITY : 20, judged: true };

const everywhere = `0-${availableParallelism() - 1}`;

const { engine, reason } = chooseEngine({ idleMs: 600_000 });
if (engine.name !== "raw") throw new Error(reason);
const connects = await createConnectEngine({ idleMs: 600_000 });
const raw = ours(engine);

const has = { nmap: missingPrograms(["nmap"]).length === 0, masscan: missingPrograms(["masscan"]).length === 0 };
const against = (scanner: Scanner, goal: number | null, fixedMs?: () => number): readonly Peer[] => {
	const there = scanner.name.startsWith("nmap") ? has.nmap : has.masscan;
	return there ? [{ ...scanner, goal, ...(fixedMs === undefined ? {} : { fixedMs }) }] : [];
};
const plain = nmap("-sS");
/** Told the path's rate, a little less than it can take. */
const tuned = nmap("-sS", "--min-rate", "25000");
const fullRate = masscan(10_000_000);
const sameRate = masscan(25_000);
/** What masscan takes to ask one port of one host: its start, and its wait at the end. */
let waits: number[] = [];
const masscans = (goal: number | null, rate = fullRate) =>
	smoke && rate === sameRate ? [] : against(rate, goal, () => median(waits));

const say = (row: BenchRow) => process.stdout.write(`${JSON.stringify(row)}\n`);
const delay = { delayMs: 10, loss: 0 };
const lossy = { delayMs: 10, loss: 0.01 };
const bottleneck = { delayMs: 10, loss: 0, packetsPerSecond: 30_000, queue: 500 };
const listening = [...listen, ...listenBusy, ...listenWide];
const far = { routed: [block.prefix, wide.prefix], listen: listening };
const manyPorts = smoke ? 100 : 1_000;
const onePorts = smoke ? 8_192 : 65_535;
const slowHosts = smoke ? 64 : 512;
const silentOf = smoke ? 64 : 1_024;
const wideBits = smoke ? 12 : 16;
const wideName = smoke ? "4,096 addresses" : "65,536 addresses";

const labs: Record<string, { readonly far: FarSide; readonly measure: () => Promise<void> }> = {
	plain: { far, measure: measurePlain },
	wide: { far, measure: measureWide },
	sparse: { far: { ...far, rules: sparseRules }, measure: measureSparse },
	rtt: { far: { ...far, wire: delay }, measure: measureRtt },
	loss: {
		far: { ...far, wire: lossy },
		measure: () => slowPath("20 ms, 1 % loss", { nmap: 20, tuned: 2, masscan: 1 }),
	},
	bottleneck: {
		far: { ...far, wire: bottleneck },
		measure: () => slowPath("30,000 packets/s, queue 500, 20 ms", { nmap: 5, tuned: 1.4, masscan: null }),
	},
	silent: { far: { ...far, rules: silentRules(silentOf) }, measure: measureSilent },
	both: {
		far: { ...far, rules: silentRules(slowHosts), wire: lossy },
		measure: () => slowPath("20 ms, 1 % loss, 1 host in 10 silent", { nmap: 20, tuned: 2, masscan: 1 }, true),
	},
	connects: { far, measure: measureConnects },
	limits: { far, measure: measureLimits },
};

for (const [name, lab] of Object.entries(labs)) {
	if (only !== undefined && !only.includes(name)) continue;
	pin(everywhere);
	const network = await RawNetwork.create(lab.far);
	try {
		// Every scanner is on the first processor; what stands for other machines has the others.
		pin("0");
		receiveHere();
		// The engine's threads are started, the next hop is known and the code compiled, as in a daemon at work.
		await raw.scan(blockWork("", 64, 10));
		if (waits.length === 0 && has.masscan) await measureWaits();
		await lab.measure();
	} finally {
		await network.end();
	}
}
await engine.close();
await connects.close();

/**
 * What comes back is taken in by the scanner's processor, as from a network card. Else the far side's would do that for
 * it, and questions would compete with answers for one queue, which no network has.
 */
function receiveHere(): void {
	writeFileSync("/sys/class/net/near0/queues/rx-0/rps_cpus", "1");
}

function pin(processors: string): void {
	execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", processors, `${process.pid}`], { stdio: "ignore" });
}

async function compare(work: Work, peers: readonly Peer[], scanner: Scanner = raw): Promise<void> {
	for (const row of await contest(work, scanner, peers, rules)) say(row);
}

async function measureWaits(): Promise<void> {
	const nothing = blockWork("", 1, 1);
	waits = [];
	for (let round = 0; round < (smoke ? 1 : 5); round++) waits.push((await fullRate.scan(nothing)).ms);
}

async function measurePlain(): Promise<void> {
	await compare(busyWork("65,535 ports of one host"), [...against(plain, 2), ...masscans(null)]);
	const kernel: Peer = { name: "the kernel's own limit", goal: 1 / 1.3, scan: async (work) => atKernelsLimit(work) };
	const work = blockWork(`1,024 hosts x ${manyPorts} ports`, 1_024, manyPorts);
	await compare(work, [...against(plain, 2), ...masscans(2), kernel]);
}

async function measureWide(): Promise<void> {
	await compare(wideWork(`${wideName} x 1 port`, "ports", wideBits), [...against(plain, 8), ...masscans(null)]);
	await compare(wideWork(`${wideName}: who is there`, "discovery", wideBits), against(plain, 3));
}

async function measureSparse(): Promise<void> {
	const work = wideWork(`${wideName}, 1 in 8 there: who`, "sparse discovery", wideBits);
	await compare(work, [...against(plain, 40), ...against(tuned, 8)]);
}

async function measureRtt(): Promise<void> {
	const most = Math.max(...[2_000, 4_000, 8_000].map((window) => kernelRate(block.addresses, 1_000, window)));
	say({
		name: "the bench's own router, 20 ms: what it carries at most",
		...{ ours: `${Math.round((most * 2) / 1_000)}k`, peer: "60k", ratio: `${((most * 2) / 60_000).toFixed(2)}x` },
		...{
			unit: "packets/s",
			note: "peer is what is needed; figures of slow paths are the router's above it, for every scanner",
		},
	});
	const peers = [...against(plain, 5), ...against(tuned, 1.8), ...masscans(null), ...masscans(null, sameRate)];
	await compare(busyWork(`${onePorts} ports of one host, 20 ms`, onePorts), peers);
}

async function slowPath(
	name: string,
	goals: { nmap: number; tuned: number; masscan: number | null },
	someSilent = false,
): Promise<void> {
	const work = blockWork(`${slowHosts} hosts x 100 ports, ${name}`, slowHosts, 100, someSilent);
	const peers = [...against(plain, goals.nmap), ...against(tuned, goals.tuned)];
	await compare(work, [...peers, ...masscans(goals.masscan), ...masscans(goals.masscan, sameRate)]);
}

async function measureSilent(): Promise<void> {
	const name = `${silentOf} hosts x ${manyPorts} ports, 1 host in 10 silent`;
	const work = blockWork(name, silentOf, manyPorts, true);
	await compare(work, [...against(plain, 20), ...against(tuned, null), ...masscans(null)]);
}

async function measureConnects(): Promise<void> {
	const one = busyWork("connects: 65,535 ports of one host");
	const hosts = smoke ? 256 : 1_024;
	const many = blockWork(`connects: ${hosts.toLocaleString("en")} hosts x 100 ports`, hosts, 100);
	const peers = against(nmap("-sT"), 1);
	for (const work of smoke ? [many] : [one, many]) await compare(work, peers, ours(connects));
}

async function measureLimits(): Promise<void> {
	for (const rate of smoke ? [5_000] : [1_000, 5_000, 50_000]) {
		const { packets, mean, worst } = await watchPace(engine, blockWork("", 1_024, Math.max(2, rate / 500)), rate);
		say({
			name: `a limit of ${rate} packets/s, fullest window of 100 ms`,
			...{ ours: worst.toFixed(0), peer: String(rate), ratio: (worst / rate).toFixed(3), unit: "packets/s" },
			note: `peer is the limit, goal <= 1, give or take 2 % between deciding and leaving: ${outcome(worst <= rate * 1.02)}; ${packets} packets, ${mean.toFixed(0)}/s on average`,
		});
	}
	const few = 1_000;
	const many = smoke ? 20_000 : 1_000_000;
	const { script, remove } = await bundleFootprint();
	const args = ["--cpu-list", everywhere, process.execPath, ...leanFlags, script, `${few},${many}`, `${manyPorts}`];
	const { stdout } = await promisify(execFile)("taskset", args).finally(remove);
	const figures = JSON.parse(stdout) as Footprint;
	const [first, last] = [figures.rss[0]?.mb ?? Number.NaN, figures.rss.at(-1)?.mb ?? Number.NaN];
	say({
		name: `memory (RSS) at ${many} targets, and at ${few}`,
		...{ ours: last.toFixed(0), peer: first.toFixed(0), ratio: (last / first).toFixed(2), unit: "MB" },
		note: `goal: flat, < 150 MB: ${verdict(last < 150 && last < first * 1.25)}`,
	});
	say({
		name: "main thread lag p99 at full rate",
		...{ ours: figures.lagP99.toFixed(1), peer: "20", ratio: (figures.lagP99 / 20).toFixed(2), unit: "ms" },
		note: `peer is the limit, goal <= 1: ${outcome(figures.lagP99 < 20)}; worst ${figures.lagMax.toFixed(0)}, idle p99 ${figures.idleP99.toFixed(1)} ms; ${Math.round(figures.packetsPerSecond / 1_000)}k packets/s, not pinned`,
	});
}

function atKernelsLimit(work: Work) {
	const rate = Math.max(...windows.map((window) => kernelRate(work.addresses, work.ports.length, window)));
	const ms = ((work.addresses.length * work.ports.length) / rate) * 1_000;
	return { ms, found: work.truth.size, wrong: 0, givenUp: false };
}

function kernelRate(addresses: readonly string[], ports: number, window: number): number {
	return measureKernel(addresses, ports, window, smoke ? 200 : 500);
}

/** Of what depends on how much there is to do. */
function verdict(met: boolean): string {
	return smoke ? "(too small to judge)" : outcome(met);
}

function outcome(met: boolean): string {
	return met ? "met" : "MISSED";
}
