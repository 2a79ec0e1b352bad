import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { putBackAsset, takeOutAsset } from "./asset-archive.ts";
import { putTag } from "./asset-tags.ts";
import { listAssets } from "./assets.ts";
import { Tally } from "./counters.ts";
import { transaction } from "./sql.ts";
import { createTag, deleteTag } from "./tags.ts";

const t0 = 1_700_000_000_000;
/** Told with those that refer to them, or no part of what is stored of an asset. */
const apart = new Set(["result", "body", "sqlite_sequence", "finding_log", "order_version"]);
const plainTag = { colour: null, description: "", favourite: false, criticality: null };

/** Everything stored, with what interned numbers stand for in place of them, and no counter at zero. */
function contents(db: DatabaseSync): Record<string, string[]> {
	const texts = new Map(
		db
			.prepare("SELECT id, text, uses FROM result")
			.all()
			.map((row) => [row.id, row]),
	);
	const bodies = new Map(
		db
			.prepare("SELECT id, packed, data FROM body")
			.all()
			.map((row) => [row.id, row]),
	);
	const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
	const rows = tables.map(({ name }): [string, string[]] => {
		const all = db.prepare(`SELECT * FROM "${name}"`).all();
		const said = all.flatMap((row) => {
			if ((name === "counter" && row.n === 0) || apart.has(String(name))) return [];
			if ("result" in row)
				return JSON.stringify({ ...row, result: texts.get(row.result) && { ...texts.get(row.result), id: 0 } });
			if (name === "record")
				return JSON.stringify({ ...row, body: bodies.get(row.body) && { ...bodies.get(row.body), id: 0 } });
			return JSON.stringify(row);
		});
		return [String(name), said.sort()];
	});
	return { ...Object.fromEntries(rows), texts: [...texts.values()].map(({ text, uses }) => `${uses} ${text}`).sort() };
}

/** A store with `hosts` hosts, each scanned a few times, with things found, fixed and found again. */
function storeOf(hosts: readonly (readonly string[])[]) {
	const store = memoryStore();
	for (const [i, states] of hosts.entries())
		for (const [n, state] of states.entries()) {
			const address = `127.0.1.${i + 1}`;
			const at = t0 + n * 60_000;
			const host = sampleHost(address, n + 1, at);
			const records = [redisRecord(address, at - 100), mysqlRecord(address, at - 100, state)];
			ingestHost(store, sampleKnowledge, state === "as it comes" ? host : { ...host, records });
		}
	return store;
}

test("what is taken out and put back is as it was, whatever else is there", () => {
	const states = fc.constantFrom("as it comes", "not allowed", "allowed");
	const hosts = fc.array(fc.array(states, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
	fc.assert(
		fc.property(hosts, fc.nat(3), (wanted, pick) => {
			const store = storeOf(wanted);
			const ids = listAssets(store.db, { where: null, sort: null, limit: 10, cursor: null }).items.map(({ id }) => id);
			const id = ids[pick % ids.length] ?? 0;
			const before = contents(store.db);
			const change = (work: (tally: Tally) => void) =>
				transaction(store.db, () => {
					const tally = new Tally();
					work(tally);
					tally.write(store.db, t0);
				});
			let body: Uint8Array = new Uint8Array();
			change((tally) => {
				body = takeOutAsset(store.db, tally, id)?.body ?? body;
			});
			const without = contents(store.db);
			expect(without.asset).toHaveLength(ids.length - 1);
			for (const [table, rows] of Object.entries(without))
				if (table !== "trend")
					expect(
						rows.filter((row) => row.includes(`"asset":${id},`)),
						table,
					).toEqual([]);
			if (ids.length === 1) expect(without.texts).toEqual([]);
			change((tally) => putBackAsset(store.db, tally, body));
			expect(contents(store.db)).toEqual({ ...before, trend: expect.anything() });
			expect(() => putBackAsset(store.db, new Tally(), body)).toThrow(AppError);
		}),
		{ numRuns: 30 },
	);
});

test("there is nothing to take out of an asset that is not there", () => {
	expect(takeOutAsset(memoryStore().db, new Tally(), 7)).toBeNull();
});

test("what a row refers to may be gone when it comes back", () => {
	const store = storeOf([["as it comes"]]);
	const { db } = store;
	const tags = ["kept", "deleted"].map((name) =>
		createTag(db, { ...plainTag, name, parent: null, rule: { kind: "static", text: "" } }, t0),
	);
	for (const tag of tags) putTag(db, tag.id, [1], { why: "ana", at: t0 });
	const body = takeOutAsset(db, new Tally(), 1)?.body ?? new Uint8Array();
	deleteTag(db, tags[1] ?? { id: 0, name: "" });
	putBackAsset(db, new Tally(), body);
	expect(db.prepare("SELECT tag FROM asset_tag WHERE asset = 1").all()).toEqual([{ tag: tags[0]?.id }]);
	expect(db.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
});

test("rows of a table that has gone, and of a column that has come, do not keep an asset out", () => {
	const store = storeOf([["as it comes"]]);
	const { db } = store;
	db.exec("CREATE TABLE note (asset INTEGER NOT NULL REFERENCES asset (id) ON DELETE CASCADE, text TEXT) STRICT");
	db.exec("INSERT INTO note VALUES (1, 'kept')");
	const body = takeOutAsset(db, new Tally(), 1)?.body ?? new Uint8Array();
	db.exec("DROP TABLE note");
	db.exec("ALTER TABLE service ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'");
	putBackAsset(db, new Tally(), body);
	expect(db.prepare("SELECT DISTINCT colour FROM service").all()).toEqual([{ colour: "grey" }]);
	expect(listAssets(db, { where: null, sort: null, limit: 10, cursor: null }).items).toHaveLength(1);
});
