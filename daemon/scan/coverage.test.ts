import fc from "fast-check";
import { expect, test } from "vitest";
import type { Scan } from "../../protocol/model/scan.ts";
import { type ScanCoverage, scanCoverage } from "../../protocol/model/scan-coverage.ts";
import { Hub } from "../hub.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { PairState } from "../packets/engine.ts";
import { createScanJournal } from "../scan-journal.ts";
import { AddressSet } from "../scope/address-set.ts";
import { startCoverage } from "../store/scan-coverage.ts";
import { addScanTargets, createScan, findScan, listUnfinishedScans } from "../store/scans.ts";
import { openStore } from "../store/store.ts";
import type { ScanJournal } from "./journal.ts";
import { unbegun } from "./ledger.ts";
import { ScanManager } from "./manager.ts";
import type { ScanPlan } from "./plan.ts";
import type { ProbePool } from "./probe-pool.ts";
import { ScriptedEngine } from "./scripted-engine.test-support.ts";

const knowledge: Knowledge = {
	version: "none",
	signatures: [],
	checksFor: () => [],
	find: () => null,
	status: () => ({ signatures: 0, problems: [], version: "none", updatedAt: "2026-01-01T00:00:00.000Z", sources: [] }),
} as unknown as Knowledge;

/** Port 3 breaks off, port 4 refuses after all; UDP 53 answers, UDP 161 says nothing. */
const pool: ProbePool = {
	survey: async ({ port, protocol }, signal) => {
		if (signal.aborted || port === 161) return [];
		const outcome = port === 4 ? "closed" : "answered";
		const failed = port === 3 ? (["http"] as const) : [];
		return [{ lessons: [], service: null, coverage: { port, protocol, outcome, kinds: [], failed: [...failed] } }];
	},
	close: async () => undefined,
};

const ports = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const plan: ScanPlan = {
	ports,
	udpPorts: [53, 161],
	addresses: 0,
	order: null,
	discoveryPorts: [1],
	fragilePorts: new Set([5]),
	limits: { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0, hostsInParallel: 3 },
	group: "scan",
	guard: { allow: [["127.0.0.1", "127.0.0.99"]], deny: [] },
};

function bench(stateOf: (address: string, port: number) => PairState) {
	let time = Date.UTC(2026, 0, 1);
	const store = openStore(":memory:", { clock: { now: () => time } });
	const waiting: { status: Scan["status"]; resolve: (scan: Scan) => void }[] = [];
	let planNow: ScanPlan = plan;
	let manager: ScanManager;
	let kill = (): void => undefined;
	/** A daemon of its own over the same store: what one before it had under way never comes back. */
	const start = () => {
		const engine = new ScriptedEngine({ open: [], stateOf, batchSize: 2 });
		const alive = { yes: true };
		const journal = mortal(
			createScanJournal(store, () => knowledge, new Hub()),
			alive,
		);
		kill();
		kill = () => {
			alive.yes = false;
			void current.suspend();
		};
		manager = new ScanManager({
			...{ engine, pool, journal, now: () => (time += 400) },
			findScan: (id) => findScan(store.db, id),
			planOf: async () => planNow,
			onScan: (scan) => {
				for (const entry of waiting.filter((one) => one.status === scan.status)) entry.resolve(scan);
			},
			onResults: () => undefined,
			onFault: (_, err) => {
				if (alive.yes) throw err;
			},
		});
		const current = manager;
		manager.recover(listUnfinishedScans(store.db));
		return { engine, manager };
	};
	return {
		start,
		setPlan(next: ScanPlan): void {
			planNow = next;
		},
		add(addresses: readonly string[], excluded: readonly string[] = []): number {
			const request = { title: "t", targets: addresses, exclusions: [], ports: "1-9", profile: "Initial", at: time };
			const id = createScan(store.db, request);
			const own = { exclusion: "mine", from: "scan", comment: null, addresses: excluded.length } as const;
			const excludedBy = excluded.length === 0 ? [] : [own];
			startCoverage(store.db, unbegun(id, { scope: { addresses: { size: addresses.length } }, excludedBy }, time));
			addScanTargets(
				store.db,
				id,
				addresses.map((address) => ({ address, hostname: null })),
			);
			return id;
		},
		until: (status: Scan["status"]) => new Promise<Scan>((resolve) => waiting.push({ status, resolve })),
		coverage: (id: number) => manager.coverage(id),
	};
}

