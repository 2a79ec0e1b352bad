import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPulse, type Pulse } from "./pulse.ts";

const start = Date.parse("2026-11-22T12:00:20.000Z");

beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

/** `moves`: does what is shown now change by itself with this tick? The clock does with every minute. */
function openPulse(moves: (second: number, pulse: Pulse) => boolean = () => false) {
	const ticks: number[] = [];
	let minute = Math.floor(start / 60_000);
	const pulse: Pulse = createPulse({
		tick() {
			const second = Math.round((Date.now() - start) / 1_000);
			ticks.push(second);
			const now = Math.floor(Date.now() / 60_000);
			const isMoved = moves(second, pulse) || now !== minute;
			minute = now;
			return isMoved;
		},
		now: Date.now,
	});
	return { ticks, pulse };
}

test("on a screen where nothing moves it looks with the minutes", () => {
	const { ticks, pulse } = openPulse();
	vi.advanceTimersByTime(600_000);
	const late = ticks.filter((second) => second > 60);
	expect(late.filter((second) => (second + 20) % 60 === 0)).toHaveLength(9);
	expect(late.length).toBeLessThanOrEqual(27);
	pulse.stop();
	vi.advanceTimersByTime(120_000);
	expect(ticks.filter((second) => second > 600)).toEqual([]);
});

test("while anything moves it looks every second, also when that begins on a quiet screen", () => {
	const { ticks } = openPulse((second) => second > 300 && second < 360);
	vi.advanceTimersByTime(500_000);
	const between = (from: number, to: number) => ticks.filter((second) => second >= from && second < to).length;
	expect(between(240, 300)).toBeLessThan(5);
	expect(between(341, 360), "from the minute behind its begin on").toBe(19);
	expect(between(400, 460)).toBeLessThan(5);
});

test("what somebody does is looked after at once", () => {
	const { ticks, pulse } = openPulse();
	vi.advanceTimersByTime(105_000);
	const before = ticks.length;
	pulse.wake();
	vi.advanceTimersByTime(10_000);
	expect(ticks.length - before).toBe(10);
	pulse.stop();
});

test("what a look itself brings about is looked after by one beat, not by two", () => {
	const { ticks, pulse } = openPulse((second, { wake }) => {
		if (second === 40 || second === 100) wake();
		return false;
	});
	vi.advanceTimersByTime(110_000);
	expect(ticks.filter((second) => second > 40 && second <= 50)).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
	expect(ticks.filter((second) => second > 100)).toEqual([101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
	pulse.stop();
	vi.advanceTimersByTime(120_000);
	expect(ticks.at(-1)).toBe(110);
});

test("a look that ends it is the last one", () => {
	const { ticks } = openPulse((second, { stop }) => {
		if (second === 3) stop();
		return false;
	});
	vi.advanceTimersByTime(120_000);
	expect(ticks.at(-1)).toBe(3);
});
