/** No limit is passed in any 100 ms, whatever threads share it and whenever they come; time is a number handed in. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PortJob } from "./engine.ts";
import { Gate } from "./gate.ts";
import { LimitTable } from "./limit-table.ts";
import { SharedLimits } from "./shared-limits.ts";

/** The most that came within any half-open stretch of 100 ms. */
function mostIn100Ms(times: readonly number[]): number {
	let [most, from] = [0, 0];
	times.forEach((time, to) => {
		while (time - (times[from] ?? 0) >= 100) from++;
		most = Math.max(most, to - from + 1);
	});
	return most;
}

/** A clock that has run for a while, around the place where the count of ticks begins again. */
const startMs = fc.constantFrom(0, 134_217.5, 268_435.3, 1e9);
const pauses = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 1, maxLength: 300 });
const job: Pick<PortJob, "limits"> = {
	limits: { ratePerSecond: 1e6, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0 },
};

test("a rate holds in every 100 ms over two threads, and is reached by who asks often enough", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 300_000 }), startMs, pauses, (rate, start, steps) => {
			const table = new LimitTable();
			const [one, other] = [table.join(), table.join()].map(
				({ buffer, member }) => new SharedLimits(buffer, member, 0),
			) as [SharedLimits, SharedLimits];
			const { scan } = table.claim({ limits: { ...job.limits, ratePerSecond: rate } });
			const times: number[] = [];
			let now = start;
			steps.forEach((step, i) => {
				now += step;
				const taken = (i % 3 === 0 ? other : one).take(scan, 1_000, now);
				for (let n = 0; n < taken; n++) times.push(now);
			});
			expect(mostIn100Ms(times)).toBeLessThanOrEqual(Math.floor(rate / 10) + 1);
			const wait = one.waitMs(scan, now);
			expect(other.take(scan, 1, now + wait + 0.001)).toBe(1);
		}),
	);
	const table = new LimitTable();
	const limits = new SharedLimits(table.join().buffer, 0, 0);
	const { scan } = table.claim({ limits: { ...job.limits, ratePerSecond: 5_000 } });
	let taken = 0;
	for (let now = 0; now < 10_000; now += 2) taken += limits.take(scan, 1_000, now);
	expect(taken).toBeGreaterThan(5_000 * 10 * 0.95);
});

test("what leaves late counts from then on, so that the rate holds on the wire too", () => {
	const delays = fc.array(fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.integer({ min: 0, max: 30 })), {
		minLength: 1,
		maxLength: 300,
	});
	fc.assert(
		fc.property(fc.integer({ min: 200, max: 300_000 }), startMs, delays, (rate, start, turns) => {
			const table = new LimitTable();
			const limits = new SharedLimits(table.join().buffer, 0, 0);
			const { scan } = table.claim({ limits: { ...job.limits, ratePerSecond: rate } });
			const left: number[] = [];
			let now = start;
			for (const [pause, delay] of turns) {
				now += pause;
				const taken = limits.take(scan, 1_000, now);
				if (taken === 0) continue;
				limits.late(scan, now, now + delay);
				now += delay;
				for (let n = 0; n < taken; n++) left.push(now);
			}
			expect(mostIn100Ms(left)).toBeLessThanOrEqual(Math.floor(rate / 10) + 1);
		}),
	);
});

test("host, network, group and scan hold together in every 100 ms, and nobody waits for another's limit", () => {
	const limit = fc.integer({ min: 1, max: 3_000 });
	fc.assert(
		fc.property(limit, limit, limit, limit, startMs, pauses, (perHost, perNetwork, perGroup, perScan, start, steps) => {
			const table = new LimitTable();
			const { buffer } = table.join();
			const claim = table.claim({
				limits: { ...job.limits, ratePerSecond: perScan, ratePerHost: perHost, ratePerNetwork: perNetwork },
				shared: [{ name: "site", ranges: [["10.0.0.0", "10.0.1.1"]], ratePerSecond: perGroup, inFlight: 1_000_000 }],
			});
			const gate = new Gate(new SharedLimits(buffer, 0, 0), claim);
			const hosts = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2", "10.0.9.1", "127.0.0.1"];
			const passes = hosts.map((host) => gate.passFor(host));
			const sent: { at: number; host: string }[] = [];
			let now = start;
			for (const step of steps) {
				now += step;
				passes.forEach((pass, i) => {
					for (let n = 0; n < 40 && gate.ask(pass, now) === 0; n++) sent.push({ at: now, host: hosts[i]! });
				});
			}
			const most = (of: (host: string) => boolean) =>
				mostIn100Ms(sent.filter(({ host }) => of(host)).map(({ at }) => at));
			const bound = (rate: number) => Math.floor(rate / 10) + 1;
			for (const host of hosts.slice(0, 5)) expect(most((one) => one === host)).toBeLessThanOrEqual(bound(perHost));
			for (const net of ["10.0.0.", "10.0.1.", "10.0.9."]) {
				expect(most((one) => one.startsWith(net))).toBeLessThanOrEqual(bound(perNetwork));
			}
			expect(most((one) => /^10\.0\.(0|1\.1)/.test(one))).toBeLessThanOrEqual(bound(perGroup));
			expect(most(() => true)).toBeLessThanOrEqual(bound(perScan));
			// What was refused cost nobody else anything: long after, one packet to each may leave at once.
			if (perScan > 2_000) for (const pass of passes.slice(3)) expect(gate.ask(pass, now + 2_000)).toBe(0);
		}),
		{ numRuns: 60 },
	);
});

