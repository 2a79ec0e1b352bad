/** When a host is asked more slowly than its path would carry. */
import { expect, test } from "vitest";
import { HostPace } from "./host-pace.ts";

/** So many of a hundred first tries are answered; of the repeats of the others every third is. */
function paceAfter(answered: number, pathLoss: number, tries: number): number {
	const pace = new HostPace();
	for (let i = 0; i < tries; i++) {
		if (i % 100 < answered) pace.onAnswer(0);
		else {
			if (i % 3 === 0) pace.onAnswer(1);
			// Twenty others were asked as often meanwhile.
			pace.onSilence({ allAnswered: i * 20 * (1 - pathLoss), allSilent: i * 20 * pathLoss });
		}
	}
	return pace.pauseMs;
}

test("a host that answers a part only of what comes at once gets longer and longer pauses, up to a limit", () => {
	expect(paceAfter(60, 0.01, 1_000)).toBeGreaterThan(0);
	expect(paceAfter(60, 0.01, 3_000)).toBeGreaterThan(paceAfter(60, 0.01, 300));
	expect(paceAfter(60, 0.01, 100_000)).toBe(20);
});

test("a path that loses as much is not held against the host, nor is chance", () => {
	expect(paceAfter(60, 0.3, 10_000)).toBe(0);
	expect(paceAfter(95, 0.01, 10_000)).toBe(0);
});

test("filtered ports, of which no repeat is answered either, say nothing about pace", () => {
	const pace = new HostPace();
	for (let i = 0; i < 1_000; i++) {
		if (i % 2 === 0) pace.onAnswer(0);
		else pace.onSilence({ allAnswered: i, allSilent: 0 });
	}
	expect(pace.pauseMs).toBe(0);
});

test("a firewall that keeps saying it is prohibited is not hurried", () => {
	const pace = new HostPace();
	for (let i = 0; i < 15; i++) pace.onProhibited();
	expect(pace.pauseMs).toBe(0);
	for (let i = 0; i < 10_000; i++) pace.onProhibited();
	expect(pace.pauseMs).toBe(8);
});
