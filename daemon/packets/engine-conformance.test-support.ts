/** One conformance suite for every port engine and back end, against real sockets on loopback. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patience } from "../../test/support/eventually.ts";
import type { EngineLimits, PairState, PortBatch, PortEngine, PortJob } from "./engine.ts";
import { LimitTable } from "./limit-table.ts";

/** What is put to the test. */
export interface Subject {
	readonly name: string;
	create(options?: { limits: LimitTable }): Promise<PortEngine>;
	/** Connects, so that a listener sees it. */
	readonly completesHandshakes: boolean;
}

export const limits: EngineLimits = {
	ratePerSecond: 1_000_000,
	inFlight: 500,
	inFlightPerHost: 500,
	timeoutMs: 1_000,
	retries: 1,
};
export const allPorts = Array.from({ length: 65_535 }, (_, i) => i + 1);

export async function listen(
	host: string,
	port = 0,
): Promise<{ server: Server; port: number; accepted: () => number }> {
	let accepted = 0;
	const server = createServer((socket) => {
		accepted++;
		socket.on("error", () => {}).destroy();
	});
	server.listen(port, host);
	await once(server, "listening");
	const address = server.address();
	return { server, port: typeof address === "object" && address !== null ? address.port : 0, accepted: () => accepted };
}

/** A listener on every loopback address whose queue is full: Linux drops further SYNs, so it looks filtered. */
export async function listenDeaf(): Promise<{ port: number; close: () => Promise<void> }> {
	const code = `
		const { parentPort } = require("node:worker_threads");
		const server = require("node:net").createServer().listen({ host: "0.0.0.0", port: 0, backlog: 1 }, () => {
			parentPort.postMessage(server.address().port);
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
		});`;
	const worker = new Worker(code, { eval: true });
	const [port] = (await once(worker, "message")) as [number];
	const fillers: Socket[] = [];
	// The queue holds one more than its backlog; further connects hang, which is the proof that it is full.
	for (let i = 0; i < 2; i++) {
		const filler = connect(port, "127.0.0.1").on("error", () => {});
		fillers.push(filler);
		await once(filler, "connect");
	}
	return {
		port,
		close: async () => {
			for (const filler of fillers) filler.destroy();
			await worker.terminate();
		},
	};
}

export async function collect(engine: PortEngine, job: Partial<PortJob> & Pick<PortJob, "addresses" | "ports">) {
	const answers: PortBatch["answers"][number][] = [];
	let last: Omit<PortBatch, "answers"> = { settled: 0, sent: 0 };
	for await (const batch of engine.run({ limits, ...job })) {
		answers.push(...batch.answers);
		last = batch;
	}
	const of = (state: PairState) => answers.filter((a) => a.state === state).map((a) => `${a.address} ${a.port}`);
	return { answers, of, settled: last.settled, sent: last.sent, refused: last.refused };
}

