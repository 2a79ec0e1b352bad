/** Who gets in: every way to knock that is not ours is refused, and the daemon lives. */
import { spawn } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectClient } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { AppError } from "../../protocol/errors.ts";
import { type Door, handshake, isAlive, openDoor, Peer, rawExchange } from "./door.ts";

let door: Door;
beforeAll(async () => {
	door = await openDoor();
});
afterAll(() => door.close());

async function codeOf(work: Promise<unknown>): Promise<string> {
	const err = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	return err instanceof AppError ? err.code : `no AppError: ${String(err)}`;
}

describe("requests that are not ours", () => {
	const get = (path: string) => `GET ${path} HTTP/1.1`;
	test.each<[string, string, RegExp]>([
		["Origin of a page", handshake({ Origin: "https://evil.example" }), /^HTTP\/1\.1 403/],
		["Origin null", handshake({ Origin: "null" }), /^HTTP\/1\.1 403/],
		["Origin that looks like ours", handshake({ Origin: "http://vedette.local" }), /^HTTP\/1\.1 403/],
		["Origin in lower case", handshake({ origin: "http://localhost" }), /^HTTP\/1\.1 403/],
		["empty Origin", handshake({ Origin: "" }), /^HTTP\/1\.1 403/],
		["Referer", handshake({ Referer: "http://localhost/" }), /^HTTP\/1\.1 403/],
		["Sec-Fetch-Site", handshake({ "Sec-Fetch-Site": "cross-site" }), /^HTTP\/1\.1 403/],
		["Sec-Fetch-Mode", handshake({ "Sec-Fetch-Mode": "websocket" }), /^HTTP\/1\.1 403/],
		["Sec-Fetch-Dest", handshake({ "sec-fetch-dest": "empty" }), /^HTTP\/1\.1 403/],
		["a Host of somebody else (DNS rebinding)", handshake({ Host: "evil.example" }), /^HTTP\/1\.1 403/],
		["a Host that begins like ours", handshake({ Host: "vedette.local.evil.example" }), /^HTTP\/1\.1 403/],
		["a Host with a port", handshake({ Host: "localhost:80" }), /^HTTP\/1\.1 403/],
		["two Hosts", handshake({ Host: ["vedette.local", "evil.example"] }), /^HTTP\/1\.1 40[03]/],
		["no Host", handshake({ Host: null }), /^HTTP\/1\.1 40[03]/],
		["another path", handshake({}, get("/")), /^HTTP\/1\.1 404/],
		["a path below", handshake({}, get("/rpc/")), /^HTTP\/1\.1 404/],
		["a query", handshake({}, get("/rpc?token=1")), /^HTTP\/1\.1 404/],
		["an absolute URL", handshake({}, get("http://vedette.local/rpc")), /^HTTP\/1\.1 404/],
		["a path with dots", handshake({}, get("/x/../rpc")), /^HTTP\/1\.1 404/],
		["a POST handshake", handshake({}, "POST /rpc HTTP/1.1"), /^HTTP\/1\.1 405/],
		["a plain GET", handshake({ Upgrade: null, Connection: null }), /^HTTP\/1\.1 426[\s\S]*vedette call/],
		["a plain POST", `POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}`, /^HTTP\/1\.1 405/],
		[
			"a POST a form could make",
			`POST /rpc HTTP/1.1\r\nHost: localhost\r\nOrigin: x\r\nContent-Length: 0\r\n\r\n`,
			/403/,
		],
		["another upgrade", handshake({ Upgrade: "h2c" }), /^HTTP\/1\.1 400/],
		["an old WebSocket", handshake({ "Sec-WebSocket-Version": "7" }), /^HTTP\/1\.1 (400|426)/],
		["no WebSocket key", handshake({ "Sec-WebSocket-Key": null }), /^HTTP\/1\.1 400/],
		["not HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", /^$/],
		["JSON without HTTP", '{"jsonrpc":"2.0","id":1,"method":"daemon.stop"}\r\n\r\n', /^$/],
		["a header of 64 kB", handshake({ "X-Long": "x".repeat(65_536) }), /^$/],
		["a thousand headers", handshake({ "X-Many": Array.from({ length: 1_000 }, () => "x".repeat(20)) }), /^$/],
		[
			"two lengths (smuggling)",
			`POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
			/^$/,
		],
	])("%s", async (_name, request, answer) => {
		expect(await rawExchange(door.socketPath, request)).toMatch(answer);
		expect(door.server.connections()).toBe(0);
		expect(await isAlive(door.socketPath)).toBe(true);
	});

	test("compression is not agreed on", async () => {
		const answer = await rawExchange(
			door.socketPath,
			handshake({ "Sec-WebSocket-Extensions": "permessage-deflate" }),
			(socket) => socket.once("data", () => socket.end()),
		);
		expect(answer).toMatch(/^HTTP\/1\.1 101/);
		expect(answer).not.toMatch(/deflate/i);
	});

	test("none of it reached a handler", () => {
		expect(door.reached.has("daemon.stop")).toBe(false);
	});
});

describe("users", () => {
	const own = process.getuid?.() ?? 0;
	test.each<[string, number | null, string]>([
		["its own", own, "admin"],
		["root", 0, "admin"],
		["nobody", 65_534, "forbidden"],
		["the next user", own + 1, "forbidden"],
		["the overflow of 32 bits", 4_294_967_295, "forbidden"],
		["one the system cannot tell", null, "forbidden"],
	])("%s", async (_name, uid, expected) => {
		const other = await openDoor({ peerOf: () => (uid === null ? null : { uid, gids: [uid] }) });
		try {
			const connected = connectClient({ dial: () => dialUnix(other.socketPath), client: "test", retryMs: 0 });
			if (expected === "forbidden") expect(await codeOf(connected)).toBe("forbidden");
			else {
				const client = await connected;
				expect(client.hello).toMatchObject({ access: expected, user: `unix:${uid}` });
				await client.close();
			}
		} finally {
			await other.close();
		}
	});

	test("socket and folder are for their user alone, whatever the umask", async () => {
		const before = process.umask(0);
		const other = await openDoor();
		process.umask(before);
		expect(lstatSync(other.socketPath).mode & 0o777).toBe(0o600);
		expect(statSync(dirname(other.socketPath)).mode & 0o777).toBe(0o700);
		await other.close();
	});

	// A real process of another user, which only root can start; elsewhere the kernel's word for our own is checked.
	test("the kernel is asked who is there", async () => {
		const other = await openDoor();
		try {
			if (own === 0) {
				for (const path of [other.folder, dirname(other.socketPath)]) chmodSync(path, 0o755);
				chmodSync(other.socketPath, 0o666);
				const program = `const s = require("net").connect(process.argv[1]); s.on("data", (d) => console.log(String(d).slice(0, 12)));
					s.on("error", (e) => console.log(e.code));`;
				const child = spawn(process.execPath, ["-e", program, other.socketPath], {
					uid: 65_534,
					gid: 65_534,
					cwd: "/",
					stdio: ["ignore", "pipe", "inherit"],
				});
				const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
				expect(line).toBe("HTTP/1.1 403");
				expect(other.logLines).toContainEqual(expect.objectContaining({ uid: 65_534 }));
			}
			const client = await connectClient({ dial: () => dialUnix(other.socketPath), client: "test", retryMs: 0 });
			expect(client.hello.user).toBe(`unix:${own}`);
			await client.close();
		} finally {
			await other.close();
		}
	});

	test("read-only is a promise the daemon keeps", async () => {
		const peer = await Peer.open(door.socketPath, false);
		await peer.ask("daemon.hello", { protocol: "1.0", client: "t", readOnly: true });
		expect((await peer.ask("daemon.stop", {})).error?.data?.code).toBe("forbidden");
		expect((await peer.ask("scans.cancel", { scan: 1 })).error?.data?.code).toBe("forbidden");
		expect((await peer.ask("signatures.list", {})).result).toBeDefined();
		// Saying hello again does not lift it.
		expect((await peer.ask("daemon.hello", { protocol: "1.0", client: "t" })).error?.data?.code).toBe("conflict");
		expect((await peer.ask("daemon.stop", {})).error?.data?.code).toBe("forbidden");
		await peer.close();
	});
});

describe("the socket's place", () => {
	test("a second daemon is refused and the first one lives", async () => {
		const second = openDoor({ socketPath: door.socketPath });
		await expect(second).rejects.toThrow(`A daemon is already running on this home (pid ${process.pid}).`);
		expect(await codeOf(openDoor({ socketPath: door.socketPath }))).toBe("conflict");
		expect(await isAlive(door.socketPath)).toBe(true);
	});

	test("a stale socket is taken over", async () => {
		const path = join(door.folder, "stale.sock");
		const program = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
		const child = spawn(process.execPath, ["-e", program, path]);
		await new Promise((resolve) => child.once("exit", resolve));
		expect(lstatSync(path).isSocket()).toBe(true);
		const other = await openDoor({ socketPath: path });
		expect(await isAlive(path)).toBe(true);
		await other.close();
	});

	test("a socket that somebody answers on is left alone, lock or no lock", async () => {
		const path = join(door.folder, "live.sock");
		const foreign = createServer((socket) => socket.destroy()).listen(path);
		await new Promise((resolve) => foreign.once("listening", resolve));
		expect(await codeOf(openDoor({ socketPath: path }))).toBe("conflict");
		expect(lstatSync(path).isSocket()).toBe(true);
		await new Promise((resolve) => foreign.close(resolve));
	});

	test("a file or a folder in its place is not deleted", async () => {
		const path = join(door.folder, "in-the-way");
		writeFileSync(path, "mine");
		expect(await codeOf(openDoor({ socketPath: path }))).toBe("conflict");
		expect(statSync(path).size).toBe(4);
		rmSync(path);
		mkdirSync(path);
		expect(await codeOf(openDoor({ socketPath: path }))).toBe("conflict");
	});

	test("after closing, the socket is gone and the place free", async () => {
		const path = join(door.folder, "again.sock");
		for (let round = 0; round < 3; round++) {
			const other = await openDoor({ socketPath: path });
			expect(await isAlive(path)).toBe(true);
			await other.close();
			expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
		}
	});
});

describe("too many and too slow", () => {
	test("more connections than allowed are told so, and room is made when one goes", async () => {
		const other = await openDoor({ limits: { connections: 2 } });
		const first = await Peer.open(other.socketPath);
		const second = await Peer.open(other.socketPath);
		expect(await codeOf(connectClient({ dial: () => dialUnix(other.socketPath), client: "t", retryMs: 0 }))).toBe(
			"busy",
		);
		await first.close();
		expect(await isAlive(other.socketPath)).toBe(true);
		await second.close();
		await other.close();
	});

	test("a connection that does not say hello is closed", async () => {
		const other = await openDoor({ limits: { helloMs: 50 } });
		const peer = await Peer.open(other.socketPath, false);
		expect(await peer.closed).toBe(1008);
		await other.close();
	});

	test("slow headers, silence and 100 half-open connections end by themselves", async () => {
		const dripping = rawExchange(door.socketPath, "GET /rpc HTTP/1.1\r\n", (socket) => {
			const timer = setInterval(() => socket.write("X-A: b\r\n"), 200);
			socket.once("close", () => clearInterval(timer));
		});
		const silent = rawExchange(door.socketPath, "");
		const halfOpen = Array.from({ length: 100 }, () => rawExchange(door.socketPath, "GET /rpc"));
		const body = rawExchange(door.socketPath, "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n");
		expect(await isAlive(door.socketPath)).toBe(true);
		await Promise.all([dripping, silent, body, ...halfOpen]);
		expect(await isAlive(door.socketPath)).toBe(true);
	});
});
