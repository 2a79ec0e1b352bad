import { expect, test } from "vitest";
import type { Scan } from "../../protocol/model/scan.ts";
import { noGhostRules } from "../ghosts/rules.ts";
import { Hub } from "../hub.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { PairState, PortBatch, PortEngine, PortJob } from "../packets/engine.ts";
import { createScanJournal } from "../scan-journal.ts";
import { AddressSet } from "../scope/address-set.ts";
import { listGhostRows } from "../store/ghosts.ts";
import { addScanTargets, createScan, findScan, listUnfinishedScans } from "../store/scans.ts";
import { openStore } from "../store/store.ts";
import { ScanManager } from "./manager.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";

const plan: ScanPlan = {
	ports: Array.from({ length: 100 }, (_, i) => i + 1),
	udpPorts: [],
	addresses: 0,
	order: null,
	discoveryPorts: [80],
	fragilePorts: new Set(),
	limits: { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0, hostsInParallel: 8 },
	group: "scan",
	guard: { allow: [["198.18.7.0", "198.18.7.255"]], deny: [] },
	ghostRules: noGhostRules,
};
const knowledge: Knowledge = {
	version: "none",
	signatures: [],
	checksFor: () => [],
	find: () => null,
	status: () => ({ signatures: 0, problems: [], version: "none", updatedAt: "2026-01-01T00:00:00.000Z", sources: [] }),
};
/** Accepts and says nothing, wherever it is asked. */
const mutePool: ProbePool = {
	survey: async ({ port, protocol }) => [
		{ lessons: [], service: null, coverage: { port, protocol, outcome: "unknown", kinds: [], failed: [] } },
	],
	close: async () => undefined,
};

/** Sends nothing: answers by a rule, and counts what it was asked. */
class RuledEngine implements PortEngine {
	readonly name = "ruled";
	readonly reason = "for a test";
	readonly asked = new Map<string, number>();
	/** Called with each pair asked. */
	onAsked: () => void = () => undefined;
	readonly #stateOf: (address: string, port: number) => PairState;

	constructor(stateOf: (address: string, port: number) => PairState) {
		this.#stateOf = stateOf;
	}

