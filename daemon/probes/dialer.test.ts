import { createSocket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { type DialerOptions, type OwnedDialer, openDialer } from "./dialer.ts";
import { type FakeServer, serve } from "./loopback.test-support.ts";
import type { FailureReason } from "./probe.ts";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
	for (const each of opened.splice(0)) await each.close();
});

async function server(...handlers: Parameters<typeof serve>): Promise<FakeServer> {
	const started = await serve(...handlers);
	opened.push(started);
	return started;
}

function dialer(port: number, options: Partial<DialerOptions> = {}): OwnedDialer {
	const made = openDialer({
		address: "127.0.0.1",
		port,
		hostname: null,
		tls: false,
		signal: new AbortController().signal,
		...options,
		limits: { waitMs: 300, connectMs: 1_000, ...options.limits },
	});
	opened.push(made);
	return made;
}

async function failsWith(work: Promise<unknown>, reason: FailureReason): Promise<void> {
	await expect(work).rejects.toMatchObject({ name: "ProbeFailure", reason });
}

describe("a connection", () => {
	it("reads lines, exact counts and up to a mark, and takes bytes back", async () => {
		const { port } = await server({ greet: (socket) => socket.end("one\r\ntwo\n12345rest;more") });
		const connection = await dialer(port).connect();
		expect(await connection.readLine()).toBe("one");
		expect(await connection.readLine()).toBe("two");
		expect((await connection.readExactly(5)).toString()).toBe("12345");
		connection.unread(Buffer.from("<"));
		expect((await connection.readUntil(";")).toString()).toBe("<rest;");
		expect((await connection.read())?.toString()).toBe("more");
		expect(await connection.read()).toBeNull();
		await failsWith(connection.readExactly(1), "closed");
	});

	it("says refused when nothing listens", async () => {
		const { port, close } = await serve({});
		await close();
		await failsWith(dialer(port).connect(), "refused");
	});

	it("gives silence as an empty array when asked how long to wait, and as a time-out when not", async () => {
		const { port } = await server({});
		const connection = await dialer(port).connect();
		expect(await connection.read(20)).toHaveLength(0);
		await failsWith(connection.read(), "timeout");
	});

	it("ends a line that is dripped at its deadline, not a wait after each byte", async () => {
		const { port } = await server({
			greet: (socket) => {
				const drip = setInterval(() => socket.write("x"), 20);
				socket.on("close", () => clearInterval(drip));
			},
		});
		const connection = await dialer(port).connect();
		// The dripping never ends, so that the wait would not either.
		await failsWith(connection.readLine(), "timeout");
	});

	it("bounds a line that never ends", async () => {
		const { port } = await server({ greet: (socket) => socket.write("y".repeat(5_000)) });
		const connection = await dialer(port).connect();
		await failsWith(connection.readLine(1_000), "budget");
	});

	it("holds back an endless banner and ends it at the byte budget", async () => {
		let sent = 0;
		const { port } = await server({
			greet: (socket) => {
				const chunk = Buffer.alloc(64 * 1024, 0x41);
				const pour = () => {
					while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
				};
				socket.on("drain", pour);
				pour();
			},
		});
		const connection = await dialer(port, { limits: { connectionBytes: 200_000 } }).connect();
		const drain = async () => {
			while ((await connection.read()) !== null);
		};
		await failsWith(drain(), "budget");
		expect(sent).toBeLessThan(64 * 1024 * 1024);
		expect(connection.bytesRead).toBeLessThan(200_000 + 128 * 1024);
	});

	it("reports a reset", async () => {
		const { port } = await server({ onData: (socket) => socket.resetAndDestroy() });
		const connection = await dialer(port).connect();
		await connection.write("hello");
		await failsWith(connection.readExactly(1), "reset");
	});

	it("lets what was received before a failure be read", async () => {
		const { port } = await server({ greet: (socket) => socket.write("last words") });
		const connection = await dialer(port).connect();
		const words = await connection.readExactly(10);
		connection.unread(words);
		connection.close();
		expect((await connection.read())?.toString()).toBe("last words");
		await failsWith(connection.read(), "closed");
	});

	it("ends when the signal aborts, also while waiting", async () => {
		const controller = new AbortController();
		const { port } = await server({});
		const connection = await dialer(port, { signal: controller.signal, limits: { waitMs: 10_000 } }).connect();
		const reading = failsWith(connection.read(), "aborted");
		controller.abort();
		await reading;
		await failsWith(connection.write("x"), "aborted");
	});
});

describe("a dialer", () => {
	it("lets no more than its number be open at once, and goes on when one closes", async () => {
		const { port } = await server({});
		const dial = dialer(port, { limits: { connectionsAtOnce: 2 } });
		const first = await dial.connect();
		await dial.connect();
		let third = false;
		const waiting = dial.connect().then(() => {
			third = true;
		});
		await new Promise((resolve) => setImmediate(resolve));
		expect(third).toBe(false);
		first.close();
		await waiting;
		expect(third).toBe(true);
	});

	it("refuses more connections than it may open in all", async () => {
		const { port } = await server({});
		const dial = dialer(port, { limits: { connections: 1 } });
		await dial.connect();
		await failsWith(dial.connect(), "budget");
	});

	it("closes what a probe left open", async () => {
		const { promise, resolve } = Promise.withResolvers<void>();
		const { port } = await server({ greet: (socket) => socket.on("close", () => resolve()) });
		const dial = dialer(port);
		await dial.connect();
		dial.close();
		await promise;
		await failsWith(dial.connect(), "closed");
	});

	it("fails a TLS connection to what is no TLS", async () => {
		const { port } = await server({ greet: (socket) => socket.write("220 not TLS\r\n") });
		await failsWith(dialer(port, { tls: true }).connect(), "tls");
	});

	it("ends a TLS handshake that is never answered", async () => {
		const { port } = await server({});
		await failsWith(dialer(port, { tls: true, limits: { connectMs: 200 } }).connect(), "timeout");
	});

	it("exchanges one datagram for another", async () => {
		const socket = createSocket("udp4");
		opened.push(socket);
		socket.on("message", (message, from) => socket.send(Buffer.concat([message, Buffer.from("!")]), from.port));
		await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
		expect((await dialer(socket.address().port).exchange(Buffer.from("hey")))?.toString()).toBe("hey!");
	});

	it("gives null for a datagram nobody answers and refused where nothing is bound", async () => {
		const socket = createSocket("udp4");
		await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
		const dial = dialer(socket.address().port);
		expect(await dial.exchange(Buffer.from("hey"), 30)).toBeNull();
		await new Promise<void>((resolve) => socket.close(() => resolve()));
		await failsWith(dial.exchange(Buffer.from("hey"), 1_000), "refused");
	});
});
