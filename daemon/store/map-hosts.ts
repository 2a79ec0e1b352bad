/** The hosts of maps: written as they are found, listed with their flags, compared between two maps. */
import type { DatabaseSync } from "node:sqlite";
import {
	type Discovery,
	discoveryMethods,
	hostChanges,
	hostStandings,
	type MapDifference,
	type MapHost,
	type Route,
} from "../../protocol/model/map.ts";
import type { ColumnField, FieldCatalogue } from "../query/fields.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { addressBytes, type Sorts } from "./fields.ts";
import { earlierRoute } from "./map-routes.ts";
import { type Listing, type ListQuery, listPage, type Page, type Where } from "./page.ts";
import { all, first, run, transaction } from "./sql.ts";

/** What one look at an address brought; joined with what is known of it in the same map. */
export interface FoundHost {
	readonly address: string;
	readonly names: readonly string[];
	readonly netbios: string | null;
	readonly discovery: readonly Discovery[];
	/** Absent: not traced. */
	readonly route?: Route;
	readonly rttMs: number | null;
	readonly inNetblock: boolean;
}

/** A host may carry this many names; more are made up by a server. */
const mostNames = 32;

/** How far a map has come, with what was found on the way: one transaction, so that neither is ahead of the other. */
export function saveMapHosts(
	db: DatabaseSync,
	map: number,
	found: readonly FoundHost[],
	reached: { settled?: number; named?: true },
): void {
	transaction(db, () => {
		for (const host of found) saveHost(db, map, host);
		run(
			db,
			`UPDATE map SET settled = max(settled, ?), named = max(named, ?),
				hosts = (SELECT count(*) FROM map_host h WHERE h.map = map.id), live = (SELECT count(*) FROM map_host h WHERE h.map = map.id AND h.live)
			WHERE id = ?`,
			reached.settled ?? 0,
			Number(reached.named ?? false),
			map,
		);
	});
}

/** By address unless sorted. */
export function listMapHosts(db: DatabaseSync, map: number, query: ListQuery): Page<MapHost> {
	return listPage(db, hostListing, { ...query, where: within(fixed("h.map = ?", map), query.where) });
}

/** Canonical addresses of a map's hosts that match, ascending. */
export function listMapAddresses(db: DatabaseSync, map: number, where: Where | null): string[] {
	const { sql, params } = within(fixed("h.map = ?", map), where);
	const rows = db.prepare(`SELECT h.ip FROM ${hostListing.from} WHERE ${sql} ORDER BY h.address`).all(...params);
	return (rows as { ip: string }[]).map(({ ip }) => ip);
}

export function findMapHost(db: DatabaseSync, map: number, address: string): MapHost | null {
	const text = `SELECT ${hostListing.columns} FROM ${hostListing.from} WHERE h.map = ? AND h.address = ?`;
	const row = first<HostRow>(db, text, map, addressKey(address));
	return row === undefined ? null : toHost(row);
}

/** Hosts of `after`, and of `before` those that are gone; `before` null: of `after` alone. `rogues`: only live ones not approved. */
export function listDifferences(
	db: DatabaseSync,
	maps: { before: number | null; after: number; rogues: boolean },
	query: ListQuery,
): Page<MapDifference> {
	const { before, after } = maps;
	const gone = "h.map = ? AND NOT EXISTS (SELECT 1 FROM map_host x WHERE x.map = ? AND x.address = h.address)";
	const both = before === null ? fixed("h.map = ?", after) : fixed(`h.map = ? OR (${gone})`, after, before, after);
	const wanted = maps.rogues ? within(both, { sql: `h.live AND h.netblock AND NOT ${isApproved}`, params: [] }) : both;
	const change = changeOf(before, after);
	const listing: Listing<DifferenceRow, MapDifference> = {
		...hostListing,
		columns: `${hostListing.columns}, ${standing} AS standing, ${change} AS change, ${earlierRoute(before, after)} AS earlier_route`,
		sorts: { ...hostSorts, standing, change: `ifnull(${change}, '')` },
		map: (row) => ({
			host: toHost(row),
			standing: row.standing,
			change: row.change,
			earlierRoute: row.earlier_route === null ? null : (JSON.parse(row.earlier_route) as Route),
		}),
	};
	return listPage(db, listing, { ...query, where: within(wanted, query.where) });
}

