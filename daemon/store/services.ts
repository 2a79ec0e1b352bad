/** Open ports of an asset and what answers there. */
import type { DatabaseSync } from "node:sqlite";
import type { Service } from "../../protocol/model/asset.ts";
import type { Transport } from "../../protocol/model/transport.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { transportNumbers, transportOf } from "./codes.ts";
import { readCounters, type Tally } from "./counters.ts";
import { all, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/** A service as seen; `lastSeen` in milliseconds. */
export type SeenService = Omit<Service, "lastSeen"> & { lastSeen: number };

export function listServices(db: DatabaseSync, assetId: number): SeenService[] {
	return all<ServiceRow>(db, "SELECT * FROM service WHERE asset = ?", assetId).map((row) => ({
		address: addressOfKey(row.address),
		port: row.port,
		protocol: transportOf(row.protocol),
		name: row.name,
		tls: row.tls === 1,
		product: row.product,
		version: row.version,
		info: row.info,
		lastSeen: row.last_seen,
	}));
}

export function serviceView(service: SeenService): Service {
	return { ...service, lastSeen: isoOf(service.lastSeen) };
}

/** A service with the one that was at its place before, if there was one. */
export interface SeenAtPlace {
	readonly service: SeenService;
	readonly before: SeenService | undefined;
}

/** Writes what one look found at one address over what was there, and keeps the counters. */
export function saveServices(db: DatabaseSync, tally: Tally, assetId: number, seen: readonly SeenAtPlace[]): void {
	const again: SeenService[] = [];
	for (const { service, before } of seen) {
		if (before !== undefined && isSame(service, before)) again.push(service);
		else saveService(db, tally, assetId, service, before);
	}
	touchServices(db, assetId, again);
}

function saveService(
	db: DatabaseSync,
	tally: Tally,
	assetId: number,
	service: SeenService,
	before: SeenService | undefined,
): void {
	run(
		db,
		`INSERT INTO service (asset, address, port, protocol, name, tls, product, version, info, last_seen)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, tls = excluded.tls, product = excluded.product,
			version = excluded.version, info = excluded.info, last_seen = excluded.last_seen`,
		assetId,
		addressKey(service.address),
		service.port,
		transportNumbers[service.protocol],
		service.name,
		Number(service.tls),
		service.product,
		service.version,
		service.info,
		service.lastSeen,
	);
	if (before !== undefined) countService(tally, before, -1);
	countService(tally, service, 1);
}

/** As they were before, but for when they were seen: one statement for all of them. */
function touchServices(db: DatabaseSync, assetId: number, services: readonly SeenService[]): void {
	for (const [lastSeen, some] of Map.groupBy(services, (service) => service.lastSeen)) {
		for (const [address, here] of Map.groupBy(some, (service) => service.address)) {
			run(
				db,
				`UPDATE service SET last_seen = ? WHERE asset = ? AND address = ?
					AND port * 256 + protocol IN (SELECT value FROM json_each(?))`,
				...[lastSeen, assetId, addressKey(address)],
				JSON.stringify(here.map(({ port, protocol }) => port * 256 + transportNumbers[protocol])),
			);
		}
	}
}

function isSame(a: SeenService, b: SeenService): boolean {
	return (["name", "tls", "product", "version", "info"] as const).every((field) => a[field] === b[field]);
}

/** Removes a service whose port was proved closed. */
export function deleteService(db: DatabaseSync, tally: Tally, assetId: number, service: SeenService): void {
	const { changes } = run(
		db,
		"DELETE FROM service WHERE asset = ? AND address = ? AND port = ? AND protocol = ?",
		assetId,
		addressKey(service.address),
		service.port,
		transportNumbers[service.protocol],
	);
	if (changes > 0) countService(tally, service, -1);
}

/** What answers on most ports, most first. */
export function topServices(db: DatabaseSync, limit: number): { name: string; count: number }[] {
	return [...readCounters(db)]
		.filter(([key, n]) => key.startsWith("name:") && n > 0)
		.map(([key, n]) => ({ name: key.slice("name:".length), count: n }))
		.sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
		.slice(0, limit);
}

/** Same place: address, port and transport. */
export function placeOf(place: { address: string; port: number; protocol: Transport }): string {
	return `${place.address} ${place.port}/${place.protocol}`;
}

interface ServiceRow {
	address: string;
	port: number;
	protocol: number;
	name: string | null;
	tls: number;
	product: string | null;
	version: string | null;
	info: string | null;
	last_seen: number;
}

function countService(tally: Tally, service: SeenService, change: number): void {
	tally.add("services", change);
	if (service.name !== null) tally.add(`name:${service.name}`, change);
}
