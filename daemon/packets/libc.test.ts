/** The peer of a unix socket, asked of the real kernel; and where a worker's code is. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workerUrl } from "../worker-url.ts";
import { getPeer } from "./libc.ts";

const descriptorOf = (socket: Socket) => (socket as unknown as { _handle: { fd: number } })._handle.fd;

test("the peer of a unix socket is this process's user; other descriptors have none", async () => {
	const folder = await mkdtemp(join(tmpdir(), "vedette-"));
	const server = createServer().listen(join(folder, "s"));
	await once(server, "listening");
	const client = connect(join(folder, "s"));
	const [peer] = (await once(server, "connection")) as [Socket];
	const found = getPeer(descriptorOf(peer));
	expect(found?.uid).toBe(process.getuid?.());
	expect(found?.gids[0]).toBe(process.getgid?.());
	// Node adds the effective group to the list when the kernel has not.
	expect(new Set(found?.gids)).toEqual(new Set(process.getgroups?.()));
	client.destroy();
	peer.destroy();
	server.close();
	await rm(folder, { recursive: true });

	const tcp = createServer().listen(0, "127.0.0.1");
	await once(tcp, "listening");
	expect(getPeer(descriptorOf(tcp as unknown as Socket))).toBeNull();
	tcp.close();
	expect(getPeer(-1)).toBeNull();
});

test.each([
	["file:///app/daemon/worker-url.ts", "file:///app/daemon/packets/connect-worker.ts"],
	["file:///app/dist/vedette.js", "file:///app/dist/connect-worker.js"],
	["file:///app/dist/chunks/daemon-Ab12.js", "file:///app/dist/connect-worker.js"],
])("from %s the worker is %s", (from, expected) => {
	expect(workerUrl("connect-worker", from).href).toBe(expected);
});
