/**
 * Takes a merge apart. Each side gets its rows back; what came in since goes to the side whose address it came from, or whose
 * identifiers came with it (identity/merge-sides.ts).
 */
import type { DatabaseSync } from "node:sqlite";
import { readMergeSides } from "../identity/merge-sides.ts";
import { insideStandsMs } from "../inventory/authority.ts";
import { type AssetTable, assetColumns, assetTables } from "../store/asset-tables.ts";
import { Tally } from "../store/counters.ts";
import { mendMarks } from "../store/exception-cover.ts";
import { keyOf, type LooseRow, readLooseRows, removeLooseRows, sameRow, writeLooseRow } from "../store/loose-rows.ts";
import { type Arrival, saveArrival } from "../store/merge-arrivals.ts";
import { forgetFolds, listFolds } from "../store/merge-folds.ts";
import { listMergesInto, type MergeSide, markUndone, readShelf, type StoredMerge } from "../store/merges.ts";
import { all, run, transaction } from "../store/sql.ts";
import { recountAsset, standingOf, writeStanding } from "../store/standing.ts";
import { mendIgnored } from "../tickets/mend-ignored.ts";
import { isMoved, readSide, sharedAddresses, updateColumns } from "./merge.ts";
import { type AssetRow, fieldOf } from "./merge-fields.ts";
import { numbered, unfold } from "./unfold.ts";
import { byKeyOf, splitRows, unifyRows } from "./unify.ts";
import type { FirstArrival } from "./unify-finding.ts";

export interface Undone {
	/** Every asset there is again, what had stayed first. */
	readonly assets: readonly number[];
	/** What came in since the merge: address (sort key) and the asset it went to. */
	readonly arrived: readonly { readonly address: string; readonly asset: number }[];
	/** Assets some of whose rows had two owners: what they say is to be judged again. */
	readonly mixed: readonly number[];
}

/** Who undoes it, and when in milliseconds. */
export interface UndoSaid {
	readonly at: number;
	readonly by: string;
	readonly why: string;
}

/** It must have been made sure that the asset that stayed is there and that no later merge holds it. */
export function undoMerge(db: DatabaseSync, merge: StoredMerge, undone: UndoSaid): Undone {
	return transaction(db, () => {
		const plan = planUndo(db, merge);
		const { sides } = plan;
		const before = standingOf(db, [merge.survivor]);
		const now = readSide(db, merge.survivor).row;
		for (const fold of listFolds(db, merge.id)) {
			if (plan.ownerOf(fold.source) === plan.ownerOf(fold.target)) continue;
			unfold(db, merge.survivor, fold, firstArrival(plan, fold.target));
		}
		for (const { asset, row } of sides.slice(1)) insertAsset(db, asset, row);
		for (const table of assetTables(db)) takeApart(db, table, plan);
		for (const side of sides) restoreAsset(db, side, now, plan);
		const tally = new Tally();
		const assets = sides.map(({ asset }) => asset);
		writeStanding(db, tally, before, standingOf(db, assets));
		tally.write(db, undone.at);
		for (const asset of assets) {
			mendMarks(db, asset, undone.at);
			mendIgnored(db, asset, undone.at);
		}
		markUndone(db, merge.id, undone);
		forgetFolds(db, merge.id);
		handOn(db, plan);
		return {
			assets,
			arrived: plan.arrivals.map(({ address }) => ({ address, asset: plan.ownerOf(address) })),
			mixed: plan.shared.length > 0 && plan.arrivals.length > 0 ? assets : [],
		};
	});
}

interface Plan {
	readonly merge: StoredMerge;
	/** The one that stayed first. */
	readonly sides: readonly MergeSide[];
	readonly shelf: ReturnType<typeof readShelf>;
	readonly arrivals: readonly Arrival[];
	readonly shared: readonly string[];
	ownerOf(address: string): number;
}

/** Which address goes where, without doing it. */
function planUndo(db: DatabaseSync, merge: StoredMerge): Plan {
	const shelf = readShelf(db, merge.id);
	const { sides: facts, arrivals, ownerOf } = readMergeSides(db, merge, shelf);
	const sides = facts.map(({ side }) => side);
	return { merge, sides, shelf, arrivals, shared: sharedAddresses(sides), ownerOf };
}

function takeApart(db: DatabaseSync, table: AssetTable, plan: Plan): void {
	if (!table.perAsset) giveBackByKey(db, table, plan);
	else if (isMoved(table)) giveBackByAddress(db, table, plan);
	else if (table.name === "identifier") {
		writeSides(db, table, plan, null, (asset, rows) => arrived(plan, asset, rows));
	} else {
		writeSides(db, table, plan, null, (asset, rows) => {
			const owns = ({ columns }: LooseRow) =>
				table.byAddress ? plan.ownerOf(String(columns.address)) === asset : asset === plan.merge.survivor;
			return splitOwned(table, rows, owns, plan);
		});
	}
}

