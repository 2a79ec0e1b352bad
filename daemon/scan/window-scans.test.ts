import { expect, test } from "vitest";
import type { Scan } from "../../protocol/model/scan.ts";
import { noWindow, type ScanWindow } from "../../protocol/model/scan-window.ts";
import { Hub } from "../hub.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { MovedClock } from "../runs/moved-clock.test-support.ts";
import { createScanJournal } from "../scan-journal.ts";
import { addScanTargets, createScan, findScan, listUnfinishedScans } from "../store/scans.ts";
import { openStore } from "../store/store.ts";
import { ScanManager } from "./manager.ts";
import type { ScanPlan } from "./plan.ts";
import { ScriptedEngine } from "./scripted-engine.test-support.ts";

const knowledge = { version: "none", signatures: [], checksFor: () => [], find: () => null } as unknown as Knowledge;
const plan: ScanPlan = {
	...{
		ports: Array.from({ length: 100 }, (_, i) => i + 1),
		udpPorts: [],
		addresses: 0,
		order: null,
		discoveryPorts: [22],
	},
	fragilePorts: new Set(),
	limits: { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0, hostsInParallel: 2 },
	...{ group: "scan", guard: { allow: [["127.0.0.1", "127.0.0.9"]], deny: [] } },
};

/** Daemons over one store and one clock that moves when it is told to. */
function bench(start: string) {
	const clock = new MovedClock(start);
	const { now, setTimer, pass, sleep } = clock;
	const store = openStore(":memory:", { clock });
	const seen: Scan[] = [];
	const waiting: { test: (scan: Scan) => boolean; resolve: (scan: Scan) => void }[] = [];
	const boot = () => {
		const engine = new ScriptedEngine({ open: ["127.0.0.1:7"] });
		const manager = new ScanManager({
			engine,
			pool: { survey: async () => [], close: async () => undefined },
			journal: createScanJournal(store, () => knowledge, new Hub()),
			...{ now, setTimer },
			findScan: (id) => findScan(store.db, id),
			planOf: async () => plan,
			onScan(scan) {
				seen.push(scan);
				for (const entry of waiting.filter((one) => one.test(scan))) entry.resolve(scan);
			},
			onResults: () => undefined,
			onFault: (_, err) => {
				throw err;
			},
		});
		manager.recover(listUnfinishedScans(store.db));
		return { manager, engine };
	};
	return {
		boot,
		seen,
		...{ pass, sleep },
		add(window: Partial<ScanWindow>): number {
			const request = {
				title: "t",
				targets: ["127.0.0.1"],
				exclusions: [],
				ports: "1-100",
				profile: "Initial",
				at: now(),
			};
			const id = createScan(store.db, { ...request, window: { ...noWindow, timeZone: "UTC", ...window } });
			addScanTargets(store.db, id, [{ address: "127.0.0.1", hostname: null }]);
			return id;
		},
		until: (status: Scan["status"]) =>
			new Promise<Scan>((resolve) => waiting.push({ test: (scan) => scan.status === status, resolve })),
		db: store.db,
	};
}

/** Stops the port stage at a batch for good, and says when it got there. */
function hold(engine: ScriptedEngine): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	engine.gate = (job, batch) => {
		if (job.firstAnswerOnly === true || batch < 5) return Promise.resolve();
		resolve();
		return new Promise(() => undefined);
	};
	return promise;
}

// 2026-03-02 is a Monday.
const nights = { during: "20:00-06:00" };

test("outside its window a scan waits and says until when; at the opening it runs", async () => {
	const { boot, add, pass, until } = bench("2026-03-02T12:00:00Z");
	const { manager, engine } = boot();
	const id = add(nights);
	manager.enqueue(id);
	expect(manager.current(id)).toMatchObject({ status: "waiting", continuesAt: "2026-03-02T20:00:00.000Z" });
	expect(engine.asked).toEqual([]);
	expect(manager.running).toBe(0);
	pass(7 * 60 + 59);
	expect(manager.current(id).status).toBe("waiting");
	const finished = until("finished");
	pass(1);
	expect((await finished).openPorts).toBe(1);
});

test("at the end of its window a scan halts by itself, and at the next opening it asks only the rest", async () => {
	const { boot, add, pass, until } = bench("2026-03-02T21:00:00Z");
	const { manager, engine } = boot();
	const held = hold(engine);
	const id = add(nights);
	manager.enqueue(id);
	await held;
	const waits = until("waiting");
	pass(9 * 60);
	expect(await waits).toMatchObject({ continuesAt: "2026-03-03T20:00:00.000Z", reason: "Its window is closed." });
	expect(manager.running).toBe(0);
	const before = engine.asked.length;
	engine.gate = () => Promise.resolve();
	const finished = until("finished");
	pass(14 * 60);
	await finished;
	expect(engine.asked).toHaveLength(before + 50);
});

