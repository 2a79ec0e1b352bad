import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import {
	coverageOf,
	hostRecord,
	memoryStore,
	mysqlRecord,
	portOf,
	redisRecord,
	sampleHost,
	sampleKnowledge,
} from "../assess/testdata/hosts.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { addressKey } from "../store/address-key.ts";
import { approveFor } from "../store/approved.test-support.ts";
import { putBackAsset, takeOutAsset } from "../store/asset-archive.ts";
import { findAsset } from "../store/assets.ts";
import { checkCounters } from "../store/counted.test-support.ts";
import { Tally } from "../store/counters.ts";
import { type ExceptedBy, setExcepted } from "../store/excepted.ts";
import { foldAddress } from "../store/fold-address.ts";
import { findMerge } from "../store/merges.ts";
import type { Store } from "../store/store.ts";
import { dumpStore } from "./dump.test-support.ts";
import { mergeAssets } from "./merge.ts";
import { getMerge, whyNotUndone } from "./merge-record.ts";
import { undoMerge } from "./undo.ts";

const t0 = 1_700_000_000_000;
const hour = 3_600_000;

type MemoryStore = ReturnType<typeof memoryStore>;

/** Some findings set apart, by their numbers. */
function setApart(store: Store, marks: readonly { id: number; by: ExceptedBy }[]): void {
	for (const { id, by } of marks) {
		if (by === "exception") approveFor(store.db, [id], store.clock.now());
		else setExcepted(store.db, [id], by, true, store.clock.now());
	}
}

const marks = fc.array(
	fc.record({ id: fc.integer({ min: 1, max: 12 }), by: fc.constantFrom<ExceptedBy>("exception", "ignored") }),
	{ maxLength: 4 },
);

/** What a scan finds on one host, as a few numbers. */
interface Visit {
	host: number;
	redis: "open" | "guarded" | "closed" | "not-asked";
	mysql: boolean;
	name: number | null;
	/** Its SSH host key is seen: each host has its own, or it would be another machine. */
	key: number | null;
	/** Another machine has the address by now: an asset of its own. */
	another: boolean;
}

const visits = fc.record<Visit>({
	host: fc.integer({ min: 1, max: 4 }),
	redis: fc.constantFrom("open", "guarded", "closed", "not-asked"),
	mysql: fc.boolean(),
	name: fc.option(fc.integer({ min: 1, max: 3 })),
	key: fc.option(fc.integer({ min: 1, max: 2 })),
	another: fc.boolean(),
});

function visit(store: MemoryStore, { host, redis, mysql, name, key, another }: Visit, nth: number): number {
	const at = t0 + nth * hour;
	store.clock.at = at;
	const address = `127.0.0.${host}`;
	if (another) store.db.prepare("DELETE FROM identifier WHERE kind = 'ip' AND value = ?").run(address);
	const records: EvidenceRecord[] = [hostRecord(address, at, name === null ? [] : [`h${name}.example`])];
	if (redis === "open" || redis === "guarded") records.push(redisRecord(address, at, redis === "open"));
	if (mysql) records.push(mysqlRecord(address, at));
	if (key !== null) {
		const place = { port: 22, protocol: "tcp", source: "network", complete: true } as const;
		const data = { hostKeys: [{ type: "ssh-ed25519", bits: 256, fingerprint: `SHA256:${host}` }] };
		records.push({ ...place, kind: "ssh", address, observedAt: at, data } as unknown as EvidenceRecord);
	}
	const ports = [
		...(redis === "open" || redis === "guarded" ? [portOf(6379, "answered", ["redis"])] : []),
		...(mysql ? [portOf(3306, "answered", ["mysql"])] : []),
	];
	const closedTcp: [number, number][] = redis === "closed" ? [[6379, 6379]] : [];
	const coverage = coverageOf(address, ports, { hostKinds: ["host"], closedTcp: closedTcp as never });
	const scan = { scan: nth + 1, hostname: null, startedAt: at - 1000, finishedAt: at };
	const outcome = ingestHost(store, sampleKnowledge, { ...scan, records, coverage });
	return outcome.assetId ?? 0;
}

function merge(store: Store, assets: number[], survivor = assets[0] ?? 0): number {
	const values = { name: survivor, os: survivor, tracking: survivor, address: survivor };
	return mergeAssets(store.db, {
		...{ assets, survivor, values, held: [], by: "unix:0", why: "test", automatic: false },
		...{ confidence: null, evidence: "[]", at: store.clock.now() },
	});
}

function undo(store: Store, id: number) {
	const stored = findMerge(store.db, id);
	if (stored === null) throw new Error("no such merge");
	return undoMerge(store.db, stored, { at: store.clock.now(), by: "unix:0", why: "" });
}

