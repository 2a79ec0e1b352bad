/** Groups of assets that may be one machine, as they were found, and the assets still to be looked at. */
import type { DatabaseSync } from "node:sqlite";
import type { CommonValue, DuplicateGroup, DuplicateMember } from "../../protocol/model/duplicate.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { addressOfKey } from "./address-key.ts";
import { addressBytes, type Sorts } from "./fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

/** A group to be stored. */
export interface GroupFound {
	readonly assets: readonly number[];
	readonly confidence: number;
	readonly reasons: readonly string[];
}

/** Surest first unless sorted. */
export function listDuplicateGroups(db: DatabaseSync, query: ListQuery): Page<DuplicateGroup> {
	return listPage(db, listing, query, query.where === null ? countDuplicateGroups(db) : undefined);
}

/** By its id, or by any asset in it; null when there is none. */
export function findDuplicateGroup(db: DatabaseSync, id: number): DuplicateGroup | null {
	const text = `SELECT ${listing.columns} FROM duplicate_group g
		WHERE g.id = ifnull((SELECT grp FROM duplicate_member WHERE asset = ?1), ?1)`;
	const row = first<GroupRow>(db, text, id);
	return row === undefined ? null : toGroup(row);
}

export function countDuplicateGroups(db: DatabaseSync): number {
	return first<{ n: number }>(db, "SELECT count(*) AS n FROM duplicate_group")?.n ?? 0;
}

/** Groups at least so sure, the surest first: their assets. */
export function listSureGroups(db: DatabaseSync, above: number, limit: number): { id: number; assets: number[] }[] {
	return all<{ id: number; assets: string }>(
		db,
		`SELECT g.id, (SELECT json_group_array(m.asset) FROM duplicate_member m WHERE m.grp = g.id) AS assets
		FROM duplicate_group g WHERE g.confidence >= ? ORDER BY g.confidence DESC, g.id LIMIT ?`,
		above,
		limit,
	).map((row) => ({ id: row.id, assets: (JSON.parse(row.assets) as number[]).sort((a, b) => a - b) }));
}

/** The assets that are in groups with any of these, they themselves too. */
export function groupedWith(db: DatabaseSync, assets: readonly number[]): number[] {
	const found = all<{ asset: number }>(
		db,
		`SELECT DISTINCT o.asset FROM json_each(?) j JOIN duplicate_member m ON m.asset = j.value
		JOIN duplicate_member o ON o.grp = m.grp`,
		JSON.stringify(assets),
	);
	return [...new Set([...assets, ...found.map(({ asset }) => asset)])];
}

/** Stores groups in place of those their assets, and those in `looked`, are in. `at` in milliseconds. */
export function saveDuplicateGroups(
	db: DatabaseSync,
	groups: readonly GroupFound[],
	looked: readonly number[],
	at: number,
): boolean {
	return transaction(db, () => {
		const unchanged = groups.filter((group) => isStored(db, group, at));
		const kept = new Set(unchanged.map(({ assets }) => assets[0]));
		const changed = groups.filter((group) => !unchanged.includes(group));
		const involved = [...new Set([...looked, ...changed.flatMap(({ assets }) => assets)])];
		let isChanged = changed.length > 0;
		for (const { grp } of groupsWith(db, involved)) {
			if (kept.has(grp)) continue;
			isChanged = run(db, "DELETE FROM duplicate_group WHERE id = ?", grp).changes > 0 || isChanged;
		}
		for (const group of changed) insertGroup(db, group, at);
		return isChanged;
	});
}

/** Drops groups after `after` that no search has found since `before`; returns the last one looked at, null at the end. */
export function dropStaleGroups(db: DatabaseSync, before: number, after: number, limit: number): number | null {
	return transaction(db, () => {
		const rows = all<{ id: number; checked_at: number }>(
			db,
			"SELECT id, checked_at FROM duplicate_group WHERE id > ? ORDER BY id LIMIT ?",
			after,
			limit,
		);
		for (const { id, checked_at } of rows) {
			if (checked_at < before) run(db, "DELETE FROM duplicate_group WHERE id = ?", id);
		}
		return rows.at(-1)?.id ?? null;
	});
}

/** Assets that got an identifier since, a few of them: no longer waiting then. */
export function takePending(db: DatabaseSync, limit: number): number[] {
	return all<{ asset: number }>(
		db,
		"DELETE FROM duplicate_pending WHERE asset IN (SELECT asset FROM duplicate_pending ORDER BY asset LIMIT ?) RETURNING asset",
		limit,
	).map(({ asset }) => asset);
}

export function markPending(db: DatabaseSync, assets: readonly number[]): void {
	for (const asset of assets) {
		run(db, "INSERT INTO duplicate_pending (asset) VALUES (?) ON CONFLICT DO NOTHING", asset);
	}
}

export function countPending(db: DatabaseSync): number {
	return first<{ n: number }>(db, "SELECT count(*) AS n FROM duplicate_pending")?.n ?? 0;
}

/** New evidence of any of them is still to be looked at. */
export function isPending(db: DatabaseSync, assets: readonly number[]): boolean {
	const select = "SELECT 1 FROM duplicate_pending WHERE asset IN (SELECT value FROM json_each(?)) LIMIT 1";
	return first(db, select, JSON.stringify(assets)) !== undefined;
}

export function clearPending(db: DatabaseSync): void {
	run(db, "DELETE FROM duplicate_pending");
}

/** In place of those known before. */
export function saveCommonValues(
	db: DatabaseSync,
	values: readonly { network: number; kind: string; value: string; assets: number }[],
	at: number,
): void {
	transaction(db, () => {
		run(db, "DELETE FROM duplicate_common");
		for (const { network, kind, value, assets } of values) {
			run(
				db,
				"INSERT INTO duplicate_common (network, kind, value, assets, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				...[network, kind, value, assets, at],
			);
		}
	});
}

