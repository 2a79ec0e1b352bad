/** Networks: the same address in two of them is two machines. */
import type { DatabaseSync } from "node:sqlite";
import type { Network } from "../../protocol/model/identity.ts";
import { all, first, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/** What is scanned without naming a network is in this one. */
export const defaultNetwork = 1;

export function listNetworks(db: DatabaseSync): Network[] {
	return all<NetworkRow>(
		db,
		`SELECT n.id, n.name, n.comment, n.created_at, n.created_by,
			(SELECT count(*) FROM asset a WHERE a.network = n.id) AS assets FROM network n ORDER BY n.id`,
	).map((row) => ({
		id: row.id,
		name: row.name,
		comment: row.comment,
		assets: row.assets,
		createdAt: isoOf(row.created_at),
		createdBy: row.created_by,
	}));
}

/** The number of a network; null when there is none of that name. Names know no case. */
export function findNetwork(db: DatabaseSync, name: string): number | null {
	return first<{ id: number }>(db, "SELECT id FROM network WHERE name = ?", name)?.id ?? null;
}

/** Null when the name is taken. `at` in milliseconds. */
export function createNetwork(
	db: DatabaseSync,
	network: { name: string; comment: string; at: number; by: string },
): number | null {
	if (findNetwork(db, network.name) !== null) return null;
	const { name, comment, at, by } = network;
	return run(
		db,
		"INSERT INTO network (name, comment, created_at, created_by) VALUES (?, ?, ?, ?)",
		name,
		comment,
		at,
		by,
	).id;
}

/** What is left out stays. */
export function updateNetwork(db: DatabaseSync, id: number, change: { name?: string; comment?: string }): void {
	const update = "UPDATE network SET name = ifnull(?, name), comment = ifnull(?, comment) WHERE id = ?";
	run(db, update, change.name ?? null, change.comment ?? null, id);
}

/** What lies in a network. */
export interface NetworkUses {
	readonly assets: number;
	/** Maps too. */
	readonly scans: number;
	readonly groups: number;
}

export function networkUses(db: DatabaseSync, id: number): NetworkUses {
	const select = `SELECT (SELECT count(*) FROM asset WHERE network = ?1) AS assets,
		(SELECT count(*) FROM scan WHERE network = ?1) + (SELECT count(*) FROM map WHERE network = ?1) AS scans,
		(SELECT count(*) FROM asset_group WHERE network = ?1) AS groups`;
	return first<NetworkUses>(db, select, id) ?? { assets: 0, scans: 0, groups: 0 };
}

/** Only for one that nothing lies in; approvals of hosts in it go along. */
export function deleteNetwork(db: DatabaseSync, id: number): void {
	run(db, "DELETE FROM approved_host WHERE network = ?", id);
	run(db, "DELETE FROM network WHERE id = ?", id);
}

/** The network a scan looks at; the default one when there is no such scan. */
export function networkOfScan(db: DatabaseSync, scan: number | null): number {
	if (scan === null) return defaultNetwork;
	return first<{ network: number }>(db, "SELECT network FROM scan WHERE id = ?", scan)?.network ?? defaultNetwork;
}

export function networkNames(db: DatabaseSync): Map<number, string> {
	return new Map(
		all<{ id: number; name: string }>(db, "SELECT id, name FROM network").map(({ id, name }) => [id, name]),
	);
}

interface NetworkRow {
	id: number;
	name: string;
	comment: string;
	created_at: number;
	created_by: string;
	assets: number;
}
