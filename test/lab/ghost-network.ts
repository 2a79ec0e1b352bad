/**
 * A network with a firewall, proxy or decoys in it: this process's own namespace (which must not be the machine's) and one
 * that a child holds, a veth between them. Gone when the child is. Addresses are from the benchmarking block (RFC 2544).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface GhostOrders {
	/** Prefixes of which every address is the far side's own. */
	readonly networks: readonly string[];
	/** Rules of nftables before routing: `ip daddr … tcp dport … redirect to :9` (see serverPorts in ghost-target.ts). */
	readonly nat?: readonly string[];
	/** Rules of nftables for what comes in. */
	readonly rules?: readonly string[];
	/** Ports of every address with a server that greets as SSH, or answers HTTP. */
	readonly ssh?: readonly number[];
	readonly http?: readonly number[];
}

export const nearAddress = "198.18.0.1";
export const farAddress = "198.18.0.2";

export class GhostNetwork {
	readonly #child: ChildProcess;
	readonly #lines: Interface;

	private constructor(child: ChildProcess, lines: Interface) {
		this.#child = child;
		this.#lines = lines;
	}

	/** Only in a namespace of one's own: refuses to touch the machine's. */
	static async create(orders: GhostOrders): Promise<GhostNetwork> {
		const interfaces = Array.from(readFileSync("/proc/net/dev", "utf8").matchAll(/^\s*(\S+):/gm), ([, name]) => name);
		if (interfaces.some((name) => name !== "lo" && name !== "near0")) {
			throw new Error("This needs a network namespace of its own: unshare --net.");
		}
		const script = fileURLToPath(new URL("ghost-target.ts", import.meta.url));
		const child = spawn("unshare", ["--net", process.execPath, script], { stdio: ["pipe", "pipe", "inherit"] });
		const network = new GhostNetwork(child, createInterface({ input: child.stdout }));
		try {
			await network.#tell(JSON.stringify(orders), "ready");
			const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
			ip("link", "set", "lo", "up");
			ip("link", "add", "near0", "type", "veth", "peer", "name", "far0", "netns", String(child.pid));
			ip("address", "add", `${nearAddress}/30`, "dev", "near0");
			ip("link", "set", "near0", "up");
			for (const prefix of orders.networks) ip("route", "add", prefix, "via", farAddress, "src", nearAddress);
			await network.#tell("up", "up");
			return network;
		} catch (err) {
			await network.end();
			throw err;
		}
	}

	/** Puts other rules in the place of those there are. */
	async change(orders: Pick<GhostOrders, "nat" | "rules">): Promise<void> {
		await this.#tell(`rules ${JSON.stringify({ networks: [], ...orders })}`, "changed");
	}

	async end(): Promise<void> {
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		this.#child.kill("SIGKILL");
		await once(this.#child, "exit");
	}

	async #tell(line: string, answer: string): Promise<void> {
		const heard = new Promise<void>((resolve, reject) => {
			const gone = () => reject(new Error("the far side is gone"));
			this.#child.once("exit", gone);
			const listen = (said: string) => {
				if (said !== answer) return;
				this.#lines.off("line", listen);
				this.#child.off("exit", gone);
				resolve();
			};
			this.#lines.on("line", listen);
		});
		this.#child.stdin?.write(`${line}\n`);
		await heard;
	}
}
