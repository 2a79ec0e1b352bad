/** Memory given back when nothing is done: how often, and that it is less afterwards. */
import { expect, test, vi } from "vitest";
import { giveBackMemory, restWhenIdle } from "./idle-memory.ts";

test("a heap full of what nobody needs is smaller afterwards", async () => {
	let waste: unknown[] | null = Array.from({ length: 400_000 }, (_, n) => ({ n }));
	const before = process.memoryUsage().heapUsed;
	expect(waste.length).toBe(400_000);
	waste = null;
	await giveBackMemory();
	expect(process.memoryUsage().heapUsed).toBeLessThan(before - 10_000_000);
});

test("rests once after the start and once after each time it was busy", async () => {
	vi.useFakeTimers();
	let busy = false;
	let rests = 0;
	const stop = restWhenIdle({ isBusy: () => busy, quietMs: 1_000, rest: async () => void rests++ });
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(1);
	busy = true;
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(1);
	busy = false;
	await vi.advanceTimersByTimeAsync(900);
	expect(rests).toBe(1);
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(2);
	stop();
	busy = true;
	await vi.advanceTimersByTimeAsync(1_000);
	busy = false;
	await vi.advanceTimersByTimeAsync(10_000);
	expect(rests).toBe(2);
	vi.useRealTimers();
});
