/** What leaves late counts from then on, for the scan, its hosts and their networks; what leaves at once counts as it did. */
import { expect, test } from "vitest";
import { testLimits } from "../gate.test-support.ts";
import { Gate } from "../gate.ts";
import { Departures } from "./departures.ts";

const limits = { ratePerSecond: 1_000, inFlight: 9, inFlightPerHost: 9, timeoutMs: 100, retries: 0, ratePerHost: 50 };

/** Lets one packet through at 1,000 ms which leaves so much later: for how long scan and host then wait. */
function waitsAfter(delayMs: number): { scan: number; host: number } {
	const { table, limits: shared } = testLimits();
	const gate = new Gate(shared, table.claim({ limits }));
	const pass = gate.passFor("198.18.0.7");
	const departures = new Departures();
	let now = 1_000;
	expect(gate.takeScan(4, now)).toBe(4);
	expect(gate.askHost(pass, now)).toBe(0);
	departures.letThrough(gate, gate, pass, now);
	now += delayMs;
	departures.left(() => now);
	// A second time there is nothing to count.
	departures.left(() => now + 1_000);
	return { scan: gate.scanWaitMs(now), host: gate.askHost(pass, now) };
}

test("a delay is made up for by waiting as much longer", () => {
	const [punctual, late] = [waitsAfter(0), waitsAfter(9)];
	expect(punctual.host).toBeGreaterThan(10);
	expect(late.host).toBeCloseTo(punctual.host, 3);
	expect(late.scan).toBeCloseTo(punctual.scan, 3);
});

test("what left at once is not touched", () => {
	const [none, little] = [waitsAfter(0), waitsAfter(0.4)];
	expect(none.host - little.host).toBeCloseTo(0.4, 3);
});
