/** What comes in for an asset that others were merged into, by address: so that taking it apart loses nothing of it. */
import type { DatabaseSync } from "node:sqlite";
import { addressKey } from "./address-key.ts";
import { all, run } from "./sql.ts";

export interface Arrival {
	/** Sort key. */
	readonly address: string;
	readonly firstAt: number;
	/** Null: by no scan. */
	readonly firstScan: number | null;
	readonly at: number;
	/** When a scan last brought something; null: none did. */
	readonly scannedAt: number | null;
	/** What the asset was last called by what came in; null: by nothing. */
	readonly name: string | null;
	readonly os: string | null;
	readonly identifiers: readonly ArrivedIdentifier[];
}

export interface ArrivedIdentifier {
	readonly network: number;
	readonly kind: string;
	readonly value: string;
	readonly firstAt: number;
	readonly at: number;
}

/** Fields of an asset that what comes in leaves as they are: somebody chose them when it was merged. */
export type HeldFields = ReadonlySet<string>;

const nothingHeld: HeldFields = new Set();

/** Notes what came in at an address, when the asset is a merged one; says which of its fields hold. Times in milliseconds. */
export function noteArrival(
	db: DatabaseSync,
	asset: number,
	arrival: {
		address: string;
		at: number;
		/** Null: by no scan. */
		scan: number | null;
		name: string | null;
		os: string | null;
		identifiers: readonly { network: number; kind: string; value: string }[];
	},
): HeldFields {
	const merges = all<{ id: number; chosen: string }>(
		db,
		"SELECT id, chosen FROM merge WHERE survivor = ? AND undone_at IS NULL ORDER BY id DESC",
		asset,
	);
	const [latest] = merges;
	if (latest === undefined) return nothingHeld;
	const { at, name, os } = arrival;
	const identifiers = arrival.identifiers.map((one) => ({ ...one, firstAt: at, at }));
	saveArrival(db, latest.id, {
		...{ address: addressKey(arrival.address), firstAt: at, at, name, os, identifiers },
		firstScan: arrival.scan,
		scannedAt: arrival.scan === null ? null : at,
	});
	return new Set(merges.flatMap(({ chosen }) => Object.keys(JSON.parse(chosen) as object)));
}

/** Adds to what is noted under a merge. */
export function saveArrival(db: DatabaseSync, merge: number, arrival: Arrival): void {
	const { address, firstAt, firstScan, at, scannedAt, name, os } = arrival;
	run(
		db,
		`INSERT INTO merge_arrival (merge, address, first_at, first_scan, at, scanned_at, name, os) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET first_scan = iif(excluded.first_at < first_at, excluded.first_scan, first_scan),
			first_at = min(first_at, excluded.first_at), at = max(at, excluded.at),
			scanned_at = max(ifnull(scanned_at, excluded.scanned_at), ifnull(excluded.scanned_at, scanned_at)),
			name = ifnull(excluded.name, name), os = ifnull(excluded.os, os)`,
		...[merge, address, firstAt, firstScan, at, scannedAt, name, os],
	);
	for (const identifier of arrival.identifiers) {
		run(
			db,
			`INSERT INTO merge_arrival_identifier (merge, address, network, kind, value, first_at, at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET first_at = min(first_at, excluded.first_at), at = max(at, excluded.at)`,
			...[merge, address, identifier.network, identifier.kind, identifier.value, identifier.firstAt, identifier.at],
		);
	}
}

/** All that came in under a merge, oldest first. */
export function listArrivals(db: DatabaseSync, merge: number): Arrival[] {
	const rows = all<Omit<Arrival, "identifiers">>(
		db,
		`SELECT address, first_at AS firstAt, first_scan AS firstScan, at, scanned_at AS scannedAt, name, os FROM merge_arrival
		WHERE merge = ? ORDER BY at, address`,
		merge,
	);
	return rows.map((row) => ({
		...row,
		identifiers: all<ArrivedIdentifier>(
			db,
			`SELECT network, kind, value, first_at AS firstAt, at FROM merge_arrival_identifier
			WHERE merge = ? AND address = ? ORDER BY network, kind, value`,
			merge,
			row.address,
		),
	}));
}

/** The latest merge that holds of which the asset is what stayed; null when there is none. */
export function findMergeInto(db: DatabaseSync, asset: number): number | null {
	const text = "SELECT id FROM merge WHERE survivor = ? AND undone_at IS NULL ORDER BY id DESC LIMIT 1";
	return all<{ id: number }>(db, text, asset)[0]?.id ?? null;
}
