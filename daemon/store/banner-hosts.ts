/** What the banners of each host point to, and what feeds said of that: gone where evidence has changed since (see the triggers). */
import type { DatabaseSync } from "node:sqlite";
import type { Kind } from "../evidence/record.ts";
import { all, run } from "./sql.ts";

export interface BannerHost {
	readonly asset: number;
	/** As `saveBannerHost` was given it; null: not known, or out of date. */
	readonly subjects: string | null;
	readonly digest: Uint8Array | null;
	/** Whether there is evidence of these kinds; not looked up where it is known what it says. */
	readonly speaks: boolean;
}

/** All assets above one, up to `limit`, ascending. `kinds`: those of which banners are read. */
export function listBannerHosts(db: DatabaseSync, kinds: readonly Kind[], after: number, limit: number): BannerHost[] {
	return all<Omit<BannerHost, "speaks"> & { speaks: number }>(
		db,
		`SELECT a.id AS asset, b.subjects, b.digest, b.asset IS NOT NULL OR EXISTS (
				SELECT 1 FROM record r WHERE r.asset = a.id AND r.kind IN (${kinds.map(() => "?").join()})
			) AS speaks FROM asset a LEFT JOIN banner_host b ON b.asset = a.id
		WHERE a.id > ? ORDER BY a.id LIMIT ?`,
		...[...kinds, after, limit],
	).map((row) => ({ ...row, speaks: row.speaks === 1 }));
}

export function saveBannerHost(db: DatabaseSync, asset: number, subjects: string, digest: Uint8Array): void {
	run(
		db,
		`INSERT INTO banner_host (asset, subjects, digest) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET subjects = excluded.subjects, digest = excluded.digest`,
		...[asset, subjects, digest],
	);
}

/** Of none it is known any more what it was last judged by. */
export function forgetBannerHosts(db: DatabaseSync): void {
	run(db, "DELETE FROM banner_host");
}
