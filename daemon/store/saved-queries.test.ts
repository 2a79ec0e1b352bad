import { expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { askList } from "./query-lists.ts";
import {
	deleteSavedQuery,
	getSavedQuery,
	listCounts,
	listSavedQueries,
	noteCount,
	saveQuery,
} from "./saved-queries.ts";
import { addWidget, deleteWidget, listWidgets, saveWidget } from "./widgets.ts";

const at = Date.UTC(2026, 2, 15, 12);
const day = 86_400_000;
const by = { by: "me", at };

test("three come with it, and each can be asked", () => {
	const store = memoryStore(at);
	for (let n = 1; n <= 3; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, at));
	store.db.exec("UPDATE asset SET os = NULL WHERE id = 1; UPDATE asset SET last_scan = NULL WHERE id = 2");
	store.db.exec("UPDATE signature SET body = json_set(body, '$.aliases', json('[105053]')) WHERE name = 'redis/open'");
	const found = listSavedQueries(store.db).map((query) => {
		const { total, rows } = askList(store.db, query, { now: at, rows: 5 });
		return [query.name, total, rows.map(({ id }) => id).sort()];
	});
	expect(found).toEqual([
		["Authentication failed", 3, [1, 2, 3]],
		["Not found in 90 days", 1, [2]],
		["OS not identified", 1, [1]],
	]);
	expect(askList(store.db, { list: "findings", filter: "asset:127.0.0.1" }, { now: at, rows: 1 }).rows).toHaveLength(1);
	expect(askList(store.db, { list: "scans", filter: "" }, { now: at, rows: 5 })).toEqual({ total: 0, rows: [] });
});

test("a query saved again keeps its days only where it still asks the same", () => {
	const { db } = memoryStore(at);
	const query = { name: "Old", list: "assets", filter: "lastSeen<now-30d", comment: "" } as const;
	const { id } = saveQuery(db, query, by);
	for (const [ago, n] of [
		[2, 5],
		[1, 7],
		[0, 6],
		[0, 8],
	] as const)
		noteCount(db, id, n, at - ago * day);
	expect(listCounts(db, id, 2)).toEqual([
		{ day: "2026-03-14", count: 7 },
		{ day: "2026-03-15", count: 8 },
	]);
	expect(saveQuery(db, { ...query, name: "OLD", comment: "x" }, by).id).toBe(id);
	expect(listCounts(db, id, 9)).toHaveLength(3);
	saveQuery(db, { ...query, filter: "lastSeen<now-60d" }, by);
	expect(listCounts(db, id, 9)).toEqual([]);
});

test("widgets keep their order, and go with their query", () => {
	const { db } = memoryStore(at);
	const { id } = saveQuery(db, { name: "Mine", list: "assets", filter: "", comment: "" }, by);
	const added = addWidget(db, id, "trend");
	expect(added.position).toBe(3);
	expect(saveWidget(db, { ...added, position: 1 }).position).toBe(1);
	expect(listWidgets(db).map((widget) => widget.kind)).toEqual(["count", "trend", "count", "count"]);
	deleteSavedQuery(db, getSavedQuery(db, "os not identified"));
	deleteWidget(db, listWidgets(db)[0]?.id ?? 0);
	expect(listWidgets(db).map(({ kind, position }) => [kind, position])).toEqual([
		["trend", 0],
		["count", 1],
	]);
});
