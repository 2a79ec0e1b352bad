/** Turns over a driven clock: who waits, for how long, and what of it counts. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gateOf } from "../packets/gate.test-support.ts";
import { Gate } from "../packets/gate.ts";
import { LimitTable } from "../packets/limit-table.ts";
import { SharedLimits } from "../packets/shared-limits.ts";
import { ProbeFailure } from "../probes/probe.ts";
import { SurveyTurns } from "./survey-turns.ts";

const limits = { ratePerSecond: 100_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 500, retries: 1 };
const shared = [{ name: "site", ranges: [["192.0.2.0", "192.0.2.255"]] as const, ratePerSecond: 5, inFlight: 2 }];
const signal = new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("two hosts of a group of five a second send no six in any second, and waiting is told", async () => {
	const gate = gateOf({ limits, shared });
	const hosts = ["192.0.2.1", "192.0.2.2"].map((address) => new SurveyTurns(gate, address));
	const sentAt: number[] = [];
	const connects = Array.from({ length: 12 }, async (_, i) => {
		const answered = await hosts[i % 2]?.take(new AbortController().signal);
		sentAt.push(performance.now());
		answered?.();
	});
	await vi.advanceTimersByTimeAsync(10_000);
	await Promise.all(connects);
	expect(sentAt).toHaveLength(12);
	for (const at of sentAt) expect(sentAt.filter((one) => one >= at && one < at + 1_000).length).toBeLessThanOrEqual(5);
	expect(hosts[0]?.waitedMs()).toBeGreaterThan(1_500);
	expect(hosts[0]?.isWaiting).toBe(false);
});

test("so many questions are open at once, and one that is settled lets the next out", async () => {
	const turns = new SurveyTurns(
		gateOf({ limits, shared: shared.map((one) => ({ ...one, ratePerSecond: 1e5 })) }),
		"192.0.2.1",
	);
	const [first] = [await turns.take(signal), await turns.take(signal)];
	let third = false;
	void turns.take(signal).then(() => {
		third = true;
	});
	await vi.advanceTimersByTimeAsync(5_000);
	expect(third).toBe(false);
	expect(turns.isWaiting).toBe(true);
	first();
	// Twice is once.
	first();
	await vi.advanceTimersByTimeAsync(100);
	expect(third).toBe(true);
});

test("an abort ends the wait with its reason and leaves nothing open", async () => {
	const gate = gateOf({ limits, shared: shared.map((one) => ({ ...one, inFlight: 1 })) });
	const turns = new SurveyTurns(gate, "192.0.2.1");
	const answered = await turns.take(signal);
	const controller = new AbortController();
	const waiting = turns.take(controller.signal);
	controller.abort(new ProbeFailure("timeout"));
	await expect(waiting).rejects.toMatchObject({ reason: "timeout" });
	await expect(turns.take(controller.signal)).rejects.toMatchObject({ reason: "timeout" });
	answered();
	const next = turns.take(signal);
	await vi.advanceTimersByTimeAsync(1_000);
	await expect(next).resolves.toBeTypeOf("function");
});

test("this machine itself is not held to rates by host and by network", async () => {
	const slow = { ...limits, ratePerHost: 1, ratePerNetwork: 1 };

	const table = new LimitTable();
	const { buffer, member } = table.join();
	const gate = new Gate(new SharedLimits(buffer, member, 0), table.claim({ limits: slow }));
	const turns = new SurveyTurns(gate, "127.0.0.1");
	for (let i = 0; i < 50; i++) (await turns.take(signal))();
	expect(turns.waitedMs()).toBe(0);
	const far = new SurveyTurns(gate, "192.0.2.1");
	await far.take(signal);
	void far.take(signal).catch(() => undefined);
	expect(far.isWaiting).toBe(true);
});
