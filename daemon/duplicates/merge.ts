/**
 * Makes several assets one. Rows move to the asset that stays; where two sides have rows of one address, and of what has no
 * address, the sides' own rows go on a shelf first, so that the merge can be undone (undo.ts) with nothing lost.
 */
import type { DatabaseSync } from "node:sqlite";
import type { MergeField } from "../../protocol/model/duplicate.ts";
import { type AssetTable, assetColumns, assetTables } from "../store/asset-tables.ts";
import { Tally } from "../store/counters.ts";
import { keyOf, type LooseRow, readLooseRows, removeLooseRows, writeLooseRow } from "../store/loose-rows.ts";
import { insertMerge, insertSide, type MergeSide, shelve } from "../store/merges.ts";
import { all, first, run, transaction } from "../store/sql.ts";
import { recountAsset, standingOf, writeStanding } from "../store/standing.ts";
import { type AssetRow, fieldColumns } from "./merge-fields.ts";
import { unifyRows } from "./unify.ts";

export interface MergeOrder {
	/** All of them, the one that stays too; at least two. */
	readonly assets: readonly number[];
	readonly survivor: number;
	/** The asset whose value is taken, by field. */
	readonly values: Readonly<Record<MergeField, number>>;
	/** Of those, what somebody chose: evidence that comes in later does not change it. */
	readonly held: readonly MergeField[];
	readonly by: string;
	readonly why: string;
	readonly automatic: boolean;
	readonly confidence: number | null;
	/** JSON. */
	readonly evidence: string;
	/** Milliseconds. */
	readonly at: number;
	/** It was undone a moment ago only to get at an earlier one, and is made again under its number. */
	readonly again?: { readonly id: number; readonly now: number };
}

/** Tables whose rows are many: they move where they lie, and only those of shared addresses go on the shelf. */
const moved = new Set(["service", "record", "coverage", "finding"]);

export function isMoved(table: AssetTable): boolean {
	return moved.has(table.name);
}

/** Returns the number of the merge. The assets must be there, and it must have been decided that they may be merged. */
export function mergeAssets(db: DatabaseSync, order: MergeOrder): number {
	return transaction(db, () => {
		const { survivor } = order;
		const sides = order.assets.map((asset) => readSide(db, asset));
		sides.sort((a, b) => Number(b.asset === survivor) - Number(a.asset === survivor));
		const before = standingOf(db, order.assets);
		const { again } = order;
		const inserted = insertMerge(db, { ...order, chosen: chosenOf(sides, order) }, again?.id);
		const id = again?.id ?? inserted;
		for (const side of sides) insertSide(db, id, side);
		const shared = sharedAddresses(sides);
		for (const table of assetTables(db)) moveTable({ db, table, sides, shared, merge: id });
		for (const { asset } of sides.slice(1)) run(db, "DELETE FROM asset WHERE id = ?", asset);
		writeAsset(db, sides, order);
		recountAsset(db, survivor);
		const tally = new Tally();
		writeStanding(db, tally, before, standingOf(db, [survivor]));
		tally.write(db, again?.now ?? order.at);
		return id;
	});
}

/** An asset as it is now, with every address there are rows of. */
export function readSide(db: DatabaseSync, asset: number): MergeSide {
	const columns = assetColumns(db).join(", ");
	const row = first<AssetRow>(db, `SELECT ${columns} FROM asset WHERE id = ?`, asset) ?? {};
	const addresses = new Set(row.address === undefined ? [] : [String(row.address)]);
	for (const table of assetTables(db).filter(({ byAddress }) => byAddress)) {
		const found = all<{ address: string }>(db, `SELECT DISTINCT address FROM ${table.name} WHERE asset = ?`, asset);
		for (const { address } of found) addresses.add(address);
	}
	return { asset, name: String(row.name ?? ""), row: { ...row }, addresses: [...addresses].sort() };
}