export function listCommonValues(db: DatabaseSync, limit: number): CommonValue[] {
	return all<{ kind: string; value: string; assets: number; at: number }>(
		db,
		"SELECT kind, value, assets, at FROM duplicate_common ORDER BY assets DESC, kind, value LIMIT ?",
		limit,
	).map((row) => ({ ...row, at: isoOf(row.at) }));
}

/** Members as they are shown; assets that are not there are left out. */
export function listDuplicateMembers(db: DatabaseSync, assets: readonly number[]): DuplicateMember[] {
	const text = `SELECT ${memberJson} AS member FROM json_each(?) j JOIN asset a ON a.id = j.value ORDER BY a.id`;
	return all<{ member: string }>(db, text, JSON.stringify(assets)).map(({ member }) =>
		toMember(JSON.parse(member) as MemberRow),
	);
}

/** Over `duplicate_group g`. */
export const duplicateFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "g.id" },
		confidence: { kind: "int", sql: "g.confidence", help: "how sure, 0 to 100" },
		assets: { kind: "int", sql: "g.assets", help: "how many assets" },
		reason: { kind: "keyword", sql: "g.reasons", many: true, help: "what they have in common: ssh-host-key, name …" },
		foundAt: { kind: "date", sql: "g.found_at" },
		name: {
			exists: {
				tables: "duplicate_member nm JOIN asset na ON na.id = nm.asset",
				on: "nm.grp = g.id",
				fields: { name: { kind: "text", sql: "na.name" } },
				default: "name",
			},
			help: "name of one of the assets",
		},
		address: {
			exists: {
				tables: "duplicate_member am JOIN asset_address aa ON aa.asset = am.asset",
				on: "am.grp = g.id",
				fields: { address: { kind: "ip", sql: addressBytes("aa.address") } },
				default: "address",
			},
			help: "address, CIDR or range of one of the assets",
		},
	},
	bare: ["name", "address", "reason"],
};

const duplicateSorts: Sorts = {
	id: "g.id",
	confidence: "g.confidence",
	assets: "g.assets",
	foundAt: "g.found_at",
};

/** Addresses shown of one asset. */
const addressesShown = 16;

const memberJson = `json_object('id', a.id, 'name', a.name, 'os', a.os, 'tracking', a.tracking, 'firstSeen', a.first_seen,
	'lastSeen', a.last_seen, 'openPorts', a.open_ports, 'findings', a.n1 + a.n2 + a.n3 + a.n4 + a.n5,
	'addresses', json((SELECT json_group_array(address) FROM (SELECT address FROM asset_address x
		WHERE x.asset = a.id ORDER BY x.address LIMIT ${addressesShown}))))`;

interface MemberRow extends Omit<DuplicateMember, "firstSeen" | "lastSeen"> {
	firstSeen: number;
	lastSeen: number;
}

interface GroupRow {
	id: number;
	confidence: number;
	reasons: string;
	found_at: number;
	members: string;
}

const listing: Listing<GroupRow, DuplicateGroup> = {
	columns: `g.id, g.confidence, g.reasons, g.found_at, (SELECT json_group_array(json(member)) FROM (
		SELECT ${memberJson} AS member FROM duplicate_member m JOIN asset a ON a.id = m.asset WHERE m.grp = g.id ORDER BY a.id)) AS members`,
	from: "duplicate_group g",
	key: "g.id",
	sorts: duplicateSorts,
	order: { sql: "g.confidence", descending: true },
	map: toGroup,
};

function toGroup(row: GroupRow): DuplicateGroup {
	return {
		id: row.id,
		confidence: row.confidence,
		members: (JSON.parse(row.members) as MemberRow[]).map(toMember),
		reasons: JSON.parse(row.reasons) as string[],
		foundAt: isoOf(row.found_at),
	};
}

function toMember({ addresses, firstSeen, lastSeen, ...member }: MemberRow): DuplicateMember {
	return {
		...member,
		addresses: addresses.map(addressOfKey),
		firstSeen: isoOf(firstSeen),
		lastSeen: isoOf(lastSeen),
	};
}

function groupsWith(db: DatabaseSync, assets: readonly number[]): { grp: number }[] {
	const text =
		"SELECT DISTINCT m.grp FROM json_each(?) j CROSS JOIN duplicate_member m ON m.asset = j.value ORDER BY m.grp";
	return all<{ grp: number }>(db, text, JSON.stringify(assets));
}

/** The same assets are a group already: only how sure that is may be new. */
function isStored(db: DatabaseSync, { assets, confidence, reasons }: GroupFound, at: number): boolean {
	const [id = 0] = assets;
	const stored = all<{ asset: number }>(db, "SELECT asset FROM duplicate_member WHERE grp = ? ORDER BY asset", id);
	if (stored.length !== assets.length || stored.some(({ asset }, nth) => asset !== assets[nth])) return false;
	run(
		db,
		"UPDATE duplicate_group SET confidence = ?, reasons = ?, checked_at = ? WHERE id = ?",
		...[confidence, JSON.stringify(reasons), at, id],
	);
	return true;
}

function insertGroup(db: DatabaseSync, { assets, confidence, reasons }: GroupFound, at: number): void {
	const [id = 0] = assets;
	run(
		db,
		"INSERT INTO duplicate_group (id, confidence, assets, reasons, found_at, checked_at) VALUES (?, ?, ?, ?, ?, ?)",
		...[id, confidence, assets.length, JSON.stringify(reasons), at, at],
	);
	for (const asset of assets) run(db, "INSERT INTO duplicate_member (asset, grp) VALUES (?, ?)", asset, id);
}
