import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { DataOf } from "../evidence/record.ts";
import { assetTables } from "./asset-tables.ts";
import { createAsset } from "./assets.ts";
import { Tally } from "./counters.ts";
import { listRecords } from "./evidence.ts";
import { readLooseRows, removeLooseRows, writeLooseRow } from "./loose-rows.ts";
import { insertMerge, readShelf, shelve } from "./merges.ts";
import { forgetPackages, readPackageList, savePackageList, unpackHashes } from "./package-lists.ts";
import { saveRecord } from "./record-writes.ts";
import { transaction } from "./sql.ts";
import { openStore } from "./store.ts";

const open = () => openStore(":memory:", { clock: { now: () => 0 } });
const word = fc.string({ maxLength: 12, unit: "grapheme" });
const maybe = fc.option(word);
const lists: fc.Arbitrary<DataOf<"packages">> = fc.record({
	manager: fc.constantFrom("dpkg", "rpm", "apk"),
	packages: fc.array(
		fc.record({
			...{ name: word, version: word, architecture: maybe, source: maybe, sourceVersion: maybe, vendor: maybe },
			module: maybe,
		}),
	),
});

test("what was packed comes out again, in its order, whether it was met before or not", () => {
	const { db } = open();
	fc.assert(
		fc.property(lists, lists, (one, other) => {
			const numbers = [one, other, one].map((list) => savePackageList(db, list) ?? 0);
			expect(numbers.map((number) => readPackageList(db, number))).toEqual([one, other, one]);
			expect(numbers[2]).toBe(numbers[0]);
		}),
		{ numRuns: 200 },
	);
});

const one = {
	...{ name: "a", version: "1", architecture: null, source: null, sourceVersion: null, vendor: null, module: null },
};
const count = (db: DatabaseSync, table: string) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;

test("a package is kept once, and what is rolled back is forgotten", () => {
	const { db } = open();
	const other = { ...one, name: "b" };
	const list = { manager: "dpkg" as const, packages: [one, one] };
	expect(() =>
		transaction(db, () => {
			expect(readPackageList(db, savePackageList(db, list) ?? 0)).toEqual(list);
			throw new Error("rolled back");
		}),
	).toThrow();
	expect(count(db, "package")).toBe(0);
	savePackageList(db, { manager: "dpkg", packages: [other] });
	expect(readPackageList(db, savePackageList(db, list) ?? 0)).toEqual(list);
	expect(count(db, "package")).toBe(2);
});

test("two packages of one hash are not taken for each other", () => {
	const { db } = open();
	const list = { manager: "dpkg" as const, packages: [one] };
	savePackageList(db, list);
	db.exec("UPDATE package SET body = '{}'");
	forgetPackages(db);
	expect(savePackageList(db, list)).toBeNull();
});

test("a list goes with the last body that is one", () => {
	const { db } = open();
	const list = savePackageList(db, { manager: "apk", packages: [one] });
	const add = db.prepare("INSERT INTO body (packed, data, list) VALUES (3, x'', ?)");
	const [a, b] = [add.run(list).lastInsertRowid, add.run(list).lastInsertRowid];
	db.prepare("DELETE FROM body WHERE id = ?").run(a);
	expect(count(db, "package_list")).toBe(1);
	db.prepare("UPDATE body SET list = NULL WHERE id = ?").run(b);
	expect(count(db, "package_list")).toBe(0);
});

test("a list from before lists had numbers is read", () => {
	const { db } = open();
	savePackageList(db, { manager: "rpm", packages: [one] });
	const key = Number(db.prepare("SELECT hash FROM package").get()?.hash);
	const bytes = Buffer.alloc(13, 1);
	bytes.writeUIntBE(key, 1, 6);
	bytes.writeUIntBE(key, 7, 6);
	expect(unpackHashes(db, bytes)).toEqual({ manager: "rpm", packages: [one, one] });
});

test("a list taken out with its record comes back whole, also when nobody else has it", () => {
	const { db } = open();
	const record = {
		kind: "packages",
		address: "127.0.0.1",
		port: 0,
		protocol: "tcp",
		source: "login",
		complete: true,
	} as const;
	const data = { manager: "dpkg" as const, packages: [one, { ...one, name: "b" }] };
	const asset = createAsset(db, new Tally(), { network: 1, name: "a", address: record.address, at: 0 });
	saveRecord(db, asset, null, { ...record, observedAt: 0, data });
	const table = assetTables(db).find(({ name }) => name === "record");
	if (table === undefined) throw new Error("no table of records");
	const [row, ...more] = readLooseRows(db, table, asset, null);
	expect(more).toEqual([]);
	if (row === undefined) throw new Error("no row");
	const said = {
		survivor: asset,
		at: 0,
		by: "",
		why: "",
		automatic: false,
		confidence: null,
		evidence: "[]",
		chosen: {},
	};
	const merge = insertMerge(db, said);
	shelve(db, merge, asset, "record", [row]);
	removeLooseRows(db, table, asset, [row], null)();
	const [shelved] = readShelf(db, merge).get("record")?.get(asset) ?? [];
	if (shelved === undefined) throw new Error("nothing on the shelf");
	writeLooseRow(db, table, asset, shelved);
	expect(listRecords(db, asset).map((one) => one.data)).toEqual([data]);
	expect(count(db, "package_list")).toBe(1);
});
