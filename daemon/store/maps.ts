/** Maps: rows in, `protocol/model/map.ts` out. Their hosts are in map-hosts.ts. */
import type { DatabaseSync } from "node:sqlite";
import { type NetworkMap, noDomain, type TraceChoice } from "../../protocol/model/map.ts";
import { type RunStatus, runStatuses } from "../../protocol/model/run-status.ts";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import type { Sorts } from "./fields.ts";
import { defaultNetwork } from "./networks.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run } from "./sql.ts";
import { isoOf, isoOrNull, msOrNull } from "./time.ts";

/** What is known of a map when it is asked for. */
export type NewMap = Pick<
	NetworkMap,
	| "title"
	| "domain"
	| "netblock"
	| "exclusions"
	| "profile"
	| "tcpPorts"
	| "udpPorts"
	| "dns"
	| "resolver"
	| "trace"
	| "addresses"
> &
	Partial<Pick<NetworkMap, "window" | "ignoreWindow">> & { readonly networkId?: number };

/** Stores a queued map; returns its id. Ids are never used again. `at` in milliseconds. */
export function createMap(db: DatabaseSync, map: NewMap, at: number): number {
	return run(
		db,
		`INSERT INTO map (title, domain, netblock, exclusions, profile, tcp_ports, udp_ports, dns, resolver, trace, addresses,
			run_window, ignore_window, network, status, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)`,
		map.title,
		map.domain,
		JSON.stringify(map.netblock),
		JSON.stringify(map.exclusions),
		map.profile,
		JSON.stringify(map.tcpPorts),
		JSON.stringify(map.udpPorts),
		Number(map.dns),
		map.resolver,
		map.trace,
		map.addresses,
		map.window == null ? null : JSON.stringify(map.window),
		Number(map.ignoreWindow ?? false),
		map.networkId ?? defaultNetwork,
		at,
	).id;
}

export function findMap(db: DatabaseSync, id: number): NetworkMap | null {
	const row = first<MapRow>(db, `SELECT ${listing.columns} FROM map m WHERE m.id = ?`, id);
	return row === undefined ? null : toMap(row);
}

/** Writes what a map's manager decides; what is found is written with the hosts. */
export function saveMap(db: DatabaseSync, map: NetworkMap): void {
	run(
		db,
		`UPDATE map SET status = ?, ignore_window = ?, continues_at = ?, reason = ?, partial = ?, rate = ?, started_at = ?, finished_at = ?, active_ms = ? WHERE id = ?`,
		map.status,
		Number(map.ignoreWindow ?? false),
		msOrNull(map.continuesAt ?? null),
		map.reason,
		Number(map.partial),
		map.rate,
		msOrNull(map.startedAt),
		msOrNull(map.finishedAt),
		map.activeMs,
		map.id,
	);
}

/** Newest first unless sorted. */
export function listMaps(db: DatabaseSync, query: ListQuery): Page<NetworkMap> {
	return listPage(db, listing, query);
}

/** Queued, waiting, running, pausing, paused and cancelling, oldest first: what a daemon that starts has to deal with. */
export function listUnfinishedMaps(db: DatabaseSync): NetworkMap[] {
	// The condition repeats the partial index's own words; SQLite uses the index for nothing less.
	return all<MapRow>(
		db,
		`SELECT ${listing.columns} FROM map m WHERE status IN ('queued', 'waiting', 'running', 'pausing', 'paused', 'cancelling') ORDER BY id`,
	).map(toMap);
}

/** Have the names of the map's domain been looked up? */
export function isMapNamed(db: DatabaseSync, id: number): boolean {
	return first<{ named: number }>(db, "SELECT named FROM map WHERE id = ?", id)?.named === 1;
}

/** The number of the network that a map's addresses are in. */
export function networkOfMap(db: DatabaseSync, id: number): number {
	return first<{ network: number }>(db, "SELECT network FROM map WHERE id = ?", id)?.network ?? defaultNetwork;
}