	run(job: PortJob) {
		let stopped = false;
		const batches = async function* (this: RuledEngine): AsyncGenerator<PortBatch> {
			let sent = 0;
			for (const address of job.addresses) {
				for (const port of job.firstAnswerOnly === true ? job.ports.slice(0, 1) : job.ports) {
					await Promise.resolve();
					if (stopped) return;
					this.asked.set(address, (this.asked.get(address) ?? 0) + 1);
					this.onAsked();
					sent++;
					yield { answers: [{ address, port, state: this.#stateOf(address, port), rttMs: 1 }], settled: sent, sent };
				}
			}
		}.call(this);
		return {
			[Symbol.asyncIterator]: () => batches,
			stop: async () => {
				stopped = true;
			},
		};
	}

	async close(): Promise<void> {}
}

const addresses = Array.from({ length: 256 }, (_, i) => `198.18.7.${i}`);

function bench(engine: PortEngine, given: Partial<ScanPlan> = {}) {
	let time = Date.UTC(2026, 0, 1);
	const store = openStore(":memory:", { clock: { now: () => time } });
	const waiting: { status: Scan["status"]; resolve: (scan: Scan) => void }[] = [];
	const open = () =>
		new ScanManager({
			...{ engine, pool: mutePool, journal: createScanJournal(store, () => knowledge, new Hub()) },
			now: () => (time += 10),
			findScan: (id) => findScan(store.db, id),
			planOf: async () => ({ ...plan, ...given }),
			onScan: (scan) => {
				for (const entry of waiting.filter((one) => one.status === scan.status)) entry.resolve(scan);
			},
			onResults: () => undefined,
			onFault: (_, err) => {
				throw err;
			},
		});
	const id = createScan(store.db, {
		...{ title: "t", targets: ["198.18.7.0/24"], exclusions: [], ports: "1-100", profile: "Initial", at: time },
	});
	addScanTargets(
		store.db,
		id,
		addresses.map((address) => ({ address, hostname: null })),
	);
	return {
		...{ id, open, store },
		until: (status: Scan["status"]) => new Promise<Scan>((resolve) => waiting.push({ status, resolve })),
		ghosts: () => listGhostRows(store.db, { scan: id }),
		assets: () => Number(store.db.prepare("SELECT count(*) AS n FROM asset").get()?.n),
	};
}

test("what accepts any port is asked its canaries and nothing more, and becomes no asset", async () => {
	const engine = new RuledEngine(() => "open");
	const { id, open, until, ghosts, assets } = bench(engine);
	const finished = until("finished");
	open().enqueue(id);
	const scan = await finished;
	expect(scan).toMatchObject({ hosts: { alive: 0, ghosts: 256, done: 0 }, openPorts: 0 });
	expect(scan.reason).toContain("Nothing that answered is a host");
	expect(ghosts()).toMatchObject([{ kind: "accepts-any-port", addresses: 256, asked: 256, canaries: { asked: 1024 } }]);
	expect(assets()).toBe(0);
	expect(Math.max(...engine.asked.values())).toBe(5);
});

test("a mute network costs a few port scans, and real hosts in it are assets", async () => {
	const real = new Set(["198.18.7.9", "198.18.7.200"]);
	const engine = new RuledEngine((address, port) =>
		port === 80 ? "open" : real.has(address) ? (port === 22 ? "open" : "closed") : "filtered",
	);
	const { id, open, until, ghosts, assets } = bench(engine);
	const finished = until("finished");
	open().enqueue(id);
	expect(await finished).toMatchObject({ hosts: { alive: 2, ghosts: 254, done: 2 }, openPorts: 4 });
	expect(ghosts()).toMatchObject([{ kind: "says-nothing", pattern: [80], addresses: 254 }]);
	expect(assets()).toBe(2);
	expect([...engine.asked.values()].filter((pairs) => pairs > 100).length).toBeLessThan(40);
});

test("machines that are alike but refuse their other ports are assets", async () => {
	const engine = new RuledEngine((_, port) => (port === 80 ? "open" : "closed"));
	const { id, open, until, ghosts, assets } = bench(engine);
	const finished = until("finished");
	open().enqueue(id);
	expect(await finished).toMatchObject({ hosts: { alive: 256, done: 256 } });
	expect(ghosts()).toEqual([]);
	expect(assets()).toBe(256);
});

test("what a user says counts more", async () => {
	const set = (first: string, last: string) => AddressSet.fromText([[first, last]]);
	const ghostRules = { real: set("198.18.7.0", "198.18.7.3"), ghosts: set("198.18.7.4", "198.18.7.9") };
	const engine = new RuledEngine((_, port) => (port < 90 ? "open" : "closed"));
	const { id, open, until, ghosts, assets } = bench(engine, { ghostRules, ports: [80, 90, 91, 92] });
	const finished = until("finished");
	open().enqueue(id);
	await finished;
	expect(ghosts()).toMatchObject([{ kind: "told", addresses: 6 }]);
	expect(assets()).toBe(250);
});

test("addresses that stay silent although they are asked for their ports acquit no network", async () => {
	const silent = (address: string) => Number(address.split(".")[3]) % 25 === 0;
	const engine = new RuledEngine((address, port) => (port === 80 && !silent(address) ? "open" : "filtered"));
	const { id, open, until, ghosts, assets } = bench(engine, { scanDeadHosts: true });
	const finished = until("finished");
	open().enqueue(id);
	expect(await finished).toMatchObject({ hosts: { alive: 0, ghosts: 245, dead: 11 } });
	expect(ghosts()).toMatchObject([{ kind: "says-nothing", pattern: [80], addresses: 245 }]);
	expect(assets()).toBe(0);
});

test("a network is done with when each of its hosts is, also those that are settled without their ports", async () => {
	const set = (first: string, last: string) => AddressSet.fromText([[first, last]]);
	// Too few of the rest to say anything of a network.
	const ghostRules = { real: set("198.18.7.0", "198.18.7.3"), ghosts: set("198.18.7.4", "198.18.7.29") };
	const engine = new RuledEngine((_, port) => (port === 80 ? "open" : "filtered"));
	const further = Promise.withResolvers<PairState>();
	const stalled = new RuledEngine(() => "open");
	const both: PortEngine = {
		...{ name: "both", reason: "for a test", close: async () => undefined },
		run: (job) => (job.addresses[0]?.startsWith("198.18.8.") && job.ports.length > 1 ? stall(job) : engine.run(job)),
	};
	function stall(job: PortJob) {
		const run = stalled.run(job);
		const batches = async function* () {
			await further.promise;
			yield* run;
		};
		return { stop: async () => further.resolve("open"), [Symbol.asyncIterator]: () => batches() };
	}
	const { id, open, assets, store } = bench(both, { ghostRules });
	store.db.exec("UPDATE scan_target SET state = 'dead' WHERE idx >= 40");
	addScanTargets(store.db, id, [{ address: "198.18.8.1", hostname: null }]);
	const manager = open();
	manager.enqueue(id);
	await expect.poll(assets).toBe(14);
	await manager.suspend();
});

test.each([
	["accepts any port", () => "open" as const],
	["is mute", (_: string, port: number) => (port === 80 ? ("open" as const) : ("filtered" as const))],
	["refuses all", () => "closed" as const],
])("a network that %s is the same after any number of stops", async (_, stateOf) => {
	const engine = new RuledEngine(stateOf);
	const { id, open, until, ghosts, assets, store } = bench(engine);
	const finished = until("finished");
	let asked = 0;
	let over = false;
	void finished.then(() => {
		over = true;
	});
	for (let stops = 0; stops < 12 && !over; stops++) {
		// As after kill -9: another manager over what the store has.
		const manager = open();
		const reached = new Promise<void>((resolve) => {
			engine.onAsked = () => {
				if (++asked % 400 === 0) resolve();
			};
		});
		if (stops === 0) manager.enqueue(id);
		else {
			manager.recover(listUnfinishedScans(store.db));
			manager.begin();
		}
		await Promise.race([reached, finished]);
		await manager.suspend();
	}
	if (!over) {
		const last = open();
		last.recover(listUnfinishedScans(store.db));
		last.begin();
	}
	const scan = await finished;
	expect(scan).toMatchObject({ hosts: { alive: 0, ghosts: 256, done: 0 }, openPorts: 0 });
	expect(ghosts()).toMatchObject([{ addresses: 256, asked: 256 }]);
	expect(assets()).toBe(0);
});