/** Addresses that more than one side has rows of. */
export function sharedAddresses(sides: readonly MergeSide[]): string[] {
	const seen = new Map<string, number>();
	for (const address of sides.flatMap((side) => side.addresses)) seen.set(address, (seen.get(address) ?? 0) + 1);
	return [...seen].flatMap(([address, n]) => (n > 1 ? address : [])).sort();
}

interface Move {
	readonly db: DatabaseSync;
	readonly table: AssetTable;
	/** The one that stays first. */
	readonly sides: readonly MergeSide[];
	readonly shared: readonly string[];
	readonly merge: number;
}

function moveTable({ db, table, sides, shared, merge }: Move): void {
	const [survivor, ...others] = sides;
	if (survivor === undefined) return;
	if (!table.perAsset) {
		for (const { asset } of sides) shelve(db, merge, asset, table.name, readLooseRows(db, table, asset, null));
		for (const { asset } of others) {
			run(db, `UPDATE ${table.name} SET asset = ? WHERE asset = ?`, survivor.asset, asset);
		}
		return;
	}
	const addresses = isMoved(table) ? shared : null;
	if (addresses === null || addresses.length > 0) {
		const rows = sides.map(({ asset }) => readLooseRows(db, table, asset, addresses));
		sides.forEach(({ asset }, at) => {
			shelve(db, merge, asset, table.name, rows[at] ?? []);
		});
		rewrite({ db, table, sides, addresses }, rows);
	}
	if (addresses === null) return;
	for (const { asset } of others) {
		run(db, `UPDATE ${table.name} SET asset = ? WHERE asset = ?`, survivor.asset, asset);
	}
}

/** Only what differs is written: a row that the asset that stays has already as it is to be is left alone. */
function rewrite(
	{ db, table, sides, addresses }: Omit<Move, "merge" | "shared"> & { addresses: readonly string[] | null },
	rows: readonly LooseRow[][],
): void {
	const [survivor, ...others] = sides;
	if (survivor === undefined || rows.slice(1).every((side) => side.length === 0)) return;
	const unified = unifyRows(table, rows);
	const leave = [survivor, ...others].map(({ asset }, at) =>
		removeLooseRows(db, table, asset, rows[at] ?? [], addresses),
	);
	const written = new Set<string>();
	for (const row of unified) {
		if (written.has(keyOf(table, row))) continue;
		written.add(keyOf(table, row));
		writeLooseRow(db, table, survivor.asset, row);
	}
	for (const rest of leave) rest();
}

function chosenOf(sides: readonly MergeSide[], { values, held }: MergeOrder): Record<string, AssetRow[string]> {
	return Object.fromEntries(
		held
			.filter((field) => fieldColumns[field].written)
			.map((field) => [field, sides.find(({ asset }) => asset === values[field])?.row[field] ?? null]),
	);
}

function writeAsset(db: DatabaseSync, sides: readonly MergeSide[], { survivor, values }: MergeOrder): void {
	const rows = sides.map(({ row }) => row);
	const seen = rows.map((row) => Number(row.last_seen));
	const scans = rows.flatMap((row) => (row.last_scan == null ? [] : Number(row.last_scan)));
	const written: Record<string, AssetRow[string]> = {
		first_seen: Math.min(...rows.map((row) => Number(row.first_seen))),
		last_seen: Math.max(...seen),
		last_scan: scans.length === 0 ? null : Math.max(...scans),
	};
	for (const [field, { column, with: further }] of Object.entries(fieldColumns)) {
		const from = sides.find(({ asset }) => asset === values[field as MergeField]);
		if (from === undefined) continue;
		for (const one of [column, ...further]) written[one] = from.row[one] ?? null;
	}
	updateColumns(db, survivor, written);
}

/** Writes columns of an asset's own row. */
export function updateColumns(db: DatabaseSync, asset: number, values: AssetRow): void {
	const columns = Object.keys(values);
	if (columns.length === 0) return;
	const assignments = columns.map((column) => `${column} = ?`).join(", ");
	run(db, `UPDATE asset SET ${assignments} WHERE id = ?`, ...columns.map((column) => values[column] ?? null), asset);
}
