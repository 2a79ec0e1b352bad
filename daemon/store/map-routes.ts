/** The routes of a map: which hosts have yet to be traced, and how the way to a host has changed between two maps. */
import type { DatabaseSync } from "node:sqlite";
import { addressOfKey } from "./address-key.ts";
import { all } from "./sql.ts";

/** Live hosts that no route is known of, networks that have a traced host that answered left out unless `every`. */
export interface Untraced {
	/** Canonical addresses of one /24 (IPv6: /64), ascending. */
	readonly addresses: readonly string[];
}

/** By network, ascending. Only hosts inside the netblock: the others get no packet. */
export function listUntraced(db: DatabaseSync, map: number, every: boolean): Untraced[] {
	// The networks are read once: looked for host by host they would take the square of the hosts.
	const rows = all<{ address: string; network: string }>(
		db,
		`SELECT h.address AS address, ${network("h")} AS network FROM map_host h
		WHERE h.map = ?1 AND h.live AND h.netblock AND h.route IS NULL AND (?2 OR ${network("h")} NOT IN (
			SELECT ${network("t")} FROM map_host t WHERE t.map = ?1 AND t.live AND t.netblock AND json_extract(t.route, '$.reached')))
		ORDER BY h.address`,
		map,
		Number(every),
	);
	const networks = Map.groupBy(rows, (row) => row.network);
	return [...networks.values()].map((each) => ({ addresses: each.map(({ address }) => addressOfKey(address)) }));
}

/** The first 24 bits of an IPv4 key, 64 of an IPv6 one. */
function network(table: string): string {
	return `substr(${table}.address, 1, CASE WHEN substr(${table}.address, 1, 1) = '4' THEN 7 ELSE 17 END)`;
}

/**
 * SQL over `map_host h`: its route in the older map, when it differs in a hop that both know, or in length when both
 * reached it; else NULL. The number is a row id this program made: a field has no parameters.
 */
export function earlierRoute(before: number | null, after: number): string {
	if (before === null) return "NULL";
	return `(SELECT x.route FROM map_host x WHERE x.map = ${Math.trunc(before)} AND x.address = h.address
		AND h.map = ${Math.trunc(after)} AND x.route IS NOT NULL AND h.route IS NOT NULL AND (
			EXISTS (SELECT 1 FROM json_each(h.route, '$.hops') n JOIN json_each(x.route, '$.hops') o ON o.key = n.key
				WHERE n.value <> o.value)
			OR (json_extract(h.route, '$.reached') AND json_extract(x.route, '$.reached')
				AND json_array_length(h.route, '$.hops') <> json_array_length(x.route, '$.hops'))))`;
}
