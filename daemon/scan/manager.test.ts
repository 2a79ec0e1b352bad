import { expect, test } from "vitest";
import type { Scan } from "../../protocol/model/scan.ts";
import { Hub } from "../hub.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { createScanJournal } from "../scan-journal.ts";
import {
	addScanTargets,
	countScanTargets,
	createScan,
	findScan,
	listUnfinishedScans,
	saveScan,
} from "../store/scans.ts";
import { openStore } from "../store/store.ts";
import { ScanManager } from "./manager.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";
import { ScriptedEngine } from "./scripted-engine.test-support.ts";

const ports = Array.from({ length: 100 }, (_, i) => i + 1);
const plan: ScanPlan = {
	ports,
	udpPorts: [],
	addresses: 0,
	order: null,
	discoveryPorts: [22],
	fragilePorts: new Set([515]),
	limits: { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0, hostsInParallel: 2 },
	group: "scan",
	guard: { allow: [["127.0.0.1", "127.0.0.9"]], deny: [] },
};
const knowledge: Knowledge = {
	version: "none",
	signatures: [],
	checksFor: () => [],
	find: () => null,
	status: () => ({ signatures: 0, problems: [], version: "none", updatedAt: "2026-01-01T00:00:00.000Z", sources: [] }),
};
/** Opens every port it is asked about as a service nobody recognises. */
const pool: ProbePool = {
	survey: async ({ port, protocol }) => [
		{ lessons: [], service: null, coverage: { port, protocol, outcome: "unknown", kinds: [], failed: [] } },
	],
	close: async () => undefined,
};

function bench(engine: ScriptedEngine, planOf: (scan: Scan) => Promise<ScanPlan> = async () => plan) {
	let time = Date.UTC(2026, 0, 1);
	const store = openStore(":memory:", { clock: { now: () => time } });
	const waiting: { status: Scan["status"]; resolve: (scan: Scan) => void }[] = [];
	const manager = new ScanManager({
		engine,
		pool,
		journal: createScanJournal(store, () => knowledge, new Hub()),
		// Time passes with each look at the clock, so that checkpoints fall due.
		now: () => (time += 400),
		findScan: (id) => findScan(store.db, id),
		planOf,
		onScan: (scan) => {
			for (const entry of waiting.filter((one) => one.status === scan.status)) entry.resolve(scan);
		},
		onResults: () => undefined,
		onFault: () => undefined,
	});
	return {
		db: store.db,
		manager,
		add(addresses: readonly string[]): number {
			const id = createScan(store.db, {
				title: "t",
				targets: addresses,
				exclusions: [],
				ports: "1-100",
				profile: "Initial",
				at: time,
			});
			addScanTargets(
				store.db,
				id,
				addresses.map((address) => ({ address, hostname: null })),
			);
			return id;
		},
		until: (status: Scan["status"]) => new Promise<Scan>((resolve) => waiting.push({ status, resolve })),
	};
}

test("a scan asks every port of every host that answers, once, and none of those that do not", async () => {
	const engine = new ScriptedEngine({
		open: ["127.0.0.1:22", "127.0.0.1:80", "127.0.0.2:80"],
		silentAddresses: ["127.0.0.3"],
	});
	const { manager, add, until } = bench(engine);
	const finished = until("finished");
	manager.enqueue(add(["127.0.0.1", "127.0.0.2", "127.0.0.3"]));
	const scan = await finished;
	expect(scan.hosts).toEqual({ total: 3, alive: 2, dead: 1, done: 2 });
	expect(scan.openPorts).toBe(3);
	expect(scan.progress).toBe(1);
	const portStage = engine.asked.slice(3);
	expect(new Set(portStage).size).toBe(200);
	expect(portStage).toHaveLength(200);
});

test("nobody there ends with a sentence that says so", async () => {
	const { manager, add, until } = bench(new ScriptedEngine({ open: [], silentAddresses: ["127.0.0.4"] }));
	const finished = until("finished");
	manager.enqueue(add(["127.0.0.4"]));
	expect((await finished).reason).toContain("No address answered");
});

test("pausing keeps what was settled; resuming asks only the rest", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:7", "127.0.0.1:99"] });
	const { manager, add, until, db } = bench(engine);
	const held = Promise.withResolvers<void>();
	engine.gate = (job, batch) => {
		if (job.firstAnswerOnly === true || batch < 5) return Promise.resolve();
		held.resolve();
		return new Promise(() => undefined);
	};
	const id = add(["127.0.0.1"]);
	manager.enqueue(id);
	await held.promise;
	const paused = await manager.pause(id);
	expect(paused.status).toBe("paused");
	expect(countScanTargets(db, id).alive).toBe(1);
	const before = engine.asked.length;

	engine.gate = () => Promise.resolve();
	const finished = until("finished");
	manager.resume(id);
	const scan = await finished;
	expect(engine.asked.slice(before)).toHaveLength(50);
	expect(new Set(engine.asked.slice(1)).size).toBe(100);
	expect(scan.openPorts).toBe(2);
});