export function testConformance(subject: Subject): void {
	let engine: PortEngine;
	let deaf: Awaited<ReturnType<typeof listenDeaf>>;
	beforeAll(async () => {
		engine = await subject.create();
		deaf = await listenDeaf();
	});
	afterAll(async () => {
		await engine.close();
		await deaf.close();
	});

	test("says what it is and why", () => {
		expect(engine.name).toBe(subject.name);
		expect(engine.reason).toMatch(/^[A-Z].*\.$/);
	});

	test("tells open, closed and filtered apart, with a round-trip time where there was an answer", async () => {
		const open = await listen("127.0.0.1");
		const shut = await listen("127.0.0.1");
		shut.server.close();
		const ports = [open.port, shut.port, deaf.port].sort((a, b) => a - b);
		const { answers, settled } = await collect(engine, { addresses: ["127.0.0.1"], ports });
		expect(Object.fromEntries(answers.map((a) => [a.port, a.state]))).toEqual({
			[open.port]: "open",
			[shut.port]: "closed",
			[deaf.port]: "filtered",
		});
		expect(settled).toBe(3);
		for (const { state, rttMs } of answers) {
			if (state === "filtered") expect(rttMs).toBeNull();
			else expect(rttMs).toBeGreaterThanOrEqual(0);
		}
		open.server.close();
	});

	test("speaks IPv6", async () => {
		const { server, port } = await listen("::1");
		const { of } = await collect(engine, { addresses: ["::1"], ports: [port] });
		expect(of("open")).toEqual([`::1 ${port}`]);
		server.close();
		await once(server, "close");
		expect((await collect(engine, { addresses: ["::1"], ports: [port] })).of("closed")).toEqual([`::1 ${port}`]);
	});

	test("finds every open one of 65,535 ports, and no other; never itself", async () => {
		const listeners = await Promise.all(Array.from({ length: 50 }, () => listen("127.77.0.1")));
		const { of, answers, settled } = await collect(engine, { addresses: ["127.77.0.1"], ports: allPorts });
		const bound = listeners.map(({ port }) => `127.77.0.1 ${port}`);
		// The machine may have listeners of its own on all addresses: each open port must accept, each of ours be there.
		expect(of("open")).toEqual(expect.arrayContaining(bound));
		expect(new Set(answers.map((a) => a.port)).size).toBe(65_535);
		expect(settled).toBe(65_535);
		for (const { server } of listeners) server.close();
	});

	test("a connect that meets itself is not an open port", async () => {
		// Asked often enough, the kernel picks the very port that is asked for as the source, and connects it to itself.
		const { server, port: near } = await listen("127.0.0.1");
		server.close();
		await once(server, "close");
		// Linux listens on odd ports of its own choice and connects from even ones.
		const port = near ^ 1;
		const { of } = await collect(engine, {
			addresses: ["127.0.0.1"],
			ports: Array.from({ length: 60_000 }, () => port),
		});
		expect(of("open")).toEqual([]);
		expect(of("closed")).toHaveLength(60_000);
	});

	test("asks a silent pair as often as told, and no other twice", async () => {
		const addresses = ["127.0.5.1", "127.0.5.2"];
		const job = { addresses, ports: [deaf.port], limits: { ...limits, timeoutMs: 60, retries: 2 } };
		const { of, sent } = await collect(engine, job);
		expect(of("filtered")).toHaveLength(2);
		expect(sent).toBe(6);
	});

	test("batches are ordered by address and port", async () => {
		const addresses = ["127.0.6.1", "127.0.6.2"];
		for await (const { answers } of engine.run({ addresses, ports: allPorts.slice(0, 3_000), limits })) {
			const keys = answers.map((a) => addresses.indexOf(a.address) * 65_536 + a.port);
			expect(keys).toEqual(keys.toSorted((a, b) => a - b));
		}
	});

	test("discovery stops asking a host that has answered", async () => {
		const addresses = Array.from({ length: 300 }, (_, i) => `127.0.${7 + (i >> 8)}.${i & 255}`);
		const gentle = { ...limits, inFlightPerHost: 1 };
		const { answers, sent, settled } = await collect(engine, {
			addresses,
			ports: [deaf.port, 9, 10, 11],
			firstAnswerOnly: true,
			limits: { ...gentle, timeoutMs: 80, retries: 0 },
		});
		const answered = answers.filter((a) => a.state !== "filtered");
		expect(answered.map((a) => a.address).toSorted()).toEqual(addresses.toSorted());
		expect(sent).toBe(600);
		expect(settled).toBe(1_200);
	});

	test("keeps to the rate", async () => {
		const startedAt = performance.now();
		const job = { addresses: ["127.0.0.1"], ports: allPorts.slice(0, 600) };
		await collect(engine, { ...job, limits: { ...limits, ratePerSecond: 1_000 } });
		// 600 at 1,000 a second, less the burst of 20 ms.
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(570);
	});

	test("jobs of one group keep to one rate together", async () => {
		const startedAt = performance.now();
		const job = (address: string) => ({
			addresses: [address],
			ports: allPorts.slice(0, 200),
			limits: { ...limits, ratePerSecond: 1_000 },
			group: "scan 1",
		});
		const results = await Promise.all(["127.0.0.1", "127.0.0.2", "127.0.0.3"].map((one) => collect(engine, job(one))));
		expect(results.map((one) => one.settled)).toEqual([200, 200, 200]);
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(570);
	});

	test("keeps to the limit of one host", async () => {
		let most = 0;
		const job: PortJob = {
			addresses: ["127.0.9.1"],
			ports: Array.from({ length: 8 }, () => deaf.port),
			limits: { ...limits, inFlightPerHost: 2, timeoutMs: 60, retries: 0 },
		};
		const startedAt = performance.now();
		for await (const { answers } of engine.run(job)) most = Math.max(most, answers.length);
		// Eight silent ones, two at a time, 60 ms each.
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(240);
		expect(most).toBeLessThan(8);
	});

	test("a scan of silent hosts does not hold up another", async () => {
		const silent = Array.from({ length: 4_000 }, (_, i) => `127.1.${i >> 8}.${i & 255}`);
		const slow = engine.run({
			addresses: silent,
			ports: [deaf.port],
			limits: { ...limits, inFlight: 100_000, timeoutMs: 20_000, retries: 9 },
		});
		let slowSettled = 0;
		const reading = (async () => {
			for await (const batch of slow) slowSettled = batch.settled;
		})();
		const { settled } = await collect(engine, { addresses: ["127.0.0.1"], ports: allPorts.slice(0, 2_000) });
		expect(settled).toBe(2_000);
		expect(slowSettled).toBe(0);
		await slow.stop();
		await reading;
	});

	test("leaving the loop early stops the run", async () => {
		const run = engine.run({
			addresses: ["127.0.0.1"],
			ports: allPorts,
			limits: { ...limits, ratePerSecond: 1_000 },
		});
		for await (const batch of run) {
			expect(batch.settled).toBeLessThan(65_535);
			break;
		}
		await run.stop();
	});

	test("refuses what the guard does not let through, and counts it", async () => {
		const { server, port, accepted } = await listen("0.0.0.0");
		const { of, refused, sent, settled } = await collect(engine, {
			addresses: ["127.3.0.1", "127.3.0.2", "127.4.0.1", "::1", "::ffff:127.3.0.2", "no address"],
			ports: [port],
			guard: { allow: [["127.3.0.0", "127.3.255.255"]], deny: [["127.3.0.2", "127.3.0.2"]] },
		});
		expect(of("open")).toEqual([`127.3.0.1 ${port}`]);
		expect({ refused, sent, settled }).toEqual({ refused: 5, sent: 1, settled: 6 });
		if (subject.completesHandshakes) expect(accepted()).toBe(1);
		server.close();
	});

	test("a guard shared by several runs holds for each of them, and again later", async () => {
		const guard = { allow: [["127.3.0.0", "127.3.0.9"]] as const, deny: [] };
		const ask = (address: string) => collect(engine, { addresses: [address], ports: [1], guard });
		const both = await Promise.all([ask("127.3.0.1"), ask("127.3.0.10")]);
		expect(both.map(({ sent, refused }) => [sent, refused])).toEqual([
			[1, 0],
			[0, 1],
		]);
		expect(await ask("127.3.0.10")).toMatchObject({ sent: 0, refused: 1 });
		expect(await ask("127.3.0.9")).toMatchObject({ sent: 1, refused: 0 });
	});

	test("without a guard, special addresses are still refused", async () => {
		const addresses = ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"];
		const { sent, refused, answers } = await collect(engine, { addresses, ports: [80] });
		expect({ sent, refused, answers }).toEqual({ sent: 0, refused: 5, answers: [] });
	});

	test("nothing to ask is an end, not a wait", async () => {
		expect((await collect(engine, { addresses: [], ports: [80] })).settled).toBe(0);
		expect((await collect(engine, { addresses: ["127.0.0.1"], ports: [] })).settled).toBe(0);
	});

	testLimits(subject);
	if (subject.completesHandshakes) testHandshakes(() => engine);
}

