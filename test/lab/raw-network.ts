/**
 * A network of two namespaces for raw packets: this process's own (which must not be the machine's) and one that a child
 * holds, with a veth between them and whatever addresses, listeners and packet filters a test wants behind it. It is gone
 * when the child is. Addresses are from the benchmarking block (RFC 2544).
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface FarSide {
	/** IPv4 prefixes of which every address is alive over there, reached through a router. */
	readonly routed?: readonly string[];
	/** A prefix on the wire itself: these addresses answer ARP. The near end has `10.99.0.1/24`. */
	readonly onLink?: readonly string[];
	/** IPv6 addresses, reached over `fd99::/64`. */
	readonly ip6?: readonly string[];
	/** Listening sockets. */
	readonly listen?: readonly { readonly address: string; readonly port: number }[];
	/** Rules for nftables, in an `inet` table `t` with a chain `in` at the input hook. */
	readonly rules?: readonly string[];
	/** A wire between that is slow or loses packets. */
	readonly wire?: Wire;
}

export interface Wire {
	/** One way, so half of the round trip. */
	readonly delayMs: number;
	/** Share of packets lost, each way. */
	readonly loss: number;
	/** Packets a second that get through towards the far side, and how many may wait for it. */
	readonly packetsPerSecond?: number;
	readonly queue?: number;
}

export const routerAddress = "198.18.0.2";
export const routerHardwareAddress = "02:00:00:00:00:02";
export const sourceAddress = "198.18.0.1";

export class RawNetwork {
	private readonly children: ChildProcess[] = [];

	/** Only in a namespace of one's own: refuses to touch the machine's. */
	static async create(far: FarSide): Promise<RawNetwork> {
		const interfaces = Array.from(readFileSync("/proc/net/dev", "utf8").matchAll(/^\s*(\S+):/gm), ([, name]) => name);
		if (interfaces.some((name) => !["lo", "near0", "near1"].includes(name ?? ""))) {
			throw new Error("This needs a network namespace of its own: unshare --net.");
		}
		const network = new RawNetwork();
		try {
			await network.build(far);
		} catch (err) {
			await network.end();
			throw err;
		}
		return network;
	}

	/** A second wire to the far side, over which these prefixes are reached. */
	secondWay(...routed: string[]): void {
		const pid = String(this.children[0]?.pid);
		const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
		const farIp = (...args: string[]) =>
			execFileSync("nsenter", ["--net", "-t", pid, "ip", ...args], { stdio: "ignore" });
		ip("link", "add", "near1", "type", "veth", "peer", "name", "far1", "netns", pid);
		ip("address", "add", "198.18.1.1/30", "dev", "near1");
		farIp("address", "add", "198.18.1.2/30", "dev", "far1");
		ip("link", "set", "near1", "up");
		farIp("link", "set", "far1", "up");
		for (const prefix of routed) {
			farIp("route", "add", "local", prefix, "dev", "lo");
			ip("route", "add", prefix, "via", "198.18.1.2", "dev", "near1");
		}
	}

	/** What nftables counted in the far namespace: `counter name` rules by name. */
	counter(name: string): number {
		const pid = String(this.children[0]?.pid);
		const output = execFileSync("nsenter", ["--net", "-t", pid, "nft", "-j", "list", "counter", "inet", "t", name]);
		const { nftables } = JSON.parse(output.toString()) as { nftables: { counter?: { packets: number } }[] };
		return nftables.find((one) => one.counter !== undefined)?.counter?.packets ?? -1;
	}

	async end(): Promise<void> {
		for (const child of this.children) {
			if (child.exitCode !== null || child.signalCode !== null) continue;
			child.kill("SIGKILL");
			await once(child, "exit");
		}
		// The kernel takes its time with a namespace that is gone, and the next test wants the names.
		for (const device of ["near0", "near1"]) spawnSync("ip", ["link", "del", device], { stdio: "ignore" });
	}

	private async build(far: FarSide): Promise<void> {
		const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
		const target = await this.child("raw-target.ts", far);
		ip("link", "set", "lo", "up");
		if (far.wire === undefined) {
			ip(
				"link",
				"add",
				"near0",
				"type",
				"veth",
				"peer",
				"name",
				"far0",
				"address",
				routerHardwareAddress,
				"netns",
				String(target.pid),
			);
		} else {
			const wire = await this.child("raw-wire.ts", far.wire);
			ip("link", "add", "near0", "type", "veth", "peer", "name", "wire0", "netns", String(wire.pid));
			ip(
				"link",
				"add",
				"wire1",
				"type",
				"veth",
				"peer",
				"name",
				"far0",
				"address",
				routerHardwareAddress,
				"netns",
				String(target.pid),
			);
			ip("link", "set", "wire1", "netns", String(wire.pid));
			await this.told(wire, "up");
		}
		quiet(ip, "near0");
		ip("address", "add", `${sourceAddress}/30`, "dev", "near0");
		ip("address", "add", "10.99.0.1/24", "dev", "near0");
		ip("address", "add", "fd99::1/64", "dev", "near0", "nodad");
		ip("link", "set", "near0", "up");
		for (const prefix of far.routed ?? []) ip("route", "add", prefix, "via", routerAddress, "src", sourceAddress);
		await this.told(target, "up");
	}

	/** Starts a script in a namespace of its own; it gets its orders as JSON. */
	private async child(script: string, orders: unknown): Promise<ChildProcess> {
		const path = fileURLToPath(new URL(script, import.meta.url));
		// The settings of a namespace's interfaces are in a sysfs of its own.
		const command = 'mount -t sysfs sysfs /sys && exec "$0" "$1"';
		const child = spawn("unshare", ["--net", "--mount", "sh", "-c", command, process.execPath, path], {
			stdio: ["pipe", "pipe", "inherit"],
			env: { ...process.env, NODE_OPTIONS: "" },
		});
		this.children.push(child);
		child.stdin.write(`${JSON.stringify(orders)}\n`);
		await heard(child, "ready");
		return child;
	}

	private async told(child: ChildProcess, word: string): Promise<void> {
		child.stdin?.write(`${word}\n`);
		await heard(child, word);
	}
}

/** Waits for a line. */
async function heard(child: ChildProcess, word: string): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const fail = () => reject(new Error(`The far side ended before it said ${word}.`));
	const hear = (chunk: Buffer) => {
		if (chunk.toString().includes(`${word}\n`)) resolve();
	};
	child.once("exit", fail);
	child.stdout?.on("data", hear);
	await promise.finally(() => {
		child.off("exit", fail);
		child.stdout?.off("data", hear);
	});
}

function quiet(ip: (...args: string[]) => unknown, device: string): void {
	// Large frames that the stack puts together would be one packet to the ring of a peer.
	execFileSync("ethtool", ["-K", device, "gro", "off", "tso", "off", "gso", "off"], { stdio: "ignore" });
	ip("link", "set", device, "txqueuelen", "10000");
}