describe("merging and undoing", () => {
	test("a merge undone leaves the whole store as it was, counters exact throughout", () => {
		fc.assert(
			fc.property(fc.array(visits, { minLength: 2, maxLength: 8 }), fc.nat(3), marks, (scans, which, apart) => {
				const store = memoryStore(t0);
				const assets = [...new Set(scans.map((scan, nth) => visit(store, scan, nth)))];
				if (assets.length < 2) return;
				setApart(store, apart);
				const before = dumpStore(store.db);
				store.clock.at += hour;
				const id = merge(store, assets, assets[which % assets.length]);
				checkCounters(store);
				undo(store, id);
				expect(dumpStore(store.db)).toEqual(before);
				checkCounters(store);
				store.close();
			}),
			{ numRuns: 15 },
		);
	});

	test("what came in between goes where it would have gone: two exact histories", () => {
		fc.assert(
			fc.property(
				fc.array(visits, { minLength: 2, maxLength: 6 }),
				fc.array(visits, { minLength: 1, maxLength: 6 }),
				(first, after) => {
					// A key or a name says more than who had the address last, which is all that telling them apart goes by here.
					const shared = first.some(({ another }) => another);
					const before = first.map((scan) => (shared ? { ...scan, key: null, name: null } : scan));
					const [merged, apart] = [memoryStore(t0), memoryStore(t0)];
					const assets = [...new Set(before.map((scan, nth) => visit(merged, scan, nth)))];
					for (const [nth, scan] of before.entries()) visit(apart, scan, nth);
					if (assets.length < 2) return;
					const known = new Set(before.map(({ host }) => host));
					const later = after.filter(({ host }) => known.has(host)).map((scan) => ({ ...scan, another: false }));
					// Of an address that two had, only the first sighting afterwards is told apart to the second.
					const once = new Map(later.map((scan) => [scan.host, scan]));
					const plain = [...once.values()].map((scan) => ({ ...scan, key: null, name: null }));
					// Keys that no side had contradict those that one of them has: the merge holds all the same.
					const told = shared ? plain : later;
					const id = merge(merged, assets);
					for (const [nth, scan] of told.entries()) {
						visit(merged, scan, before.length + nth);
						visit(apart, scan, before.length + nth);
						checkCounters(merged);
					}
					undo(merged, id);
					expect(withoutIds(dumpStore(merged.db))).toEqual(withoutIds(dumpStore(apart.db)));
					checkCounters(merged);
					merged.close();
					apart.close();
				},
			),
			{ numRuns: 12 },
		);
	});
});

/** Findings that came in while merged were numbered in another order. */
function withoutIds(dump: Record<string, unknown[]>): Record<string, unknown> {
	const ids = new Map<number, string>();
	const findings = (dump.finding ?? []).map((text) => {
		const { id, ...row } = JSON.parse(String(text)) as Record<string, unknown>;
		ids.set(Number(id), `${row.asset} ${row.signature} ${row.address} ${row.port}`);
		return JSON.stringify(row);
	});
	const events = (dump.finding_event ?? []).map((text) => {
		const row = JSON.parse(String(text)) as Record<string, unknown>;
		return JSON.stringify({ ...row, finding: ids.get(Number(row.finding)) });
	});
	return { ...dump, finding: findings.sort(), finding_event: events.sort(), trend: [] };
}

test("evidence moved from one address to another goes back to the side it was of, with what came in since", () => {
	fc.assert(
		fc.property(visits, visits, fc.array(visits, { maxLength: 3 }), (one, other, after) => {
			const [merged, apart] = [memoryStore(t0), memoryStore(t0)];
			const before = [one, other].map((scan, at) => ({ ...scan, host: at + 1, another: false, key: null }));
			for (const store of [merged, apart]) for (const [nth, scan] of before.entries()) visit(store, scan, nth);
			const id = merge(merged, [1, 2]);
			const tally = new Tally();
			foldAddress(merged.db, tally, 1, addressKey("127.0.0.2"), addressKey("127.0.0.1"));
			tally.write(merged.db, t0);
			checkCounters(merged);
			const later = after.slice(0, 1).map((scan) => ({ ...scan, host: 1, another: false, key: null }));
			for (const [nth, scan] of later.entries()) for (const store of [merged, apart]) visit(store, scan, 2 + nth);
			checkCounters(merged);
			undo(merged, id);
			expect(withoutIds(dumpStore(merged.db))).toEqual(withoutIds(dumpStore(apart.db)));
			checkCounters(merged);
		}),
		{ numRuns: 12 },
	);
});

test("a merged asset has what both had, under one id", () => {
	const store = memoryStore(t0);
	for (const [at, address] of ["127.0.0.1", "127.0.0.2"].entries()) {
		ingestHost(store, sampleKnowledge, sampleHost(address, 1, t0 + at * hour));
	}
	merge(store, [1, 2]);
	expect(findAsset(store.db, { id: 2 })).toBeNull();
	expect(findAsset(store.db, { id: 1 })).toMatchObject({
		addresses: ["127.0.0.1", "127.0.0.2"],
		openPorts: 4,
		findings: { "4": 2, "5": 2 },
	});
	checkCounters(store);
	store.close();
});

test("a name read inside comes back to its side, whatever is guessed from outside since", () => {
	const store = memoryStore(t0);
	for (const n of [1, 2]) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, t0));
	const inside = "UPDATE asset SET name = 'inside', name_source = 'login', name_at = ? WHERE id = 2";
	store.db.prepare(inside).run(t0);
	const id = merge(store, [1, 2], 1);
	store.clock.at = t0 + hour;
	ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.2", 2, t0 + hour), hostname: "outside.example" });
	ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.1", 2, t0 + hour), hostname: "one.example" });
	undo(store, id);
	const rows = store.db.prepare("SELECT name, name_source, name_at FROM asset ORDER BY id").all();
	expect(rows.map((row) => ({ ...row }))).toEqual([
		{ name: "one.example", name_source: "network", name_at: 0 },
		{ name: "inside", name_source: "login", name_at: t0 },
	]);
	store.close();
});

test("what is purged is not taken apart until it is back; then it is, with nothing lost", () => {
	const store = memoryStore(t0);
	for (const n of [1, 2]) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, t0));
	const before = dumpStore(store.db);
	const id = merge(store, [1, 2], 1);
	const tally = new Tally();
	const taken = takeOutAsset(store.db, tally, 1);
	tally.write(store.db, t0);
	expect(whyNotUndone(store.db, getMerge(store.db, id))?.message).toMatch(/no longer in the inventory/);
	const back = new Tally();
	putBackAsset(store.db, back, taken?.body ?? new Uint8Array());
	back.write(store.db, t0);
	undo(store, id);
	expect(dumpStore(store.db)).toEqual(before);
	checkCounters(store);
	store.close();
});
