/**
 * Machines in a row, each a network namespace of its own, joined by wires: routers forward, hosts answer. This process's
 * namespace is one of them and must not be the machine's. All is gone when the holding processes are; they end with this
 * one, as they read its pipe.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export class RoutedNetwork {
	readonly #machines = new Map<string, ChildProcess>();

	/** Refuses to touch the machine's own network. */
	static open(): RoutedNetwork {
		const interfaces = Array.from(readFileSync("/proc/net/dev", "utf8").matchAll(/^\s*(\S+):/gm), ([, name]) => name);
		if (interfaces.some((name) => name !== "lo"))
			throw new Error("This needs a network namespace of its own: unshare --net.");
		return new RoutedNetwork();
	}

	/** A machine that forwards what is not for it. */
	async add(name: string): Promise<void> {
		const held =
			"ip link set lo up; echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding";
		const child = spawn("unshare", ["--net", "sh", "-c", `${held}; echo ready; exec cat >/dev/null`], {
			stdio: ["pipe", "pipe", "inherit"],
		});
		this.#machines.set(name, child);
		await Promise.race([
			once(child.stdout, "data"),
			once(child, "exit").then(() => Promise.reject(new Error(`the machine ${name} could not be made`))),
		]);
	}

	/** A wire from one machine to another; `here` is this process. Addresses with their prefix length. */
	wire(
		from: string,
		to: string,
		addresses: { readonly from: readonly string[]; readonly to: readonly string[] },
	): void {
		const at = (machine: string) => (machine === "here" ? String(process.pid) : String(this.#pidOf(machine)));
		const far = ["peer", "name", `to-${from}`, "netns", at(to)];
		this.ip("here", "link", "add", `to-${to}`, "netns", at(from), "type", "veth", ...far);
		for (const [machine, device, own] of [
			[from, `to-${to}`, addresses.from],
			[to, `to-${from}`, addresses.to],
		] as const) {
			for (const address of own)
				this.ip(machine, "address", "add", address, "dev", device, ...(address.includes(":") ? ["nodad"] : []));
			this.ip(machine, "link", "set", device, "up");
		}
	}

	route(machine: string, prefix: string, via: string): void {
		this.ip(machine, ...(via.includes(":") ? ["-6"] : []), "route", "add", prefix, "via", via);
	}

	/** Runs `ip` there. */
	ip(machine: string, ...args: string[]): void {
		this.run(machine, "ip", ...args);
	}

	/** What a command line begins with that runs there. */
	enter(machine: string): string[] {
		return machine === "here" ? [] : ["nsenter", "--net", "-t", String(this.#pidOf(machine))];
	}

	/** Runs a program there; what it prints. */
	run(machine: string, program: string, ...args: string[]): string {
		const [first = program, ...rest] = [...this.enter(machine), program, ...args];
		return execFileSync(first, rest, { stdio: ["ignore", "pipe", "pipe"] }).toString();
	}

	async close(): Promise<void> {
		// The kernel takes its time with a namespace that is gone, and the next test wants none but lo.
		for (const machine of this.#machines.keys()) spawnSync("ip", ["link", "del", `to-${machine}`], { stdio: "ignore" });
		for (const child of this.#machines.values()) {
			if (child.exitCode !== null || child.signalCode !== null) continue;
			child.kill("SIGKILL");
			await once(child, "exit");
		}
	}

	#pidOf(machine: string): number {
		const pid = this.#machines.get(machine)?.pid;
		if (pid === undefined) throw new Error(`there is no machine ${machine}`);
		return pid;
	}
}
