import fc from "fast-check";
import { expect, test } from "vitest";
import { etaOf, progressOf, RateMeter } from "./meter.ts";

test("progress stays between 0 and 0.99 whatever the counters say", () => {
	const count = fc.nat({ max: 100_000 });
	fc.assert(
		fc.property(
			count,
			count,
			count,
			count,
			count,
			count,
			(addresses, discovered, alive, portsEach, portsSettled, hostsDone) => {
				const input = { addresses, discovered, alive, portsEach, portsSettled, hostsDone, openSeen: 0, surveyed: 0 };
				const progress = progressOf(input);
				expect(progress).toBeGreaterThanOrEqual(0);
				expect(progress).toBeLessThanOrEqual(0.99);
			},
		),
	);
});

test("half of the ports of the only host is more than a quarter and less than three", () => {
	const progress = progressOf({
		addresses: 1,
		discovered: 1,
		alive: 1,
		portsEach: 1000,
		portsSettled: 500,
		hostsDone: 0,
		openSeen: 2,
		surveyed: 0,
	});
	expect(progress).toBeGreaterThan(0.25);
	expect(progress).toBeLessThan(0.75);
});

test("time left is the pace so far carried on, and unknown at the start", () => {
	expect(etaOf(0.5, 10_000)).toBe(10_000);
	expect(etaOf(0.01, 10_000)).toBeNull();
});

test("the rate forgets what is older than its window", () => {
	const meter = new RateMeter(1_000);
	meter.add(500, 0);
	meter.add(500, 900);
	expect(meter.rate(1_000)).toBe(1_000);
	expect(meter.rate(5_000)).toBe(0);
});
