/** Why what was seen at an address is an asset: kept with the asset, a row whenever the reason becomes another one. */
import type { DatabaseSync } from "node:sqlite";
import { addressKey, addressOfKey } from "./address-key.ts";
import { all, first, run } from "./sql.ts";

/** `body` is the resolution as JSON; `at` in milliseconds. */
export interface StoredResolution {
	address: string;
	network: number;
	at: number;
	scan: number | null;
	body: string;
}

/** Reasons kept of an asset. */
const mostKept = 60;

/** Does nothing when the last reason at that address is the same. In the caller's transaction. */
export function saveResolution(db: DatabaseSync, asset: number, resolution: StoredResolution): void {
	const key = addressKey(resolution.address);
	const last = first<{ body: string }>(
		db,
		"SELECT body FROM resolution WHERE asset = ? AND address = ? ORDER BY at DESC LIMIT 1",
		...[asset, key],
	);
	if (last?.body === resolution.body) return;
	const { changes } = run(
		db,
		"INSERT INTO resolution (asset, address, at, network, scan, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		...[asset, key, resolution.at, resolution.network, resolution.scan, resolution.body],
	);
	if (changes === 0 || last === undefined) return;
	run(
		db,
		`DELETE FROM resolution WHERE asset = ?1 AND at < (SELECT at FROM resolution WHERE asset = ?1 ORDER BY at DESC LIMIT 1 OFFSET ${mostKept})`,
		asset,
	);
}

/** Newest first. */
export function listResolutions(db: DatabaseSync, asset: number): StoredResolution[] {
	return all<{ address: string; network: number; at: number; scan: number | null; body: string }>(
		db,
		"SELECT address, network, at, scan, body FROM resolution WHERE asset = ? ORDER BY at DESC, address",
		asset,
	).map((row) => ({ ...row, address: addressOfKey(row.address) }));
}
