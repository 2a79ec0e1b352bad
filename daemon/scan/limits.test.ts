import { expect, test } from "vitest";
import type { Scan, ScanResult } from "../../protocol/model/scan.ts";
import { Hub } from "../hub.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { createScanJournal } from "../scan-journal.ts";
import { AddressSet } from "../scope/address-set.ts";
import { addScanTargets, createScan, findScan, listScanTargets } from "../store/scans.ts";
import { openStore } from "../store/store.ts";
import { ScanManager } from "./manager.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool, SurveyRequest } from "./probe-pool.ts";
import { ScriptedEngine } from "./scripted-engine.test-support.ts";

const knowledge: Knowledge = {
	version: "none",
	signatures: [],
	checksFor: () => [],
	find: () => null,
	status: () => ({ signatures: 0, problems: [], version: "none", updatedAt: "2026-01-01T00:00:00.000Z", sources: [] }),
};
const plan: ScanPlan = {
	ports: Array.from({ length: 100 }, (_, i) => i + 1),
	udpPorts: [],
	addresses: 0,
	order: null,
	discoveryPorts: [22],
	fragilePorts: new Set([515]),
	limits: { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0, hostsInParallel: 2 },
	group: "scan",
	guard: { allow: [["127.0.0.1", "127.0.0.9"]], deny: [] },
};

function bench(engine: ScriptedEngine, planNow: () => ScanPlan) {
	const store = openStore(":memory:", { clock: { now: () => Date.now() } });
	const surveyed: SurveyRequest[] = [];
	const pool: ProbePool = {
		survey: async (request, signal) => {
			if (signal.aborted) return [];
			surveyed.push(request);
			const { port, protocol } = request;
			return [{ lessons: [], service: null, coverage: { port, protocol, outcome: "unknown", kinds: [], failed: [] } }];
		},
		close: async () => undefined,
	};
	const waiting: { status: Scan["status"]; resolve: (scan: Scan) => void }[] = [];
	const seen: Scan["status"][] = [];
	const lines: ScanResult[] = [];
	const manager = new ScanManager({
		engine,
		pool,
		journal: createScanJournal(store, () => knowledge, new Hub()),
		now: () => Date.now(),
		findScan: (id) => findScan(store.db, id),
		planOf: async () => planNow(),
		onScan: (scan) => {
			seen.push(scan.status);
			for (const entry of waiting.filter((one) => one.status === scan.status)) entry.resolve(scan);
		},
		onResults: (_, results) => lines.push(...results),
		onFault: (_, err) => {
			throw err;
		},
	});
	const add = (addresses: readonly string[]): number => {
		const request = { title: "t", exclusions: [], ports: "1-100", profile: "Initial", at: Date.now() };
		const id = createScan(store.db, { ...request, targets: addresses });
		addScanTargets(
			store.db,
			id,
			addresses.map((address) => ({ address, hostname: null })),
		);
		return id;
	};
	const until = (status: Scan["status"]) => new Promise<Scan>((resolve) => waiting.push({ status, resolve }));
	const states = (id: number) =>
		Object.fromEntries(
			listScanTargets(store.db, id, {
				states: ["pending", "alive", "dead", "done", "excluded"],
				after: -1,
				limit: 100,
			}).map(({ address, state, how }) => [
				address,
				["dead", "excluded"].includes(state) ? `${state}: ${how ?? "no answer"}` : state,
			]),
		);
	return { manager, add, until, states, surveyed, seen, lines, db: store.db };
}

/** Holds the port stage of an address from a batch on, and says when it got there. */
function holdAt(engine: ScriptedEngine, address: string, from: number): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	engine.gate = (job, batch) => {
		if (job.firstAnswerOnly === true || job.addresses[0] !== address || batch < from) return Promise.resolve();
		resolve();
		return new Promise(() => undefined);
	};
	return promise;
}

test("a host whose time is up ends with the ports found so far, and the scan says why it is partial", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:7", "127.0.0.1:99", "127.0.0.2:80"] });
	void holdAt(engine, "127.0.0.1", 5);
	const { manager, add, until, lines, states, surveyed } = bench(engine, () => ({ ...plan, maxHostMs: 60 }));
	const finished = until("finished");
	const id = add(["127.0.0.1", "127.0.0.2"]);
	manager.enqueue(id);
	const scan = await finished;
	expect(scan).toMatchObject({ partial: true, openPorts: 2, hosts: { total: 2, alive: 2, dead: 0, done: 2 } });
	expect(scan.reason).toMatch(/^1 host took longer than .*; what was found on them by then is kept\.$/);
	expect(states(id)).toEqual({ "127.0.0.1": "done", "127.0.0.2": "done" });
	expect(surveyed.map(({ address }) => address)).toEqual(["127.0.0.2"]);
	const told = lines.flatMap((line) => (line.kind === "log" ? [line.text] : []));
	expect(told).toEqual(["127.0.0.1: its time was up; 50 ports were not asked, 1 open ports not examined."]);
});

test("a scan whose time is up finishes partial: what is in work is concluded, nothing more begun", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:7"] });
	const held = holdAt(engine, "127.0.0.1", 5);
	const limits = { ...plan.limits, hostsInParallel: 1 };
	const { manager, add, until, states, db } = bench(engine, () => ({ ...plan, limits, maxScanMs: 150 }));
	const finished = until("finished");
	const id = add(["127.0.0.1", "127.0.0.2"]);
	manager.enqueue(id);
	await held;
	const scan = await finished;
	expect(scan.partial).toBe(true);
	expect(scan.reason).toContain("Its time was up");
	expect(scan.openPorts).toBe(1);
	expect(states(id)).toEqual({ "127.0.0.1": "done", "127.0.0.2": "alive" });
	expect(findScan(db, id)?.status).toBe("finished");
});