/** Many rows that mostly lie at addresses of one side: those change hands where they lie. */
function giveBackByAddress(db: DatabaseSync, table: AssetTable, plan: Plan): void {
	const { merge, sides, shared } = plan;
	if (shared.length > 0) {
		writeSides(db, table, plan, shared, (asset, rows) =>
			splitOwned(table, rows, ({ columns }) => plan.ownerOf(String(columns.address)) === asset, plan),
		);
	}
	const present = readSide(db, merge.survivor).addresses;
	for (const { asset } of sides.slice(1)) {
		const own = present.filter((address) => !shared.includes(address) && plan.ownerOf(address) === asset);
		run(
			db,
			`UPDATE ${table.name} SET asset = ? WHERE asset = ? AND address IN (SELECT value FROM json_each(?))`,
			...[asset, merge.survivor, JSON.stringify(own)],
		);
	}
}

interface SideRows {
	readonly own: readonly LooseRow[];
	readonly merged: readonly LooseRow[];
	readonly current: readonly LooseRow[];
}

/** Takes the rows off the asset that stayed and gives each side what `rowsFor` says. */
function writeSides(
	db: DatabaseSync,
	table: AssetTable,
	{ merge, sides, shelf }: Plan,
	addresses: readonly string[] | null,
	rowsFor: (asset: number, rows: SideRows) => LooseRow[],
): void {
	const shelved = sides.map(({ asset }) => shelf.get(table.name)?.get(asset) ?? []);
	const merged = unifyRows(table, shelved);
	const current = readLooseRows(db, table, merge.survivor, addresses);
	const wanted = sides.map(({ asset }, at) => rowsFor(asset, { own: shelved[at] ?? [], merged, current }));
	const leave = removeLooseRows(db, table, merge.survivor, current, addresses);
	const taken = new Set<number>();
	sides.forEach(({ asset }, at) => {
		for (const row of wanted[at] ?? []) writeLooseRow(db, table, asset, numbered(db, table.name, row, taken));
	});
	leave();
}

/** What belongs to the side as it has become; of the rest, what it had. */
function splitOwned(table: AssetTable, rows: SideRows, owns: (row: LooseRow) => boolean, plan: Plan): LooseRow[] {
	const [own, other] = [rows.own.filter(owns), rows.own.filter((row) => !owns(row))];
	const current = rows.current.filter(owns);
	const split = current.flatMap((row) =>
		splitRows(table, { own, merged: rows.merged, current: [row] }, firstArrival(plan, String(row.columns.address))),
	);
	return [...split, ...other];
}

/** The first that came in at an address; when nothing did, somebody judged again what was there. */
function firstArrival({ arrivals, merge }: Plan, address: string): FirstArrival {
	const arrival = arrivals.find((one) => one.address === address);
	return arrival === undefined ? { at: merge.at, scan: null } : { at: arrival.firstAt, scan: arrival.firstScan };
}

/** Identifiers go where they came in since; those that did not are as they were. */
function arrived(plan: Plan, asset: number, { own, merged, current }: SideRows): LooseRow[] {
	const table = identifierTable;
	const [mine, base] = [byKeyOf(table, own), byKeyOf(table, merged)];
	return current.flatMap((row) => {
		const key = keyOf(table, row);
		const [before, unified] = [mine.get(key), base.get(key)];
		if (unified !== undefined && sameRow(unified, row)) return before ?? [];
		const seen = sightings(plan, row);
		const here = seen.filter(({ owner }) => owner === asset);
		if (here.length === 0) {
			const nobody = seen.length === 0 && unified === undefined && asset === plan.merge.survivor;
			return before ?? (nobody ? row : []);
		}
		const first = Math.min(...here.map(({ firstAt }) => firstAt), Number(before?.columns.first_seen ?? Infinity));
		const last = Math.max(...here.map(({ at }) => at), Number(before?.columns.last_seen ?? 0));
		return { ...row, columns: { ...row.columns, first_seen: first, last_seen: last } };
	});
}

const identifierTable: AssetTable = {
	...{ name: "identifier", columns: [], perAsset: true, byAddress: false },
	key: ["network", "kind", "value"],
};

function sightings(plan: Plan, { columns }: LooseRow): { owner: number; firstAt: number; at: number }[] {
	return plan.arrivals.flatMap(({ address, identifiers }) =>
		identifiers
			.filter(
				({ network, kind, value }) =>
					network === Number(columns.network) && kind === columns.kind && value === columns.value,
			)
			.map(({ firstAt, at }) => ({ owner: plan.ownerOf(address), firstAt, at })),
	);
}

