import { type AddressInfo, createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { LimitTable } from "../packets/limit-table.ts";
import { SharedLimits } from "../packets/shared-limits.ts";
import { createProbePool, type PoolSurvey, type SurveyRequest } from "./probe-pool.ts";
import type { ProbeWorker, ProbeWorkerEvents } from "./probe-worker-link.ts";

const signal = new AbortController().signal;
const loopback: SurveyRequest["guard"] = { allow: [["127.0.0.1", "127.0.0.9"]], deny: [["127.0.0.2", "127.0.0.2"]] };
const quick = { ratePerSecond: 10_000, inFlight: 1_000, inFlightPerHost: 100, timeoutMs: 500, retries: 1 };
const pace: SurveyRequest["pace"] = { limits: quick, group: "scan-1" };
const request = (port: number, address = "127.0.0.1"): SurveyRequest => ({
	...{ address, port, protocol: "tcp", hostname: null },
	guard: loopback,
	pace,
});

/** Workers of which the test says what becomes of them. */
function scripted(behave: (port: number, workerNumber: number) => "answer" | "die" | "hang") {
	let started = 0;
	const ended: number[] = [];
	const startWorker = (events: ProbeWorkerEvents): ProbeWorker => {
		const number = ++started;
		const heardAt = performance.now();
		const exit = () => {
			ended.push(number);
			queueMicrotask(() => events.onExit(link));
		};
		const link: ProbeWorker = {
			survey: (id, { port, protocol }) => {
				const what = behave(port, number);
				const coverage = { port, protocol, outcome: "answered" as const, kinds: [], failed: [] };
				if (what === "answer") queueMicrotask(() => events.onSurveys(id, [{ lessons: [], service: null, coverage }]));
				if (what === "die") exit();
			},
			cancel: () => undefined,
			heardAt: () => heardAt,
			terminate: async () => exit(),
		};
		return link;
	};
	return { startWorker, started: () => started, ended };
}

const isLost = (surveys: PoolSurvey[]) => surveys.map((survey) => survey.lost === true);

test("nothing is sent to an address the guard does not let through, and the answer is empty", async () => {
	let connections = 0;
	const server = createServer((socket) => {
		connections++;
		socket.end("220 hello\r\n");
		socket.on("error", () => undefined);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.2", resolve));
	const { port } = server.address() as AddressInfo;
	let told = 0;
	const onSent = (_: unknown, count: number) => {
		told += count;
	};
	const pool = createProbePool({ onSent });
	try {
		expect(await pool.survey(request(port, "127.0.0.2"), signal)).toEqual([]);
		expect(await pool.survey({ ...request(port, "127.0.0.2"), guard: { allow: [], deny: [] } }, signal)).toEqual([]);
		expect(connections).toBe(0);
		const open: SurveyRequest["guard"] = { allow: [["127.0.0.2", "127.0.0.2"]], deny: [] };
		expect(await pool.survey({ ...request(port, "127.0.0.2"), guard: open }, signal)).toHaveLength(1);
		expect(connections).toBeGreaterThan(0);
		expect(told, "each connection is told").toBe(connections);
	} finally {
		await pool.close();
		server.close();
	}
});

test("a worker that one service kills costs the others nothing: they are surveyed by the next", async () => {
	const poison = 666;
	const workers = scripted((port) => (port === poison ? "die" : "answer"));
	const pool = createProbePool({ startWorker: workers.startWorker });
	const ports = [1, 2, poison, 3, 4];
	const found = await Promise.all(ports.map((port) => pool.survey(request(port), signal)));
	expect(found.map(isLost)).toEqual([[false], [false], [true], [false], [false]]);
	expect(workers.started()).toBeLessThanOrEqual(3);
	await pool.close();
});

test("a worker that hangs is replaced, and its other surveys are made by the next", async () => {
	const workers = scripted((port, number) => (port === 666 || number === 1 ? "hang" : "answer"));
	const faults: string[] = [];
	const pool = createProbePool({
		startWorker: workers.startWorker,
		lostAfterMs: 40,
		onFault: (text) => faults.push(text),
	});
	const [bad, good] = await Promise.all([pool.survey(request(666), signal), pool.survey(request(80), signal)]);
	expect(isLost(bad)).toEqual([true]);
	expect(isLost(good)).toEqual([false]);
	expect(workers.ended).toContain(1);
	expect(faults[0]).toContain("no longer answers");
	await pool.close();
});

test("waiting for a turn is not being lost", async () => {
	const release: (() => void)[] = [];
	const startWorker = (events: ProbeWorkerEvents): ProbeWorker => ({
		survey: (id, { port, protocol }) => {
			const coverage = { port, protocol, outcome: "answered" as const, kinds: [], failed: [] };
			const answer = () => events.onSurveys(id, [{ lessons: [], service: null, coverage }]);
			if (port === 1) release.push(answer);
			else answer();
		},
		cancel: () => undefined,
		heardAt: () => performance.now(),
		terminate: async () => undefined,
	});
	const pool = createProbePool({ startWorker, concurrency: 1, lostAfterMs: 60 });
	const first = pool.survey(request(1), signal);
	const second = pool.survey(request(2), signal);
	// The first runs out of time, the second has waited for just as long and still gets its turn.
	expect(isLost(await first)).toEqual([true]);
	expect(isLost(await second)).toEqual([false]);
	await pool.close();
});

test("an abort answers at once wherever the survey is, and closing answers everybody", async () => {
	const workers = scripted(() => "hang");
	const pool = createProbePool({ startWorker: workers.startWorker, concurrency: 1 });
	const controller = new AbortController();
	const running = pool.survey(request(1), controller.signal);
	const queued = pool.survey(request(2), controller.signal);
	const other = pool.survey(request(3), signal);
	controller.abort();
	expect(await Promise.all([running, queued])).toEqual([[], []]);
	await pool.close();
	expect(await other).toEqual([]);
});

test("a survey that waits until limits let it send is not lost, however long that takes", async () => {
	vi.useFakeTimers();
	try {
		let events: ProbeWorkerEvents | undefined;
		let asked = 0;
		const startWorker = (given: ProbeWorkerEvents): ProbeWorker => {
			events = given;
			return {
				survey: (id) => {
					asked = id;
				},
				cancel: () => undefined,
				heardAt: () => performance.now(),
				terminate: async () => undefined,
			};
		};
		const pool = createProbePool({ startWorker, lostAfterMs: 1_000 });
		const found = pool.survey(request(80), signal);
		for (let i = 0; i < 10; i++) {
			vi.advanceTimersByTime(900);
			events?.onWaiting([asked]);
		}
		const coverage = { port: 80, protocol: "tcp" as const, outcome: "answered" as const, kinds: [], failed: [] };
		events?.onSurveys(asked, [{ lessons: [], service: null, coverage }]);
		expect(isLost(await found)).toEqual([false]);
		await pool.close();
	} finally {
		vi.useRealTimers();
	}
});

test("connects of surveys pass the limits that hold for all other packets", async () => {
	const connections = new Map<string, number>();
	const addresses = ["127.0.0.3", "127.0.0.4"];
	const servers = await Promise.all(
		addresses.map(async (address) => {
			const server = createServer((socket) => {
				connections.set(address, (connections.get(address) ?? 0) + 1);
				socket.end("220 hello\r\n");
				socket.on("error", () => undefined);
			});
			await new Promise<void>((resolve) => server.listen(0, address, resolve));
			return { server, port: (server.address() as AddressInfo).port };
		}),
	);
	const limits = new LimitTable();
	const shared = [{ name: "rack", ranges: [["127.0.0.3", "127.0.0.3"]] as const, ratePerSecond: 1_000, inFlight: 1 }];
	const memory = limits.join();
	const mine = new SharedLimits(memory.buffer, memory.member);
	const slot = limits.claim({ limits: quick, shared }).shared[0]?.slot ?? -1;
	const pool = createProbePool({ limits, sharedOf: (address) => (address === "127.0.0.3" ? shared : []) });
	const survey = (i: number) => pool.survey(request(servers[i]?.port ?? 0, addresses[i]), signal);
	try {
		// Another sender has the only question to the rack that may be open.
		expect(mine.enter(slot)).toBe(true);
		const held = survey(0);
		expect(await survey(1)).toHaveLength(1);
		expect(connections.get("127.0.0.4")).toBeGreaterThan(0);
		expect(connections.get("127.0.0.3")).toBeUndefined();
		mine.leave(slot);
		const [found] = await held;
		expect(found).toMatchObject({ coverage: { outcome: (await survey(1))[0]?.coverage.outcome } });
		expect(found?.lost).toBeUndefined();
		expect(connections.get("127.0.0.3")).toBeGreaterThan(0);
		// Nothing is left open, so that the next sender gets in.
		expect(mine.enter(slot)).toBe(true);
	} finally {
		await pool.close();
		for (const { server } of servers) server.close();
	}
});
