import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addressKey } from "./address-key.ts";
import type { ColumnName } from "./finding-cells.ts";
import { FindingColumns } from "./finding-columns.ts";
import { touchFindings } from "./finding-writes.ts";
import { transaction } from "./sql.ts";
import { openStore } from "./store.ts";

const assets = 40;

function openEmpty(): DatabaseSync {
	const { db } = openStore(":memory:", { clock: { now: () => 0 } });
	const asset = db.prepare(
		"INSERT INTO asset (id, network, name, address, tracking, first_seen, last_seen) VALUES (?, 1, ?, ?, 'IP', 0, 0)",
	);
	for (let id = 1; id <= assets; id++) asset.run(id, `host-${id}`, addressKey(`10.0.0.${id}`));
	for (let id = 1; id <= 3; id++) {
		db.prepare(
			"INSERT INTO signature (id, name, qid, title, severity, kind, cves, body) VALUES (?, ?, ?, 'weakness', 3, 'redis', '[]', '{}')",
		).run(id, `s-${id}`, 1_000 + id);
	}
	return db;
}

const asset = fc.integer({ min: 1, max: assets });
const port = fc.integer({ min: 0, max: 4 });
type Act = (db: DatabaseSync) => void;

let nextId = 1;
const address = fc.constantFrom("40a000001", "40a000001", "40a000002", "4f0000001", `6${"0".repeat(32)}`, "40a");
const instance = fc.constantFrom("", "", "www", "\u{1f600}", "\uff01");
const insert: fc.Arbitrary<Act> = fc.tuple(asset, fc.integer({ min: 1, max: 3 }), port, address, instance).map(
	([of, signature, at, place, name]) =>
		(db) =>
			db
				.prepare(
					`INSERT OR IGNORE INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open,
						first_found, last_found, times_found, scan, change, source, result) VALUES (?, ?, ?, ?, 6, ?, ?, 3, 1, 1, 1, 5, 5, 1, 1, 1, 'network', 1)`,
				)
				.run(of, signature, place, at, name, nextId++),
);
const change: fc.Arbitrary<Act> = fc.oneof(
	asset.map(
		(of): Act =>
			(db) =>
				db.prepare("DELETE FROM finding WHERE asset = ?").run(of),
	),
	fc.tuple(asset, port).map(
		([of, at]): Act =>
			(db) =>
				db.prepare("DELETE FROM finding WHERE asset = ? AND port = ?").run(of, at),
	),
	asset.map(
		(of): Act =>
			(db) =>
				db.prepare("UPDATE finding SET status = 3, open = 0, last_fixed = 7 WHERE asset = ?").run(of),
	),
	port.map(
		(at): Act =>
			(db) =>
				db.prepare("UPDATE finding SET severity = 5, fix = 2, excepted = 3 WHERE port = ?").run(at),
	),
	// As a merge does it.
	fc.tuple(asset, asset).map(
		([to, of]): Act =>
			(db) =>
				db.prepare("UPDATE OR IGNORE finding SET asset = ? WHERE asset = ?").run(to, of),
	),
	asset.map(
		(of): Act =>
			(db) => {
				const rows = db.prepare("SELECT id FROM finding WHERE asset = ?").all(of) as { id: number }[];
				touchFindings(
					db,
					of,
					rows.map(({ id }) => id),
					9,
					2,
				);
			},
	),
	asset.map(
		(of): Act =>
			(db) => {
				const undo = () =>
					transaction(db, () => {
						db.prepare("UPDATE finding SET type = 2 WHERE asset = ?").run(of);
						throw new Error("undone");
					});
				expect(undo).toThrow("undone");
			},
	),
);
const names = fc.subarray<ColumnName>([
	"place",
	"asset",
	"signature",
	"timesFound",
	"lastFound",
	"lastFixed",
	"result",
	"address",
	"instance",
]);

test("columns are what the store holds, whatever has changed since they were read", () => {
	const db = openEmpty();
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.array(fc.oneof({ weight: 2, arbitrary: insert }, change), { maxLength: 12 }), names), {
				maxLength: 8,
			}),
			(rounds) => {
				db.exec("DELETE FROM finding");
				const columns = new FindingColumns(db);
				for (const [acts, wanted] of rounds) {
					for (const act of acts) act(db);
					expect(columns.read(wanted)).toBe(true);
					expect(heldRows(columns, wanted)).toEqual(storedRows(db, wanted));
				}
			},
		),
		{ numRuns: 150 },
	);
});

test("what is read beforehand, a part at a time, is what the store holds, whatever changes meanwhile", () => {
	const db = openEmpty();
	const acts = fc.array(fc.oneof({ weight: 2, arbitrary: insert }, change), { maxLength: 6 });
	const turns = fc.array(acts, { maxLength: 20 });
	fc.assert(
		fc.property(fc.array(insert, { maxLength: 60 }), turns, fc.nat(20), names, (before, rounds, mostTurns, wanted) => {
			db.exec("DELETE FROM finding");
			for (const act of before) act(db);
			const columns = new FindingColumns(db, { takenInOne: 5, worthPreparing: 0 });
			let turn = 0;
			for (; turn < mostTurns && transaction(db, () => columns.prepare()); turn++)
				for (const act of rounds[turn] ?? []) act(db);
			expect(columns.read(wanted)).toBe(true);
			expect(columns.isPartial).toBe(false);
			expect(heldRows(columns, wanted)).toEqual(storedRows(db, wanted));
			expect(columns.prepare()).toBe(false);
		}),
		{ numRuns: 150 },
	);
	expect(new FindingColumns(db).prepare(), "little is read when it is needed").toBe(false);
});

