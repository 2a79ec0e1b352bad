/** Assets: rows in, `protocol/model/asset.ts` out. */
import type { DatabaseSync } from "node:sqlite";
import ipaddr from "ipaddr.js";
import type { Asset, AssetDetail } from "../../protocol/model/asset.ts";
import type { Severity, SeverityCounts } from "../../protocol/model/severity.ts";
import type { Source } from "../evidence/record.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { readCounters, type Tally } from "./counters.ts";
import { listRecords, recordView } from "./evidence.ts";
import { assetSorts } from "./fields.ts";
import { listIdentifiers } from "./identifiers.ts";
import { countListing, type Listing, type ListQuery, listPage, type Page, type Where } from "./page.ts";
import { listServices, serviceView } from "./services.ts";
import { all, first, run } from "./sql.ts";
import { isoOf, isoOrNull } from "./time.ts";

/** Worst first unless sorted. */
export function listAssets(db: DatabaseSync, query: ListQuery): Page<Asset> {
	return listPage(db, listing, query, query.where === null ? countAssets(db, null) : undefined);
}

/** How many that list has on all its pages. */
export function countAssets(db: DatabaseSync, where: Where | null): number {
	return where === null ? (readCounters(db).get("assets") ?? 0) : countListing(db, listing, where);
}

/** By id, by address, or by name (without regard to case); the asset seen last when several fit. */
export function findAsset(db: DatabaseSync, by: { id: number } | { name: string }): Asset | null {
	const select = `SELECT ${listing.columns} FROM asset a`;
	const row =
		"id" in by
			? first<AssetRow>(db, `${select} WHERE a.id = ?`, by.id)
			: // An asset that was seen at no other address is called by it still when another one has it.
				(findByAddress(db, select, by.name) ??
				first<AssetRow>(db, `${select} WHERE a.name = ? COLLATE NOCASE ORDER BY a.last_seen DESC LIMIT 1`, by.name));
	return row === undefined ? null : toAsset(row);
}

/** An asset with its services, identifiers and current evidence; null when there is none. */
export function findAssetDetail(db: DatabaseSync, by: { id: number } | { name: string }): AssetDetail | null {
	const asset = findAsset(db, by);
	if (asset === null) return null;
	return {
		asset,
		services: listServices(db, asset.id).map(serviceView),
		identifiers: listIdentifiers(db, asset.id),
		records: listRecords(db, asset.id).map(recordView),
	};
}

/** The worst assets with open findings. */
export function topAssets(db: DatabaseSync, limit: number): { id: number; name: string; findings: SeverityCounts }[] {
	return all<AssetRow>(
		db,
		"SELECT id, name, n1, n2, n3, n4, n5 FROM asset WHERE rank > 0 ORDER BY rank DESC, id DESC LIMIT ?",
		limit,
	).map((row) => ({ id: row.id, name: row.name, findings: severityCountsOf(row) }));
}

/** Stores an asset tracked by its address; returns its id. Ids are never used again. `at` in milliseconds. */
export function createAsset(
	db: DatabaseSync,
	tally: Tally,
	asset: { network: number; name: string; address: string; at: number },
): number {
	tally.add("assets", 1);
	return run(
		db,
		`INSERT INTO asset (network, name, address, tracking, first_seen, last_seen) VALUES (?, ?, ?, 'IP', ?, ?)`,
		asset.network,
		asset.name,
		addressKey(asset.address),
		asset.at,
		asset.at,
	).id;
}

/** A name or a system, and who said so. */
export interface Said {
	text: string;
	source: Source;
}

/** What a run says of an asset; null leaves what is known. `at` in milliseconds. */
export function updateAsset(
	db: DatabaseSync,
	assetId: number,
	seen: {
		at: number;
		scanned: boolean;
		name: Said | null;
		os: Said | null;
		address: string;
		openPorts: number;
		/** Change of open findings, by severity. */
		findings: Readonly<Record<Severity, number>>;
	},
): void {
	const { findings, at, name, os } = seen;
	run(
		db,
		`UPDATE asset SET last_seen = max(last_seen, ?), last_scan = CASE WHEN ? THEN max(ifnull(last_scan, 0), ?) ELSE last_scan END,
			open_ports = ? WHERE id = ?`,
		...[at, Number(seen.scanned), at, seen.openPorts, assetId],
	);
	// Apart: the index by name rests when nobody has said anything new.
	if (name !== null) run(db, "UPDATE asset SET name = ? WHERE id = ? AND name <> ?", name.text, assetId, name.text);
	const insideAt = (said: Said | null) => said && (said.source === "network" ? 0 : at);
	if (name !== null || os !== null)
		run(
			db,
			`UPDATE asset SET name_source = ifnull(?, name_source), name_at = ifnull(?, name_at), os = ifnull(?, os),
				os_source = ifnull(?, os_source), os_at = ifnull(?, os_at) WHERE id = ?`,
			...[name?.source ?? null, insideAt(name), os?.text ?? null, os?.source ?? null, insideAt(os), assetId],
		);
	countAssetFindings(db, assetId, findings);
	run(
		db,
		`INSERT INTO asset_address (asset, address, last_seen) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen WHERE excluded.last_seen > last_seen`,
		assetId,
		addressKey(seen.address),
		seen.at,
	);
}