const isApproved =
	"EXISTS (SELECT 1 FROM approved_host ap WHERE ap.domain = m.domain AND ap.network = m.network AND ap.address = h.address)";
const isScannable =
	"EXISTS (SELECT 1 FROM identifier i WHERE i.kind = 'ip' AND i.network = m.network AND i.value = h.ip AND i.answered = 1)";
const standing = `(CASE WHEN ${isApproved} THEN 'approved' WHEN h.live AND h.netblock THEN 'rogue' ELSE 'unknown' END)`;

/** The numbers are row ids this program made; they are written into the text because a field has no parameters. */
function changeOf(before: number | null, after: number): string {
	if (before === null) return "NULL";
	const older = `EXISTS (SELECT 1 FROM map_host x WHERE x.map = ${Math.trunc(before)} AND x.address = h.address)`;
	return `(CASE WHEN h.map <> ${Math.trunc(after)} THEN 'removed' WHEN ${older} THEN 'active' ELSE 'added' END)`;
}

const flagWords = `json_each(json_array(CASE WHEN ${isApproved} THEN 'A' END, CASE WHEN ${isScannable} THEN 'S' END,
	CASE WHEN h.live THEN 'L' END, CASE WHEN h.netblock THEN 'N' END))`;
const words = (list: readonly string[]) => Object.fromEntries(list.map((word) => [word, word]));
const method: ColumnField = {
	kind: "enum",
	sql: "json_extract(d.value, '$.method')",
	values: { ...words(discoveryMethods), RST: "TCP RST" },
};
const port: ColumnField = { kind: "int", sql: "json_extract(d.value, '$.port')" };
const foundBy = (by: "method" | "port") => ({
	exists: { tables: "json_each(h.discovery) d", on: "1", fields: { method, port }, default: by },
	help: by === "method" ? "how it was found" : "a port it was found by",
});

/** Over `map_host h` and its `map m`. */
export const mapHostFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "h.id" },
		address: { kind: "ip", sql: addressBytes("h.address"), help: "address, CIDR or range" },
		name: {
			exists: {
				tables: "json_each(h.names) n",
				on: "1",
				fields: { name: { kind: "text", sql: "n.value" } },
				default: "name",
			},
		},
		netbios: { kind: "text", sql: "h.netbios" },
		os: { kind: "text", sql: "h.os" },
		flag: {
			exists: {
				tables: `${flagWords} fl`,
				on: "1",
				fields: { flag: { kind: "enum", sql: "fl.value", values: { A: "A", S: "S", L: "L", N: "N" } } },
				default: "flag",
			},
			help: "A approved, S scannable, L live, N in the netblock",
		},
		approved: { kind: "bool", sql: isApproved },
		scannable: { kind: "bool", sql: isScannable },
		live: { kind: "bool", sql: "h.live" },
		netblock: { kind: "bool", sql: "h.netblock" },
		method: foundBy("method"),
		port: foundBy("port"),
		traced: { kind: "bool", sql: "h.route IS NOT NULL", help: "its route is known" },
		via: {
			exists: {
				tables: "json_each(h.route, '$.hops') r",
				on: "r.value IS NOT NULL",
				fields: { via: { kind: "keyword", sql: "r.value" } },
				default: "via",
			},
			help: "a router on the way to it",
		},
		methods: { kind: "int", sql: "json_array_length(h.discovery)", help: "how many probes found it" },
	},
	bare: ["address", "name", "netbios", "os"],
};

/** The fields of a comparison: those of a host, and what became of it. */
export function differenceFields(before: number | null, after: number): FieldCatalogue {
	return {
		...mapHostFields,
		fields: {
			...mapHostFields.fields,
			standing: { kind: "enum", sql: standing, values: words(hostStandings) },
			change: { kind: "enum", sql: changeOf(before, after), values: words(hostChanges) },
			rerouted: {
				kind: "bool",
				sql: `(${earlierRoute(before, after)} IS NOT NULL)`,
				help: "leads over other routers than in the older map",
			},
		},
	};
}

