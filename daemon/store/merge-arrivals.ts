/** What comes in for an asset that others were merged into, by address: so that taking it apart loses nothing of it. */
import type { DatabaseSync } from "node:sqlite";
import type { Source } from "../evidence/record.ts";
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
	/** What the asset was last called by what came in, a look inside before all others; null: by nothing. */
	readonly name: SaidThere | null;
	readonly os: SaidThere | null;
	readonly identifiers: readonly ArrivedIdentifier[];
}

export interface SaidThere {
	readonly text: string;
	readonly source: Source;
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
		name: SaidThere | null;
		os: SaidThere | null;
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
		`INSERT INTO merge_arrival (merge, address, first_at, first_scan, at, scanned_at, name, name_source, os, os_source)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET first_scan = iif(excluded.first_at < first_at, excluded.first_scan, first_scan),
			first_at = min(first_at, excluded.first_at), at = max(at, excluded.at),
			scanned_at = max(ifnull(scanned_at, excluded.scanned_at), ifnull(excluded.scanned_at, scanned_at)),
			name = iif(${wins("name")}, excluded.name, name), name_source = iif(${wins("name")}, excluded.name_source, name_source),
			os = iif(${wins("os")}, excluded.os, os), os_source = iif(${wins("os")}, excluded.os_source, os_source)`,
		...[merge, address, firstAt, firstScan, at, scannedAt],
		...[name?.text ?? null, name?.source ?? "network", os?.text ?? null, os?.source ?? "network"],
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
	const rows = all<ArrivalRow>(
		db,
		`SELECT address, first_at AS firstAt, first_scan AS firstScan, at, scanned_at AS scannedAt, name, name_source AS nameSource,
			os, os_source AS osSource FROM merge_arrival
		WHERE merge = ? ORDER BY at, address`,
		merge,
	);
	return rows.map(({ name, nameSource, os, osSource, ...row }) => ({
		...row,
		name: name === null ? null : { text: name, source: nameSource },
		os: os === null ? null : { text: os, source: osSource },
		identifiers: all<ArrivedIdentifier>(
			db,
			`SELECT network, kind, value, first_at AS firstAt, at FROM merge_arrival_identifier
			WHERE merge = ? AND address = ? ORDER BY network, kind, value`,
			merge,
			row.address,
		),
	}));
}

interface ArrivalRow extends Pick<Arrival, "address" | "firstAt" | "firstScan" | "at" | "scannedAt"> {
	name: string | null;
	nameSource: Source;
	os: string | null;
	osSource: Source;
}

/** What comes in later stands in place of what was said before, unless only that was said from inside. */
function wins(column: "name" | "os"): string {
	return `excluded.${column} IS NOT NULL AND (excluded.${column}_source <> 'network' OR ${column} IS NULL OR ${column}_source = 'network')`;
}
