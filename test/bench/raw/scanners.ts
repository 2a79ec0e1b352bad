/** The same work done by our raw engine, nmap and masscan: wall time and how many open ports were found. */
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import type { PortEngine } from "../../../daemon/packets/engine.ts";
import { routerHardwareAddress, sourceAddress } from "../../lab/raw-network.ts";

export interface Work {
	readonly addresses: readonly string[];
	readonly ports: readonly number[];
}
export interface Scanned {
	readonly ms: number;
	readonly found: number;
}

const limits = {
	ratePerSecond: 10_000_000,
	inFlight: 4_000_000,
	inFlightPerHost: 65_535,
	timeoutMs: 1_000,
	retries: 2,
};
/** Beyond it a peer is ended, and its time is a lower bound. */
export const giveUpMs = 60_000;

/** On a warm engine: a daemon's thread runs already. */
export async function scanRaw(engine: PortEngine, work: Work): Promise<Scanned> {
	const startedAt = performance.now();
	let found = 0;
	for await (const { answers } of engine.run({ ...work, limits })) {
		for (const { state } of answers) if (state === "open") found++;
	}
	return { ms: performance.now() - startedAt, found };
}

export function scanWithNmap(work: Work, options: readonly string[]): Promise<Scanned> {
	const ports = `-p${work.ports[0]}-${work.ports.at(-1)}`;
	const args = ["-sS", "-T4", "-n", "-Pn", ...options, ports, "-oG", "-", ...targets(work)];
	return timed("nmap", args, /\/open\/tcp/g);
}

/** Its fixed wait of ten seconds at the end is cut to one. */
export function scanWithMasscan(work: Work, rate: number): Promise<Scanned> {
	const ports = `-p${work.ports[0]}-${work.ports.at(-1)}`;
	const way = ["-e", "near0", "--router-mac", routerHardwareAddress, "--source-ip", sourceAddress];
	const args = [...targets(work), ports, "--rate", String(rate), "--wait", "1", ...way, "-oL", "-"];
	return timed("masscan", args, /^open tcp/gm);
}

export function installed(program: string): boolean {
	try {
		execFileSync("which", [program], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

async function timed(program: string, args: readonly string[], open: RegExp): Promise<Scanned> {
	const startedAt = performance.now();
	const options = { maxBuffer: 1 << 28, timeout: giveUpMs };
	const stdout = await promisify(execFile)(program, args, options).then(
		(done) => done.stdout,
		(err: { killed?: boolean; stdout?: string }) => {
			if (err.killed !== true) throw err;
			return err.stdout ?? "";
		},
	);
	return { ms: performance.now() - startedAt, found: stdout.match(open)?.length ?? 0 };
}

/** A block of 1,024 as the others write it. */
function targets({ addresses }: Work): readonly string[] {
	return addresses.length === 1_024 ? ["198.18.4.0/22"] : addresses;
}
