/** Purges, what was kept of each asset so that it can be put back, and the rules that purge by themselves. */
import type { DatabaseSync } from "node:sqlite";
import type { Purge, PurgedAsset, PurgeRule } from "../../protocol/model/purge.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import type { Sorts } from "./fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run } from "./sql.ts";
import { isoOf, isoOrNull } from "./time.ts";

/** Begins a purge of nothing yet; returns its number. Times in milliseconds. */
export function createPurge(
	db: DatabaseSync,
	purge: { at: number; by: string; query: string; rule: string | null; reason: string; until: number },
): number {
	return run(
		db,
		"INSERT INTO purge (at, who, query, rule, reason, until) VALUES (?, ?, ?, ?, ?, ?)",
		purge.at,
		purge.by,
		purge.query,
		purge.rule,
		purge.reason,
		purge.until,
	).id;
}

export interface TakenAsset {
	readonly id: number;
	readonly network: number;
	readonly name: string;
	readonly address: string;
	readonly findings: number;
	/** What takes it back (asset-archive.ts). */
	readonly body: Uint8Array;
}

export function savePurgedAsset(db: DatabaseSync, purge: number, asset: TakenAsset): void {
	run(
		db,
		"INSERT INTO purged_asset (purge, asset, network, name, address, findings, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
		purge,
		asset.id,
		asset.network,
		asset.name,
		addressKey(asset.address),
		asset.findings,
		asset.body,
	);
	run(db, "UPDATE purge SET assets = assets + 1, findings = findings + ? WHERE id = ?", asset.findings, purge);
}

/** Up to `limit` assets of a purge that can be put back, above `after`. */
export function listKept(db: DatabaseSync, purge: number, after: number, limit: number): TakenAsset[] {
	const rows = all<Omit<TakenAsset, "id"> & { asset: number }>(
		db,
		`SELECT asset, network, name, address, findings, body FROM purged_asset
		WHERE purge = ? AND asset > ? AND body IS NOT NULL ORDER BY asset LIMIT ?`,
		purge,
		after,
		limit,
	);
	return rows.map(({ asset, address, ...row }) => ({ ...row, id: asset, address: addressOfKey(address) }));
}

/** Marks one as put back; nothing is kept of it any more. */
export function markRestored(db: DatabaseSync, purge: number, asset: number, by: string, at: number): void {
	run(
		db,
		"UPDATE purged_asset SET restored_at = ?, restored_by = ?, body = NULL WHERE purge = ? AND asset = ?",
		at,
		by,
		purge,
		asset,
	);
}

/** Drops what was kept for longer than promised, at most `limit` assets at once; returns how many. */
export function dropKept(db: DatabaseSync, now: number, limit: number): number {
	return run(
		db,
		`UPDATE purged_asset SET body = NULL WHERE (purge, asset) IN (SELECT x.purge, x.asset FROM purge p
			JOIN purged_asset x ON x.purge = p.id WHERE p.until <= ? AND x.body IS NOT NULL LIMIT ?)`,
		now,
		limit,
	).changes;
}

export function findPurge(db: DatabaseSync, id: number): Purge | null {
	const row = first<PurgeRow>(db, `SELECT ${purgeListing.columns} FROM purge p WHERE p.id = ?`, id);
	return row === undefined ? null : toPurge(row);
}

/** Newest first unless sorted. */
export function listPurges(db: DatabaseSync, query: ListQuery): Page<Purge> {
	return listPage(db, purgeListing, query);
}

export function listPurgedAssets(db: DatabaseSync, purge: number, query: ListQuery): Page<PurgedAsset> {
	const own = { sql: "x.purge = ?", params: [purge] };
	const { where } = query;
	const both = where === null ? own : { sql: `x.purge = ? AND (${where.sql})`, params: [purge, ...where.params] };
	return listPage(db, assetListing, { ...query, where: both });
}

export function listPurgeRules(db: DatabaseSync): PurgeRule[] {
	return all<RuleRow>(db, "SELECT * FROM purge_rule ORDER BY name").map(toRule);
}

export function findPurgeRule(db: DatabaseSync, name: string): PurgeRule | null {
	const row = first<RuleRow>(db, "SELECT * FROM purge_rule WHERE name = ?", name);
	return row === undefined ? null : toRule(row);
}