test("a daemon that was down at the opening begins when it is back; one that was down at the closing does not", async () => {
	const { boot, add, sleep, until, db } = bench("2026-03-02T12:00:00Z");
	const first = boot();
	const id = add(nights);
	first.manager.enqueue(id);
	await first.manager.suspend();
	expect(findScan(db, id)).toMatchObject({ status: "waiting", continuesAt: "2026-03-02T20:00:00.000Z" });
	sleep(12 * 60);

	const second = boot();
	const held = hold(second.engine);
	second.manager.begin();
	await held;
	await second.manager.suspend();
	expect(findScan(db, id)?.status, "taken down in the middle of the window").toBe("running");
	sleep(10 * 60);

	const third = boot();
	third.manager.begin();
	expect(third.manager.current(id)).toMatchObject({ status: "waiting", continuesAt: "2026-03-03T20:00:00.000Z" });
	expect(third.engine.asked).toEqual([]);
	const finished = until("finished");
	sleep(10 * 60);
	await third.manager.suspend();
	const fourth = boot();
	fourth.manager.begin();
	await finished;
	expect(fourth.engine.asked).toHaveLength(50);
});

test("paused by hand it stays paused through the opening; resumed it waits, or runs when told to ignore the window", async () => {
	const { boot, add, pass } = bench("2026-03-02T12:00:00Z");
	const { manager, engine } = boot();
	const id = add(nights);
	manager.enqueue(id);
	await manager.pause(id);
	pass(9 * 60);
	expect(manager.current(id).status).toBe("paused");
	pass(12 * 60);
	expect(manager.resume(id).status).toBe("waiting");
	expect(() => manager.resume(id)).toThrow(/waits for its window and goes on by itself at 2026-03-03 20:00 UTC/);
	const held = hold(engine);
	expect(manager.resume(id, { ignoreWindow: true }).status).toBe("running");
	await held;
	pass(60);
	expect(manager.current(id).status, "told to ignore it").toBe("running");
	expect(await manager.pause(id)).toMatchObject({ status: "paused" });
	expect(manager.resume(id).status, "a pause ends the ignoring").toBe("waiting");
	expect((await manager.cancel(id)).status).toBe("cancelled");
});

test("stop-all also stops what only waits: no packet leaves when the window opens", async () => {
	const { boot, add, pass } = bench("2026-03-02T12:00:00Z");
	const { manager, engine } = boot();
	const id = add(nights);
	manager.enqueue(id);
	expect(await manager.stopAll()).toEqual([id]);
	pass(12 * 60);
	expect(manager.current(id).status).toBe("paused");
	expect(engine.asked).toEqual([]);
});

test("paused after a time and on after a longer one, both from the start; without the latter somebody resumes it", async () => {
	const { boot, add, pass, until } = bench("2026-03-02T12:00:00Z");
	const { manager, engine } = boot();
	const held = hold(engine);
	const both = add({ pauseAfterMinutes: 60, resumeInMinutes: 1_440 });
	manager.enqueue(both);
	await held;
	const waits = until("waiting");
	pass(60);
	expect((await waits).continuesAt).toBe("2026-03-03T12:00:00.000Z");
	engine.gate = () => Promise.resolve();
	const finished = until("finished");
	pass(23 * 60);
	await finished;

	const once = hold(engine);
	const alone = add({ pauseAfterMinutes: 60 });
	manager.enqueue(alone);
	await once;
	const paused = until("paused");
	pass(60);
	expect((await paused).reason).toContain("as long as it was to");
	engine.gate = () => Promise.resolve();
	const over = until("finished");
	manager.resume(alone);
	await over;
});

test("a window that closes makes room for a scan that may run", async () => {
	const { boot, add, pass, until } = bench("2026-03-02T21:00:00Z");
	const { manager, engine } = boot();
	const held = hold(engine);
	const ids = Array.from({ length: 5 }, () => add(nights));
	for (const id of ids.slice(0, 4)) manager.enqueue(id);
	const free = add({ during: "00:00-24:00" });
	manager.enqueue(free);
	await held;
	expect(manager.current(free).status).toBe("queued");
	engine.gate = () => Promise.resolve();
	const finished = until("finished");
	pass(9 * 60);
	expect((await finished).id).toBe(free);
});
