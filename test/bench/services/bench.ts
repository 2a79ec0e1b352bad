/** Naming the services of 768 open ports, against `nmap -sV` on the same ports in the same run. */
import { execFile } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
import { probes } from "../../../daemon/probes/index.ts";
import { surveyPort } from "../../../daemon/probes/recognise.ts";
import { median, missingPrograms, ratio, spread } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { servicePorts, startServicesLab } from "./services-lab.ts";

const concurrency = 250;
const ports = Object.values(servicePorts);

/** Product and version by `address:port`. */
type Names = Map<string, { product: string; version: string }>;

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const missing = missingPrograms(["nginx", "redis-server", "sshd", "ssh-keygen"]);
	if (missing.length > 0) {
		const note = `needs ${missing.join(", ")} to be installed`;
		return [{ name: "services", ours: "-", peer: "-", ratio: "-", unit: "s", note }];
	}
	const withNmap = missingPrograms(["nmap"]).length === 0;
	const lab = await startServicesLab(smoke ? 16 : 256);
	try {
		const targets = lab.addresses.flatMap((address) => ports.map((port) => ({ address, port })));
		const lag = monitorEventLoopDelay({ resolution: 1 });
		lag.enable();
		const rounds = [];
		for (let round = 0; round < (smoke ? 2 : 5); round++) rounds.push(await timed(() => nameThem(targets)));
		lag.disable();
		const ours = rounds.map(({ ms }) => ms / 1_000);
		const least = rounds.toSorted((a, b) => a.names.size - b.names.size)[0]?.names ?? new Map();
		const row = { name: `services of ${targets.length} ports`, ours: spread(ours, 2), unit: "s" };
		const loop = `loop lag p99 ${(lag.percentile(99) / 1e6).toFixed(0)} ms`;
		const named = `${least.size}/${targets.length} named`;
		if (!withNmap) return [{ ...row, peer: "not installed", ratio: "-", note: `peer nmap -sV; ${named}; ${loop}` }];
		// Once: it takes many times as long as all of ours.
		const peer = await timed(() => nameThemWithNmap(lab.addresses));
		const same = targets.filter(({ address, port }) => agree(least, peer.names, `${address}:${port}`)).length;
		const note = `peer nmap -sV, goal >= 20x; ${named}, nmap ${peer.names.size}, ${same} the same; ${loop}`;
		const times = ratio(peer.ms / 1_000, median(ours), 1);
		return [{ ...row, peer: (peer.ms / 1_000).toFixed(2), ratio: `${times}x faster`, note }];
	} finally {
		await lab.stop();
	}
}

async function nameThem(targets: readonly { address: string; port: number }[]): Promise<Names> {
	const names: Names = new Map();
	const waiting = [...targets];
	const { signal } = new AbortController();
	const lane = async () => {
		for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
			const { service } = await surveyPort({ ...target, hostname: null, signal, probes });
			const product = service?.product ?? null;
			if (product === null) continue;
			names.set(`${target.address}:${target.port}`, { product, version: service?.version ?? "" });
		}
	};
	await Promise.all(Array.from({ length: concurrency }, lane));
	return names;
}

async function nameThemWithNmap(addresses: readonly string[]): Promise<Names> {
	const args = ["-n", "-Pn", "-sT", "-sV", "-p", ports.join(","), "-oX", "-", ...addresses];
	const { stdout } = await promisify(execFile)("nmap", args, { maxBuffer: 64 * 1024 * 1024, timeout: 300_000 });
	const names: Names = new Map();
	for (const [, address, hostPorts = ""] of stdout.matchAll(/<address addr="([^"]+)"[^>]*>(.*?)<\/ports>/gs)) {
		for (const [, port, attributes = ""] of hostPorts.matchAll(/portid="(\d+)".*?<service ([^>]*)/gs)) {
			const product = /product="([^"]*)"/.exec(attributes)?.[1];
			const version = /version="([^"]*)"/.exec(attributes)?.[1] ?? "";
			if (product !== undefined) names.set(`${address}:${port}`, { product, version });
		}
	}
	return names;
}

/** The same product and version; nmap writes further words after either. */
function agree(ours: Names, theirs: Names, key: string): boolean {
	const a = ours.get(key);
	const b = theirs.get(key);
	if (a === undefined || b === undefined) return false;
	return b.product.startsWith(a.product) && b.version.startsWith(a.version);
}

async function timed(work: () => Promise<Names>): Promise<{ names: Names; ms: number }> {
	const startedAt = performance.now();
	const names = await work();
	return { names, ms: performance.now() - startedAt };
}
