import fc from "fast-check";
import { expect, test } from "vitest";
import type { SortKey } from "./page-order.ts";
import { createScan, findScan, listScans, saveScan } from "./scans.ts";
import { openStore } from "./store.ts";

const open = () => openStore(":memory:", { clock: { now: () => 0 } }).db;

test("the pages of any list, put together, are the list: nothing twice, nothing missing", () => {
	const row = fc.record({
		title: fc.constantFrom("a", "B", "b", "", "c"),
		finished: fc.option(fc.nat(3), { nil: null }),
	});
	const key = fc.record({ field: fc.constantFrom("title", "finishedAt", "status", "id"), descending: fc.boolean() });
	const keys = fc.uniqueArray(key, { selector: ({ field }) => field, minLength: 1, maxLength: 3 });
	const sort = fc.option(keys, { nil: null });
	fc.assert(
		fc.property(fc.array(row, { maxLength: 30 }), sort, fc.integer({ min: 1, max: 7 }), (rows, order, limit) => {
			const db = open();
			for (const { title, finished } of rows) {
				const id = createScan(db, { title, targets: [], exclusions: [], ports: "", profile: "", at: 0 });
				const finishedAt = finished === null ? null : new Date(finished).toISOString();
				saveScan(db, { ...findScan(db, id)!, finishedAt });
			}
			const whole = listScans(db, { where: null, sort: order, limit: 1000, cursor: null });
			const seen: number[] = [];
			let cursor: string | null = null;
			do {
				const page = listScans(db, { where: null, sort: order, limit, cursor });
				expect(page.total).toBe(rows.length);
				expect(page.items.length).toBeLessThanOrEqual(limit);
				seen.push(...page.items.map(({ id }) => id));
				cursor = page.next;
			} while (cursor !== null);
			expect(seen).toEqual(whole.items.map(({ id }) => id));
			expect(new Set(seen).size).toBe(rows.length);
			for (const skip of [1, 2, rows.length - 1, rows.length].filter((n) => n > 0)) {
				const { items, total } = listScans(db, { where: null, sort: order, limit, cursor: null, skip });
				expect(items).toEqual(whole.items.slice(skip, skip + limit));
				expect(total).toBe(rows.length);
				const one = listScans(db, { where: null, sort: order, limit: 1, cursor: null }).next;
				const further = listScans(db, { where: null, sort: order, limit, cursor: one, skip });
				if (one !== null) expect(further.items).toEqual(whole.items.slice(1 + skip, 1 + skip + limit));
			}
			db.close();
		}),
		{ numRuns: 60 },
	);
});

test("of several keys each decides among equals of those before, whichever way it points", () => {
	const db = open();
	for (const title of ["b", "a", "b", "a"])
		createScan(db, { title, targets: [], exclusions: [], ports: "", profile: "", at: 0 });
	const ids = (...sort: SortKey[]) =>
		listScans(db, { where: null, sort, limit: 10, cursor: null }).items.map(({ id }) => id);
	const [up, down] = [false, true].map((descending) => ({ field: "title", descending }));
	expect(ids(up!, { field: "id", descending: true })).toEqual([4, 2, 3, 1]);
	expect(ids(down!, { field: "id", descending: false })).toEqual([1, 3, 2, 4]);
});

test("a condition narrows the list and its total", () => {
	const db = open();
	for (const title of ["a", "b", "a"])
		createScan(db, { title, targets: [], exclusions: [], ports: "", profile: "", at: 0 });
	const page = listScans(db, { where: { sql: "c.title = ?", params: ["a"] }, sort: null, limit: 1, cursor: null });
	expect(page.total).toBe(2);
	expect(page.items.map(({ id }) => id)).toEqual([3]);
	expect(page.next).not.toBeNull();
});

test.each([
	"",
	"x",
	"bm90IGpzb24",
	Buffer.from('["",1]').toString("base64url"),
	Buffer.from('["",1,2,3]').toString("base64url"),
	Buffer.from('["",1,"x"]').toString("base64url"),
	Buffer.from("[1,2,3]").toString("base64url"),
	Buffer.from('["",{"a":1},3]').toString("base64url"),
])("a cursor nobody gave out is invalid: %s", (cursor) => {
	const list = () => listScans(open(), { where: null, sort: null, limit: 1, cursor });
	expect(list).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("a cursor of another order, and a field there is none of, are invalid", () => {
	const db = open();
	for (let n = 0; n < 3; n++)
		createScan(db, { title: "t", targets: [], exclusions: [], ports: "", profile: "", at: 0 });
	const { next } = listScans(db, { where: null, sort: null, limit: 1, cursor: null });
	const sorted = { where: null, sort: [{ field: "title", descending: false }], limit: 1 };
	expect(() => listScans(db, { ...sorted, cursor: next })).toThrow(expect.objectContaining({ code: "invalid" }));
	for (const field of ["nonsense", "constructor", "__proto__"]) {
		const list = () => listScans(db, { ...sorted, sort: [{ field, descending: false }], cursor: null });
		expect(list).toThrow(expect.objectContaining({ code: "invalid" }));
	}
});

test("a total is never older than the last write, nor another filter's", () => {
	const db = open();
	const titled = (title: string) => ({
		where: { sql: "c.title = ?", params: [title] },
		sort: null,
		limit: 1,
		cursor: null,
	});
	for (let n = 1; n <= 5; n++) {
		createScan(db, { title: "a", targets: [], exclusions: [], ports: "", profile: "", at: 0 });
		expect(listScans(db, titled("a")).total).toBe(n);
		expect(listScans(db, titled("b")).total).toBe(0);
		expect(listScans(db, titled("a")).total).toBe(n);
	}
});