/** Changes how many open findings an asset has, by severity. */
export function countAssetFindings(
	db: DatabaseSync,
	assetId: number,
	change: Readonly<Record<Severity, number>>,
): void {
	// Apart from the rest: the index by rank rests when nothing changed.
	if (change[1] === 0 && change[2] === 0 && change[3] === 0 && change[4] === 0 && change[5] === 0) return;
	run(
		db,
		"UPDATE asset SET n1 = n1 + ?, n2 = n2 + ?, n3 = n3 + ?, n4 = n4 + ?, n5 = n5 + ? WHERE id = ?",
		change[1],
		change[2],
		change[3],
		change[4],
		change[5],
		assetId,
	);
}

/** Up to `limit` asset ids above `after`, ascending: for work that goes over all of them. */
export function listAssetIds(db: DatabaseSync, after: number, limit: number): number[] {
	return all<{ id: number }>(db, "SELECT id FROM asset WHERE id > ? ORDER BY id LIMIT ?", after, limit).map(
		({ id }) => id,
	);
}

/** The counts of a row with columns n1 to n5. */
function severityCountsOf(row: { n1: number; n2: number; n3: number; n4: number; n5: number }): SeverityCounts {
	return { "1": row.n1, "2": row.n2, "3": row.n3, "4": row.n4, "5": row.n5 };
}

interface AssetRow {
	id: number;
	name: string;
	addresses: string;
	tags: string;
	os: string | null;
	tracking: Asset["tracking"];
	tracked_name: string | null;
	network: string | null;
	first_seen: number;
	last_seen: number;
	last_scan: number | null;
	open_ports: number;
	n1: number;
	n2: number;
	n3: number;
	n4: number;
	n5: number;
}

const listing: Listing<AssetRow, Asset> = {
	columns: `a.id, a.name, a.os, a.tracking, a.tracked_name, a.first_seen, a.last_seen, a.last_scan, a.open_ports, a.n1, a.n2, a.n3, a.n4, a.n5,
		(SELECT n.name FROM network n WHERE n.id = a.network) AS network,
		(SELECT json_group_array(x.address) FROM asset_address x WHERE x.asset = a.id) AS addresses,
		(SELECT json_group_array(json_array(t.name, t.colour) ORDER BY t.name) FROM asset_tag y JOIN tag t ON t.id = y.tag WHERE y.asset = a.id) AS tags`,
	from: "asset a",
	key: "a.id",
	sorts: assetSorts,
	order: { sql: "a.rank", descending: true },
	map: toAsset,
};

function toAsset(row: AssetRow): Asset {
	const tags = JSON.parse(row.tags) as [name: string, colour: string | null][];
	const coloured = tags.flatMap(([name, colour]) => (colour === null ? [] : [[name, colour] as const]));
	return {
		id: row.id,
		name: row.name,
		addresses: (JSON.parse(row.addresses) as string[]).map(addressOfKey),
		os: row.os,
		tracking: row.tracking,
		trackedBy: row.tracked_name,
		network: row.network ?? "default",
		tags: tags.map(([name]) => name),
		...(coloured.length > 0 ? { tagColours: Object.fromEntries(coloured) } : {}),
		firstSeen: isoOf(row.first_seen),
		lastSeen: isoOf(row.last_seen),
		lastScan: isoOrNull(row.last_scan),
		openPorts: row.open_ports,
		findings: severityCountsOf(row),
	};
}

function findByAddress(db: DatabaseSync, select: string, text: string): AssetRow | undefined {
	if (!ipaddr.isValid(text.split("%", 1)[0] ?? "")) return undefined;
	return first<AssetRow>(
		db,
		`${select} JOIN identifier i ON i.asset = a.id WHERE i.kind = 'ip' AND i.value = ? AND i.answered = 1
		ORDER BY i.last_seen DESC LIMIT 1`,
		addressOfKey(addressKey(text)),
	);
}