const hostSorts: Sorts = {
	id: "h.id",
	address: "h.address",
	name: "ifnull(json_extract(h.names, '$[0]'), '')",
	netbios: "ifnull(h.netbios, '')",
	live: "h.live",
	methods: "json_array_length(h.discovery)",
};

interface HostRow {
	id: number;
	map: number;
	address: string;
	names: string;
	netbios: string | null;
	os: string | null;
	discovery: string;
	route: string | null;
	rtt_ms: number | null;
	live: number;
	netblock: number;
	approved: number;
	scannable: number;
}
interface DifferenceRow extends HostRow {
	standing: MapDifference["standing"];
	change: MapDifference["change"];
	earlier_route: string | null;
}

const hostListing: Listing<HostRow, MapHost> = {
	columns: `h.*, ${isApproved} AS approved, ${isScannable} AS scannable`,
	from: "map_host h JOIN map m ON m.id = h.map",
	key: "h.id",
	sorts: hostSorts,
	order: { sql: "h.address", descending: false },
	map: toHost,
};

function toHost(row: HostRow): MapHost {
	const route = row.route === null ? null : (JSON.parse(row.route) as Route);
	return {
		id: row.id,
		map: row.map,
		address: addressOfKey(row.address),
		names: JSON.parse(row.names) as string[],
		netbios: row.netbios,
		os: row.os,
		discovery: JSON.parse(row.discovery) as Discovery[],
		route,
		links: route?.hops.filter((hop) => hop !== null) ?? [],
		rttMs: row.rtt_ms,
		flags: {
			approved: row.approved === 1,
			scannable: row.scannable === 1,
			live: row.live === 1,
			netblock: row.netblock === 1,
		},
	};
}

function saveHost(db: DatabaseSync, map: number, host: FoundHost): void {
	const key = addressKey(host.address);
	const known = all<HostRow>(db, "SELECT * FROM map_host WHERE map = ? AND address = ?", map, key)[0];
	const names = [...new Set([...textsOf(known?.names), ...host.names])].slice(0, mostNames);
	const discovery = joined(known === undefined ? [] : (JSON.parse(known.discovery) as Discovery[]), host.discovery);
	const live = discovery.some(({ method }) => method !== "DNS");
	run(
		db,
		`INSERT INTO map_host (map, address, ip, names, netbios, discovery, links, route, rtt_ms, live, netblock)
		VALUES (?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET names = excluded.names, netbios = ifnull(excluded.netbios, netbios),
			discovery = excluded.discovery, route = ifnull(excluded.route, route), rtt_ms = ifnull(excluded.rtt_ms, rtt_ms),
			live = excluded.live, netblock = max(netblock, excluded.netblock)`,
		map,
		key,
		addressOfKey(key),
		JSON.stringify(names),
		host.netbios,
		JSON.stringify(discovery),
		host.route === undefined ? null : JSON.stringify(host.route),
		host.rttMs,
		Number(live),
		Number(host.inNetblock),
	);
}

/** By method, then port, each once. */
function joined(before: readonly Discovery[], now: readonly Discovery[]): Discovery[] {
	const each = new Map([...before, ...now].map((found) => [`${found.method} ${found.port ?? ""}`, found]));
	const place = ({ method }: Discovery) => discoveryMethods.indexOf(method);
	return [...each.values()].sort((a, b) => place(a) - place(b) || (a.port ?? 0) - (b.port ?? 0));
}

function textsOf(json: string | undefined): string[] {
	return json === undefined ? [] : (JSON.parse(json) as string[]);
}

function fixed(sql: string, ...params: number[]): Where {
	return { sql, params };
}

function within(base: Where, filter: Where | null): Where {
	if (filter === null) return base;
	return { sql: `(${base.sql}) AND (${filter.sql})`, params: [...base.params, ...filter.params] };
}
