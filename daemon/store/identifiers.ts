/** What machines may be recognised by: addresses, names, keys. The same value on several assets marks a duplicate. */
import type { DatabaseSync } from "node:sqlite";
import type { z } from "zod";
import type { identifier } from "../../protocol/model/asset.ts";
import { all, first, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/**
 * ip: canonical address. name: DNS or NetBIOS name, lower case. ssh-host-key, tls-key: fingerprint. From a login: machine-id:
 * 32 hexadecimal digits; dmi-uuid, host-id: a UUID; mac: six pairs; cloud-instance: provider and id.
 */
export const identifierKinds = [
	...["ip", "name", "ssh-host-key", "tls-key"],
	...["machine-id", "dmi-uuid", "host-id", "mac", "cloud-instance"],
] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

export interface Identifier {
	kind: IdentifierKind;
	value: string;
}

/** Adds an identifier to an asset, or notes that it was seen again. `at` in milliseconds. */
export function saveIdentifier(
	db: DatabaseSync,
	network: number,
	assetId: number,
	identifier: Identifier,
	at: number,
): void {
	run(
		db,
		`INSERT INTO identifier (network, kind, value, asset, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen WHERE excluded.last_seen > last_seen`,
		network,
		identifier.kind,
		identifier.value,
		assetId,
		at,
		at,
	);
}

/** The asset an identifier was last seen on within a network, of those tracked by `tracking`; null when on none. */
export function findAssetByIdentifier(
	db: DatabaseSync,
	network: number,
	identifier: Identifier,
	tracking: string,
): number | null {
	const row = first<{ asset: number }>(
		db,
		`SELECT i.asset FROM identifier i JOIN asset a ON a.id = i.asset
		WHERE i.network = ? AND i.kind = ? AND i.value = ? AND a.tracking = ?
		ORDER BY i.last_seen DESC, i.asset DESC LIMIT 1`,
		network,
		identifier.kind,
		identifier.value,
		tracking,
	);
	return row?.asset ?? null;
}

export function listIdentifiers(db: DatabaseSync, assetId: number): z.infer<typeof identifier>[] {
	return all<{ kind: string; value: string; last_seen: number }>(
		db,
		"SELECT kind, value, last_seen FROM identifier WHERE asset = ? ORDER BY kind, value",
		assetId,
	).map((row) => ({ kind: row.kind, value: row.value, lastSeen: isoOf(row.last_seen) }));
}
