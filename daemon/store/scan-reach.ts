/**
 * What a scan's targets stood for when it was started: addresses, names that share one, and names that led nowhere. Kept
 * because names, groups and lists may stand for something else by the time the scan is taken up again.
 */
import type { DatabaseSync } from "node:sqlite";
import type { NotScanned } from "../../protocol/model/scan.ts";
import { addressBytes } from "../../protocol/target/address.ts";
import { type AddressParts, AddressSet } from "../../protocol/target/address-set.ts";
import { all, first, run } from "./sql.ts";

export interface ScanReach {
	/** Null: they are all among the scan's targets. */
	readonly allow: AddressSet | null;
	/** Of its own exclusions. */
	readonly deny: AddressSet;
	/** Address to the names that share it. */
	readonly shared: ReadonlyMap<string, readonly string[]>;
	readonly notScanned: readonly NotScanned[];
}

/** In the caller's transaction. */
export function saveScanReach(db: DatabaseSync, scan: number, reach: ScanReach): void {
	run(
		db,
		"INSERT INTO scan_reach (scan, allow, deny) VALUES (?, ?, ?)",
		scan,
		reach.allow === null ? null : pack(reach.allow.parts),
		pack(reach.deny.parts),
	);
	for (const [address, names] of reach.shared)
		for (const name of names)
			run(db, "INSERT INTO scan_shared (scan, address, name) VALUES (?, ?, ?)", scan, address, name);
	reach.notScanned.forEach(({ target, why }, n) => {
		run(db, "INSERT INTO scan_not_scanned (scan, n, target, why) VALUES (?, ?, ?, ?)", scan, n, target, why);
	});
}

/** Null for a scan from before this was kept. */
export function findScanReach(db: DatabaseSync, scan: number): Omit<ScanReach, "notScanned"> | null {
	const row = first<{ allow: Uint8Array | null; deny: Uint8Array }>(
		db,
		"SELECT allow, deny FROM scan_reach WHERE scan = ?",
		scan,
	);
	if (row === undefined) return null;
	const shared = new Map<string, string[]>();
	const names = all<{ address: string; name: string }>(
		db,
		"SELECT address, name FROM scan_shared WHERE scan = ? ORDER BY address, name",
		scan,
	);
	for (const { address, name } of names) shared.set(address, [...(shared.get(address) ?? []), name]);
	return {
		allow: row.allow === null ? null : new AddressSet(unpack(row.allow)),
		deny: new AddressSet(unpack(row.deny)),
		shared,
	};
}

/** A target that led nowhere after all, once. In the caller's transaction. */
export function addNotScanned(db: DatabaseSync, scan: number, { target, why }: NotScanned): void {
	const { changes } = run(
		db,
		`INSERT INTO scan_not_scanned (scan, n, target, why)
		SELECT ?1, (SELECT ifnull(max(n), -1) + 1 FROM scan_not_scanned WHERE scan = ?1), ?2, ?3
		WHERE NOT EXISTS (SELECT 1 FROM scan_not_scanned WHERE scan = ?1 AND target = ?2)`,
		...[scan, target, why],
	);
	run(db, "UPDATE scan SET not_scanned = not_scanned + ? WHERE id = ?", changes, scan);
}

export function listNotScanned(db: DatabaseSync, scan: number, limit: number): { items: NotScanned[]; total: number } {
	const total = first<{ n: number }>(db, "SELECT count(*) AS n FROM scan_not_scanned WHERE scan = ?", scan)?.n ?? 0;
	const items = all<NotScanned>(
		db,
		"SELECT target, why FROM scan_not_scanned WHERE scan = ? ORDER BY n LIMIT ?",
		scan,
		limit,
	);
	return { items, total };
}

/** How many IPv4 ranges, those as pairs of 32-bit numbers, and the IPv6 ranges as pairs of 16 bytes; all big-endian. */
function pack({ v4, v6 }: AddressParts): Uint8Array {
	const bytes = Buffer.alloc(4 + v4.length * 4 + v6.length * 32);
	bytes.writeUInt32BE(v4.length / 2);
	for (let i = 0; i < v4.length; i++) bytes.writeUInt32BE(v4[i] ?? 0, 4 + i * 4);
	v6.forEach(({ first, last }, i) => {
		const at = 4 + v4.length * 4 + i * 32;
		bytes.set(addressBytes({ family: 6, value: first }), at);
		bytes.set(addressBytes({ family: 6, value: last }), at + 16);
	});
	return bytes;
}

function unpack(data: Uint8Array): AddressParts {
	const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	const v4 = new Uint32Array(bytes.readUInt32BE() * 2);
	for (let i = 0; i < v4.length; i++) v4[i] = bytes.readUInt32BE(4 + i * 4);
	const v6 = [];
	for (let at = 4 + v4.length * 4; at < bytes.length; at += 32) {
		const value = (from: number) => (bytes.readBigUInt64BE(from) << 64n) | bytes.readBigUInt64BE(from + 8);
		v6.push({ first: value(at), last: value(at + 16) });
	}
	return { v4, v6 };
}