/** Over `map m`. */
export const mapFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "m.id" },
		title: { kind: "text", sql: "m.title" },
		domain: { kind: "keyword", sql: "m.domain" },
		network: { kind: "keyword", sql: "(SELECT n.name FROM network n WHERE n.id = m.network)" },
		status: { kind: "enum", sql: "m.status", values: Object.fromEntries(runStatuses.map((word) => [word, word])) },
		createdAt: { kind: "date", sql: "m.created_at" },
		finishedAt: { kind: "date", sql: "m.finished_at" },
		hosts: { kind: "int", sql: "m.hosts" },
		live: { kind: "int", sql: "m.live" },
	},
	bare: ["title", "domain", "status"],
};

const mapSorts: Sorts = {
	id: "m.id",
	title: "m.title COLLATE NOCASE",
	domain: "m.domain",
	status: "m.status",
	createdAt: "m.created_at",
	finishedAt: "ifnull(m.finished_at, -1)",
	hosts: "m.hosts",
	live: "m.live",
};

interface MapRow {
	id: number;
	title: string;
	domain: string;
	network_name: string | null;
	netblock: string;
	exclusions: string;
	profile: string;
	tcp_ports: string;
	udp_ports: string;
	dns: number;
	resolver: string | null;
	trace: TraceChoice;
	status: RunStatus;
	reason: string | null;
	partial: number;
	rate: number;
	created_at: number;
	started_at: number | null;
	finished_at: number | null;
	active_ms: number;
	addresses: number;
	settled: number;
	named: number;
	hosts: number;
	live: number;
	ghosts: number;
	run_window: string | null;
	ignore_window: number;
	continues_at: number | null;
}

const listing: Listing<MapRow, NetworkMap> = {
	columns: "m.*, (SELECT n.name FROM network n WHERE n.id = m.network) AS network_name",
	from: "map m",
	key: "m.id",
	sorts: mapSorts,
	order: { sql: "m.id", descending: true },
	map: toMap,
};

/** Looking up a domain's names is taken to be as much work as this many addresses; only the bar's smoothness hangs on it. */
const namesWeight = 16;

function progressOf(row: MapRow): number {
	if (row.status === "finished") return 1;
	const names = row.dns === 1 && row.domain !== noDomain ? namesWeight : 0;
	const total = row.addresses + names;
	return total === 0 ? 0 : Math.min(0.99, (row.settled + row.named * names) / total);
}

function toMap(row: MapRow): NetworkMap {
	return {
		id: row.id,
		title: row.title,
		domain: row.domain,
		network: row.network_name ?? "default",
		netblock: JSON.parse(row.netblock) as string[],
		exclusions: JSON.parse(row.exclusions) as string[],
		profile: row.profile,
		tcpPorts: JSON.parse(row.tcp_ports) as number[],
		udpPorts: JSON.parse(row.udp_ports) as number[],
		dns: row.dns === 1,
		resolver: row.resolver,
		trace: row.trace,
		status: row.status,
		...(row.run_window === null ? {} : { window: JSON.parse(row.run_window) as ScanWindow }),
		...(row.ignore_window === 0 ? {} : { ignoreWindow: true }),
		...(row.continues_at === null ? {} : { continuesAt: isoOf(row.continues_at) }),
		reason: row.reason,
		partial: row.partial === 1,
		progress: progressOf(row),
		rate: row.rate,
		createdAt: isoOf(row.created_at),
		startedAt: isoOrNull(row.started_at),
		finishedAt: isoOrNull(row.finished_at),
		activeMs: row.active_ms,
		addresses: row.addresses,
		settled: Math.min(row.settled, row.addresses),
		hosts: row.hosts,
		live: row.live,
		...(row.ghosts === 0 ? {} : { ghosts: row.ghosts }),
	};
}

export * from "./approved-hosts.ts";
export * from "./map-hosts.ts";
export * from "./map-routes.ts";