/** Rows with a key of their own changed hands only: those a side had go back to it. */
function giveBackByKey(db: DatabaseSync, table: AssetTable, { merge, sides, shelf }: Plan): void {
	const where = table.key.map((column) => `${column} IS ?`).join(" AND ");
	for (const { asset } of sides.slice(1)) {
		for (const { columns } of shelf.get(table.name)?.get(asset) ?? []) {
			const key = table.key.map((column) => columns[column] ?? null);
			run(db, `UPDATE ${table.name} SET asset = ? WHERE asset = ? AND ${where}`, asset, merge.survivor, ...key);
		}
	}
}

/** Columns that came after the merge keep what they are made with. */
function insertAsset(db: DatabaseSync, asset: number, row: AssetRow): void {
	const columns = assetColumns(db).filter((column) => column in row);
	run(
		db,
		`INSERT INTO asset (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
		...columns.map((column) => (column === "id" ? asset : (row[column] ?? null))),
	);
}

function restoreAsset(db: DatabaseSync, { asset, row }: MergeSide, now: AssetRow, plan: Plan): void {
	const { merge, arrivals, sides } = plan;
	const own = arrivals.filter(({ address }) => plan.ownerOf(address) === asset);
	const kept = asset === merge.survivor ? changedSince(now, sides) : {};
	const scans = [row.last_scan, ...own.map(({ scannedAt }) => scannedAt)].flatMap((at) => at ?? []).map(Number);
	const { id: _, ...columns } = row;
	updateColumns(db, asset, {
		...columns,
		...kept,
		...saidSince("name", row, own),
		...saidSince("os", row, own),
		last_seen: Math.max(Number(row.last_seen), ...own.map(({ at }) => at)),
		last_scan: scans.length === 0 ? null : Math.max(...scans),
		address: addressNow(db, asset, String(row.address)),
	});
	recountAsset(db, asset);
}

/** What came in says a name or a system anew; a guess from outside does not write over what was read inside before. */
function saidSince(field: "name" | "os", row: AssetRow, own: readonly Arrival[]): AssetRow {
	const saying = own.flatMap((arrival) => {
		const said = arrival[field];
		return said === null ? [] : [{ ...said, at: arrival.at }];
	});
	const latest = saying.findLast(({ source }) => source !== "network") ?? saying.at(-1);
	const before = { [field]: row[field] ?? null };
	const tracked = field === "name" && row.tracked_name != null;
	if (latest === undefined || tracked) return before;
	const inside = latest.source !== "network";
	if (!inside && row[`${field}_source`] !== "network" && latest.at - Number(row[`${field}_at`]) < insideStandsMs) {
		return before;
	}
	return { [field]: latest.text, [`${field}_source`]: latest.source, [`${field}_at`]: inside ? latest.at : 0 };
}

/** The address it had; when it has lost that one, the one it was last seen at. */
function addressNow(db: DatabaseSync, asset: number, before: string): string {
	const addresses = all<{ address: string }>(
		db,
		"SELECT address FROM asset_address WHERE asset = ? ORDER BY last_seen DESC, address",
		asset,
	).map(({ address }) => address);
	return addresses.includes(before) ? before : (addresses[0] ?? before);
}

/** What somebody changed of the asset that stayed, other than by evidence, it keeps. */
function changedSince(now: AssetRow, sides: readonly MergeSide[]): AssetRow {
	const survivor = sides[0]?.row ?? {};
	const byEvidence = new Set([
		"id",
		"first_seen",
		"last_seen",
		"last_scan",
		"open_ports",
		"n1",
		"n2",
		"n3",
		"n4",
		"n5",
	]);
	// Which side's value of a field was taken does not matter here: any of them is no change by hand.
	const merged = (column: string) =>
		fieldOf(column) === undefined ? [survivor[column]] : sides.map(({ row }) => row[column]);
	const evident = (column: string) => byEvidence.has(column) || ["name", "os"].includes(fieldOf(column) ?? "");
	return Object.fromEntries(
		Object.entries(now).filter(
			([column, value]) => !evident(column) && !merged(column).some((one) => (one ?? null) === value),
		),
	);
}

/** What came in at an address of a side that was itself merged before is noted there. */
function handOn(db: DatabaseSync, { arrivals, ownerOf }: Plan): void {
	for (const arrival of arrivals) {
		const [earlier] = listMergesInto(db, ownerOf(arrival.address));
		if (earlier !== undefined) saveArrival(db, earlier, arrival);
	}
}
