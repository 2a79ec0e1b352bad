/** The far side of a raw test network: run in a network namespace of its own, it is every host of it. */
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { type FarSide, routerAddress, sourceAddress } from "./raw-network.ts";

const say = (word: string) => process.stdout.write(`${word}\n`);
const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
const allow = (name: string, value: string) =>
	execFileSync("sysctl", ["-q", "-w", `${name}=${value}`], { stdio: "ignore" });

const lines = createInterface({ input: process.stdin });
let orders: FarSide | undefined;
lines.on("line", (line) => {
	if (orders === undefined) {
		orders = JSON.parse(line) as FarSide;
		say("ready");
	} else void bringUp(orders);
});
// The parent holds the other end: when it is gone, so is this.
lines.once("close", () => process.exit(0));

async function bringUp(orders: FarSide): Promise<void> {
	ip("link", "set", "lo", "up");
	execFileSync("ethtool", ["-K", "far0", "gro", "off", "tso", "off", "gso", "off"], { stdio: "ignore" });
	// The far side works on another processor than the sender, as another machine would.
	if (availableParallelism() > 1) writeFileSync("/sys/class/net/far0/queues/rx-0/rps_cpus", "2");
	ip("address", "add", `${routerAddress}/30`, "dev", "far0");
	for (const address of orders.onLink ?? []) ip("address", "add", `${address}/24`, "dev", "far0");
	for (const address of orders.ip6 ?? []) ip("address", "add", `${address}/64`, "dev", "far0", "nodad");
	ip("link", "set", "far0", "up");
	if (orders.onLink === undefined) ip("route", "add", "10.99.0.0/24", "dev", "far0");
	for (const prefix of orders.routed ?? []) ip("route", "add", "local", prefix, "dev", "lo");
	allow("net.ipv4.icmp_ratelimit", "0");
	allow("net.ipv4.icmp_msgs_per_sec", "1000000");
	allow("net.ipv4.tcp_max_syn_backlog", "65536");
	allow("net.core.somaxconn", "4096");
	// The scanner's kernel resets what it did not open; a queue of half-open connections must not turn into cookies.
	allow("net.ipv4.tcp_syncookies", "0");
	filter(orders.rules ?? []);
	for (const { address, port } of orders.listen ?? []) await listen(address, port);
	// A scanner that waits for packets to notice that its time is up gets one now and then.
	const tick = createSocket("udp4");
	setInterval(() => tick.send("tick", 9, sourceAddress, () => {}), 100);
	say("up");
}

function filter(rules: readonly string[]): void {
	if (rules.length === 0) return;
	const names = new Set(rules.flatMap((rule) => Array.from(rule.matchAll(/counter name (\w+)/g), (match) => match[1])));
	const counters = [...names].map((name) => `counter ${name} {}`).join("\n");
	const chain = `chain in { type filter hook input priority 0; policy accept; ${rules.join("; ")}; }`;
	execFileSync("nft", ["-f", "-"], { input: `table inet t {\n${counters}\n${chain}\n}\n` });
}

async function listen(host: string, port: number): Promise<void> {
	const server = createServer((socket) => socket.on("error", () => {}).destroy());
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen({ host, port, backlog: 512, exclusive: true }, resolve);
	});
}
