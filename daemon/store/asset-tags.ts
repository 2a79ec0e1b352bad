/** Which assets carry which tag, since when and why. */
import type { DatabaseSync } from "node:sqlite";
import { addressOfKey } from "./address-key.ts";
import { all, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/** Assets that carry the tag, ascending. */
export function listTagged(db: DatabaseSync, tag: number): number[] {
	return all<{ asset: number }>(db, "SELECT asset FROM asset_tag WHERE tag = ?", tag).map(({ asset }) => asset);
}

/** The first by name; `why` null: the rule put it there. */
export function listTaggedAssets(
	db: DatabaseSync,
	tag: number,
	limit: number,
): { id: number; name: string; why: string | null; since: string }[] {
	return all<{ id: number; name: string; why: string | null; since: number }>(
		db,
		`SELECT a.id, a.name, x.why, x.since FROM asset_tag x JOIN asset a ON a.id = x.asset WHERE x.tag = ?
		ORDER BY a.name COLLATE NOCASE, a.id LIMIT ?`,
		tag,
		limit,
	).map(({ since, ...row }) => ({ ...row, since: isoOf(since) }));
}

/** Tags of one asset. */
export function listTagsOf(db: DatabaseSync, asset: number): Set<number> {
	return new Set(all<{ tag: number }>(db, "SELECT tag FROM asset_tag WHERE asset = ?", asset).map(({ tag }) => tag));
}

/** How many did not carry it before; assets there are none of are passed over. `at` in milliseconds. */
export function putTag(
	db: DatabaseSync,
	tag: number,
	assets: Iterable<number>,
	{ why, at }: { why: string | null; at: number },
): number {
	return run(
		db,
		`INSERT INTO asset_tag (tag, asset, why, since) SELECT ?, a.id, ?, ? FROM json_each(?) j JOIN asset a ON a.id = j.value
		WHERE true ON CONFLICT DO NOTHING`,
		...[tag, why, at, JSON.stringify([...assets])],
	).changes;
}

/** How many carried it. */
export function takeTag(db: DatabaseSync, tag: number, assets: Iterable<number>): number {
	const ids = JSON.stringify([...assets]);
	return run(db, "DELETE FROM asset_tag WHERE tag = ? AND asset IN (SELECT value FROM json_each(?))", tag, ids).changes;
}

/** Addresses of the assets that carry any of the tags, each once. */
export function listTaggedAddresses(db: DatabaseSync, tags: readonly number[]): string[] {
	return all<{ address: string }>(
		db,
		`SELECT DISTINCT aa.address FROM asset_tag x JOIN asset_address aa ON aa.asset = x.asset
		WHERE x.tag IN (SELECT value FROM json_each(?))`,
		JSON.stringify(tags),
	).map(({ address }) => addressOfKey(address));
}

/** Assets that carry any of the tags, ascending. */
export function listTaggedByAny(db: DatabaseSync, tags: readonly number[]): number[] {
	return all<{ asset: number }>(
		db,
		"SELECT DISTINCT asset FROM asset_tag WHERE tag IN (SELECT value FROM json_each(?)) ORDER BY asset",
		JSON.stringify(tags),
	).map(({ asset }) => asset);
}
