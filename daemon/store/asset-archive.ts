/**
 * Takes an asset with all that hangs on it out of the store, as one packed body, and puts it back as it was: same ids, same
 * histories. Which tables belong to an asset is read from the schema, so that a new one is not forgotten.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { AppError } from "../../protocol/errors.ts";
import type { Tally } from "./counters.ts";
import { listRecords, type StoredRecord } from "./evidence.ts";
import { deleteRecord, saveRecords } from "./record-writes.ts";
import { dropResult, takeResult } from "./results.ts";
import { all, first, run } from "./sql.ts";
import { standingOf, writeStanding } from "./standing.ts";

type Value = string | number | null | { base64: string };
type Row = Record<string, Value>;

/** What a body holds. Texts of results stand in place of their numbers, which mean nothing once nobody uses them. */
interface Archive {
	readonly asset: Row;
	readonly tables: Record<string, Row[]>;
	readonly records: StoredRecord[];
	readonly findings: Row[];
	readonly events: Row[];
}

/** More than any asset there is; a damaged body must not fill the memory. Bytes. */
const bodyLimit = 256 * 1024 * 1024;
/** What an asset that is not there stands for. */
const nothing = { counters: new Map(), spread: new Map() };
/** Taken out by hand: what they refer to is shared with other assets. */
const byHand = new Set(["record", "finding"]);

/** Removes the asset and gives back what `putBackAsset` needs. Null when there is none. Within the caller's transaction. */
export function takeOutAsset(
	db: DatabaseSync,
	tally: Tally,
	id: number,
): { body: Uint8Array; findings: number } | null {
	const asset = first<Row>(db, "SELECT * FROM asset WHERE id = ?", id);
	if (asset === undefined) return null;
	const tables = Object.fromEntries(
		assetTables(db).map(({ name, columns }) => [name, rowsOf(db, name, columns, id)] as const),
	);
	const findings = all<Row>(db, "SELECT * FROM finding WHERE asset = ?", id);
	const events = all<Row>(
		db,
		"SELECT * FROM finding_event WHERE finding IN (SELECT id FROM finding WHERE asset = ?)",
		id,
	);
	const records = listRecords(db, id);
	const archive: Archive = {
		asset: storable(asset),
		tables,
		records,
		findings: findings.map((row) => withText(db, row)),
		events: events.map((row) => withText(db, row)),
	};
	writeStanding(db, tally, standingOf(db, [id]), nothing);
	for (const row of [...events, ...findings]) dropResult(db, Number(row.result), 1);
	run(db, "DELETE FROM finding_event WHERE finding IN (SELECT id FROM finding WHERE asset = ?)", id);
	for (const record of records) deleteRecord(db, id, record);
	run(db, "DELETE FROM asset WHERE id = ?", id);
	return {
		body: deflateRawSync(JSON.stringify(archive), { level: 6 }),
		findings: findings.filter((row) => row.open === 1).length,
	};
}

/** Puts back what `takeOutAsset` gave. Throws `conflict` when an asset of that number is there. Within the caller's transaction. */
export function putBackAsset(db: DatabaseSync, tally: Tally, body: Uint8Array): void {
	const archive = JSON.parse(inflateRawSync(body, { maxOutputLength: bodyLimit }).toString("utf8")) as Archive;
	const id = Number(archive.asset.id);
	if (first(db, "SELECT 1 FROM asset WHERE id = ?", id) !== undefined)
		throw new AppError("conflict", `Asset ${id} is in the inventory already.`);
	insert(db, "asset", archive.asset);
	const known = new Map(assetTables(db).map(({ name, columns }) => [name, columns]));
	for (const [name, rows] of Object.entries(archive.tables)) {
		if (!known.has(name)) continue;
		const references = referencesOf(db, name);
		// A tag that was deleted since, or the other asset of two, takes its row along.
		for (const row of rows) if (references.every((reference) => isThere(db, reference, row))) insert(db, name, row);
	}
	for (const [scan, records] of Map.groupBy(archive.records, (record) => record.scan))
		saveRecords(db, id, scan, records);
	for (const row of archive.findings) insert(db, "finding", withNumber(db, row));
	for (const row of archive.events) insert(db, "finding_event", withNumber(db, row));
	writeStanding(db, tally, nothing, standingOf(db, [id]));
}

/** The tables whose rows go with an asset, and the columns that name it. */
function assetTables(db: DatabaseSync): { name: string; columns: string[] }[] {
	const rows = all<{ name: string; columns: string }>(
		db,
		`SELECT t.name, json_group_array(f."from") AS columns FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
		WHERE t.type = 'table' AND f."table" = 'asset' GROUP BY t.name ORDER BY t.name`,
	);
	return rows
		.filter(({ name }) => !byHand.has(name))
		.map(({ name, columns }) => ({ name, columns: JSON.parse(columns) as string[] }));
}

function rowsOf(db: DatabaseSync, table: string, columns: readonly string[], id: number): Row[] {
	const where = columns.map((column) => `"${column}" = ?`).join(" OR ");
	const rows = all<Row>(db, `SELECT * FROM "${table}" WHERE ${where}`, ...columns.map(() => id));
	return rows.map(storable);
}

/** What a column of a table refers to. */
interface Reference {
	readonly column: string;
	readonly table: string;
	readonly key: string;
}

function referencesOf(db: DatabaseSync, table: string): Reference[] {
	return all<Reference>(
		db,
		`SELECT "from" AS "column", "table" AS "table", ifnull("to", 'rowid') AS "key" FROM pragma_foreign_key_list(?)`,
		table,
	);
}

function isThere(db: DatabaseSync, { column, table, key }: Reference, row: Row): boolean {
	const value = row[column] ?? null;
	if (value === null || typeof value === "object") return true;
	return first(db, `SELECT 1 FROM "${table}" WHERE "${key}" = ?`, value) !== undefined;
}

function storable(row: Row): Row {
	return Object.fromEntries(
		Object.entries(row).map(([name, value]) => [
			name,
			(value as unknown) instanceof Uint8Array
				? { base64: Buffer.from(value as unknown as Uint8Array).toString("base64") }
				: value,
		]),
	);
}

/** Columns that have gone since and those that are computed are left out; those that have come get their default. */
function insert(db: DatabaseSync, table: string, row: Row): void {
	const columns = all<{ name: string }>(db, "SELECT name FROM pragma_table_info(?)", table)
		.map(({ name }) => name)
		.filter((name) => Object.hasOwn(row, name));
	const marks = columns.map(() => "?").join(", ");
	const names = columns.map((name) => `"${name}"`).join(", ");
	const values = columns.map((name): SQLInputValue => {
		const value = row[name] ?? null;
		return typeof value === "object" && value !== null ? Buffer.from(value.base64, "base64") : value;
	});
	run(db, `INSERT INTO "${table}" (${names}) VALUES (${marks})`, ...values);
}

function withText(db: DatabaseSync, row: Row): Row {
	const text = first<{ text: string }>(db, "SELECT text FROM result WHERE id = ?", Number(row.result))?.text ?? "";
	return { ...row, result: text };
}

function withNumber(db: DatabaseSync, row: Row): Row {
	return { ...row, result: takeResult(db, String(row.result)) };
}
