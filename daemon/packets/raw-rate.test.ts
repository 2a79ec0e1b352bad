/** The rate controller on simulated paths: a bottleneck, loss, silent hosts, filtered ports. Time is a number. */
import { expect, test } from "vitest";
import { Pacer, RateController } from "./raw-rate.ts";

interface SimulatedPath {
	readonly rttMs: number;
	/** Packets a second that get through, and how many may wait. */
	readonly capacity: number;
	readonly queue: number;
	/** Share lost by chance. */
	readonly loss: number;
	/** Share of probes to hosts that do not answer at all, and of others to filtered ports. */
	readonly silent: number;
	readonly filtered: number;
	/** The shortest round trip ever seen there, when it is not today's. */
	readonly shortestMs?: number;
	/** From then on all that is asked is silent. */
	readonly silentFromMs?: number;
	/** From when to when nothing goes on: what was sent then waits. */
	readonly stall?: readonly [from: number, to: number];
}
const clean: SimulatedPath = { rttMs: 1, capacity: 1e6, queue: 1_000, loss: 0, silent: 0, filtered: 0 };

/** Always the same numbers in [0, 1). */
function chances(): () => number {
	let state = 12_345;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 0x1_0000_0000;
	};
}

/** Sends for so many milliseconds; the rate once a millisecond, and the share lost in the second half. */
function simulate(path: SimulatedPath, ceiling: number, milliseconds: number) {
	const controller = new RateController({ ceiling }, 0);
	const pacer = new Pacer(0);
	const chance = chances();
	const events: [at: number, run: () => void][][] = [];
	const at = (time: number, run: () => void) => {
		const slot = Math.ceil(time);
		const due = events[slot] ?? [];
		due.push([time, run]);
		events[slot] = due;
	};
	const rates: number[] = [];
	let [busyUntil, sent, lost, silences] = [0, 0, 0, 0];
	const probe = (now: number, repeats: number, responder: boolean, filteredPort: boolean): void => {
		const wait = Math.max(50, path.rttMs * 1.5 + 15);
		const [from, to] = path.stall ?? [0, 0];
		if (now >= from && now < to) busyUntil = Math.max(busyUntil, to);
		const waiting = Math.max(0, busyUntil - now) * (path.capacity / 1_000);
		const dropped = waiting > path.queue || chance() < path.loss;
		if (waiting <= path.queue) busyUntil = Math.max(now, busyUntil) + 1_000 / path.capacity;
		if (now > milliseconds / 2 && repeats === 0) {
			sent++;
			if (dropped) lost++;
		}
		if (!dropped && responder && !filteredPort) {
			const rtt = path.rttMs + waiting / (path.capacity / 1_000);
			at(now + rtt, () => controller.onAnswer(repeats, rtt, path.shortestMs ?? path.rttMs));
		} else if (responder) {
			at(now + wait, () => {
				controller.onSilence(repeats);
				if (repeats === 0 && silences++ % 8 === 0) probe(now + wait, 1, responder, filteredPort);
			});
		}
	};
	for (let now = 0; now < milliseconds; now++) {
		for (const [, run] of events[now] ?? []) run();
		controller.update(now);
		const allowed = pacer.allowance(controller.rate, now);
		pacer.take(allowed);
		controller.onSent(allowed);
		const silent = now >= (path.silentFromMs ?? milliseconds) ? 1 : path.silent;
		for (let i = 0; i < allowed; i++) probe(now, 0, chance() >= silent, chance() < path.filtered);
		rates.push(controller.rate);
	}
	const later = rates.slice(rates.length / 2);
	return { controller, rates, mean: later.reduce((a, b) => a + b, 0) / later.length, lost: lost / Math.max(1, sent) };
}

test("a clean path is filled to the ceiling within half a second", () => {
	const { rates } = simulate(clean, 200_000, 600);
	expect(rates[0]).toBeLessThanOrEqual(10_000);
	expect(rates[500]).toBe(200_000);
	expect(Math.max(...rates)).toBe(200_000);
});

test("a way that has become longer is not taken for a queue", () => {
	const { rates } = simulate({ ...clean, rttMs: 40, shortestMs: 1 }, 200_000, 2_000);
	expect(rates.at(-1)).toBe(200_000);
});

test("a bottleneck is found and nearly filled, and little is lost to it", () => {
	const { mean, lost } = simulate({ ...clean, rttMs: 20, capacity: 30_000, queue: 500 }, 1e6, 6_000);
	expect(mean).toBeGreaterThan(22_000);
	expect(mean).toBeLessThan(36_000);
	expect(lost).toBeLessThan(0.15);
});

