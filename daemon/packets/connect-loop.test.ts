/** The loop over a scripted connector and clock: whatever happens to attempts, every pair is settled once and no limit is passed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ConnectLoop } from "./connect-loop.ts";
import { type Connector, type Outcome, outcome } from "./connector.ts";
import { pairStates } from "./engine.ts";
import { testLimits } from "./gate.test-support.ts";
import type { FromWorker } from "./messages.ts";

/** Answers by a list of outcomes, one per attempt; `null` never answers. Checks the limits at every start. */
class ScriptedConnector implements Connector {
	readonly name = "connect-node";
	readonly blocks = true;
	readonly capacity: number;
	readonly pending = new Map<number, { address: string; result: Outcome | null }>();
	mostPerHost = 0;
	mostInGroup = 0;
	most = 0;
	readonly asked: string[] = [];
	private readonly script: readonly (Outcome | null)[];
	private next = 0;

	constructor(capacity: number, script: readonly (Outcome | null)[]) {
		this.capacity = capacity;
		this.script = script;
	}

	start(slot: number, { address }: { address: string }, port: number): Outcome {
		expect(this.pending.has(slot)).toBe(false);
		const result = this.script[this.next++ % this.script.length] ?? null;
		this.asked.push(`${address} ${port}`);
		// Half of what is answered is answered at once.
		if (result !== null && this.next % 2 === 0) return result;
		this.pending.set(slot, { address, result });
		this.most = Math.max(this.most, this.pending.size);
		const sameHost = [...this.pending.values()].filter((one) => one.address === address).length;
		this.mostPerHost = Math.max(this.mostPerHost, sameHost);
		const inGroup = [...this.pending.values()].filter((one) =>
			/^127\.0\.(0\.([3-9]|\d\d)|1\.[0-3])$/.test(one.address),
		);
		this.mostInGroup = Math.max(this.mostInGroup, inGroup.length);
		return outcome.pending;
	}

	cancel(slot: number): void {
		expect(this.pending.delete(slot)).toBe(true);
	}

	poll(_waitMs: number, finished: (slot: number, result: Outcome) => void): number {
		const answered = [...this.pending].filter(([, one]) => one.result !== null);
		for (const [slot, { result }] of answered) {
			if (!this.pending.delete(slot)) continue;
			finished(slot, result ?? outcome.silent);
		}
		return answered.length;
	}

	close(): void {}
}

const anyOutcome = fc.constantFrom<Outcome | null>(
	null,
	outcome.open,
	outcome.closed,
	outcome.closed,
	outcome.silent,
	outcome.unreachable,
	outcome.shortage,
	outcome.noPort,
	outcome.again,
);

/** Half of the first two jobs' hosts. */
const shared = [
	{ name: "site", ranges: [["127.0.0.3", "127.0.1.3"]] as const, ratePerSecond: 3_000, inFlight: 3 },
] as const;

const job = fc.record({
	hosts: fc.integer({ min: 0, max: 12 }),
	ports: fc.integer({ min: 0, max: 12 }),
	firstAnswerOnly: fc.boolean(),
	group: fc.constantFrom("a", "b"),
	limits: fc.record({
		ratePerSecond: fc.integer({ min: 200, max: 100_000 }),
		inFlight: fc.integer({ min: 1, max: 20 }),
		inFlightPerHost: fc.integer({ min: 1, max: 5 }),
		timeoutMs: fc.integer({ min: 1, max: 500 }),
		retries: fc.integer({ min: 0, max: 3 }),
		ratePerHost: fc.constantFrom(0, 100, 5_000),
		ratePerNetwork: fc.constantFrom(0, 150, 8_000),
	}),
});

test("every pair of every job is settled once, within every limit, whatever becomes of attempts", () => {
	const script = fc.array(anyOutcome, { minLength: 1, maxLength: 40 }).map((list) => [...list, outcome.closed]);
	fc.assert(
		fc.property(
			fc.array(job, { minLength: 1, maxLength: 4 }),
			script,
			fc.integer({ min: 1, max: 24 }),
			(jobs, list, capacity) => {
				let now = 0;
				const { table, limits } = testLimits();
				const connector = new ScriptedConnector(capacity, list);
				const seen = jobs.map(() => ({ pairs: [] as string[], settled: 0, ended: 0, answered: new Set<number>() }));
				const loop = new ConnectLoop(
					connector,
					(message: FromWorker) => {
						if (message.kind === "ready") return;
						const one = seen[message.run]!;
						if (message.kind === "end") one.ended++;
						else {
							one.settled = message.settled;
							message.ports.forEach((port, i) => {
								one.pairs.push(`${message.hosts[i]} ${port}`);
								const state = pairStates[message.states[i]!];
								if (state === "open" || state === "closed") one.answered.add(message.hosts[i]!);
							});
						}
					},
					() => now,
					limits,
				);
				jobs.forEach(({ hosts, ports, ...rest }, id) => {
					const addresses = Array.from({ length: hosts }, (_, i) => `127.0.${id}.${i}`);
					const one = { addresses, ports: Array.from({ length: ports }, (_, i) => i + 1), shared, ...rest };
					loop.start(id, one, null, table.claim(one));
				});
				for (let turns = 0; !loop.idle; turns++) {
					expect(turns).toBeLessThan(200_000);
					now += Math.max(0.05, loop.turn(1));
				}
				expect(connector.pending.size).toBe(0);
				expect(connector.mostInGroup).toBeLessThanOrEqual(shared[0].inFlight);
				expect(connector.most).toBeLessThanOrEqual(capacity);
				expect(connector.mostPerHost).toBeLessThanOrEqual(Math.max(...jobs.map((one) => one.limits.inFlightPerHost)));
				jobs.forEach(({ hosts, ports, firstAnswerOnly }, id) => {
					const { pairs, settled, ended, answered } = seen[id]!;
					expect(ended).toBe(1);
					expect(new Set(pairs).size).toBe(pairs.length);
					expect(settled).toBe(hosts * ports);
					if (!firstAnswerOnly) expect(pairs).toHaveLength(hosts * ports);
					else if (ports > 0) {
						const silent = Array.from({ length: hosts }, (_, i) => i).filter((host) => !answered.has(host));
						for (const host of silent) expect(pairs.filter((pair) => pair.startsWith(`${host} `))).toHaveLength(ports);
					}
				});
			},
		),
		{ numRuns: 400 },
	);
});