/** Writes nothing any more once its process is dead. */
function mortal(journal: ScanJournal, alive: { readonly yes: boolean }): ScanJournal {
	return new Proxy(journal, {
		get(target, name: keyof ScanJournal) {
			if (alive.yes) return target[name];
			return () => {
				throw new Error("dead");
			};
		},
	});
}

/** Each address in one place, each pair in one place, each open port in one place. */
function addsUp(coverage: ScanCoverage | null): ScanCoverage {
	const whole = scanCoverage.parse(coverage);
	const { addresses, tcp, udp, surveys, excludedBy, packets, discovery } = whole;
	expect(addresses.excluded + addresses.silent + addresses.answered + addresses.notReached).toBe(addresses.named);
	const { finished, cutByHostTime, cutByScanTime, unfinished, ghosts } = addresses;
	expect(finished + cutByHostTime + cutByScanTime + unfinished + ghosts).toBe(addresses.answered);
	for (const { pairs, asked, open, closed, filtered, unreachable, notAsked } of [tcp, udp]) {
		expect(open + closed + filtered + unreachable).toBe(asked);
		expect(asked + notAsked).toBe(pairs);
	}
	const { talkedTo, leftAlone, failed, refused, notReached } = surveys;
	expect(talkedTo + leftAlone + failed + refused + notReached).toBe(surveys.open);
	expect(surveys.open).toBe(tcp.open + udp.open);
	expect(excludedBy.reduce((sum, one) => sum + one.addresses, 0)).toBe(addresses.excluded);
	expect(packets.discovery + packets.ports).toBe(packets.sent);
	expect(discovery.found.reduce((sum, { hosts }) => sum + hosts, 0)).toBe(addresses.answered);
	return whole;
}

/** Stops a job for good at one of its batches, and says when. */
function hold(engine: ScriptedEngine, at: number): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	let batches = 0;
	engine.gate = () => {
		if (batches++ < at) return Promise.resolve();
		resolve();
		return new Promise(() => undefined);
	};
	return promise;
}

const states = fc.constantFrom<PairState>("open", "closed", "filtered", "unreachable");
const script = fc.record({
	hosts: fc.array(fc.array(states, { minLength: ports.length, maxLength: ports.length }), {
		minLength: 1,
		maxLength: 8,
	}),
	breaks: fc.array(fc.record({ at: fc.nat({ max: 12 }), how: fc.constantFrom("pause", "kill") }), { maxLength: 3 }),
	excludedLater: fc.option(fc.nat({ max: 7 }), { nil: null }),
	scanDeadHosts: fc.boolean(),
});

test("the figures add up at every moment, over pauses, kills and exclusions, and in the end they are the truth", async () => {
	await fc.assert(
		fc.asyncProperty(script, async ({ hosts, breaks, excludedLater, scanDeadHosts }) => {
			const stateOf = (address: string, port: number) =>
				hosts[Number(address.split(".")[3]) - 1]?.[port - 1] ?? "filtered";
			const { start, setPlan, add, until, coverage } = bench(stateOf);
			setPlan({ ...plan, scanDeadHosts });
			const id = add(
				hosts.map((_, i) => `127.0.0.${i + 1}`),
				["127.0.0.50", "127.0.0.51"],
			);
			let { engine, manager } = start();
			const finished = until("finished");
			expect(addsUp(coverage(id)).addresses).toMatchObject({ named: hosts.length + 2, notReached: hosts.length });
			for (const { at, how } of breaks) {
				const held = hold(engine, at);
				const before = manager.current(id).status;
				if (before === "paused") manager.resume(id);
				else manager.enqueue(id);
				const over = await Promise.race([held.then(() => false), finished.then(() => true)]);
				addsUp(coverage(id));
				if (over) break;
				if (how === "pause") {
					await manager.pause(id);
					expect(addsUp(coverage(id)).notReachedBecause).not.toBe("not-over");
				} else ({ engine, manager } = start());
				addsUp(coverage(id));
				engine.gate = () => Promise.resolve();
				if (excludedLater === null) continue;
				const address = `127.0.0.${excludedLater + 1}`;
				const exclusion = { exclusion: "later", from: "global", comment: "why", addresses: one(address) } as const;
				const guard = { ...plan.guard, deny: [[address, address] as const] };
				setPlan({ ...plan, scanDeadHosts, guard, exclusions: [exclusion] });
			}
			const status = manager.current(id).status;
			if (status === "paused") manager.resume(id);
			else if (status !== "finished") manager.enqueue(id);
			await finished;
			const { addresses, tcp, udp, notReachedBecause, excludedBy } = addsUp(coverage(id));
			expect(notReachedBecause).toBeNull();
			expect(addresses).toMatchObject({ notReached: 0, unfinished: 0, cutByHostTime: 0, cutByScanTime: 0 });
			const later = excludedBy.find(({ exclusion }) => exclusion === "later");
			expect(addresses.excluded).toBe(2 + (later?.addresses ?? 0));
			if (later !== undefined) {
				expect(later).toMatchObject({ from: "global", comment: "why", addresses: 1 });
				return;
			}
			const asked = scanDeadHosts ? hosts : hosts.filter(([first]) => first === "open" || first === "closed");
			const count = (state: PairState) => asked.flat().filter((one) => one === state).length;
			expect(tcp).toMatchObject({
				...{ pairs: asked.length * ports.length, notAsked: 0, open: count("open"), closed: count("closed") },
				...{ filtered: count("filtered"), unreachable: count("unreachable") },
			});
			expect(udp).toMatchObject({ asked: asked.length * 2, filtered: asked.length, notAsked: 0 });
		}),
		{ numRuns: 60 },
	);
}, 120_000);

