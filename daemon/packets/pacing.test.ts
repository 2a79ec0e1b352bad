/** The parts that decide when: token bucket, deadlines, round-trip time, queue. Time is a number handed in. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Deadlines } from "./deadlines.ts";
import { Fifo } from "./fifo.ts";
import { RoundTrip, shortestWaitMs } from "./round-trip.ts";
import { TokenBucket } from "./token-bucket.ts";

test("a bucket never lets more through than rate and burst, and reaches its rate", () => {
	const steps = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 1, maxLength: 200 });
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 200_000 }), steps, (rate, pauses) => {
			const bucket = new TokenBucket(rate, 0);
			let now = 0;
			let taken = 0;
			for (const pause of pauses) {
				now += pause;
				for (let i = 0; i < 500 && bucket.waitMs(now) === 0; i++) {
					bucket.take();
					taken++;
				}
			}
			expect(taken).toBeLessThanOrEqual((rate * now) / 1_000 + Math.max(1, rate * 0.02) + 1);
			const wait = bucket.waitMs(now);
			if (wait > 0) expect(bucket.waitMs(now + wait + 0.001)).toBe(0);
		}),
	);
});

test("deadlines come once each, never early, at most a bucket late", () => {
	const item = fc.record({ added: fc.nat(5_000), after: fc.nat(30_000) });
	fc.assert(
		fc.property(fc.array(item, { maxLength: 60 }), fc.integer({ min: 1, max: 3_000 }), (items, step) => {
			const deadlines = new Deadlines<number>(0);
			const due = new Map<number, number>();
			const queue = items.map((one, id) => ({ ...one, id })).sort((a, b) => a.added - b.added);
			for (let now = 0; now < 40_000; now += step) {
				while (queue[0] !== undefined && queue[0].added <= now) {
					const { id, added, after } = queue.shift()!;
					deadlines.add(id, added + after);
				}
				deadlines.expire(now, (id) => {
					expect(due.has(id)).toBe(false);
					due.set(id, now);
				});
			}
			items.forEach(({ added, after }, id) => {
				const wanted = added + after;
				const at = due.get(id);
				if (wanted + 8 + step < 40_000) expect(at).toBeDefined();
				if (at !== undefined) expect(at).toBeGreaterThanOrEqual(wanted);
				if (at !== undefined) expect(at).toBeLessThanOrEqual(wanted + 8 + 2 * step);
			});
		}),
		{ numRuns: 200 },
	);
});

test("the wait follows RFC 6298: first sample R gives R + 4 R/2, later ones smooth by 1/8 and 1/4", () => {
	const trip = new RoundTrip();
	trip.add(1_000);
	expect(trip.waitMs()).toBe(3_000);
	trip.add(2_000);
	// RTTVAR = 3/4 500 + 1/4 1000 = 625; SRTT = 7/8 1000 + 1/8 2000 = 1125.
	expect(trip.waitMs()).toBe(1_125 + 4 * 625);
	const near = new RoundTrip();
	near.add(0.1);
	expect(near.waitMs()).toBe(shortestWaitMs);
});

test("a queue gives back in order what was put in", () => {
	const queue = new Fifo<number>();
	let [next, seen] = [0, 0];
	for (let round = 0; round < 3_000; round++) {
		for (let i = 0; i < 5; i++) queue.push(next++);
		for (let i = 0; i < 4; i++) expect(queue.shift()).toBe(seen++);
		expect(queue.length).toBe(next - seen);
	}
	while (queue.length > 0) expect(queue.shift()).toBe(seen++);
	expect(seen).toBe(next);
	expect(queue.shift()).toBeUndefined();
});