test("a slow bottleneck brings the rate far below where it began", () => {
	const { mean } = simulate({ ...clean, rttMs: 20, capacity: 1_000, queue: 50 }, 1e6, 12_000);
	expect(mean).toBeGreaterThan(500);
	expect(mean).toBeLessThan(1_600);
});

test("loss by chance does not slow it down", () => {
	const { rates, controller } = simulate({ ...clean, rttMs: 20, loss: 0.02 }, 50_000, 3_000);
	expect(rates.at(-1)).toBeGreaterThan(40_000);
	expect(controller.loss).toBeGreaterThan(0.005);
	expect(controller.loss).toBeLessThan(0.04);
});

test("silent hosts and filtered ports are no loss", () => {
	const { rates, controller } = simulate({ ...clean, rttMs: 5, silent: 0.5, filtered: 0.4 }, 50_000, 3_000);
	expect(rates.at(-1)).toBeGreaterThan(40_000);
	expect(controller.loss).toBeLessThan(0.02);
});

test("filtered ports do not hide a bottleneck", () => {
	const { mean } = simulate({ ...clean, rttMs: 20, capacity: 10_000, queue: 200, filtered: 0.3 }, 1e6, 8_000);
	expect(mean).toBeLessThan(16_000);
	expect(mean).toBeGreaterThan(5_000);
});

test("nobody answers: faster than at first, and not without limit", () => {
	const { rates } = simulate({ ...clean, silent: 1 }, 1e6, 2_000);
	expect(rates.at(-1)).toBe(30_000);
});

test("the ceiling is never passed, however low", () => {
	for (const ceiling of [1, 10, 300]) {
		const { rates } = simulate(clean, ceiling, 500);
		expect(Math.max(...rates)).toBe(ceiling);
	}
});

test("a pacer keeps to its rate in every 100 ms, and reaches it though called seldom", () => {
	for (const rate of [50, 1_000, 10_000, 250_000]) {
		const pacer = new Pacer(0);
		const taken: number[] = [];
		for (let now = 0; now < 2_000; now += 1 + (now % 3)) {
			const allowed = pacer.allowance(rate, now);
			pacer.take(allowed);
			taken[now] = allowed;
		}
		const inWindow = (from: number) => taken.slice(from, from + 100).reduce((all, one) => all + (one ?? 0), 0);
		for (let from = 0; from < 1_900; from++) expect(inWindow(from)).toBeLessThanOrEqual(rate * 0.104 + 2);
		const all = taken.reduce((sum, one) => sum + (one ?? 0), 0);
		expect(all).toBeGreaterThan(rate * 2 * 0.98 - 2);
	}
});

test("a router that keeps everything waiting instead of dropping it is not flooded", () => {
	const { rates, mean, lost } = simulate({ ...clean, rttMs: 20, capacity: 60_000, queue: 16_000 }, 1e6, 4_000);
	expect(Math.max(...rates)).toBeLessThan(60_000 * 4);
	// What is too much at first is held back before it has all been sent: 51,200 packets are two seconds of such a path.
	expect(rates.slice(0, 900).reduce((sum, rate) => sum + rate / 1_000, 0)).toBeLessThan(60_000);
	expect(mean).toBeGreaterThan(40_000);
	expect(lost).toBe(0);
});

test("a network where one address in eight is there is asked fast", () => {
	const { rates } = simulate({ ...clean, silent: 0.875 }, 400_000, 1_000);
	expect(rates[600]).toBeGreaterThan(200_000);
});

test("a network where one address in a hundred is there is asked fast as well", () => {
	for (const silent of [0.97, 0.99]) {
		const { rates } = simulate({ ...clean, silent }, 200_000, 3_000);
		expect(rates[2_500]).toBeGreaterThan(100_000);
	}
});

test("a moment in which nothing comes through does not slow it down for long", () => {
	const { rates } = simulate(
		{ ...clean, rttMs: 20, capacity: 100_000, queue: 4_000, stall: [800, 1_000] },
		60_000,
		3_000,
	);
	expect(rates[700]).toBe(60_000);
	expect(Math.min(...rates.slice(800))).toBeLessThan(60_000);
	expect(rates[2_000]).toBeGreaterThan(45_000);
});

test("when only silent hosts are left the rest of them does not take for ever", () => {
	for (const stall of [undefined, [1_400, 1_600]] as const) {
		const path = { ...clean, rttMs: 20, capacity: 40_000, queue: 500, silentFromMs: 1_500 };
		const { rates } = simulate({ ...path, ...(stall === undefined ? {} : { stall }) }, 1e6, 5_000);
		expect(rates[3_500]).toBeGreaterThan(10_000);
		expect(Math.max(...rates.slice(3_000))).toBeLessThan(60_000);
	}
});
