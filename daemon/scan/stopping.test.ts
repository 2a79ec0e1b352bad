import { expect, test } from "vitest";
import { countScanTargets, findScan, listUnfinishedScans } from "../store/scans.ts";
import { bench, plan } from "./manager-bench.test-support.ts";

test("a scan that is paused twice at once is paused, and both are answered", async () => {
	const { manager, add, hold } = bench();
	const held = hold();
	const id = add("127.0.0.1");
	manager.enqueue(id);
	await held;
	const both = await Promise.all([manager.pause(id), manager.pause(id)]);
	expect(both.map((scan) => scan.status)).toEqual(["paused", "paused"]);
	await expect(manager.pause(id)).rejects.toMatchObject({ code: "conflict" });
});

test("cancelling outdoes a pause that is under way, whichever comes first", async () => {
	for (const order of ["pause first", "cancel first"]) {
		const { manager, add, hold, db } = bench();
		const held = hold();
		const id = add("127.0.0.1");
		manager.enqueue(id);
		await held;
		const asked = [() => manager.pause(id), () => manager.cancel(id)];
		if (order === "cancel first") asked.reverse();
		const answers = await Promise.all(asked.map((ask) => ask()));
		expect(answers.map((scan) => scan.status)).toEqual(["cancelled", "cancelled"]);
		expect(findScan(db, id)?.status).toBe("cancelled");
	}
});

test("resuming while it is still pausing is a conflict, and leaves it paused", async () => {
	const { manager, add, hold } = bench();
	const held = hold();
	const id = add("127.0.0.1");
	manager.enqueue(id);
	await held;
	const pausing = manager.pause(id);
	expect(() => manager.resume(id)).toThrow(/pausing/);
	expect((await pausing).status).toBe("paused");
});

test("planning that never ends (a name server that says nothing) holds up neither a pause nor a shutdown", async () => {
	const { manager, add, db } = bench({ planOf: () => new Promise(() => undefined) });
	const [first, second] = [add("127.0.0.1"), add("127.0.0.2")];
	manager.enqueue(first);
	manager.enqueue(second);
	expect((await manager.pause(first, "Because.")).reason).toBe("Because.");
	await manager.suspend();
	expect(findScan(db, second)?.status).toBe("running");
});

test("a scan that is taken up and started at the same time runs once", async () => {
	const { manager, add, db, engine, until } = bench();
	const id = add("127.0.0.1");
	const finished = until("finished");
	manager.recover(listUnfinishedScans(db));
	manager.enqueue(id);
	manager.enqueue(id);
	manager.begin();
	await finished;
	expect(engine.asked).toHaveLength(101);
	expect(manager.running).toBe(0);
});

test("stop-all stops sending although nothing can be written, and is written down when there is room again", async () => {
	const { manager, add, hold, disk, db } = bench();
	const held = hold();
	const ids = Array.from({ length: 10 }, (_, i) => add(`127.0.0.${(i % 9) + 1}`));
	for (const id of ids) manager.enqueue(id);
	await held;
	disk.full = true;
	expect((await manager.stopAll()).sort((a, b) => a - b)).toEqual(ids);
	expect(manager.running).toBe(0);
	expect(ids.map((id) => manager.current(id).status)).toEqual(ids.map(() => "paused"));
	expect(findScan(db, 1)?.status, "the store still says what it last took").toBe("running");
	disk.full = false;
	await manager.suspend();
	expect(ids.map((id) => findScan(db, id)?.status)).toEqual(ids.map(() => "paused"));
	expect(findScan(db, 1)?.reason).toBe("Stopped by stop-all.");
});

test("a disk that fills up pauses the scan with the reason, the next in the queue too, and resuming finishes it", async () => {
	const { manager, add, hold, release, until, disk, faults, db } = bench();
	const held = hold();
	const id = add("127.0.0.1", "127.0.0.2");
	manager.enqueue(id);
	await held;
	const paused = until("paused");
	disk.full = true;
	release();
	manager.enqueue(add("127.0.0.3"));
	await manager.replan(null);
	expect((await paused).reason).toMatch(/^The disk is full\. Nothing found so far is lost/);
	expect(faults.length).toBeGreaterThan(0);
	expect(manager.current(id).status).toBe("paused");
	disk.full = false;
	const finished = until("finished");
	manager.resume(id);
	expect(await finished).toMatchObject({ openPorts: 2, hosts: { total: 2, alive: 2, dead: 0, done: 2 } });
	expect(countScanTargets(db, id).done).toBe(2);
});

test("what made a scan partial is not forgotten by a pause", async () => {
	const limits = { ...plan.limits, hostsInParallel: 1 };
	const { manager, add, hold, release, until, engine } = bench({ planOf: async () => ({ ...plan, limits }) });
	const id = add("127.0.0.1", "127.0.0.2");
	const held = hold();
	const gate = engine.gate;
	engine.gate = (job, batch) => (job.addresses[0] === "127.0.0.1" ? Promise.resolve() : gate(job, batch));
	manager.enqueue(id);
	await held;
	expect((await manager.pause(id)).partial).toBe(true);
	release();
	const finished = until("finished");
	manager.resume(id);
	expect((await finished).partial).toBe(true);
});

test("a clock that is set back an hour in the middle makes no time negative", async () => {
	let offset = 0;
	const { manager, add, hold, release, until, told } = bench({ now: () => Date.now() + offset });
	const held = hold();
	const id = add("127.0.0.1");
	manager.enqueue(id);
	await held;
	offset = -3_600_000;
	expect((await manager.pause(id)).activeMs).toBeGreaterThanOrEqual(0);
	release();
	const finished = until("finished");
	manager.resume(id);
	expect((await finished).activeMs).toBeGreaterThanOrEqual(0);
	expect(told.every((scan) => scan.activeMs >= 0 && scan.rate >= 0 && (scan.etaMs ?? 0) >= 0)).toBe(true);
});