test("a daemon that goes down leaves the scan running in the store, and the next one finishes it", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:22"] });
	const { manager, add, db, until } = bench(engine);
	const held = Promise.withResolvers<void>();
	engine.gate = (job, batch) => {
		if (job.firstAnswerOnly === true || batch < 3) return Promise.resolve();
		held.resolve();
		return new Promise(() => undefined);
	};
	const id = add(["127.0.0.1"]);
	manager.enqueue(id);
	await held.promise;
	await manager.suspend();
	expect(findScan(db, id)?.status).toBe("running");

	engine.gate = () => Promise.resolve();
	const next = new ScanManager({
		engine,
		pool,
		journal: createScanJournal(openStoreOver(db), () => knowledge, new Hub()),
		now: () => Date.UTC(2026, 0, 2),
		findScan: (scan) => findScan(db, scan),
		planOf: async () => plan,
		onScan: (scan) => scan.status === "finished" && done.resolve(scan),
		onResults: () => undefined,
		onFault: () => undefined,
	});
	const done = Promise.withResolvers<Scan>();
	next.recover(listUnfinishedScans(db));
	next.begin();
	expect((await done.promise).openPorts).toBe(1);
	expect(new Set(engine.asked.slice(1)).size).toBe(engine.asked.length - 1);
	void until;
});

function openStoreOver(db: ReturnType<typeof openStore>["db"]): ReturnType<typeof openStore> {
	const nothing = () => undefined;
	return { db, clock: { now: () => Date.UTC(2026, 0, 2) }, close: nothing, sizeBytes: () => 0, shrink: nothing };
}

test("the targets of a large scan are fed while it runs, once each, and a restart goes on where it was", async () => {
	const addresses = Array.from({ length: 3_000 }, (_, i) => `127.1.${i >> 8}.${i & 255}`);
	const engine = new ScriptedEngine({ open: [], silentAddresses: addresses, batchSize: 500 });
	const order = function* (from: number) {
		for (let i = from; i < addresses.length; i++) yield i % 10 === 3 ? null : (addresses[i] ?? null);
	};
	const { manager, add, until, db } = bench(engine, async () => ({ ...plan, addresses: 2_700, order }));
	const held = Promise.withResolvers<void>();
	let windows = 0;
	engine.gate = async (_job, batch) => {
		if (batch > 0 || ++windows < 3) return;
		held.resolve();
		return new Promise(() => undefined);
	};
	const id = add([]);
	manager.enqueue(id);
	await held.promise;
	await manager.pause(id);
	engine.gate = () => Promise.resolve();
	const finished = until("finished");
	manager.resume(id);
	const scan = await finished;
	expect(scan.hosts).toEqual({ total: 2_700, alive: 0, dead: 2_700, done: 0 });
	expect(engine.asked).toHaveLength(2_700);
	expect(new Set(engine.asked).size).toBe(2_700);
	expect(countScanTargets(db, id).dead).toBe(2_700);
});

test("cancelling ends a queued, a running and a paused scan, and an ended one is a conflict", async () => {
	const engine = new ScriptedEngine({ open: [] });
	engine.gate = () => new Promise(() => undefined);
	const { manager, add } = bench(engine);
	const running = add(["127.0.0.1"]);
	manager.enqueue(running);
	expect((await manager.cancel(running)).status).toBe("cancelled");
	await expect(manager.cancel(running)).rejects.toMatchObject({ code: "conflict" });
	expect(() => manager.resume(running)).toThrow(/cancelled/);
	await expect(manager.pause(999)).rejects.toMatchObject({ code: "not-found" });
});

test("stop-all pauses everything, also what waits its turn", async () => {
	const engine = new ScriptedEngine({ open: [] });
	engine.gate = () => new Promise(() => undefined);
	const { manager, add, db } = bench(engine);
	const ids = Array.from({ length: 6 }, (_, i) => add([`127.0.0.${i + 1}`]));
	for (const id of ids) manager.enqueue(id);
	expect((await manager.stopAll()).sort()).toEqual(ids);
	expect(ids.map((id) => findScan(db, id)?.status)).toEqual(ids.map(() => "paused"));
	expect(manager.running).toBe(0);
});

test("half-done stops are completed at the next start", async () => {
	const { manager, add, db } = bench(new ScriptedEngine({ open: [] }));
	const pausing = add(["127.0.0.1"]);
	const cancelling = add(["127.0.0.2"]);
	for (const [id, status] of [
		[pausing, "pausing"],
		[cancelling, "cancelling"],
	] as const) {
		const scan = findScan(db, id);
		if (scan !== null) saveScan(db, { ...scan, status });
	}
	manager.recover(listUnfinishedScans(db));
	expect(findScan(db, pausing)?.status).toBe("paused");
	expect(findScan(db, cancelling)?.status).toBe("cancelled");
});

test("a plan that cannot be made any more ends the scan with its reason", async () => {
	const { AppError } = await import("../../protocol/errors.ts");
	const { manager, add, until } = bench(new ScriptedEngine({ open: [] }), async () => {
		throw new AppError("invalid", 'There is no option profile "Gone".');
	});
	const ended = until("error");
	manager.enqueue(add(["127.0.0.1"]));
	expect((await ended).reason).toContain("Gone");
});
