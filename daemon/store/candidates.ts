/** Reads, for a sighting, the assets that have something in common with it, and what of it is poisoned. */
import type { DatabaseSync } from "node:sqlite";
import type { TrackingMethod } from "../../protocol/model/asset.ts";
import type { Source } from "../evidence/record.ts";
import { addressKey } from "./address-key.ts";
import type { Identifier, IdentifierKind } from "./identifiers.ts";
import { all, first, run } from "./sql.ts";

/** An identifier with the network its kind is looked for in. */
export interface Placed extends Identifier {
	network: number;
}

/** An asset as resolving needs it. Times in milliseconds. */
export interface KnownAsset {
	id: number;
	network: number;
	name: string;
	nameSource: Source;
	nameAt: number;
	os: string | null;
	osSource: Source;
	osAt: number;
	tracking: TrackingMethod;
	trackedName: string | null;
	/** Sort key of the address it is best reached at. */
	mainAddress: string;
	/** Sort keys of the addresses it has at present. */
	addresses: string[];
}

/** Assets with one of the identifiers that answered there, or that have the address at present. At most a few hundred. */
export function findCandidateIds(
	db: DatabaseSync,
	network: number,
	address: string,
	looked: readonly Placed[],
): number[] {
	return all<{ asset: number }>(
		db,
		`SELECT DISTINCT i.asset FROM json_each(?1) j
			JOIN identifier i ON i.network = j.value ->> 0 AND i.kind = j.value ->> 1 AND i.value = j.value ->> 2
			WHERE i.answered = 1 OR i.kind = 'name'
		UNION SELECT h.asset FROM identifier h JOIN asset_address x ON x.asset = h.asset AND x.address = ?4
			WHERE h.network = ?2 AND h.kind = 'ip' AND h.value = ?3 LIMIT 300`,
		JSON.stringify(looked.map(({ network: place, kind, value }) => [place, kind, value])),
		network,
		address,
		addressKey(address),
	).map(({ asset }) => asset);
}

export function findKnownAsset(db: DatabaseSync, id: number): KnownAsset | null {
	const row = first<AssetRow>(
		db,
		`SELECT a.id, a.network, a.name, a.name_source, a.name_at, a.os, a.os_source, a.os_at, a.tracking, a.tracked_name, a.address,
			(SELECT json_group_array(x.address) FROM asset_address x WHERE x.asset = a.id) AS addresses FROM asset a WHERE a.id = ?`,
		id,
	);
	if (row === undefined) return null;
	return {
		id: row.id,
		network: row.network,
		name: row.name,
		nameSource: row.name_source,
		nameAt: row.name_at,
		os: row.os,
		osSource: row.os_source,
		osAt: row.os_at,
		tracking: row.tracking,
		trackedName: row.tracked_name,
		mainAddress: row.address,
		addresses: JSON.parse(row.addresses) as string[],
	};
}

/** Of these identifiers, those that decide nothing any more, as `kind value`. */
export function poisonedAmong(db: DatabaseSync, looked: readonly Placed[]): Set<string> {
	if (first(db, "SELECT 1 FROM poisoned LIMIT 1") === undefined) return new Set();
	const rows = all<{ kind: IdentifierKind; value: string }>(
		db,
		`SELECT p.kind, p.value FROM json_each(?) j
			JOIN poisoned p ON p.network = j.value ->> 0 AND p.kind = j.value ->> 1 AND p.value = j.value ->> 2`,
		JSON.stringify(looked.map(({ network, kind, value }) => [network, kind, value])),
	);
	return new Set(rows.map(({ kind, value }) => `${kind} ${value}`));
}

/** Takes an address from an asset that another one now answers at. False when it did not have it. */
export function takeAddress(db: DatabaseSync, asset: number, key: string): boolean {
	return run(db, "DELETE FROM asset_address WHERE asset = ? AND address = ?", asset, key).changes > 0;
}

/** Of these assets, those that still have the address they are best reached at. */
export function withOwnAddress(db: DatabaseSync, assets: readonly number[]): Set<number> {
	const select = `SELECT a.id FROM json_each(?) j JOIN asset a ON a.id = j.value
		JOIN asset_address x ON x.asset = a.id AND x.address = a.address`;
	return new Set(all<{ id: number }>(db, select, JSON.stringify(assets)).map(({ id }) => id));
}

/** The address an asset is best reached at from now on, as a sort key. */
export function saveMainAddress(db: DatabaseSync, asset: number, key: string): void {
	run(db, "UPDATE asset SET address = ? WHERE id = ? AND address <> ?", key, asset, key);
}

/** What an asset is tracked by; `name` where that is a name, which it then goes by. */
export function saveTracking(db: DatabaseSync, asset: number, method: TrackingMethod, name: string | null): void {
	const update = "UPDATE asset SET tracking = ?, tracked_name = ?, name = ifnull(?, name) WHERE id = ?";
	run(db, update, method, name, name, asset);
}

/** The asset of a network that is tracked by a name; null when none is. */
export function findTrackedByName(
	db: DatabaseSync,
	network: number,
	method: TrackingMethod,
	name: string,
): number | null {
	const select =
		"SELECT id FROM asset WHERE tracked_name IS NOT NULL AND tracked_name = ? AND tracking = ? AND network = ?";
	return first<{ id: number }>(db, select, name, method, network)?.id ?? null;
}

export function assetNames(db: DatabaseSync, ids: readonly number[]): Map<number, string> {
	const select = "SELECT id, name FROM asset WHERE id IN (SELECT value FROM json_each(?))";
	return new Map(all<{ id: number; name: string }>(db, select, JSON.stringify(ids)).map(({ id, name }) => [id, name]));
}

interface AssetRow {
	id: number;
	network: number;
	name: string;
	name_source: Source;
	name_at: number;
	os: string | null;
	os_source: Source;
	os_at: number;
	tracking: TrackingMethod;
	tracked_name: string | null;
	address: string;
	addresses: string;
}
