/** A manager of scans over a store in memory and a scripted engine, for tests of what becomes of scans that are stopped. */
import { AppError } from "../../protocol/errors.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import { Hub } from "../hub.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { createScanJournal } from "../scan-journal.ts";
import { addScanTargets, createScan, findScan } from "../store/scans.ts";
import { openStore, type Store } from "../store/store.ts";
import type { ScanJournal } from "./journal.ts";
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
};
export const plan: ScanPlan = {
	ports: Array.from({ length: 100 }, (_, i) => i + 1),
	udpPorts: [],
	addresses: 0,
	order: null,
	discoveryPorts: [22],
	fragilePorts: new Set(),
	limits: { ratePerSecond: 1_000, inFlight: 10, inFlightPerHost: 10, timeoutMs: 100, retries: 0, hostsInParallel: 2 },
	group: "scan",
	guard: { allow: [["127.0.0.1", "127.0.0.9"]], deny: [] },
};
const pool: ProbePool = {
	survey: async ({ port, protocol }) => [
		{ lessons: [], service: null, coverage: { port, protocol, outcome: "unknown", kinds: [], failed: ["http"] } },
	],
	close: async () => undefined,
};

interface BenchOptions {
	readonly planOf?: () => Promise<ScanPlan>;
	readonly now?: () => number;
	readonly steady?: () => number;
	readonly setTimer?: (ms: number, call: () => void) => () => void;
	readonly window?: ScanWindow;
	readonly engine?: ScriptedEngine;
	/** Of an earlier bench: a daemon that is started again. */
	readonly store?: Store;
}

/** A manager over a store in memory that can be made to refuse every write, as a full disk does. */
export function bench(options: BenchOptions = {}) {
	const engine = options.engine ?? new ScriptedEngine({ open: ["127.0.0.1:7", "127.0.0.2:80"] });
	const store = options.store ?? openStore(":memory:", { clock: { now: () => Date.now() } });
	const disk = { full: false };
	const real = createScanJournal(store, () => knowledge, new Hub());
	const refusing = new Set<keyof ScanJournal>(["save", "mark", "checkpoint", "finishHost", "addResults", "feed"]);
	const journal = new Proxy(real, {
		get(target, name: keyof ScanJournal) {
			if (!disk.full || !refusing.has(name)) return target[name];
			return () => {
				throw new AppError("unavailable", "The disk is full.");
			};
		},
	});
	const told: Scan[] = [];
	const waiting: { test: (scan: Scan) => boolean; resolve: (scan: Scan) => void }[] = [];
	const faults: unknown[] = [];
	const manager = new ScanManager({
		engine,
		pool,
		journal,
		now: options.now ?? (() => Date.now()),
		...(options.steady === undefined ? {} : { steady: options.steady }),
		...(options.setTimer === undefined ? {} : { setTimer: options.setTimer }),
		findScan: (id) => findScan(store.db, id),
		planOf: options.planOf ?? (async () => plan),
		onScan: (scan) => {
			told.push(scan);
			for (const entry of waiting.filter((one) => one.test(scan))) entry.resolve(scan);
		},
		onResults: () => undefined,
		onFault: (_, err) => void faults.push(err),
	});
	const add = (...addresses: string[]): number => {
		const request = { title: "t", exclusions: [], ports: "1-100", profile: "Initial", at: Date.now() };
		const { window } = options;
		const id = createScan(store.db, { ...request, targets: addresses, ...(window === undefined ? {} : { window }) });
		addScanTargets(
			store.db,
			id,
			addresses.map((address) => ({ address, hostname: null })),
		);
		return id;
	};
	/** Holds every port stage at its fifth batch; resolves when one got there. */
	const hold = (): Promise<void> => {
		const { promise, resolve } = Promise.withResolvers<void>();
		engine.gate = (job, batch) => {
			if (job.firstAnswerOnly === true || batch < 5) return Promise.resolve();
			resolve();
			return new Promise(() => undefined);
		};
		return promise;
	};
	const release = () => {
		engine.gate = () => Promise.resolve();
	};
	const until = (status: Scan["status"]) =>
		new Promise<Scan>((resolve) => waiting.push({ test: (scan) => scan.status === status, resolve }));
	return { engine, manager, add, hold, release, until, told, faults, disk, store, db: store.db };
}