test("an asset that comes while others are read beforehand has its findings once", () => {
	const db = openEmpty();
	const found = (asset: number, id: number) =>
		db.exec(`INSERT INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open, first_found,
			last_found, times_found, scan, change, source, result) VALUES (${asset}, 1, '40a000001', 80, 6, '', ${id}, 3, 1, 1, 1, 5, 5, 1, 1, 1, 'network', 1)`);
	found(1, 1);
	found(assets, 2);
	const columns = new FindingColumns(db, { takenInOne: 30, worthPreparing: 0 });
	expect(columns.prepare()).toBe(true);
	db.exec(`INSERT INTO asset (id, network, name, address, tracking, first_seen, last_seen)
		VALUES (${assets + 1}, 1, 'new', '40a0000ff', 'IP', 0, 0)`);
	found(assets + 1, 3);
	expect(columns.read([])).toBe(true);
	expect(heldRows(columns, [])).toEqual(storedRows(db, []));
});

test("where the log is too short to tell what has changed, all is read again", () => {
	const db = openEmpty();
	const columns = new FindingColumns(db);
	fc.sample(insert, 50).forEach((act) => void act(db));
	columns.read(["lastFixed"]);
	db.exec("UPDATE finding SET last_fixed = 3; INSERT INTO finding_log (n, asset, touched) VALUES (102400, 1, 0)");
	expect(db.prepare("SELECT min(n) AS n FROM finding_log").get()).toEqual({ n: 102_400 });
	columns.read(["lastFixed"]);
	expect(heldRows(columns, ["lastFixed"])).toEqual(storedRows(db, ["lastFixed"]));
});

test("what could not be read to its end is not taken for the whole", () => {
	const db = openEmpty();
	for (const act of fc.sample(insert, 50)) act(db);
	const columns = new FindingColumns(db);
	columns.read([]);
	// Node refuses integers that a number cannot hold.
	db.exec("UPDATE finding SET last_found = 9007199254740993 WHERE asset = (SELECT max(asset) FROM finding)");
	expect(() => columns.read(["lastFound"])).toThrow("too large");
	expect(columns.bytes).toBe(0);
	db.exec("UPDATE finding SET last_found = 5 WHERE last_found > 5");
	columns.read(["lastFound"]);
	expect(heldRows(columns, ["lastFound"])).toEqual(storedRows(db, ["lastFound"]));
});

test("numbers that do not fit are told, and nothing is kept", () => {
	const db = openEmpty();
	fc.sample(insert, 1).forEach((act) => void act(db));
	db.exec("UPDATE finding SET id = 4294967296");
	const columns = new FindingColumns(db);
	expect(columns.read([])).toBe(false);
	expect(columns.bytes).toBe(0);
});

test("a column of more texts than can be kept is refused, and the others are read all the same", () => {
	const db = openEmpty();
	for (const act of fc.sample(insert, 20)) act(db);
	const columns = new FindingColumns(db);
	db.exec(
		"UPDATE finding SET instance = id || printf('%.*c', 4000000, 'x') WHERE asset IN (SELECT DISTINCT asset FROM finding LIMIT 6)",
	);
	expect(columns.read(["instance"])).toBe(false);
	expect(columns.bytes).toBe(0);
	expect(columns.read(["address"])).toBe(true);
	expect(heldRows(columns, ["address"])).toEqual(storedRows(db, ["address"]));
});

const sqlOf: Partial<Record<ColumnName, string>> = {
	...{ place: "port", asset: "asset", signature: "signature", timesFound: "times_found", lastFound: "last_found" },
	...{ lastFixed: "last_fixed", result: "result", address: rankOf("address"), instance: rankOf("instance") },
};

function rankOf(column: string): string {
	return `dense_rank() OVER (ORDER BY ${column})`;
}

/** By id: severity, open and status, and the columns. */
function storedRows(db: DatabaseSync, wanted: readonly ColumnName[]): unknown[] {
	const cells = wanted.map((name) => sqlOf[name] ?? "");
	const rows = db.prepare(
		`SELECT ${["id", "severity", "open", "ifnull(status, 0)", ...cells].join(", ")} FROM finding ORDER BY id`,
	);
	rows.setReturnArrays(true);
	return rows.all();
}

function heldRows(columns: FindingColumns, wanted: readonly ColumnName[]): unknown[] {
	const rows: (number | null)[][] = [];
	const marks = columns.column("marks");
	for (let row = 0; row < columns.rows; row++) {
		const mark = marks[row] ?? 0;
		if (mark === 0) continue;
		const cells = wanted.map((name) => {
			const value = columns.column(name)[row] ?? 0;
			return Number.isNaN(value) ? null : name === "place" ? value & 0xffff : value;
		});
		rows.push([columns.column("id")[row] ?? 0, mark & 7, (mark >> 3) & 3, (mark >> 7) & 7, ...cells]);
	}
	for (const [at, name] of wanted.entries()) {
		if (name !== "address" && name !== "instance") continue;
		const placeOf = columns.texts(name).places();
		const places = rows.map((row) => placeOf(row[at + 4] ?? 0));
		const order = [...new Set(places)].sort((a, b) => a - b);
		for (const [n, row] of rows.entries()) row[at + 4] = order.indexOf(places[n] ?? 0) + 1;
	}
	return rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}
