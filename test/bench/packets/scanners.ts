/** The same work done by our engines, nmap and masscan: how long it took, what was found and what was made up. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PortEngine } from "../../../daemon/packets/engine.ts";
import { routerHardwareAddress, sourceAddress } from "../../lab/raw-network.ts";
import type { Work } from "./work.ts";

export interface Scanned {
	readonly ms: number;
	/** Of what there is to find, how much was found; and what was found that is not there. */
	readonly found: number;
	readonly wrong: number;
	/** Ended before it was done: its time is a lower bound. */
	readonly givenUp: boolean;
}
export interface Scanner {
	readonly name: string;
	scan(work: Work): Promise<Scanned>;
}

/** Nothing holds it back: no limit for a host, and a rate no machine reaches. */
const fullSpeed = {
	ratePerSecond: 10_000_000,
	inFlight: 4_000_000,
	inFlightPerHost: 65_535,
	timeoutMs: 1_000,
	retries: 2,
};
/** What connects can hold open at once. */
const connectsAtOnce = { inFlight: 2_000, inFlightPerHost: 500, retries: 1 };
/** Beyond it a peer is ended. */
const giveUpMs = 90_000;
const mostOutput = 1 << 28;

/** On a warm engine: a daemon's thread runs already. */
export function ours(engine: PortEngine): Scanner {
	const limits = engine.name === "raw" ? fullSpeed : { ...fullSpeed, ...connectsAtOnce };
	return {
		name: engine.name,
		async scan(work) {
			const { addresses, ports, discovery = false } = work;
			const startedAt = performance.now();
			const found: string[] = [];
			for await (const { answers } of engine.run({ addresses, ports, firstAnswerOnly: discovery, limits })) {
				for (const { address, port, state } of answers) {
					if (state === "open") found.push(discovery ? address : `${address} ${port}`);
					else if (discovery && state === "closed") found.push(address);
				}
			}
			return judged(work, performance.now() - startedAt, found);
		},
	};
}

/** As users run it; `options` is what else they may know to say. For discovery: `-sn` with the one probe that we send. */
export function nmap(kind: "-sS" | "-sT", ...options: readonly string[]): Scanner {
	return {
		name: ["nmap", kind, "-T4", ...options].join(" "),
		scan(work) {
			const how = work.discovery ? ["-sn", `-PS${work.ports[0]}`] : [kind, "-Pn", portRange(work)];
			const args = [...how, "-T4", "-n", ...options, "-oG", "-", ...work.targets];
			const read = work.discovery ? hostsUp : openPorts;
			return timed(work, "nmap", args, read);
		},
	};
}

/** Its fixed wait of ten seconds at the end is cut to one. It knows the way to the router, as it would on any network. */
export function masscan(rate: number): Scanner {
	return {
		name: rate >= 10_000_000 ? "masscan, full rate" : `masscan --rate ${rate}`,
		scan(work) {
			const way = ["-e", "near0", "--router-mac", routerHardwareAddress, "--source-ip", sourceAddress];
			const args = [...work.targets, portRange(work), "--rate", `${rate}`, "--wait", "1", ...way, "-oL", "-"];
			return timed(work, "masscan", args, (output) =>
				Array.from(output.matchAll(/^open tcp (\d+) (\S+)/gm), ([, port, address]) => `${address} ${port}`),
			);
		},
	};
}

function portRange({ ports }: Work): string {
	return ports.length === 1 ? `-p${ports[0]}` : `-p${ports[0]}-${ports.at(-1)}`;
}

function openPorts(output: string): string[] {
	return Array.from(output.matchAll(/^Host: (\S+) .*?\tPorts: ([^\t\n]*)/gm)).flatMap(([, address, ports = ""]) =>
		Array.from(ports.matchAll(/(\d+)\/open\/tcp/g), ([, port]) => `${address} ${port}`),
	);
}

function hostsUp(output: string): string[] {
	return Array.from(output.matchAll(/^Host: (\S+) .*Status: Up/gm), ([, address]) => address ?? "");
}

async function timed(work: Work, program: string, args: readonly string[], read: (output: string) => string[]) {
	const startedAt = performance.now();
	let givenUp = false;
	const { stdout } = await promisify(execFile)(program, args, { maxBuffer: mostOutput, timeout: giveUpMs }).catch(
		(err: Error & { killed?: boolean; stdout?: string }) => {
			if (err.killed !== true) throw err;
			givenUp = true;
			return { stdout: err.stdout ?? "" };
		},
	);
	const ms = performance.now() - startedAt;
	return { ...judged(work, ms, read(stdout)), givenUp };
}

function judged({ truth }: Work, ms: number, found: readonly string[]): Scanned {
	const distinct = new Set(found);
	const right = [...distinct].filter((one) => truth.has(one)).length;
	return { ms, found: right, wrong: distinct.size - right, givenUp: false };
}
