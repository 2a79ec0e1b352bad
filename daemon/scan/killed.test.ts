import { expect, test } from "vitest";
import { listUnfinishedScans } from "../store/scans.ts";
import { bench, plan } from "./manager-bench.test-support.ts";
import { ScriptedEngine } from "./scripted-engine.test-support.ts";

test("killed at half of a host's 65,535 ports, the next daemon asks only the rest (nmap 3403)", async () => {
	const ports = Array.from({ length: 65_535 }, (_, n) => n + 1);
	const batchSize = 1_024;
	const open = ["127.0.0.1:7", "127.0.0.1:65535"];
	const planOf = async () => ({ ...plan, ports });
	// Every look at it is later than a checkpoint is old at most.
	let elapsed = 0;
	const steady = () => (elapsed += 2_000);
	const first = new ScriptedEngine({ open, batchSize });
	const killed = bench({ engine: first, planOf, steady });
	const half = Promise.withResolvers<void>();
	first.gate = (job, batch) => {
		if (job.firstAnswerOnly === true || batch < 32) return Promise.resolve();
		half.resolve();
		return new Promise(() => undefined);
	};
	killed.manager.enqueue(killed.add("127.0.0.1"));
	await half.promise;
	// Nobody tells it that it ends: what is in the store is all there is.

	const second = new ScriptedEngine({ open, batchSize });
	const next = bench({ engine: second, planOf, steady, store: killed.store });
	const finished = next.until("finished");
	next.manager.recover(listUnfinishedScans(next.db));
	next.manager.begin();
	expect(await finished).toMatchObject({ hosts: { alive: 1, done: 1 }, openPorts: 2, progress: 1 });
	const [before, after] = [new Set(first.asked.slice(1)), new Set(second.asked)];
	expect(before.size).toBe(32 * batchSize);
	// What was on its way when it was killed is asked once more.
	expect([...after].filter((pair) => before.has(pair)).length).toBeLessThanOrEqual(batchSize);
	expect(new Set([...before, ...after]).size).toBe(65_535);
	expect(second.asked).toHaveLength(after.size);
});
