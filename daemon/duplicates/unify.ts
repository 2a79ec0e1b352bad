/** Rows of one key that several assets have, made one; and what each side gets back. Pure. */
import type { AssetTable } from "../store/asset-tables.ts";
import { keyOf, type LooseRow, sameRow } from "../store/loose-rows.ts";
import { type FirstArrival, splitFinding, unifyFindings } from "./unify-finding.ts";

/** What tells the newer of two rows, by table. */
const newerBy: Readonly<Record<string, string>> = {
	asset_address: "last_seen",
	identifier: "last_seen",
	service: "last_seen",
	record: "observed_at",
	coverage: "at",
};

/** Each key once. `sides` begin with the asset that stays: of what has no date its row counts. */
export function unifyRows(table: AssetTable, sides: readonly (readonly LooseRow[])[]): LooseRow[] {
	const byKey = new Map<string, [LooseRow, ...LooseRow[]]>();
	for (const rows of sides) {
		for (const row of rows) {
			const same = byKey.get(keyOf(table, row));
			if (same) same.push(row);
			else byKey.set(keyOf(table, row), [row]);
		}
	}
	return [...byKey.values()].map((rows) => unifyOne(table, rows));
}

/**
 * The rows of the side that what came in since belongs to: its own where nothing has changed, else what there is now. What
 * is gone since stays gone.
 */
export function splitRows(
	table: AssetTable,
	rows: { own: readonly LooseRow[]; merged: readonly LooseRow[]; current: readonly LooseRow[] },
	since: FirstArrival,
): LooseRow[] {
	const [own, merged] = [byKeyOf(table, rows.own), byKeyOf(table, rows.merged)];
	return rows.current.flatMap((current) => {
		const key = keyOf(table, current);
		const [mine, base] = [own.get(key), merged.get(key)];
		if (base !== undefined && sameRow(base, current)) return mine ?? [];
		if (table.name === "finding") return splitFinding(mine, base, current, since) ?? [];
		const first = mine?.columns.first_seen;
		if (first === undefined) return current;
		return { ...current, columns: { ...current.columns, first_seen: first } };
	});
}

export function byKeyOf(table: AssetTable, rows: readonly LooseRow[]): Map<string, LooseRow> {
	return new Map(rows.map((row) => [keyOf(table, row), row]));
}

function unifyOne(table: AssetTable, rows: readonly [LooseRow, ...LooseRow[]]): LooseRow {
	const [first] = rows;
	if (rows.length === 1) return first;
	if (table.name === "finding") return unifyFindings(rows);
	const by = newerBy[table.name];
	if (by === undefined) return first;
	const dateOf = (row: LooseRow) => Number(row.columns[by] ?? 0);
	const newest = rows.reduce((one, other) => (dateOf(other) > dateOf(one) ? other : one));
	if (!("first_seen" in newest.columns)) return newest;
	const firstSeen = Math.min(...rows.map(({ columns }) => Number(columns.first_seen)));
	return { ...newest, columns: { ...newest.columns, first_seen: firstSeen } };
}
