/** UDP asked of real sockets on loopback: replies, refusals, silence, and stopping. */
import { createSocket, type Socket } from "node:dgram";
import { afterEach, expect, test } from "vitest";
import { TokenBucket } from "../packets/token-bucket.ts";
import { askUdp, type UdpJob } from "./ask-udp.ts";

const sockets: Socket[] = [];
afterEach(() => {
	for (const socket of sockets.splice(0)) socket.close();
});

async function listen(address: string, answer: string | null): Promise<{ port: number; heard: () => number }> {
	const socket = createSocket("udp4");
	let heard = 0;
	socket.on("message", (_, peer) => {
		heard++;
		if (answer !== null) socket.send(answer, peer.port, peer.address);
	});
	await new Promise<void>((resolve) => socket.bind(0, address, resolve));
	sockets.push(socket);
	return { port: socket.address().port, heard: () => heard };
}

let sent = 0;
const job = (over: Partial<UdpJob>): UdpJob => {
	sent = 0;
	return {
		...{ addresses: ["127.0.98.1"], ports: [], mayProbe: () => true, fragilePorts: new Set<number>() },
		...{ pace: new TokenBucket(100_000, performance.now()), inFlight: 100, timeoutMs: 100, retries: 1 },
		...{ signal: new AbortController().signal, onSent: () => void sent++ },
		...over,
	};
};

test("a reply, a refusal and silence are told apart, and only silence is asked again", async () => {
	const [talker, mute, gone] = [
		await listen("127.0.98.1", "hello"),
		await listen("127.0.98.1", null),
		await listen("127.0.98.1", null),
	];
	const closed = sockets.pop();
	await new Promise<void>((resolve) => closed?.close(() => resolve()));
	const answers = await askUdp(job({ ports: [talker.port, mute.port, gone.port] }));
	expect(answers.map(({ port, answer }) => [port, answer]).sort()).toEqual(
		[
			[talker.port, "reply"],
			[gone.port, "refused"],
		].sort(),
	);
	expect([talker.heard(), mute.heard(), sent]).toEqual([1, 2, 4]);
	expect(answers.every(({ rttMs }) => rttMs >= 0 && rttMs < 100)).toBe(true);
});

test("nothing is sent to what may not be probed, nor to fragile ports", async () => {
	const printer = await listen("127.0.98.1", "hello");
	expect(await askUdp(job({ ports: [printer.port], mayProbe: () => false }))).toEqual([]);
	expect(await askUdp(job({ ports: [printer.port], fragilePorts: new Set([printer.port]) }))).toEqual([]);
	expect(printer.heard()).toBe(0);
});

test("the pace holds over all addresses and ports", async () => {
	const mute = await listen("127.0.98.1", null);
	const began = performance.now();
	const addresses = Array.from({ length: 20 }, (_, index) => `127.0.98.${index + 2}`);
	const answers = await askUdp(job({ addresses, ports: [mute.port], pace: new TokenBucket(100, began) }));
	expect(answers).toHaveLength(20);
	expect(performance.now() - began).toBeGreaterThan(150);
});

test("it ends at once when told to", async () => {
	const mute = await listen("127.0.98.1", null);
	const controller = new AbortController();
	const asked = askUdp(
		job({
			addresses: Array.from({ length: 50 }, () => "127.0.98.1"),
			...{ ports: [mute.port], timeoutMs: 60_000, inFlight: 10, signal: controller.signal },
			onSent: () => {
				if (++sent === 10) controller.abort();
			},
		}),
	);
	expect(await asked).toEqual([]);
	expect(sent).toBe(10);
});
