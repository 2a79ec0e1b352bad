/**
 * A network of its own behind a slow wire: 254 addresses in another network namespace, all of them one machine. Nothing of
 * it reaches a real interface.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { fileURLToPath } from "node:url";

export interface SlowNetworkOptions {
	/** One way. */
	readonly delayMs: number;
	/** Of the packets in each direction. */
	readonly lossPercent: number;
	/** Ports that accept on every address; all others refuse. */
	readonly open: readonly number[];
	/** Last numbers of the addresses that answer nothing at all: first and last. */
	readonly silent: readonly [number, number];
}

/** A listener for every port given, on all addresses. */
const listeners = `
	const { createServer } = require("node:net");
	const ports = process.argv.slice(1).map(Number);
	let left = ports.length;
	for (const port of ports)
		createServer((socket) => socket.on("error", () => {}).end()).listen(port, "0.0.0.0", () => --left || console.log("ready"));
	process.stdin.resume().once("end", () => process.exit());
`;

export class SlowNetwork {
	readonly addresses = Array.from({ length: 254 }, (_, n) => `10.199.1.${n + 1}`);
	readonly answering: readonly string[];
	readonly #namespace = `vedette-${process.pid}`;
	readonly #children: ChildProcess[] = [];

	private constructor(silent: readonly [number, number]) {
		this.answering = this.addresses.filter((_, n) => n + 1 < silent[0] || n + 1 > silent[1]);
	}

	/** Throws outside a network namespace made for tests: there must be no interface but loopback. */
	static async open(options: SlowNetworkOptions): Promise<SlowNetwork> {
		const others = Object.keys(networkInterfaces()).filter((name) => name !== "lo");
		if (others.length > 0) throw new Error(`this must run under unshare --net, but there is ${others.join(", ")}`);
		const network = new SlowNetwork(options.silent);
		try {
			await network.#build(options);
			return network;
		} catch (error) {
			await network.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		for (const child of this.#children) {
			if (child.exitCode !== null || child.signalCode !== null) continue;
			child.stdin?.end();
			await once(child, "exit");
		}
		execFileSync("ip", ["netns", "delete", this.#namespace], { stdio: "ignore" });
	}

	async #build({ delayMs, lossPercent, open, silent }: SlowNetworkOptions): Promise<void> {
		const inside = ["netns", "exec", this.#namespace];
		// Containers often come without the device file.
		const tun = "[ -e /dev/net/tun ] || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }";
		execFileSync("sh", ["-c", tun]);
		ip("netns", "add", this.#namespace);
		const script = fileURLToPath(new URL("./slow-link.py", import.meta.url));
		await this.#start("python3", script, this.#namespace, `${delayMs}`, `${lossPercent}`);
		ip("address", "add", "10.199.0.1/24", "dev", "slow");
		ip("link", "set", "slow", "up", "txqueuelen", "10000");
		ip("route", "add", "10.199.1.0/24", "dev", "slow");
		for (const args of [
			["link", "set", "lo", "up"],
			["link", "set", "slow", "up", "txqueuelen", "10000"],
			["route", "add", "local", "10.199.1.0/24", "dev", "lo"],
			["route", "add", "10.199.0.0/24", "dev", "slow"],
		])
			ip("-n", this.#namespace, ...args);
		const silence = `ip daddr 10.199.1.${silent[0]}-10.199.1.${silent[1]} drop`;
		const rules = `add table ip lab; add chain ip lab in { type filter hook input priority 0; }; add rule ip lab in ${silence}`;
		ip(...inside, "nft", rules);
		// Refusals are not to be counted as an attack.
		ip(...inside, "sh", "-c", "echo 0 > /proc/sys/net/ipv4/tcp_syncookies; echo 4096 > /proc/sys/net/core/somaxconn");
		await this.#start("ip", ...inside, process.execPath, "-e", listeners, ...open.map(String));
	}

	/** Starts something that says `ready` and ends with its standard input. */
	async #start(command: string, ...args: string[]): Promise<void> {
		const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
		this.#children.unshift(child);
		const ended = once(child, "exit").then(() => Promise.reject(new Error(`${command} ended`)));
		ended.catch(() => undefined);
		await Promise.race([once(child.stdout, "data"), ended]);
	}
}

function ip(...args: string[]): void {
	execFileSync("ip", args, { stdio: ["ignore", "ignore", "inherit"] });
}