/** Loopback is exempt from some limits, unless the table says otherwise. Only what is too fast fails: a busy machine is slower. */
function testLimits(subject: Subject): void {
	let limited: PortEngine;
	beforeAll(async () => {
		limited = await subject.create({ limits: new LimitTable({ exempt: [] }) });
	});
	afterAll(() => limited.close());

	/** Milliseconds until these jobs, side by side, had sent 40 packets each to addresses that answer. */
	async function timeFor(jobs: readonly (Partial<PortJob> & Pick<PortJob, "addresses">)[]): Promise<number> {
		const startedAt = performance.now();
		const perJob = (addresses: readonly string[]) => allPorts.slice(0, 40 / addresses.length);
		const done = await Promise.all(jobs.map((job) => collect(limited, { ports: perJob(job.addresses), ...job })));
		// On a busy machine an answer may be looked at late, and its question be asked again.
		for (const { sent, settled } of done) expect([sent >= 40, settled]).toEqual([true, 40]);
		return performance.now() - startedAt;
	}

	test("a host is sent no more than its rate, by however many jobs, and the others do not wait for it", async () => {
		const own = { limits: { ...limits, ratePerHost: 100 } };
		// 79 pauses of 10 ms, less 4 ms that may be made up for.
		expect(
			await timeFor([
				{ addresses: ["127.5.0.1"], ...own },
				{ addresses: ["127.5.0.1"], ...own },
			]),
		).toBeGreaterThan(780);
		const many = Array.from({ length: 40 }, (_, i) => `127.5.1.${i + 1}`);
		const { sent, of } = await collect(limited, { addresses: many, ports: [9], ...own });
		expect([sent >= 40, of("closed").length]).toEqual([true, 40]);
	});

	test("a /24 is sent no more than its rate", async () => {
		const own = { limits: { ...limits, ratePerNetwork: 100 } };
		const jobs = [
			{ addresses: ["127.5.2.1", "127.5.2.77"], ...own },
			{ addresses: ["127.5.2.3"], ...own },
		];
		expect(await timeFor(jobs)).toBeGreaterThan(780);
	});

	test("a concurrency group is sent no more than its rate by jobs of different groups, and other addresses are not in it", async () => {
		const shared = [
			{ name: "site", ranges: [["127.5.3.0", "127.5.4.255"]] as const, ratePerSecond: 100, inFlight: 1_000 },
		];
		const jobs = [
			{ addresses: ["127.5.3.1"], shared, group: "scan-1" },
			{ addresses: ["127.5.4.1"], shared, group: "scan-2" },
		];
		expect(await timeFor(jobs)).toBeGreaterThan(780);
		const slow = [
			{ ...shared[0], name: "other", ranges: [["127.5.9.1", "127.5.9.1"]] as const, ratePerSecond: 1, inFlight: 1 },
		];
		expect((await collect(limited, { addresses: ["127.5.5.1"], ports: [9, 10], shared: slow })).sent).toBe(2);
	});

	test("one question at a time is open where a concurrency group allows one", async () => {
		const shared = [
			{ name: "thin", ranges: [["127.5.6.0", "127.5.6.255"]] as const, ratePerSecond: 10_000, inFlight: 1 },
		];
		const addresses = ["127.5.6.1", "127.5.6.2", "127.5.6.3", "127.5.6.4"];
		const jobs = addresses.map((address) => ({ addresses: [address], ports: allPorts.slice(0, 40), shared }));
		await timeFor(jobs);
	});

	test("says what it sent to each network and what came back", async () => {
		const counted = new Map<string, { sent: number; answers: number; resets: number }>();
		const ports = allPorts.slice(0, 300);
		for await (const { networks = [] } of limited.run({
			addresses: ["127.5.7.1", "127.5.7.9", "127.5.8.1"],
			ports,
			limits,
		})) {
			for (const { network, sent, answers, resets, rttMs } of networks) {
				const before = counted.get(network) ?? { sent: 0, answers: 0, resets: 0 };
				counted.set(network, {
					sent: before.sent + sent,
					answers: before.answers + answers,
					resets: before.resets + resets,
				});
				expect(rttMs).toBeGreaterThanOrEqual(0);
			}
		}
		expect([...counted.keys()].sort()).toEqual(["127.5.7.0/24", "127.5.8.0/24"]);
		for (const [network, { sent, answers, resets }] of counted) {
			expect(answers).toBe(network === "127.5.7.0/24" ? 600 : 300);
			expect(sent).toBeGreaterThanOrEqual(answers);
			expect(resets).toBeGreaterThan(answers / 2);
		}
	});
}

