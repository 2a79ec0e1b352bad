/** What machines may be recognised by: addresses, names, keys. The same value on several assets marks a duplicate. */
import type { DatabaseSync } from "node:sqlite";
import type { z } from "zod";
import type { identifier } from "../../protocol/model/asset.ts";
import type { Source } from "../evidence/record.ts";
import { all, first, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/**
 * ip: canonical address. name: host name, lower case. netbios: NetBIOS name, upper case. ssh-host-key, tls-key: fingerprint.
 * mac: six pairs. From inside: machine-id: 32 hexadecimal digits; dmi-uuid, host-id, agent-id: a UUID; cloud-instance:
 * provider and id.
 */
export const identifierKinds = [
	...["ip", "name", "ssh-host-key", "tls-key"],
	...["machine-id", "dmi-uuid", "host-id", "mac", "cloud-instance", "agent-id", "netbios"],
] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

export interface Identifier {
	kind: IdentifierKind;
	value: string;
}

/** An identifier as a source saw it. */
export interface SeenIdentifier extends Identifier {
	source: Source;
	/** It answered at the address itself (primary), or was read inside; false: only claimed there (secondary). */
	answered: boolean;
}

/** An identifier an asset has. Times in milliseconds. */
export interface KnownIdentifier extends SeenIdentifier {
	/** 0: it means the same in every network. */
	network: number;
	firstSeen: number;
	lastSeen: number;
}

/**
 * Adds identifiers to an asset, or notes that they were seen again. `at` in milliseconds; `network` 0 for a kind that means
 * the same everywhere. What answered once is not merely claimed any more.
 */
export function saveIdentifiers(
	db: DatabaseSync,
	assetId: number,
	identifiers: readonly (SeenIdentifier & { readonly network: number })[],
	at: number,
): void {
	if (identifiers.length === 0) return;
	const rows = identifiers.map(({ network, kind, value, source, answered }) => [
		...[network, kind, value, source, Number(answered)],
	]);
	run(
		db,
		// WHERE: or ON would belong to the join (https://sqlite.org/lang_upsert.html, "Parsing Ambiguity").
		`INSERT INTO identifier (network, kind, value, asset, first_seen, last_seen, source, answered)
		SELECT value ->> 0, value ->> 1, value ->> 2, ?2, ?3, ?3, value ->> 3, value ->> 4 FROM json_each(?1) WHERE true
		ON CONFLICT DO UPDATE SET last_seen = max(last_seen, excluded.last_seen), source = excluded.source,
			answered = max(answered, excluded.answered)
		WHERE excluded.last_seen > last_seen OR excluded.answered > answered`,
		...[JSON.stringify(rows), assetId, at],
	);
}

/** The assets with an identifier, those it was seen on last first. */
export function findAssetsByIdentifier(
	db: DatabaseSync,
	network: number,
	{ kind, value }: Identifier,
	limit = 20,
): { asset: number; answered: boolean; lastSeen: number }[] {
	return all<{ asset: number; answered: number; last_seen: number }>(
		db,
		`SELECT asset, answered, last_seen FROM identifier WHERE network = ? AND kind = ? AND value = ?
		ORDER BY last_seen DESC, asset DESC LIMIT ?`,
		...[network, kind, value, limit],
	).map((row) => ({ asset: row.asset, answered: row.answered === 1, lastSeen: row.last_seen }));
}

/** All an asset is recognised by, oldest kinds of rows as they come. */
export function listKnownIdentifiers(db: DatabaseSync, assetId: number): KnownIdentifier[] {
	return all<IdentifierRow>(
		db,
		"SELECT network, kind, value, first_seen, last_seen, source, answered FROM identifier WHERE asset = ?",
		assetId,
	).map((row) => ({
		network: row.network,
		kind: row.kind,
		value: row.value,
		source: row.source,
		answered: row.answered === 1,
		firstSeen: row.first_seen,
		lastSeen: row.last_seen,
	}));
}

/** Does an identifier no longer identify anybody? Null: it does; else when that came out and why. */
export function findPoisoned(
	db: DatabaseSync,
	network: number,
	{ kind, value }: Identifier,
): { at: number; why: string } | null {
	const select = "SELECT at, why FROM poisoned WHERE network = ? AND kind = ? AND value = ?";
	return first<{ at: number; why: string }>(db, select, network, kind, value) ?? null;
}

/** From now on the identifier decides nothing; the first reason stays. `at` in milliseconds. */
export function savePoisoned(
	db: DatabaseSync,
	network: number,
	{ kind, value }: Identifier,
	{ at, why }: { at: number; why: string },
): boolean {
	const insert = "INSERT INTO poisoned (network, kind, value, at, why) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
	return run(db, insert, network, kind, value, at, why).changes > 0;
}

/** Newest first, each with the assets it is kept at: at most 100. */
export function listPoisoned(
	db: DatabaseSync,
	limit: number,
): { items: (Identifier & { at: number; why: string; assets: number[] })[]; total: number } {
	const rows = all<{ kind: IdentifierKind; value: string; at: number; why: string; assets: string }>(
		db,
		`SELECT p.kind, p.value, p.at, p.why, (SELECT json_group_array(x.asset) FROM
			(SELECT i.asset FROM identifier i WHERE i.network = p.network AND i.kind = p.kind AND i.value = p.value LIMIT 100) x) AS assets
		FROM poisoned p ORDER BY p.at DESC, p.kind, p.value LIMIT ?`,
		limit,
	);
	const total = first<{ n: number }>(db, "SELECT count(*) AS n FROM poisoned")?.n ?? 0;
	return { items: rows.map((row) => ({ ...row, assets: JSON.parse(row.assets) as number[] })), total };
}

/** Lets it decide again, in every network. Returns in how many it did not. */
export function deletePoisoned(db: DatabaseSync, kind: string, value: string): number {
	return run(db, "DELETE FROM poisoned WHERE kind = ? AND value = ?", kind, value).changes;
}

interface IdentifierRow {
	network: number;
	kind: IdentifierKind;
	value: string;
	first_seen: number;
	last_seen: number;
	source: Source;
	answered: number;
}

/** As clients see them. */
export function listIdentifiers(db: DatabaseSync, assetId: number): z.infer<typeof identifier>[] {
	return all<{ kind: string; value: string; last_seen: number }>(
		db,
		"SELECT kind, value, last_seen FROM identifier WHERE asset = ? ORDER BY kind, value",
		assetId,
	).map((row) => ({ kind: row.kind, value: row.value, lastSeen: isoOf(row.last_seen) }));
}

/** Takes an identifier from whoever has it: it is not there any more. */
export function forgetIdentifier(db: DatabaseSync, { kind, value }: Identifier): void {
	run(db, "DELETE FROM identifier WHERE kind = ? AND value = ?", kind, value);
}
