import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ssh } from "../../evidence/kinds/ssh.ts";
import { dialedContext } from "../http/dialed.test-support.ts";
import { type FakeServer, serve } from "../loopback.test-support.ts";
import { packetOf } from "./exchange.ts";
import { messages } from "./parse.ts";
import { probe } from "./probe.ts";

const captured = (name: string) => readFileSync(new URL(`testdata/${name}.bin`, import.meta.url));
let server: FakeServer | null = null;

/** A server that sends each connection the next captured stream of a real one, and then waits. */
async function replay(streams: readonly (Buffer | string)[]): Promise<FakeServer> {
	let next = 0;
	server = await serve({
		greet: (socket) => {
			const stream = streams[next++];
			if (stream) socket.write(stream);
			else socket.end();
		},
	});
	return server;
}

async function talk(streams: readonly (Buffer | string)[]) {
	const { port } = await replay(streams);
	const [lesson, ...more] = await probe.talk(dialedContext(port));
	if (lesson?.kind !== "ssh") throw new Error("no ssh lesson");
	expect(more).toEqual([]);
	expect(ssh.parse(lesson.data)).toEqual(lesson.data);
	return lesson;
}

describe("real servers replayed", () => {
	test("OpenSSH 9.2: three keys over three connections, the last by group exchange", async () => {
		const { data, complete } = await talk([1, 2, 3].map((n) => captured(`openssh-9.2p1.${n}`)));
		expect(complete).toBe(true);
		expect(data).toMatchObject({ product: "OpenSSH", version: "9.2p1", protocol: "2.0", strictKex: true });
		expect(data.hostKeys.map(({ type, bits }) => [type, bits])).toEqual([
			["ssh-rsa", 3072],
			["ecdsa-sha2-nistp256", 256],
			["ssh-ed25519", 256],
		]);
		expect(data.dhGroupBits).toBe(2048);
		expect(server?.heard).toHaveLength(3);
		expect(server?.heard[0]?.toString("latin1")).toMatch(/^SSH-2\.0-vedette_[\d.]+\r\n/);
	});

	test("Dropbear 2022.83: two keys, no group exchange", async () => {
		const { data, complete } = await talk([1, 2].map((n) => captured(`dropbear-2022.83.${n}`)));
		expect(complete).toBe(true);
		expect(data).toMatchObject({ product: "Dropbear", version: "2022.83", info: null, dhGroupBits: null });
		expect(data.hostKeys.map(({ type, bits }) => [type, bits])).toEqual([
			["ssh-ed25519", 256],
			["ssh-rsa", 2048],
		]);
	});
});

describe("servers that go another way", () => {
	test("lines before the identification are read past", async () => {
		const weak = [1, 2].map((n) => captured(`openssh-9.2p1-weak.${n}`));
		const { data } = await talk([Buffer.concat([Buffer.from("Hands off\r\nplease\r\n"), weak[0]!]), weak[1]!]);
		expect(data.banner).toMatch(/^SSH-2\.0-OpenSSH/);
		expect(data.hostKeys).toHaveLength(2);
	});

	test("protocol 1 only: the identification is the whole answer", async () => {
		const { data, complete } = await talk(["SSH-1.5-1.2.27\n"]);
		expect(data).toMatchObject({ protocol: "1.5", kex: [], hostKeys: [], version: "1.2.27" });
		expect(complete).toBe(true);
	});

	test("cut off after the identification: what was told is kept, incomplete", async () => {
		server = await serve({ greet: (socket) => socket.end("SSH-2.0-OpenSSH_9.2p1\r\n") });
		const [lesson] = await probe.talk(dialedContext(server.port));
		expect(lesson).toMatchObject({ complete: false, data: { version: "9.2p1", kex: [] } });
	});

	test("a key that is never given is asked for twice, then the record is incomplete", async () => {
		const { data, complete } = await talk([captured("openssh-9.2p1.1"), "", captured("openssh-9.2p1.3")]);
		expect(complete).toBe(false);
		expect(data.hostKeys.map(({ type }) => type)).toEqual(["ssh-rsa", "ssh-ed25519"]);
		expect(server?.heard).toHaveLength(4);
	});

	test("when time runs short, the keys had by then are told, incomplete", async () => {
		const { port } = await replay([1, 2, 3].map((n) => captured(`openssh-9.2p1.${n}`)));
		let time = 0;
		const [lesson] = await probe.talk({ ...dialedContext(port), now: () => (time += 5_000) });
		expect(lesson).toMatchObject({ complete: false, data: { hostKeys: [{ type: "ssh-rsa" }] } });
		expect(server?.heard).toHaveLength(1);
	});

	test("a refusal in the middle of the exchange is no key", async () => {
		const stream = captured("dropbear-2022.83.1");
		const kexEnd = stream.indexOf("\n") + 1 + 4 + stream.readUInt32BE(stream.indexOf("\n") + 1);
		const refusal = packetOf(Buffer.from([messages.disconnect, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]));
		const refusing = Buffer.concat([stream.subarray(0, kexEnd), refusal]);
		const { data, complete } = await talk([refusing, refusing, refusing, refusing]);
		expect(data.hostKeys).toEqual([]);
		expect(data.kex).toContain("curve25519-sha256");
		expect(complete).toBe(false);
	});

	test.each([
		["nothing but other lines", "hello\r\n".repeat(500), "protocol"],
		["a line without end", "x".repeat(20_000), "budget"],
		["too many connections", "Exceeded MaxStartups\r\n", "closed"],
	])("%s is an outcome", async (_name, bytes, reason) => {
		server = await serve({ greet: (socket) => socket.end(bytes) });
		await expect(probe.talk(dialedContext(server.port))).rejects.toMatchObject({ name: "ProbeFailure", reason });
	});

	test("endless idle packets end", async () => {
		const idle = packetOf(Buffer.from([messages.ignore, 0, 0, 0, 0]));
		const { complete } = await talk([Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), ...Array(200).fill(idle)])]);
		expect(complete).toBe(false);
	});
});