/** What a listener sees only where connections come about. */
function testHandshakes(current: () => PortEngine): void {
	test("ends connections with a reset and never sends a byte", async () => {
		const seen = Promise.withResolvers<{ bytes: number; code: string | undefined }>();
		const server = createServer((socket) => {
			let bytes = 0;
			socket.on("data", (data) => {
				bytes += data.length;
			});
			socket.on("error", (err: NodeJS.ErrnoException) => seen.resolve({ bytes, code: err.code }));
			socket.on("end", () => seen.resolve({ bytes, code: "FIN" }));
		}).listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as { port: number };
		await collect(current(), { addresses: ["127.0.0.1"], ports: [port] });
		expect(await seen.promise).toEqual({ bytes: 0, code: "ECONNRESET" });
		server.close();
	});

	test("stop ends the run with what was settled, and nothing is sent afterwards", async () => {
		const { server, port, accepted } = await listen("0.0.0.0");
		const addresses = Array.from({ length: 5_000 }, (_, i) => `127.2.${i >> 8}.${i & 255}`);
		const run = current().run({ addresses, ports: [port], limits: { ...limits, ratePerSecond: 500 } });
		let [sent, settled, answers] = [0, 0, 0];
		for await (const batch of run) {
			if (sent === 0) void run.stop();
			answers += batch.answers.length;
			({ sent, settled } = batch);
		}
		expect(settled).toBe(answers);
		expect(sent).toBeLessThan(5_000);
		await expect.poll(accepted, patience).toBe(sent);
		// A later run passes over the same worker: had the first gone on, its connects would be among the accepted.
		await collect(current(), {
			addresses: ["127.0.0.1"],
			ports: allPorts.slice(0, 20),
			limits: { ...limits, ratePerSecond: 100 },
		});
		expect(accepted()).toBe(sent);
		server.close();
	});
}
