import { afterEach, beforeEach, expect, test } from "vitest";
import type { ExceptionScope } from "../../protocol/model/exception.ts";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { setExcepted } from "../store/excepted.ts";
import { all } from "../store/sql.ts";
import { previewException } from "./preview.ts";
import { resolveScopes } from "./scope.ts";

const now = Date.UTC(2026, 2, 1);
let store: ReturnType<typeof memoryStore>;
beforeEach(() => {
	store = memoryStore(now);
	for (let host = 1; host <= 12; host++) {
		const address = `127.0.0.${host}`;
		const records = [redisRecord(address, now - 100), mysqlRecord(address, now - 100, null)];
		ingestHost(store, sampleKnowledge, { ...sampleHost(address, host, now), records });
	}
});
afterEach(() => store.close());

const query = (text: string): ExceptionScope => ({ kind: "query", query: text, qids: [], live: false });
const openOnes = () =>
	all<{ id: number; severity: number }>(store.db, "SELECT id, severity FROM finding WHERE open = 1 ORDER BY id");

test("scopes that overlap count each finding once, and show the worst of all, the newest first", () => {
	const [first, ...rest] = openOnes();
	const scopes = [query("severity>=1"), { kind: "findings" as const, findings: [first?.id ?? 0] }, query("port:6379")];
	const resolved = resolveScopes(store.db, scopes, now);
	expect(resolved.ids).toEqual([first, ...rest].map((one) => one?.id));
	const ranked = openOnes().sort((a, b) => b.severity - a.severity || b.id - a.id);
	expect(resolved.worst).toEqual(ranked.slice(0, 10).map(({ id }) => id));
	expect(Object.values(resolved.bySeverity).reduce((sum, n) => sum + n)).toBe(ranked.length);
});

test("what all scopes find together is bounded, also where they find the same", () => {
	const found = openOnes().length;
	const [twice, once] = [[query("severity>=1"), query("severity<=5")], [query("severity>=1")]];
	expect(resolveScopes(store.db, once, now, found).ids).toHaveLength(found);
	expect(resolveScopes(store.db, twice, now, 2 * found).ids).toHaveLength(found);
	expect(() => resolveScopes(store.db, twice, now, 2 * found - 1)).toThrow(/more than/);
	expect(() => resolveScopes(store.db, once, now, found - 1)).toThrow(/more than/);
});

test("a hundred queries at once are refused, but the same one a hundred times is one", () => {
	const many = Array.from({ length: 100 }, (_, n) => query(`port:6379 and severity<=${n}`));
	expect(() => previewException(store.db, many, now)).toThrow(/more than 5 queries/);
	const one = previewException(store.db, [query("port:6379")], now);
	expect(previewException(store.db, Array(100).fill(query("port:6379")), now)).toEqual(one);
});

test("what is set apart already is told, by whichever of the two ways", () => {
	const [excepted, ignored] = openOnes().map(({ id }) => id);
	setExcepted(store.db, [excepted ?? 0], "exception", true, now);
	setExcepted(store.db, [ignored ?? 0], "ignored", true, now);
	const preview = previewException(store.db, [query("severity>=1")], now);
	expect([preview.excepted, preview.findings, preview.of]).toEqual([2, 2 + openOnes().length, preview.findings]);
});