function one(address: string): AddressSet {
	return AddressSet.fromText([[address, address]]);
}

test("what became of each open port is told", async () => {
	const { start, add, until, coverage } = bench((_, port) => (port <= 6 ? "open" : "closed"));
	const id = add(["127.0.0.1", "127.0.0.2"]);
	const { manager } = start();
	const finished = until("finished");
	manager.enqueue(id);
	await finished;
	const { surveys, discovery, engines, packets } = addsUp(coverage(id));
	// Per host: 1, 2, 6 and UDP 53 answer, 3 breaks off, 4 refuses, 5 is fragile.
	expect(surveys).toEqual({ open: 14, talkedTo: 8, failed: 2, refused: 2, leftAlone: 2, notReached: 0 });
	expect(discovery.found).toEqual([{ by: "tcp", hosts: 2 }]);
	expect(engines).toEqual([{ name: "scripted", reason: "for a test" }]);
	expect(packets).toEqual({ sent: 20, discovery: 2, ports: 18, repeats: 0 });
});

test("what a daemon that was killed could not count is told", async () => {
	const { start, add, until, coverage } = bench(() => "closed");
	const id = add(["127.0.0.1", "127.0.0.2"]);
	const first = start();
	const { promise: asked, resolve } = Promise.withResolvers<void>();
	first.engine.gate = (job) => {
		if (job.firstAnswerOnly === true) return Promise.resolve();
		resolve();
		return new Promise(() => undefined);
	};
	first.manager.enqueue(id);
	await asked;
	const finished = until("finished");
	start().manager.enqueue(id);
	await finished;
	// The two that found the hosts were never written down: a thousand leave in a second at most.
	expect(addsUp(coverage(id)).packets).toMatchObject({ sent: 18, uncounted: 2_000 });
});

test("a host whose time is up: what was asked, and what was not", async () => {
	const { start, setPlan, add, until, coverage } = bench(() => "open");
	setPlan({ ...plan, maxHostMs: 60 });
	const id = add(["127.0.0.1", "127.0.0.2"]);
	const { manager, engine } = start();
	engine.gate = (job, batch) =>
		job.firstAnswerOnly === true || job.addresses[0] !== "127.0.0.1" || batch < 2
			? Promise.resolve()
			: new Promise(() => undefined);
	const finished = until("finished");
	manager.enqueue(id);
	await finished;
	const { addresses, tcp, surveys } = addsUp(coverage(id));
	expect(addresses).toMatchObject({ answered: 2, finished: 1, cutByHostTime: 1, unfinished: 0 });
	expect(tcp).toMatchObject({ pairs: 18, asked: 13, open: 13, notAsked: 5 });
	// Of the four ports found by then none was examined: its time was up.
	expect(surveys).toMatchObject({ open: 14, notReached: 4, leftAlone: 1 });
});

test("a cancelled scan says what it did not reach, and a restart that completes the cancelling too", async () => {
	const { start, add, coverage } = bench(() => "closed");
	const id = add(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"]);
	const { manager, engine } = start();
	const held = hold(engine, 0);
	manager.enqueue(id);
	await held;
	await manager.cancel(id);
	const { addresses, notReachedBecause } = addsUp(coverage(id));
	expect(addresses).toMatchObject({ named: 4, notReached: 4, answered: 0 });
	expect(notReachedBecause).toBe("stopped");
});
