/**
 * The far side of a network of ghosts: run in a network namespace of its own, it is every device of it. Real TCP by its
 * kernel; what answers for everybody is nftables handing connections to one mute, chatty or erring server.
 */
import { execFileSync } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { farAddress, type GhostOrders } from "./ghost-network.ts";

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
const say = (word: string) => process.stdout.write(`${word}\n`);

const lines = createInterface({ input: process.stdin });
let orders: GhostOrders | undefined;
lines.on("line", (line) => {
	if (orders === undefined) {
		orders = JSON.parse(line) as GhostOrders;
		say("ready");
	} else if (line.startsWith("rules ")) {
		filter(JSON.parse(line.slice(6)) as GhostOrders);
		say("changed");
	} else void bringUp(orders);
});
// The parent holds the other end: when it is gone, so is this.
lines.once("close", () => process.exit(0));

async function bringUp(given: GhostOrders): Promise<void> {
	ip("link", "set", "lo", "up");
	ip("address", "add", `${farAddress}/30`, "dev", "far0");
	ip("link", "set", "far0", "up");
	for (const prefix of given.networks) ip("route", "add", "local", prefix, "dev", "lo");
	execFileSync("sysctl", ["-q", "-w", "net.ipv4.tcp_max_syn_backlog=65536"], { stdio: "ignore" });
	execFileSync("sysctl", ["-q", "-w", "net.core.somaxconn=4096"], { stdio: "ignore" });
	filter(given);
	for (const [name, talk] of Object.entries(talks)) await listen(serverPorts[name as keyof typeof talks], talk);
	for (const port of given.ssh ?? []) await listen(port, talks.ssh);
	for (const port of given.http ?? []) await listen(port, talks.http);
	say("up");
}

/** Where `redirect to :<port>` leads. */
const serverPorts = { mute: 9, http: 10, ssh: 11, gateway: 12, spoof: 13, curt: 14 };

function filter({ nat, rules }: GhostOrders): void {
	const natChain = `chain pre { type nat hook prerouting priority -100; ${(nat ?? []).join("; ")}; }`;
	const inChain = `chain in { type filter hook input priority 0; policy accept; ${(rules ?? []).join("; ")}; }`;
	execFileSync("nft", ["-f", "-"], {
		input: `table ip t {}\ndelete table ip t\ntable ip t {\n${natChain}\n${inChain}\n}\n`,
	});
}

const page = (status: string, body: string) =>
	`HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

const talks = {
	mute: (socket: Socket) => socket.resume(),
	curt: (socket: Socket) => socket.end(),
	http: (socket: Socket) => socket.once("data", () => socket.end(page("200 OK", "<title>Clone</title>"))),
	gateway: (socket: Socket) =>
		socket.once("data", () => socket.end(page("503 Service Unavailable", "<title>Proxy</title>"))),
	ssh: (socket: Socket) => greet(socket, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n"),
	spoof: (socket: Socket) => greet(socket, "220 ftp.example.org FTP server ready\r\n"),
};

/** Greets, and hangs up when it is spoken to: nobody has to wait for what it will never say. */
function greet(socket: Socket, greeting: string): void {
	socket.write(greeting);
	socket.once("data", () => socket.end());
}

function listen(port: number, talk: (socket: Socket) => void): Promise<void> {
	const server = createServer((socket) => {
		socket.on("error", () => {});
		talk(socket);
	});
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen({ host: "0.0.0.0", port, backlog: 4_096 }, resolve);
	});
}
