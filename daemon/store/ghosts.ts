/**
 * Ghosts as scans and maps have seen them: one row for each network, kind and pattern of a scan or map, grown address by
 * address. How rows become the entries people see is in daemon/ghosts/entries.ts.
 */
import type { DatabaseSync } from "node:sqlite";
import type { GhostKind } from "../../protocol/model/ghost.ts";
import { AddressSet, type TextRange } from "../../protocol/target/address-set.ts";
import type { GhostRow, GhostSighting, Spoken } from "../evidence/ghost-sighting.ts";
import { all, first, run, transaction } from "./sql.ts";

/** Who saw it. */
export type GhostOrigin = { readonly scan: number } | { readonly map: number };

/** Ports that spoke, kept for each row. */
const mostSpoken = 32;

/** Adds an address to the row of its network, making it. The caller sees to it that each address is added once. */
export function saveGhost(
	db: DatabaseSync,
	origin: GhostOrigin,
	network: string,
	sighting: GhostSighting,
	at: number,
): void {
	const { scan, map } = placeOf(origin);
	const { kind, canaries, openOfAsked, rttMs } = sighting;
	const pattern = JSON.stringify(sighting.pattern);
	transaction(db, () => {
		const text =
			"SELECT * FROM ghost WHERE ifnull(scan, 0) = ? AND ifnull(map, 0) = ? AND network = ? AND kind = ? AND pattern = ?";
		const row = first<StoredRow>(db, text, scan ?? 0, map ?? 0, network, kind, pattern);
		if (row === undefined) {
			run(
				db,
				`INSERT INTO ghost (scan, map, network, kind, pattern, ranges, addresses, asked, canaries, accepted, refused, listened_to,
					spoken, open_ports, asked_ports, rtt_least, rtt_most, first_at, last_at)
				VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				...[scan, map, network, kind, pattern, JSON.stringify([[sighting.address, sighting.address]])],
				...[sighting.askedInNetwork, canaries.asked, canaries.accepted, canaries.refused, sighting.listenedTo],
				...[
					JSON.stringify(sighting.spoken.slice(0, mostSpoken)),
					openOfAsked?.open ?? null,
					openOfAsked?.asked ?? null,
				],
				...[rttMs, rttMs, at, at],
			);
			return;
		}
		const own: TextRange = [sighting.address, sighting.address];
		const addresses = AddressSet.fromText([...(JSON.parse(row.ranges) as TextRange[]), own]);
		const spoken = [...(JSON.parse(row.spoken) as Spoken[]), ...sighting.spoken].slice(0, mostSpoken);
		run(
			db,
			`UPDATE ghost SET ranges = ?, addresses = ?, asked = max(asked, ?, ?), canaries = canaries + ?, accepted = accepted + ?,
				refused = refused + ?, listened_to = listened_to + ?, spoken = ?, rtt_least = ?, rtt_most = ?, last_at = ?
			WHERE id = ?`,
			...[JSON.stringify(addresses.toText()), addresses.size, sighting.askedInNetwork, addresses.size],
			...[canaries.asked, canaries.accepted, canaries.refused, sighting.listenedTo, JSON.stringify(spoken)],
			...[pick(Math.min, row.rtt_least, rttMs), pick(Math.max, row.rtt_most, rttMs), at, row.id],
		);
	});
}

/** Ghosts of a window of a map, in the transaction that says the window is done. */
export function saveMapGhosts(
	db: DatabaseSync,
	map: number,
	ghosts: readonly { readonly network: string; readonly sighting: GhostSighting }[],
	at: number,
): void {
	if (ghosts.length === 0) return;
	transaction(db, () => {
		const before = new Map(listGhostRows(db, { map }).map((row) => [row.network, row.asked]));
		const asked = new Map<string, number>();
		for (const { network, sighting } of ghosts) {
			saveGhost(db, { map }, network, sighting, at);
			asked.set(network, sighting.askedInNetwork);
		}
		// Each window asks others of a network.
		for (const [network, count] of asked) saveAskedInNetwork(db, { map }, network, (before.get(network) ?? 0) + count);
		run(db, "UPDATE map SET ghosts = ghosts + ? WHERE id = ?", ghosts.length, map);
	});
}

/** Says how many addresses of a network were asked, once that is known to the end. */
export function saveAskedInNetwork(db: DatabaseSync, origin: GhostOrigin, network: string, asked: number): void {
	const { scan, map } = placeOf(origin);
	const text =
		"UPDATE ghost SET asked = max(asked, ?) WHERE ifnull(scan, 0) = ? AND ifnull(map, 0) = ? AND network = ?";
	run(db, text, asked, scan ?? 0, map ?? 0, network);
}

/** Rows of one scan or map; of all, newest first, when `origin` is null: then at most `limit`. */
export function listGhostRows(db: DatabaseSync, origin: GhostOrigin | null, limit = 100_000): GhostRow[] {
	if (origin === null) return all<StoredRow>(db, "SELECT * FROM ghost ORDER BY id DESC LIMIT ?", limit).map(toRow);
	const { scan, map } = placeOf(origin);
	const text = "SELECT * FROM ghost WHERE ifnull(scan, 0) = ? AND ifnull(map, 0) = ? ORDER BY id LIMIT ?";
	return all<StoredRow>(db, text, scan ?? 0, map ?? 0, limit).map(toRow);
}

function placeOf(origin: GhostOrigin): { scan: number | null; map: number | null } {
	return "scan" in origin ? { scan: origin.scan, map: null } : { scan: null, map: origin.map };
}

function pick(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
	return a === null ? b : b === null ? a : of(a, b);
}

interface StoredRow {
	id: number;
	scan: number | null;
	map: number | null;
	network: string;
	kind: GhostKind;
	pattern: string;
	ranges: string;
	addresses: number;
	asked: number;
	canaries: number;
	accepted: number;
	refused: number;
	listened_to: number;
	spoken: string;
	open_ports: number | null;
	asked_ports: number | null;
	rtt_least: number | null;
	rtt_most: number | null;
	first_at: number;
	last_at: number;
}

function toRow(row: StoredRow): GhostRow {
	const { open_ports: open, asked_ports: asked, rtt_least: least, rtt_most: most } = row;
	return {
		id: row.id,
		scan: row.scan,
		map: row.map,
		network: row.network,
		kind: row.kind,
		pattern: JSON.parse(row.pattern) as number[],
		ranges: JSON.parse(row.ranges) as TextRange[],
		addresses: row.addresses,
		asked: row.asked,
		canaries: { asked: row.canaries, accepted: row.accepted, refused: row.refused },
		listenedTo: row.listened_to,
		spoken: JSON.parse(row.spoken) as Spoken[],
		openOfAsked: open === null || asked === null ? null : { open, asked },
		rttMs: least === null || most === null ? null : { least, most },
		firstAt: row.first_at,
		lastAt: row.last_at,
	};
}
