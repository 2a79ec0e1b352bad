/** The datagram engine over real sockets on loopback: what answers, what must get nothing, and stopping. */
import { createSocket, type Socket } from "node:dgram";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatagramEngine } from "./datagram-engine.ts";
import { askDatagrams } from "./datagrams/ask.ts";
import type { DatagramAnswer, DatagramJob } from "./datagrams/job.ts";

const engine = createDatagramEngine();
const limits = { ratePerSecond: 100_000, inFlight: 1_000, inFlightPerHost: 200, timeoutMs: 300, retries: 1 };
const guard = { allow: [["127.0.66.0", "127.0.66.255"] as const], deny: [["127.0.66.9", "127.0.66.9"] as const] };

interface Listener {
	readonly port: number;
	readonly heard: Buffer[];
}
const sockets: Socket[] = [];

async function listen(address: string, answer: string | null, port = 0): Promise<Listener> {
	const socket = createSocket("udp4");
	const heard: Buffer[] = [];
	socket.on("message", (bytes, peer) => {
		heard.push(bytes);
		if (answer !== null) socket.send(answer, peer.port, peer.address);
	});
	await new Promise<void>((resolve) => socket.bind(port, address, resolve));
	sockets.push(socket);
	return { port: socket.address().port, heard };
}

async function closedPort(): Promise<number> {
	const { port } = await listen("127.0.66.2", null);
	const socket = sockets.pop();
	await new Promise<void>((resolve) => socket?.close(() => resolve()));
	return port;
}

async function ask(job: Omit<DatagramJob, "limits">, signal = new AbortController().signal) {
	const answers: DatagramAnswer[] = [];
	let refused = 0;
	const note = await askDatagrams(engine, { limits, guard, ...job }, signal, (batch) => {
		answers.push(...batch.answers);
		refused = batch.refused;
	});
	return { answers, note, refused };
}

let talker: Listener;
let mute: Listener;
beforeAll(async () => {
	talker = await listen("127.0.66.2", "here");
	mute = await listen("127.0.66.2", null);
});
afterAll(async () => {
	await engine.close();
	for (const socket of sockets) socket.close();
});

test("a port that answers is open, one that ICMP tells of is closed, and of a silent one nothing is said", async () => {
	const closed = await closedPort();
	const { answers } = await ask({
		addresses: ["127.0.66.2"],
		probes: { udpPorts: [talker.port, mute.port, closed] },
	});
	const found = answers.map(({ port, state, alive, reply }) => ({ port, state, alive, reply: reply?.length ?? null }));
	expect(found.sort((a, b) => a.state.localeCompare(b.state))).toEqual([
		{ port: closed, state: "closed", alive: true, reply: null },
		{ port: talker.port, state: "open", alive: true, reply: 4 },
	]);
	expect(mute.heard.length).toBe(2);
});

test("an address the guard denies, or does not allow, gets nothing and is counted", async () => {
	const denied = await listen("127.0.66.9", "here");
	const elsewhere = await listen("127.0.67.9", "here");
	const ports = [denied.port, elsewhere.port];
	const { answers, refused } = await ask({
		addresses: ["127.0.66.9", "127.0.67.9", "not an address"],
		probes: { udpPorts: ports, echo: true, ackPorts: ports, link: true },
	});
	expect(answers).toEqual([]);
	expect(refused).toBe(3);
	expect([...denied.heard, ...elsewhere.heard]).toEqual([]);
});

test("a fragile port gets nothing", async () => {
	const printer = await listen("127.0.66.3", "here");
	const { answers } = await ask({
		...{ addresses: ["127.0.66.3"], fragilePorts: [printer.port] },
		probes: { udpPorts: [printer.port], ackPorts: [printer.port] },
	});
	expect(answers).toEqual([]);
	expect(printer.heard).toEqual([]);
});

test("who has answered once is asked no further when that is enough", async () => {
	const quiet = await listen("127.0.66.2", null);
	const one = { ...limits, inFlightPerHost: 1 };
	const answers: DatagramAnswer[] = [];
	const job = { addresses: ["127.0.66.2"], limits: one, guard, firstAnswerOnly: true };
	const probes = { udpPorts: [talker.port, quiet.port] };
	await askDatagrams(engine, { ...job, probes }, new AbortController().signal, (batch) => {
		answers.push(...batch.answers);
	});
	expect(answers.map(({ port }) => port)).toEqual([talker.port]);
	expect(quiet.heard).toEqual([]);
});

test("an address listed twice is asked once", async () => {
	const before = talker.heard.length;
	const { answers } = await ask({ addresses: ["127.0.66.2", "127.0.66.2"], probes: { udpPorts: [talker.port] } });
	expect(answers).toHaveLength(1);
	expect(talker.heard.length).toBe(before + 1);
});

test("this machine's own datagrams that come back to it are no answers", async () => {
	const { answers } = await ask({
		addresses: ["127.0.66.4"],
		probes: { udpPorts: Array.from({ length: 2_000 }, (_, i) => 40_000 + i) },
	});
	expect(answers.filter(({ state }) => state === "open")).toEqual([]);
});

test("after the signal nothing leaves, and the run ends without a note", async () => {
	const busy = await listen("127.0.66.5", null);
	const stop = new AbortController();
	const slow = { ...limits, ratePerSecond: 50, timeoutMs: 60_000 };
	const addresses = Array.from({ length: 200 }, (_, i) => `127.0.66.${i + 10}`);
	const asked = askDatagrams(
		engine,
		{ addresses: ["127.0.66.5", ...addresses], limits: slow, guard, probes: { udpPorts: [busy.port] } },
		stop.signal,
		() => stop.abort(),
	);
	expect(await asked).toBeNull();
});

test("a job that ends is followed by another after the thread has ended", async () => {
	const short = createDatagramEngine({ idleMs: 0 });
	const job = { addresses: ["127.0.66.2"], limits, guard, probes: { udpPorts: [talker.port] } };
	try {
		for (let round = 0; round < 2; round++) {
			let found = 0;
			for await (const batch of short.run(job)) found += batch.answers.length;
			expect(found).toBe(1);
		}
	} finally {
		await short.close();
	}
	await expect(async () => {
		for await (const _ of short.run(job));
	}).rejects.toMatchObject({ code: "unavailable" });
});

test("where raw packets are not wanted none is sent, and that is said", async () => {
	const plain = createDatagramEngine({ notRaw: "somebody asks for connects" });
	try {
		const job = {
			addresses: ["127.0.66.2"],
			limits,
			guard,
			probes: { link: true, ackPorts: [80], udpPorts: [talker.port] },
		};
		const found: DatagramAnswer[] = [];
		const note = await askDatagrams(plain, job, new AbortController().signal, ({ answers }) => {
			found.push(...answers);
		});
		const reason = "somebody asks for connects";
		expect(note?.skipped).toEqual([
			{ kind: "link", reason },
			{ kind: "ack", reason },
		]);
		expect(found.map(({ kind, state }) => [kind, state])).toEqual([["udp", "open"]]);
	} finally {
		await plain.close();
	}
});
