/** How often a silent pair is asked: as the job says, and once more where answers get lost. */
import { expect, test } from "vitest";
import { outcome } from "./connector.ts";
import { pairStates } from "./engine.ts";
import { gateOf } from "./gate.test-support.ts";
import { LossMeter } from "./loss.ts";
import { Sweep } from "./sweep.ts";

const limits = { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 1_500, retries: 1 };

/** Answers port 1 at once, and never port 2; returns how long each try of port 2 may wait. */
function triesOfSilentPort(loss: LossMeter): number[] {
	const sweep = new Sweep({ addresses: ["127.0.0.1"], ports: [1, 2], limits }, null, gateOf({ limits }), loss);
	const waits: number[] = [];
	for (let attempt = sweep.next(0); attempt !== null; attempt = sweep.next(0)) {
		if (attempt.port === 2) waits.push(sweep.waitMs(attempt));
		sweep.settle(attempt, attempt.port === 1 ? outcome.closed : outcome.silent, 5);
	}
	expect(sweep.done).toBe(true);
	return waits;
}

test("answers that all come to the first question leave it at that", () => {
	const loss = new LossMeter();
	for (let n = 0; n < 1_000; n++) loss.add(0);
	expect(triesOfSilentPort(loss)).toEqual([250, 500]);
});

test("a few late answers of very many are a busy moment", () => {
	const loss = new LossMeter();
	for (let n = 0; n < 10_000; n++) loss.add(n < 10 ? 1 : 0);
	expect(triesOfSilentPort(loss)).toHaveLength(2);
});

test("where answers get lost a silent pair is asked once more, long enough for the kernel to repeat it", () => {
	const loss = new LossMeter();
	for (let n = 0; n < 1_000; n++) loss.add(n % 50 === 0 ? 1 : 0);
	expect(triesOfSilentPort(loss)).toEqual([250, 500, 1_250]);
});

test("a host that never answers is not asked more for it", () => {
	const loss = new LossMeter();
	for (let n = 0; n < 100; n++) loss.add(1);
	const sweep = new Sweep({ addresses: ["127.0.0.1"], ports: [2], limits }, null, gateOf({ limits }), loss);
	let tries = 0;
	for (let attempt = sweep.next(0); attempt !== null; attempt = sweep.next(0)) {
		tries++;
		sweep.settle(attempt, outcome.silent, 1_500);
	}
	expect(tries).toBe(2);
});

test("a wholly silent host is given up after one pass and a sample, and every port of it is filtered, none closed", () => {
	const ports = Array.from({ length: 5_000 }, (_, i) => i + 1);
	const sweep = new Sweep({ addresses: ["127.0.0.1"], ports, limits }, null, gateOf({ limits }));
	const tries = new Map<number, number>();
	for (let attempt = sweep.next(0); attempt !== null; attempt = sweep.next(0)) {
		tries.set(attempt.port, (tries.get(attempt.port) ?? 0) + 1);
		sweep.settle(attempt, outcome.silent, 1_500);
	}
	expect(sweep.done).toBe(true);
	expect(sweep.settled).toBe(5_000);
	expect([...tries.values()].reduce((sum, n) => sum + n, 0)).toBe(5_064);
	const { states, ports: reported } = sweep.drain();
	expect(new Set(reported).size).toBe(5_000);
	expect(new Set([...states].map((state) => pairStates[state]))).toEqual(new Set(["filtered"]));
});

test("a host that answers anything at all is asked again for every silent port", () => {
	const ports = Array.from({ length: 500 }, (_, i) => i + 1);
	const sweep = new Sweep({ addresses: ["127.0.0.1"], ports, limits }, null, gateOf({ limits }));
	let tries = 0;
	for (let attempt = sweep.next(0); attempt !== null; attempt = sweep.next(0)) {
		tries++;
		sweep.settle(attempt, attempt.port === 300 ? outcome.open : outcome.silent, 5);
	}
	expect(tries).toBe(999);
});
