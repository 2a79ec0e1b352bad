/** Work in steps: what comes of it is what doing it at once comes to, whatever happens in between and however often the daemon stops. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { decide, revoke } from "../exceptions/decide.ts";
import { previewException } from "../exceptions/preview.ts";
import { aheadOf, makeRequests, resolveWish } from "../exceptions/request.ts";
import { listBulkWorks } from "../store/bulk-works.ts";
import { checkCounters } from "../store/counted.test-support.ts";
import { coveredIds, dropUnmade } from "../store/exception-cover.ts";
import { reserveException } from "../store/exceptions.ts";
import { run, transaction } from "../store/sql.ts";
import { type BulkBegun, BulkDesk } from "./bulk-desk.ts";
import { bulkOf } from "./desk.test-support.ts";

const t0 = 1_700_000_000_000;
const hosts = 12;
/** After so long what failed is tried again. Milliseconds. */
const retry = 5_000;
let store: ReturnType<typeof memoryStore>;
beforeEach(() => {
	store = memoryStore(t0);
	for (let host = 1; host <= hosts; host++) scan(host);
});
afterEach(() => store.close());

let scans = 0;
function scan(host: number, open = true): void {
	const at = store.clock.at;
	const address = `127.0.0.${host}`;
	const records = [redisRecord(address, at - 100, open), mysqlRecord(address, at - 100, null)];
	ingestHost(store, sampleKnowledge, { ...sampleHost(address, ++scans, at), records });
}

const scopes = [{ kind: "query" as const, query: "", qids: [], live: false }];
const marked = () =>
	store.db.prepare("SELECT id FROM finding WHERE excepted = 1 ORDER BY id").all() as unknown as { id: number }[];

/** A request over all that is open. */
async function asked(): Promise<number> {
	const wanted = resolveWish(store.db, scopes, t0);
	const wish = { kind: "false-positive" as const, reason: "tried", days: 30, requester: "a", requesterUid: 1, now: t0 };
	return await aheadOf(store.db, wanted.each, (numbers) => makeRequests(store.db, wanted, numbers, wish)[0]?.id ?? 0);
}

function approve(desk: BulkDesk, id: number): BulkBegun {
	return transaction(store.db, () => {
		decide(store.db, id, { decision: "approve", note: "", by: "b", now: t0 });
		const size = previewException(store.db, scopes, t0).findings;
		return desk.start("exception", { exception: id, apart: true, at: t0 }, { list: [], size });
	});
}

test("a few are done in the caller's transaction, more in steps, with others served in between", async () => {
	const id = await asked();
	const few = approve(bulkOf(store), id);
	expect(few).toMatchObject({ done: { changed: 2 * hosts } });
	expect(marked()).toHaveLength(2 * hosts);
	transaction(store.db, () => revoke(store.db, id, { note: "", by: "b", now: t0 }));
	const desk = bulkOf(store, 5);
	const begun = transaction(store.db, () =>
		desk.start("exception", { exception: id, apart: false, at: t0 }, { list: [], size: 2 * hosts }),
	);
	expect(begun.done).toBeNull();
	expect(marked(), "nothing is done before the caller has gone on").toHaveLength(2 * hosts);
	let served = 0;
	const between = setInterval(() => served++, 0);
	expect(await desk.finish(begun)).toMatchObject({ changed: 2 * hosts });
	clearInterval(between);
	expect(served).toBeGreaterThan(0);
	expect(marked()).toEqual([]);
	checkCounters(store);
	expect(listBulkWorks(store.db)).toEqual([]);
	await desk.close();
});

test("what a transaction that is rolled back had begun is never done", async () => {
	const id = await asked();
	const desk = bulkOf(store, 1);
	expect(() =>
		transaction(store.db, () => {
			approve(desk, id);
			throw new Error("the audit log takes no entry");
		}),
	).toThrow("the audit log");
	await desk.close();
	expect(marked()).toEqual([]);
	expect(listBulkWorks(store.db)).toEqual([]);
});

test("stopped after any number of steps, with scans in between, the next daemon ends it", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.record({ steps: fc.nat(4), host: fc.integer({ min: 1, max: hosts + 2 }), open: fc.boolean() }), {
				maxLength: 5,
			}),
			fc.integer({ min: 1, max: 7 }),
			async (stops, few) => {
				const id = await asked();
				const before = new Set(coveredIds(store.db, id));
				let desk = bulkOf(store, few);
				const begun = approve(desk, id);
				const finished = desk.finish(begun).catch(() => null);
				for (const { steps, host, open } of stops) {
					for (let n = 0; n < steps; n++) await new Promise(setImmediate);
					await desk.close();
					store.clock.at += 1_000;
					scan(host, open);
					desk = bulkOf(store, few);
					desk.begin();
				}
				while (listBulkWorks(store.db).length > 0) await new Promise(setImmediate);
				await finished;
				expect(new Set(marked().map((row) => row.id))).toEqual(before);
				checkCounters(store);
				transaction(store.db, () => revoke(store.db, id, { note: "", by: "b", now: store.clock.at }));
				const undo = { exception: id, apart: false, at: store.clock.at };
				await desk.finish(transaction(store.db, () => desk.start("exception", undo, { list: [], size: before.size })));
				expect(marked()).toEqual([]);
				checkCounters(store);
				await desk.close();
			},
		),
		{ numRuns: 15 },
	);
});

