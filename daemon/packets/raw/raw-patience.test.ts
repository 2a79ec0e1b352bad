/** How long an answer is waited for: by what is known of the host, of its network, and of the others. */
import { expect, test } from "vitest";
import { RoundTrip } from "../round-trip.ts";
import { Network } from "./raw-host.ts";
import { extraTries, isDoubtful, waitMs } from "./raw-patience.ts";

const measured = (ms: number, samples = 20) => {
	const roundTrip = new RoundTrip();
	for (let i = 0; i < samples; i++) roundTrip.add(ms);
	return roundTrip;
};
const networkOf = (ms: number, samples = 20) => {
	const network = new Network();
	for (let i = 0; i < samples; i++) network.add(ms);
	return network;
};
const unknown = { roundTrip: null, network: new Network() };

test("a stranger among neighbours that answer gets many times their round trip over its tries, and not the whole time-out", () => {
	for (const ms of [0.5, 20, 200]) {
		const host = { roundTrip: null, network: networkOf(ms) };
		const waits = [1, 2, 3].map((tries) => waitMs(host, tries, tries === 3, 5_000, ms));
		expect(waits.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(Math.max(400, ms * 10));
		expect(waits[2]).toBeGreaterThanOrEqual(300);
		expect(waits[2]).toBeLessThan(5_000);
	}
});

test("a network from which nothing came has the whole time-out before it is called silent", () => {
	expect(waitMs(unknown, 3, true, 1_000, 1)).toBe(1_000);
	expect(waitMs(unknown, 1, false, 1_000, Number.NaN)).toBe(1_000);
	// Other networks are near: it is asked again before.
	expect(waitMs(unknown, 1, false, 1_000, 1)).toBe(250);
	expect(waitMs(unknown, 1, false, 10_000, 200)).toBe(1_600);
});

test("few samples of a network are not enough to hurry its strangers", () => {
	expect(waitMs({ roundTrip: null, network: networkOf(1, 7) }, 2, true, 1_000, 1)).toBe(1_000);
});

test("nothing is waited for longer than the job allows", () => {
	for (const tries of [1, 2, 3]) {
		expect(waitMs({ roundTrip: measured(900), network: networkOf(900) }, tries, tries === 3, 700, 900)).toBe(700);
	}
});

test("the more is lost the more often it is asked, so that of all pairs next to none is missed", () => {
	for (const loss of [0.01, 0.05, 0.2]) {
		const tries = 2 + extraTries(loss, 50_000, 2);
		expect(tries).toBeLessThanOrEqual(6);
		if (tries < 6) expect(loss ** tries * 50_000).toBeLessThan(0.011);
	}
	expect(extraTries(0, 50_000, 2)).toBe(0);
});

test("silence is doubted where nearly all is answered, and neither behind a filter nor on little evidence", () => {
	expect(isDoubtful({ answers: 100, timeouts: 3 })).toBe(true);
	expect(isDoubtful({ answers: 100, timeouts: 60 })).toBe(false);
	expect(isDoubtful({ answers: 3, timeouts: 0 })).toBe(false);
});
