import fc from "fast-check";
import { expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { approveFor } from "./approved.test-support.ts";
import { putBackAsset, takeOutAsset } from "./asset-archive.ts";
import { checkCounters } from "./counted.test-support.ts";
import { readCounters, Tally } from "./counters.ts";
import { type ExceptedBy, setExcepted } from "./excepted.ts";
import { listFindings } from "./findings.ts";
import { askList } from "./query-lists.ts";
import { transaction } from "./sql.ts";

const t0 = 1_700_000_000_000;
const minute = 60_000;
const all = { where: null, sort: null, limit: 100, cursor: null };

type Store = ReturnType<typeof memoryStore>;

/** One host scanned: its Redis open or guarded, its MariaDB as told. */
function scan(store: Store, host: number, nth: number, { open, mysql }: { open: boolean; mysql: boolean }) {
	const at = t0 + nth * minute;
	store.clock.at = at;
	const address = `127.0.0.${host}`;
	const records = [redisRecord(address, at - 100, open), mysqlRecord(address, at - 100, mysql ? null : "not allowed")];
	return ingestHost(store, sampleKnowledge, { ...sampleHost(address, nth, at), records });
}

const by = fc.constantFrom<ExceptedBy>("exception", "ignored");
const steps = fc.oneof(
	fc.record({ act: fc.constant("scan" as const), host: fc.nat(3), open: fc.boolean(), mysql: fc.boolean() }),
	fc.record({
		...{ act: fc.constant("mark" as const), by, wanted: fc.boolean() },
		ids: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 8 }),
	}),
	fc.record({ act: fc.constant("purge" as const), host: fc.nat(3), back: fc.boolean() }),
);

function purge(store: Store, asset: number, back: boolean): void {
	const change = (work: (tally: Tally) => void) =>
		transaction(store.db, () => {
			const tally = new Tally();
			work(tally);
			tally.write(store.db, store.clock.now());
		});
	let body: Uint8Array | undefined;
	change((tally) => {
		body = takeOutAsset(store.db, tally, asset)?.body;
	});
	checkCounters(store);
	if (back && body !== undefined) change((tally) => putBackAsset(store.db, tally, body as Uint8Array));
}

test("whatever is scanned, set apart, purged and put back: what is kept is what a recount says", () => {
	fc.assert(
		fc.property(fc.array(steps, { minLength: 1, maxLength: 25 }), (sequence) => {
			const store = memoryStore(t0);
			for (const [nth, step] of sequence.entries()) {
				if (step.act === "scan") scan(store, step.host + 1, nth + 1, step);
				if (step.act === "mark") {
					if (step.wanted && step.by === "exception") approveFor(store.db, step.ids, store.clock.now());
					else setExcepted(store.db, step.ids, step.by, step.wanted, store.clock.now());
				}
				if (step.act === "purge") purge(store, step.host + 1, step.back);
				checkCounters(store);
			}
			store.close();
		}),
		{ numRuns: 40 },
	);
});

test("a finding set apart is in no count and no list, goes on living, and comes back where it was", () => {
	const store = memoryStore(t0);
	const { db } = store;
	for (const host of [1, 2]) scan(store, host, 1, { open: true, mysql: true });
	const [first] = listFindings(db, all).items.filter(
		({ asset, signature }) => asset.id === 1 && signature === "redis/open",
	);
	const id = first?.id ?? 0;
	expect(approveFor(db, [id, id, 4_711], t0)).toMatchObject({ findings: 1, counted: 1, assets: 1 });
	const find = (filter: string) =>
		askList(db, { list: "findings", filter }, { now: t0, rows: 10 }).rows.map((row) => row.id);
	expect(find("signature:redis/open")).not.toContain(id);
	expect(find("status:NEW")).not.toContain(id);
	expect(find("type:confirmed")).not.toContain(id);
	expect(find("excepted:true")).toEqual([id]);
	expect(find("excepted:false and signature:redis/open")).toHaveLength(1);
	expect(find("signature:redis/open and excepted:[true, false]")).toHaveLength(2);
	expect(readCounters(db).get("excepted")).toBe(1);

	scan(store, 1, 2, { open: true, mysql: true });
	const now = () => db.prepare("SELECT status, open, excepted FROM finding WHERE id = ?").get(id);
	expect(now()).toEqual({ status: 2, open: 3, excepted: 1 });
	scan(store, 1, 3, { open: false, mysql: true });
	expect(now()).toEqual({ status: 3, open: 0, excepted: 1 });
	expect(find("status:FIXED")).toEqual([id]);
	scan(store, 1, 4, { open: true, mysql: true });
	expect(now()).toEqual({ status: 4, open: 3, excepted: 1 });

	setExcepted(db, [id], "ignored", true, store.clock.now());
	expect(setExcepted(db, [id], "exception", false, store.clock.now())).toMatchObject({ findings: 1, counted: 0 });
	expect(find("signature:redis/open")).not.toContain(id);
	setExcepted(db, [id], "ignored", false, store.clock.now());
	expect(find("signature:redis/open")).toContain(id);
	checkCounters(store);
});

test("a transaction that is rolled back takes the marks along", () => {
	const store = memoryStore(t0);
	scan(store, 1, 1, { open: true, mysql: true });
	const ids = listFindings(store.db, all).items.map(({ id }) => id);
	expect(() =>
		transaction(store.db, () => {
			setExcepted(store.db, ids, "exception", true, t0);
			throw new Error("no");
		}),
	).toThrow();
	expect(listFindings(store.db, all).total).toBe(2);
	setExcepted(store.db, ids, "exception", true, t0);
	expect(listFindings(store.db, all).total).toBe(0);
	checkCounters(store);
});