test("an approval that is taken back while it is carried out leaves nothing set apart", async () => {
	const id = await asked();
	const desk = bulkOf(store, 3);
	const begun = approve(desk, id);
	await new Promise(setImmediate);
	await new Promise(setImmediate);
	const undone = transaction(store.db, () => {
		revoke(store.db, id, { note: "", by: "c", now: t0 });
		return desk.start("exception", { exception: id, apart: false, at: t0 }, { list: [], size: 2 * hosts });
	});
	await Promise.all([desk.finish(begun), desk.finish(undone)]);
	expect(marked()).toEqual([]);
	checkCounters(store);
	await desk.close();
});

test("a step the store refuses is told, and done as soon as it can be", async () => {
	const id = await asked();
	const faults: unknown[] = [];
	const done: string[] = [];
	const desk = new BulkDesk({
		store,
		few: 1,
		onFault: (err) => faults.push(err),
		onDone: ({ kind }) => done.push(kind),
	});
	store.db.exec("CREATE TRIGGER full BEFORE UPDATE OF excepted ON finding BEGIN SELECT RAISE(ABORT, 'full'); END");
	await expect(desk.finish(approve(desk, id))).rejects.toMatchObject({
		code: "unavailable",
		hint: expect.stringContaining("by itself"),
	});
	expect(faults).toHaveLength(1);
	await desk.close();
	store.db.exec("DROP TRIGGER full");
	const next = new BulkDesk({
		store,
		few: 1,
		onFault: (err) => faults.push(err),
		onDone: ({ kind }) => done.push(kind),
	});
	next.begin();
	while (done.length === 0) await new Promise(setImmediate);
	expect(done).toEqual(["exception"]);
	expect(marked()).toHaveLength(2 * hosts);
	await next.close();
});

test("what the store refuses holds up no other work, and all of it is done once the store takes it", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	onTestFinished(() => void vi.useRealTimers());
	const id = await asked();
	const faults: unknown[] = [];
	const desk = new BulkDesk({ store, few: 1, onFault: (err) => faults.push(err), onDone: () => undefined });
	const refuse = (what: string) =>
		store.db.exec(`CREATE TRIGGER full BEFORE ${what} BEGIN SELECT RAISE(ABORT, 'full'); END`);
	const accept = () => store.db.exec("DROP TRIGGER full");
	const redate = () => transaction(store.db, () => desk.start("tickets-redate", {}, { list: [1, 2] }));

	refuse("UPDATE OF excepted ON finding");
	const [failing, overtaking] = [approve(desk, id), redate()].map((begun) => desk.finish(begun));
	await expect(failing).rejects.toMatchObject({ code: "unavailable" });
	expect(await overtaking).toMatchObject({ changed: 0 });
	expect(listBulkWorks(store.db)).toHaveLength(1);

	accept();
	refuse("DELETE ON bulk_work");
	const all = [redate(), redate()].map((begun) => desk.finish(begun));
	for (const one of await Promise.allSettled(all)) expect(one).toMatchObject({ reason: { code: "unavailable" } });
	expect(listBulkWorks(store.db)).toHaveLength(3);
	expect(faults).toHaveLength(4);

	accept();
	await vi.advanceTimersByTimeAsync(retry);
	while (listBulkWorks(store.db).length > 0) await new Promise(setImmediate);
	expect(marked()).toHaveLength(2 * hosts);
	checkCounters(store);
	await desk.close();
});

test("rows written ahead for a request that never came to be go when the daemon starts, and no other takes its number", async () => {
	const first = await asked();
	const kept = transaction(store.db, () => reserveException(store.db));
	run(store.db, "INSERT INTO exception_finding (exception, finding) VALUES (?, 1), (?, 2)", kept, kept);
	const second = await asked();
	expect([first, kept, second]).toEqual([first, first + 1, first + 2]);
	dropUnmade(store.db);
	expect(coveredIds(store.db, kept)).toEqual([]);
	expect(coveredIds(store.db, first)).toHaveLength(2 * hosts);
	expect(coveredIds(store.db, second)).toHaveLength(2 * hosts);
});
