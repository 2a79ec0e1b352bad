/**
 * Many small services on loopback, in a process of their own so that answering them is not counted as anybody's lag:
 * Redis, OpenSSH as it was once recorded, FTP and HTTP on each address. `node servers.ts COUNT` says `ready` and serves
 * until its standard input ends.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { fakeRedis, serve } from "../../support/fake-host.ts";

const page = "<!doctype html><title>Branch office</title><p>Hello.";
const answer = `HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`;

/** A careless OpenSSH: its greeting, key exchange lists and host keys, one connection after the other. */
const recorded = [1, 2].map((n) =>
	readFileSync(new URL(`../../../daemon/probes/ssh/testdata/openssh-9.2p1-weak.${n}.bin`, import.meta.url)),
);

function replay(): (socket: Socket) => void {
	let next = 0;
	return (socket) => void socket.write(recorded[next++ % recorded.length] ?? "");
}

function ftp(socket: Socket): void {
	socket.write("220 (vsFTPd 3.0.3)\r\n");
	socket.on("data", () => socket.write("530 Please login with USER and PASS.\r\n"));
}

const services: Record<number, () => (socket: Socket) => void> = {
	21: () => ftp,
	22: replay,
	80: () => (socket) => void socket.once("data", () => socket.end(answer)),
	6379: () => fakeRedis({ password: () => false }),
};

const count = Number(process.argv[2] ?? 16);
for (let host = 0; host < count; host++) {
	for (const [port, talk] of Object.entries(services)) await serve(`127.91.0.${host}`, Number(port), talk());
}
process.stdout.write("ready\n");
process.stdin.resume().once("end", () => process.exit(0));
