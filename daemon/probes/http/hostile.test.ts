import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type FakeServer, serve } from "../loopback.test-support.ts";
import { dialedContext } from "./dialed.test-support.ts";
import { probe } from "./probe.ts";

let server: FakeServer | null = null;

/** A server that answers each request with raw bytes. */
async function answering(answer: (path: string, socket: Socket) => string | Buffer | null) {
	server = await serve({
		onData: (socket, chunk) => {
			for (const [, path] of chunk.toString("latin1").matchAll(/^[A-Z]+ (\S+) HTTP/gm)) {
				const reply = answer(path ?? "", socket);
				if (reply !== null) socket.write(reply);
			}
		},
	});
	return server;
}

async function learn(port: number, deadlineMs?: number) {
	const [lesson] = await probe.talk(dialedContext(port, deadlineMs === undefined ? {} : { deadlineMs }));
	if (lesson?.kind !== "http") throw new Error("no http lesson");
	return lesson;
}

const notFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone";
const first = (reply: string | Buffer) => (path: string) => (path === "/" ? reply : notFound);

describe("answers a careful server would not give", () => {
	test("lines ended with LF, an interim answer, no reason", async () => {
		const { port } = await answering(
			first("HTTP/1.1 100 Continue\n\nHTTP/1.1 200\nServer: x\nContent-Length: 2\n\nhi"),
		);
		expect((await learn(port)).data).toMatchObject({ status: 200, reason: "", product: "x", body: "hi" });
	});

	test("a body without a length ends with the connection, and asking goes on over new ones", async () => {
		const { port, heard } = await answering((_path, socket) => {
			socket.end("HTTP/1.0 200 OK\r\n\r\nold");
			return null;
		});
		const { data, complete } = await learn(port);
		expect(data).toMatchObject({ body: "old", answersEverything: true });
		expect(complete).toBe(true);
		expect(heard.length).toBeGreaterThan(10);
	});

	test("chunks with extensions and a trailer; the next answer follows on the same connection", async () => {
		const body =
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: y\r\n\r\n";
		const { port, heard } = await answering(first(body));
		expect((await learn(port)).data.body).toBe("abcde");
		expect(heard).toHaveLength(1);
	});

	test("a path that is hung up on does not make the record incomplete", async () => {
		const { port } = await answering((path, socket) => {
			if (path !== "/.env") return first("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")(path);
			socket.destroy();
			return null;
		});
		expect((await learn(port)).complete).toBe(true);
	});

	test("a server that falls silent after its first page: kept, incomplete, soon over", async () => {
		const { port, heard } = await answering((path, socket) => {
			if (path === "/") return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
			socket.destroy();
			return null;
		});
		const { data, complete } = await learn(port);
		expect(data.body).toBe("hi");
		expect(complete).toBe(false);
		expect(heard.length).toBeLessThan(8);
	});
});

test("when time runs short, what is known is told, incomplete", async () => {
	const { port, heard } = await answering(first("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
	let time = 0;
	const [lesson] = await probe.talk({ ...dialedContext(port), now: () => (time += 3_000) });
	expect(lesson).toMatchObject({ kind: "http", complete: false, data: { body: "hi" } });
	expect(heard[0]?.toString().match(/HTTP\/1\.1/g)).toHaveLength(4);
});

describe("servers out to hurt", () => {
	test.each([
		["something else", "SSH-2.0-x\r\n", "protocol"],
		["one header line without end", `HTTP/1.1 200 OK\r\nX: ${"a".repeat(100_000)}`, "budget"],
		["headers without end", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(20_000)}`, "budget"],
		["interim answers without end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100), "protocol"],
	])("%s", async (_name, bytes, reason) => {
		const { port } = await answering(() => bytes);
		await expect(learn(port)).rejects.toMatchObject({ name: "ProbeFailure", reason });
	});

	test.each([
		["an endless body", `HTTP/1.1 200 OK\r\n\r\n${"A".repeat(2_000_000)}`],
		["a length beyond reason", `HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n${"A".repeat(400_000)}`],
		["endless small chunks", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${"1\r\nA\r\n".repeat(50_000)}`],
		["a chunk size that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
	])("%s is cut", async (_name, bytes) => {
		const { port } = await answering(first(bytes));
		const { data } = await learn(port);
		expect(data.status).toBe(200);
		expect(data.body.length).toBeLessThanOrEqual(8_192);
	});

	test("a bomb gives its first bytes", async () => {
		const bomb = gzipSync(Buffer.alloc(50_000_000, "A"));
		const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
		const { port } = await answering(first(Buffer.concat([Buffer.from(head), bomb])));
		expect((await learn(port)).data.body).toMatch(/^A+$/);
	});

	test("a drip ends with the deadline", async () => {
		const { port } = await answering((_path, socket) => {
			const drip = setInterval(() => socket.write("X"), 20);
			socket.on("close", () => clearInterval(drip));
			return "HTTP/1.1 200 OK\r\n";
		});
		await expect(learn(port, 400)).rejects.toMatchObject({ name: "ProbeFailure" });
	});
});
