import { expect, test } from "vitest";
import { scan as scanModel } from "../../protocol/model/scan.ts";
import {
	addScanResults,
	addScanTargets,
	countScanTargets,
	createScan,
	findScan,
	listScanResults,
	listScans,
	listScanTargets,
	listUnfinishedScans,
	saveScan,
	saveScanTarget,
} from "./scans.ts";
import { openStore } from "./store.ts";

const open = () => openStore(":memory:", { clock: { now: () => 0 } }).db;
const request = {
	title: "t",
	targets: ["127.0.0.1"],
	exclusions: ["127.0.0.9"],
	ports: "22",
	profile: "Initial",
	at: 5,
};
const listAll = { where: null, sort: null, limit: 100, cursor: null };

test("everything about a scan that can change comes back as it was saved", () => {
	const db = open();
	const id = createScan(db, request);
	const created = scanModel.parse(findScan(db, id));
	expect(created).toMatchObject({
		id,
		status: "queued",
		createdAt: "1970-01-01T00:00:00.005Z",
		exclusions: ["127.0.0.9"],
	});
	const changed = scanModel.parse({
		...created,
		status: "running",
		reason: "because",
		partial: true,
		progress: 0.25,
		stages: [{ name: "ports", done: 3, total: 9 }],
		rate: 12.5,
		etaMs: 99,
		startedAt: "2026-01-01T00:00:00.001Z",
		finishedAt: "2026-01-01T00:00:01.001Z",
		activeMs: 1000,
		hosts: { total: 4, alive: 3, dead: 1, done: 2 },
		openPorts: 7,
		services: 6,
		findings: { "1": 1, "2": 2, "3": 3, "4": 4, "5": 5 },
		newFindings: 8,
		fixedFindings: 9,
	});
	saveScan(db, changed);
	expect(findScan(db, id)).toEqual(changed);
	expect(findScan(db, id + 1)).toBeNull();
});

test("lists newest first; what is unfinished oldest first", () => {
	const db = open();
	const ids = ["finished", "running", "error", "paused", "queued", "cancelled"].map((status) => {
		const id = createScan(db, { ...request, title: status });
		saveScan(db, { ...findScan(db, id)!, status: status as never });
		return id;
	});
	expect(listScans(db, listAll).items.map(({ id }) => id)).toEqual([...ids].reverse());
	expect(listUnfinishedScans(db).map(({ title }) => title)).toEqual(["running", "paused", "queued"]);
});

test("targets keep their order, their state and their counts", () => {
	const db = open();
	const scan = createScan(db, request);
	const other = createScan(db, request);
	const targets = Array.from({ length: 10 }, (_, n) => ({
		address: `127.0.0.${n}`,
		hostname: n === 3 ? "three" : null,
	}));
	expect(addScanTargets(db, scan, targets)).toBe(10);
	expect(addScanTargets(db, scan, [targets[0]!, { address: "127.0.0.77", hostname: null }])).toBe(1);
	addScanTargets(db, other, targets);
	saveScanTarget(db, scan, "127.0.0.3", { state: "alive", how: "tcp 22 open", rttMs: 0.5 });
	saveScanTarget(db, scan, "127.0.0.3", { ports: '{"done":[1]}' });
	saveScanTarget(db, scan, "127.0.0.4", { state: "dead" });
	saveScanTarget(db, scan, "127.9.9.9", { state: "dead" });
	expect(countScanTargets(db, scan)).toEqual({ pending: 9, alive: 1, dead: 1, done: 0, excluded: 0 });
	expect(countScanTargets(db, other).pending).toBe(10);
	expect(listScanTargets(db, scan, { states: ["alive"], limit: 10 })).toEqual([
		{
			index: 3,
			address: "127.0.0.3",
			hostname: "three",
			state: "alive",
			how: "tcp 22 open",
			rttMs: 0.5,
			ports: '{"done":[1]}',
		},
	]);
	const pages: number[][] = [];
	for (let after = -1; ; ) {
		const page = listScanTargets(db, scan, { states: ["pending"], after, limit: 4 });
		if (page.length === 0) break;
		pages.push(page.map(({ index }) => index));
		after = page.at(-1)!.index;
	}
	expect(pages).toEqual([[0, 1, 2, 5], [6, 7, 8, 9], [10]]);
});

test("only the last 2,000 results of a scan are kept", () => {
	const db = open();
	const scan = createScan(db, request);
	const line = (n: number) =>
		({ kind: "log", at: "2026-01-01T00:00:00.000Z", level: "info", text: String(n) }) as const;
	for (let n = 0; n < 5000; n += 100)
		addScanResults(
			db,
			scan,
			Array.from({ length: 100 }, (_, k) => line(n + k)),
		);
	expect(listScanResults(db, scan, 3)).toEqual([line(4997), line(4998), line(4999)]);
	const kept = listScanResults(db, scan, 10_000);
	expect(kept).toHaveLength(2000);
	expect(kept[0]).toEqual(line(3000));
});
