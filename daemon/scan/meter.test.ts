import fc from "fast-check";
import { expect, test } from "vitest";
import { etaOf, PaceMeter, progressOf, RateMeter, stagesOf } from "./meter.ts";

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

const half = {
	...{ addresses: 100, discovered: 100, alive: 10, portsEach: 100, portsSettled: 500, hostsDone: 5 },
	...{ openSeen: 20, surveyed: 20 },
};

test("time left is what remains of the slowest stage at its own pace", () => {
	expect(etaOf(half, { discovered: 10, pairs: 100, hosts: 1 })).toBe(5_000);
	expect(etaOf(half, { discovered: 10, pairs: 100, hosts: 0.1 })).toBe(50_000);
	expect(etaOf({ ...half, openSeen: 24 }, { discovered: 10, pairs: 100, hosts: 0 })).toBe(7_000);
});

test("nothing is promised while it is not known how many hosts there are, or a stage has no pace", () => {
	const pace = { discovered: 100, pairs: 100, hosts: 1 };
	expect(etaOf({ ...half, addresses: 10_000, discovered: 100 }, pace)).toBeNull();
	expect(etaOf({ ...half, portsSettled: 0, hostsDone: 0 }, { ...pace, pairs: 0, hosts: 0 })).toBeNull();
	expect(etaOf({ ...half, addresses: 200 }, { ...pace, discovered: 0 })).toBeNull();
});

test("nothing is promised while all that is left of hosts is logging in, which no figure here foretells", () => {
	const pace = { discovered: 0, pairs: 0, hosts: 0 };
	const one = {
		addresses: 1,
		discovered: 1,
		alive: 1,
		portsEach: 2_799,
		portsSettled: 2_799,
		openSeen: 1,
		surveyed: 1,
	};
	expect(etaOf({ ...one, hostsDone: 0 }, pace)).toBeNull();
	expect(etaOf({ ...one, hostsDone: 1 }, pace)).toBe(0);
	expect(etaOf({ ...one, surveyed: 0, hostsDone: 0 }, pace)).toBe(500);
});

test("logging in is a stage of its own where somebody does", () => {
	const names = (begun: number) => stagesOf(half, { begun, ended: 1 }).map(({ name }) => name);
	expect(names(0)).toEqual(["discover", "ports", "services", "assess"]);
	expect(names(3)).toEqual(["discover", "ports", "services", "login", "assess"]);
	expect(stagesOf(half, { begun: 3, ended: 1 })).toContainEqual({ name: "login", done: 1, total: 3 });
});

test("during discovery the hosts still to be found are counted in", () => {
	const sweep = { ...half, addresses: 200, discovered: 100, alive: 10, portsSettled: 1_000, hostsDone: 10 };
	// Ten more hosts are to be expected: a thousand pairs.
	expect(etaOf(sweep, { discovered: 100, pairs: 100, hosts: 1 })).toBe(10_000);
	// With nobody found, what is left is the looking.
	expect(etaOf({ ...sweep, alive: 0, portsSettled: 0, hostsDone: 0 }, { discovered: 50, pairs: 0, hosts: 0 })).toBe(
		2_000,
	);
});

test("a pace is measured from the first of a stage on", () => {
	const meter = new PaceMeter();
	expect(meter.perSecond(0)).toBe(0);
	meter.add(500, 60_000);
	expect(meter.perSecond(60_100)).toBe(0);
	meter.add(50, 60_500);
	expect(meter.perSecond(61_000)).toBe(50);
});

test("the rate forgets what is older than its window", () => {
	const meter = new RateMeter(1_000);
	meter.add(500, 0);
	meter.add(500, 900);
	expect(meter.rate(1_000)).toBe(1_000);
	expect(meter.rate(5_000)).toBe(0);
});