test("a group has so many questions open, over all threads; those of a thread that is gone are not", () => {
	const table = new LimitTable();
	const shared = [{ name: "hypervisor", ranges: [["10.0.0.0", "10.0.0.9"]] as const, ratePerSecond: 1e6, inFlight: 3 }];
	const [memory1, memory2] = [table.join(), table.join()];
	const gateOf = (memory: typeof memory1) =>
		new Gate(new SharedLimits(memory.buffer, memory.member, 0), table.claim({ ...job, shared }));
	const [one, other] = [gateOf(memory1), gateOf(memory2)];
	const pass = one.passFor("10.0.0.1");
	const outside = one.passFor("10.0.0.10");
	expect([one.ask(pass, 0), other.ask(pass, 1), one.ask(pass, 2)]).toEqual([0, 0, 0]);
	expect(other.ask(pass, 3)).toBeGreaterThan(0);
	expect(other.heldBy.kind).toBe("group");
	expect(one.ask(outside, 3)).toBe(0);
	one.done(pass);
	expect(other.ask(pass, 4)).toBe(0);
	expect(other.ask(pass, 5)).toBeGreaterThan(0);
	table.leave(memory2);
	expect([one.ask(pass, 6), one.ask(pass, 7)]).toEqual([0, 0]);
	expect(one.ask(pass, 8)).toBeGreaterThan(0);
});

test("two scans in one group are served alike, however often each asks, and alone one has all of it", () => {
	const rates = fc.constantFrom(20, 200, 3_000, 20_000);
	const every = fc.integer({ min: 1, max: 12 });
	fc.assert(
		fc.property(
			rates,
			fc.constantFrom(1, 3, 50),
			startMs,
			every,
			every,
			(ratePerSecond, inFlight, start, fast, slow) => {
				const table = new LimitTable();
				const { buffer } = table.join();
				const shared = [{ name: "site", ranges: [["10.0.0.0", "10.0.0.9"]] as const, ratePerSecond, inFlight }];
				const [one, other] = ["scan-1", "scan-2"].map(
					(group) => new Gate(new SharedLimits(buffer, 0, 0), table.claim({ ...job, shared, group })),
				) as [Gate, Gate];
				const pass = { one: one.passFor("10.0.0.1"), other: other.passFor("10.0.0.2") };
				const sent = { one: 0, other: 0 };
				const open: { gate: Gate; pass: (typeof pass)["one"]; until: number }[] = [];
				let now = start;
				const ask = (gate: Gate, name: "one" | "other") => {
					for (let n = 0; n < 100 && gate.ask(pass[name], now) === 0; n++) {
						sent[name]++;
						open.push({ gate, pass: pass[name], until: now + 3 });
					}
				};
				const run = (ms: number, isThere: { one: boolean; other: boolean }) => {
					sent.one = sent.other = 0;
					for (let step = 0; step < ms; step++, now++) {
						for (const question of open.splice(0)) {
							if (question.until > now) open.push(question);
							else question.gate.done(question.pass);
						}
						// The first asks more often, and first.
						if (isThere.one && step % Math.min(fast, slow) === 0) ask(one, "one");
						if (isThere.other && step % Math.max(fast, slow) === 0) ask(other, "other");
					}
					return sent.one + sent.other;
				};
				const before = run(3_000, { one: true, other: false });
				const both = run(3_000, { one: true, other: true });
				expect(Math.abs(sent.one - sent.other)).toBeLessThanOrEqual(10 + inFlight + both * 0.1);
				run(1_000, { one: true, other: false });
				const alone = run(3_000, { one: true, other: false });
				expect(alone, "nothing is kept for one that is gone").toBeGreaterThanOrEqual(before * 0.95 - 5);
			},
		),
		{ numRuns: 60 },
	);
});

test("slots are given back, named limits are shared, and too many are refused in words", () => {
	const table = new LimitTable();
	const claims = Array.from({ length: 4_096 }, () => table.claim(job));
	expect(() => table.claim(job)).toThrow(/too many limits/);
	for (const claim of claims) table.release(claim);
	const named = { ...job, group: "scan-1" };
	expect(table.claim(named).scan).toBe(table.claim(named).scan);
	expect(() => Array.from({ length: 9 }, () => table.join())).toThrow(/too many threads/);
});