/** Writes a rule over the one of its name. */
export function savePurgeRule(db: DatabaseSync, rule: PurgeRule): void {
	run(
		db,
		`INSERT INTO purge_rule (name, query, reason, most, enabled, made_at, made_by, next_at, last_at, last_outcome)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET query = excluded.query, reason = excluded.reason, most = excluded.most,
			enabled = excluded.enabled, next_at = excluded.next_at, last_at = excluded.last_at, last_outcome = excluded.last_outcome`,
		rule.name,
		rule.query,
		rule.reason,
		rule.most,
		Number(rule.enabled),
		Date.parse(rule.madeAt),
		rule.madeBy,
		Date.parse(rule.nextAt),
		rule.lastAt === null ? null : Date.parse(rule.lastAt),
		rule.lastOutcome,
	);
}

export function deletePurgeRule(db: DatabaseSync, name: string): void {
	run(db, "DELETE FROM purge_rule WHERE name = ?", name);
}

interface PurgeRow {
	id: number;
	at: number;
	who: string;
	query: string;
	rule: string | null;
	reason: string;
	until: number;
	assets: number;
	findings: number;
	restored: number;
	kept: number;
}

interface AssetRow {
	purge: number;
	asset: number;
	name: string;
	address: string;
	findings: number;
	restored_at: number | null;
	restored_by: string | null;
	kept: number;
}

interface RuleRow {
	name: string;
	query: string;
	reason: string;
	most: number;
	enabled: number;
	made_at: number;
	made_by: string;
	next_at: number;
	last_at: number | null;
	last_outcome: string | null;
}

const purgeColumns = {
	id: { kind: "int", sql: "p.id" },
	at: { kind: "date", sql: "p.at" },
	by: { kind: "text", sql: "p.who" },
	query: { kind: "text", sql: "p.query" },
	rule: { kind: "text", sql: "p.rule" },
	reason: { kind: "text", sql: "p.reason" },
	assets: { kind: "int", sql: "p.assets" },
} as const;
export const purgeFields: FieldCatalogue = { fields: purgeColumns, bare: ["reason", "query", "rule", "by"] };

const purgeListing: Listing<PurgeRow, Purge> = {
	columns: `p.id, p.at, p.who, p.query, p.rule, p.reason, p.until, p.assets, p.findings,
		(SELECT count(*) FROM purged_asset x WHERE x.purge = p.id AND x.restored_at IS NOT NULL) AS restored,
		EXISTS (SELECT 1 FROM purged_asset x WHERE x.purge = p.id AND x.body IS NOT NULL) AS kept`,
	from: "purge p",
	key: "p.id",
	sorts: { id: "p.id", at: "p.at", by: "p.who", reason: "p.reason", assets: "p.assets" },
	order: { sql: "p.id", descending: true },
	map: toPurge,
};

const purgedColumns = {
	asset: { kind: "int", sql: "x.asset" },
	name: { kind: "text", sql: "x.name" },
	findings: { kind: "int", sql: "x.findings" },
	restored: { kind: "bool", sql: "(x.restored_at IS NOT NULL)" },
} as const;
const purgedSorts: Sorts = { asset: "x.asset", name: "x.name", address: "x.address", findings: "x.findings" };
export const purgedAssetFields: FieldCatalogue = { fields: purgedColumns, bare: ["name"] };

const assetListing: Listing<AssetRow, PurgedAsset> = {
	columns:
		"x.purge, x.asset, x.name, x.address, x.findings, x.restored_at, x.restored_by, (x.body IS NOT NULL) AS kept",
	from: "purged_asset x",
	key: "x.asset",
	sorts: purgedSorts,
	order: { sql: "x.asset", descending: false },
	map: (row) => ({
		purge: row.purge,
		asset: row.asset,
		name: row.name,
		address: addressOfKey(row.address),
		findings: row.findings,
		restoredAt: isoOrNull(row.restored_at),
		restoredBy: row.restored_by,
		kept: row.kept === 1,
	}),
};

function toPurge(row: PurgeRow): Purge {
	return {
		id: row.id,
		at: isoOf(row.at),
		by: row.who,
		query: row.query,
		rule: row.rule,
		reason: row.reason,
		assets: row.assets,
		findings: row.findings,
		restored: row.restored,
		undoUntil: isoOf(row.until),
		state: row.restored === row.assets ? "undone" : row.kept === 1 ? "undoable" : "final",
	};
}

function toRule(row: RuleRow): PurgeRule {
	return {
		name: row.name,
		query: row.query,
		reason: row.reason,
		most: row.most,
		enabled: row.enabled === 1,
		madeAt: isoOf(row.made_at),
		madeBy: row.made_by,
		nextAt: isoOf(row.next_at),
		lastAt: isoOrNull(row.last_at),
		lastOutcome: row.last_outcome,
	};
}
