import { describe, expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { compileFilter } from "../query/compile.ts";
import { isExists } from "../query/fields.ts";
import { listAssets } from "./assets.ts";
import {
	assetFields,
	assetSorts,
	findingFields,
	findingOrder,
	findingScope,
	findingSorts,
	scanFields,
	scanSorts,
} from "./fields.ts";
import { listFindings } from "./findings.ts";
import type { ListQuery, Page } from "./page.ts";
import { beyondPlace, orderBy, orderOf } from "./page-order.ts";
import { listScans } from "./scans.ts";

const store = memoryStore();
for (let n = 1; n <= 3; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, 1_700_000_000_000 + n));
const all: ListQuery = { where: null, sort: null, limit: 100, cursor: null };
const where = (sql: string, ...params: (string | number)[]): ListQuery => ({ ...all, where: { sql, params } });

const lists = [
	{ name: "assets", fields: assetFields, sorts: assetSorts, list: (query: ListQuery) => listAssets(store.db, query) },
	{
		name: "findings",
		fields: findingFields,
		sorts: findingSorts,
		list: (query: ListQuery) => listFindings(store.db, query),
	},
	{ name: "scans", fields: scanFields, sorts: scanSorts, list: (query: ListQuery) => listScans(store.db, query) },
];

describe.each(lists)("$name", ({ fields, sorts, list }) => {
	test.each(Object.entries(fields.fields))("field %s is valid SQL", (name, field) => {
		const names = isExists(field) ? Object.keys(field.exists.fields).map((sub) => `${name}.${sub}`) : [name];
		for (const one of [name, ...names]) {
			const { where } = compileFilter(`${one} is not null`, fields, { now: 0 });
			expect(() => list({ ...all, where })).not.toThrow();
		}
		if (isExists(field)) expect(Object.keys(field.exists.fields)).toContain(field.exists.default);
	});

	test.each(Object.keys(sorts))("sorted by %s, both ways, the pages hold every row once", (field) => {
		for (const descending of [true, false]) {
			const seen: number[] = [];
			let cursor: string | null = null;
			do {
				const page: Page<{ id: number }> = list({ ...all, sort: [{ field, descending }], limit: 2, cursor });
				seen.push(...page.items.map(({ id }) => id));
				cursor = page.next;
			} while (cursor !== null);
			expect(new Set(seen).size).toBe(seen.length);
			expect(seen.length).toBe(list(all).total);
		}
	});

	test("every word looked for without a field is a field", () => {
		for (const name of fields.bare) expect(Object.keys(fields.fields)).toContain(name.split(".")[0]);
	});
});

test("what a findings list leaves out depends on what the filter names", () => {
	expect(findingScope(new Set(["port"]))).toBe("f.open = 1");
	expect(findingScope(new Set(["status"]))).toBe("f.open IN (0, 1)");
	expect(findingScope(new Set(["type", "status"]))).toBe("f.open <> 3");
	expect(findingScope(new Set(["excepted"]))).toBe("f.open IN (1, 3)");
	expect(findingScope(new Set(["excepted", "status"]))).toBe("f.open <> 2");
	expect(findingScope(new Set(["excepted", "type"]))).toBeNull();
	expect(listFindings(store.db, where("f.open <> 2")).total).toBe(6);
	expect(listFindings(store.db, where("1")).total).toBe(12);
	expect(listFindings(store.db, where("s.name = ?", "redis/open")).total).toBe(3);
});

test("a page of open findings comes from the index, without sorting, and so does the list turned round", () => {
	for (const sort of [null, [{ field: "severity", descending: false }]]) {
		const order = orderOf({ sorts: findingSorts, key: "f.id", ...findingOrder }, sort);
		const beyond = beyondPlace(order, [2, 3, 5]);
		const plan = store.db
			.prepare(
				`EXPLAIN QUERY PLAN SELECT f.id FROM finding f LEFT JOIN signature s ON s.id = f.signature
				LEFT JOIN asset a ON a.id = f.asset LEFT JOIN result r ON r.id = f.result
				WHERE (f.open = 1) AND ${beyond.sql} ORDER BY ${orderBy(order)} LIMIT 10`,
			)
			.all(...beyond.params)
			.map(({ detail }) => String(detail));
		expect(plan[0]).toMatch(/USING (COVERING )?INDEX finding_open \(\(severity,asset,id\)[<>]\(/);
		expect(plan.join("\n")).not.toContain("TEMP B-TREE");
	}
});

test("the worst assets come from the index, without sorting", () => {
	const plan = store.db
		.prepare("EXPLAIN QUERY PLAN SELECT a.id FROM asset a ORDER BY a.rank DESC, a.id DESC LIMIT 10")
		.all()
		.map(({ detail }) => String(detail));
	expect(plan).toEqual(["SCAN a USING INDEX asset_rank"]);
});