test("hosts that do not answer are asked for their ports when that is wanted; only one that answers is alive", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:80"], silentAddresses: ["127.0.0.2"] });
	const { manager, add, until, states } = bench(engine, () => ({ ...plan, discoveryPorts: [], scanDeadHosts: true }));
	const finished = until("finished");
	const id = add(["127.0.0.1", "127.0.0.2"]);
	manager.enqueue(id);
	const scan = await finished;
	expect(scan.hosts).toEqual({ total: 2, alive: 1, dead: 1, done: 1 });
	expect(scan.partial).toBe(false);
	expect(states(id)).toEqual({ "127.0.0.1": "done", "127.0.0.2": "dead: no answer" });
	expect(engine.asked.filter((pair) => pair.startsWith("127.0.0.2:"))).toHaveLength(100);
});

test("the count of silent hosts in work survives a pause", async () => {
	const engine = new ScriptedEngine({ open: [], silentAddresses: ["127.0.0.1"] });
	const held = holdAt(engine, "127.0.0.1", 3);
	const { manager, add, until } = bench(engine, () => ({ ...plan, scanDeadHosts: true }));
	const id = add(["127.0.0.1"]);
	manager.enqueue(id);
	await held;
	expect((await manager.pause(id)).hosts).toEqual({ total: 1, alive: 0, dead: 0, done: 0 });
	engine.gate = () => Promise.resolve();
	const finished = until("finished");
	manager.resume(id);
	expect((await finished).hosts).toEqual({ total: 1, alive: 0, dead: 1, done: 0 });
});

const excluding = (address: string): ScanPlan => ({ ...plan, guard: { ...plan.guard, deny: [[address, address]] } });
const one = (address: string) => AddressSet.fromText([[address, address]]);

test("a running scan takes up an exclusion: the host gets nothing more, the others are finished", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:7", "127.0.0.2:80"] });
	const held = holdAt(engine, "127.0.0.1", 5);
	let current = plan;
	const { manager, add, until, states, surveyed, seen } = bench(engine, () => current);
	const finished = until("finished");
	const id = add(["127.0.0.1", "127.0.0.2"]);
	manager.enqueue(id);
	await held;
	current = excluding("127.0.0.1");
	const askedBefore = engine.asked.filter((pair) => pair.startsWith("127.0.0.1:")).length;
	expect(await manager.replan(one("127.0.0.1"))).toEqual([id]);
	engine.gate = () => Promise.resolve();
	const scan = await finished;
	expect(scan.hosts).toEqual({ total: 2, alive: 1, dead: 0, excluded: 1, done: 1 });
	expect(states(id)).toEqual({ "127.0.0.1": "excluded: excluded by others", "127.0.0.2": "done" });
	expect(engine.asked.filter((pair) => pair.startsWith("127.0.0.1:"))).toHaveLength(askedBefore);
	expect(surveyed.map(({ address }) => address)).toEqual(["127.0.0.2"]);
	expect(new Set(seen)).toEqual(new Set(["running", "finished"]));
});

test("a scan that does not reach into an exclusion goes on undisturbed; a pause meanwhile wins", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:7"] });
	const held = holdAt(engine, "127.0.0.1", 5);
	const { manager, add } = bench(engine, () => plan);
	const id = add(["127.0.0.1"]);
	manager.enqueue(id);
	await held;
	expect(await manager.replan(one("127.0.0.200"))).toEqual([]);
	expect(manager.running).toBe(1);
	const [reached, paused] = await Promise.all([manager.replan(one("127.0.0.1")), manager.pause(id)]);
	expect(reached).toEqual([id]);
	expect(paused.status).toBe("paused");
	expect(manager.running).toBe(0);
});

test("a scan of which everything is excluded meanwhile ends and says so", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.1:7"] });
	const held = holdAt(engine, "127.0.0.1", 5);
	let current: ScanPlan = { ...plan, guard: { allow: [["127.0.0.1", "127.0.0.1"]], deny: [] } };
	const { manager, add, until } = bench(engine, () => current);
	const finished = until("finished");
	manager.enqueue(add(["127.0.0.1"]));
	await held;
	current = { ...current, guard: { ...current.guard, deny: [["127.0.0.1", "127.0.0.1"]] } };
	await manager.replan(one("127.0.0.1"));
	expect((await finished).reason).toContain("is excluded by now");
});

test("an address excluded before it was asked is left out by name, and nothing is sent to it", async () => {
	const engine = new ScriptedEngine({ open: ["127.0.0.2:80"] });
	const { manager, add, until, states, lines } = bench(engine, () => excluding("127.0.0.1"));
	const finished = until("finished");
	const id = add(["127.0.0.1", "127.0.0.2"]);
	manager.enqueue(id);
	await finished;
	expect(states(id)).toEqual({ "127.0.0.1": "excluded: excluded by others", "127.0.0.2": "done" });
	expect(engine.asked.filter((pair) => pair.startsWith("127.0.0.1:"))).toEqual([]);
	expect(lines).toContainEqual(
		expect.objectContaining({ kind: "host", address: "127.0.0.1", how: "excluded by others" }),
	);
});
