import fc from "fast-check";
import { expect, test } from "vitest";
import { type AuditEvent, appendAudit, listAudit, verifyAudit } from "./audit.ts";
import { openStore } from "./store.ts";

const at = Date.UTC(2026, 0, 1);
const newest = { where: null, sort: null, limit: 100, cursor: null };

function logOf(count: number) {
	const { db } = openStore(":memory:", { clock: { now: () => at } });
	for (let i = 1; i <= count; i++)
		appendAudit(db, { who: "unix:1000", action: "scan.start", object: `scan ${i}`, after: { ports: "22" } }, at + i);
	return db;
}

/** What somebody does who may write the file: the triggers do not stop them. */
function tamper(db: ReturnType<typeof logOf>, sql: string): void {
	db.exec(`DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; ${sql}`);
}

test("entries are numbered, newest first, and the chain holds", async () => {
	const db = logOf(3);
	const { items, total } = listAudit(db, newest);
	expect(total).toBe(3);
	expect(items.map(({ n, object }) => [n, object])).toEqual([
		[3, "scan 3"],
		[2, "scan 2"],
		[1, "scan 1"],
	]);
	expect(items[0]).toMatchObject({ who: "unix:1000", before: null, after: { ports: "22" }, reason: null });
	expect(await verifyAudit(db)).toMatchObject({ entries: 3, intact: true, head: items[0]?.hash, faults: [] });
	expect(await verifyAudit(logOf(0))).toMatchObject({ entries: 0, intact: true });
});

test("rows cannot be changed or deleted by a slip", () => {
	const db = logOf(1);
	expect(() => db.exec("UPDATE audit SET who = 'root'")).toThrow(/only grows/);
	expect(() => db.exec("DELETE FROM audit")).toThrow(/only grows/);
});

test.each([
	["who", "UPDATE audit SET who = 'unix:0' WHERE n = 3"],
	["when", "UPDATE audit SET at = at + 1 WHERE n = 3"],
	["what", "UPDATE audit SET action = 'scan.pause' WHERE n = 3"],
	["the object", "UPDATE audit SET object = 'scan 9' WHERE n = 3"],
	["the state after", `UPDATE audit SET after = '{"ports":"23"}' WHERE n = 3`],
	["a state that was not there", "UPDATE audit SET before = '1' WHERE n = 3"],
	["to no JSON", "UPDATE audit SET after = 'nonsense' WHERE n = 3"],
	["the reason", "UPDATE audit SET reason = 'told to' WHERE n = 3"],
	["the hash", `UPDATE audit SET hash = '${"a".repeat(64)}' WHERE n = 3`],
])("a changed entry is found and named: %s", async (_, sql) => {
	const db = logOf(5);
	tamper(db, sql);
	const { intact, faults } = await verifyAudit(db);
	expect(intact).toBe(false);
	expect(faults[0]).toMatchObject({ n: 3, kind: "changed", text: expect.stringContaining("Entry 3") });
});

test("an entry taken out, the end cut off and everything gone are each found", async () => {
	const removed = logOf(5);
	tamper(removed, "DELETE FROM audit WHERE n = 2");
	expect((await verifyAudit(removed)).faults).toEqual([{ n: 2, kind: "missing", text: "Entry 2 is missing." }]);
	const cut = logOf(5);
	tamper(cut, "DELETE FROM audit WHERE n >= 4");
	expect((await verifyAudit(cut)).faults).toEqual([
		{ n: 4, kind: "cut-off", text: "The log ends at entry 3; it had 5." },
	]);
	const gone = logOf(5);
	tamper(gone, "DELETE FROM audit");
	expect((await verifyAudit(gone)).intact).toBe(false);
});

test("whatever is written verifies, and any one changed text does not", async () => {
	const text = fc.string({ unit: "grapheme", maxLength: 30 });
	const state = fc.option(fc.jsonValue(), { nil: undefined });
	const event = fc.record({ who: text, action: text, object: text, before: state, after: state, reason: text });
	await fc.assert(
		fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 8 }), fc.nat(), async (events, pick) => {
			const { db } = openStore(":memory:", { clock: { now: () => at } });
			for (const one of events) appendAudit(db, one as AuditEvent, at);
			expect(await verifyAudit(db)).toMatchObject({ entries: events.length, intact: true });
			const n = 1 + (pick % events.length);
			tamper(db, `UPDATE audit SET object = object || '!' WHERE n = ${n}`);
			expect((await verifyAudit(db)).faults.map((fault) => fault.n)).toEqual([n]);
		}),
		{ numRuns: 60 },
	);
});

test("too long a state is kept as its hash", () => {
	const db = logOf(0);
	appendAudit(db, { who: "w", action: "a.b", object: "o", after: "x".repeat(20_000) }, at);
	expect(listAudit(db, newest).items[0]?.after).toMatchObject({ tooLong: 20_002, begins: expect.any(String) });
});
