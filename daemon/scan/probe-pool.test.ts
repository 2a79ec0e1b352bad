import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { createProbePool, type PoolSurvey, type SurveyRequest } from "./probe-pool.ts";
import type { ProbeWorker, ProbeWorkerEvents } from "./probe-worker-link.ts";

const signal = new AbortController().signal;
const loopback: SurveyRequest["guard"] = { allow: [["127.0.0.1", "127.0.0.9"]], deny: [["127.0.0.2", "127.0.0.2"]] };
const request = (port: number, address = "127.0.0.1"): SurveyRequest => ({
	...{ address, port, protocol: "tcp", hostname: null },
	guard: loopback,
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
	const pool = createProbePool();
	try {
		expect(await pool.survey(request(port, "127.0.0.2"), signal)).toEqual([]);
		expect(await pool.survey({ ...request(port, "127.0.0.2"), guard: { allow: [], deny: [] } }, signal)).toEqual([]);
		expect(connections).toBe(0);
		const open: SurveyRequest["guard"] = { allow: [["127.0.0.2", "127.0.0.2"]], deny: [] };
		expect(await pool.survey({ ...request(port, "127.0.0.2"), guard: open }, signal)).toHaveLength(1);
		expect(connections).toBeGreaterThan(0);
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
