/** What a domain is meant to have: the netblock kept for it and its approved hosts. */
import type { DatabaseSync } from "node:sqlite";
import type { ApprovedHost, MapDomain } from "../../protocol/model/map.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { addressBytes } from "./fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

/** The netblock kept for a domain, as typed; empty when there is none. */
export function findNetblock(db: DatabaseSync, domain: string): string[] {
	const row = first<{ netblock: string }>(db, "SELECT netblock FROM map_domain WHERE name = ?", domain);
	return row === undefined ? [] : (JSON.parse(row.netblock) as string[]);
}

/** An empty netblock forgets it. */
export function saveNetblock(db: DatabaseSync, domain: string, netblock: readonly string[]): void {
	if (netblock.length === 0) run(db, "DELETE FROM map_domain WHERE name = ?", domain);
	else
		run(
			db,
			"INSERT INTO map_domain (name, netblock) VALUES (?, ?) ON CONFLICT DO UPDATE SET netblock = excluded.netblock",
			domain,
			JSON.stringify(netblock),
		);
}

/** Every domain with a map, a netblock or an approved host, by name. */
export function listMapDomains(db: DatabaseSync): MapDomain[] {
	const names = all<{ name: string }>(
		db,
		"SELECT domain AS name FROM map UNION SELECT name FROM map_domain UNION SELECT domain FROM approved_host ORDER BY 1",
	);
	return names.map(({ name }) => findMapDomain(db, name));
}

/** Also for a domain nothing is known of. */
export function findMapDomain(db: DatabaseSync, domain: string): MapDomain {
	return {
		domain,
		netblock: findNetblock(db, domain),
		approved: countApproved(db, domain),
		lastMap: first<{ id: number | null }>(db, "SELECT max(id) AS id FROM map WHERE domain = ?", domain)?.id ?? null,
	};
}

export interface ApprovalChange {
	readonly domain: string;
	readonly addresses: readonly string[];
	readonly mode: "add" | "remove" | "set";
	/** Who did it, and when in milliseconds. */
	readonly by: string;
	readonly at: number;
}

/** All of it or nothing. An address that is on the list already keeps when and by whom it was approved. */
export function changeApproved(
	db: DatabaseSync,
	change: ApprovalChange,
): { added: number; removed: number; approved: number } {
	const { domain, mode, by, at } = change;
	return transaction(db, () => {
		const keys = new Set(change.addresses.map(addressKey));
		let added = 0;
		let removed = 0;
		if (mode !== "add") {
			const present = all<{ address: string }>(db, "SELECT address FROM approved_host WHERE domain = ?", domain);
			for (const { address } of present) {
				if (keys.has(address) !== (mode === "remove")) continue;
				removed += run(db, "DELETE FROM approved_host WHERE domain = ? AND address = ?", domain, address).changes;
			}
		}
		if (mode !== "remove") {
			const text = "INSERT INTO approved_host (domain, address, at, by) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
			for (const key of keys) added += run(db, text, domain, key, at, by).changes;
		}
		return { added, removed, approved: countApproved(db, domain) };
	});
}

/** By address unless sorted. */
export function listApproved(db: DatabaseSync, domain: string, query: ListQuery): Page<ApprovedHost> {
	const { where } = query;
	return listPage(db, listing, {
		...query,
		where:
			where === null
				? { sql: "ap.domain = ?", params: [domain] }
				: { sql: `ap.domain = ? AND (${where.sql})`, params: [domain, ...where.params] },
	});
}

/** Over `approved_host ap`. */
export const approvedFields: FieldCatalogue = {
	fields: {
		address: { kind: "ip", sql: addressBytes("ap.address"), help: "address, CIDR or range" },
		approvedAt: { kind: "date", sql: "ap.at" },
		approvedBy: { kind: "text", sql: "ap.by" },
	},
	bare: ["address", "approvedBy"],
};

interface ApprovedRow {
	address: string;
	at: number;
	by: string;
}

const listing: Listing<ApprovedRow, ApprovedHost> = {
	columns: "ap.address, ap.at, ap.by",
	from: "approved_host ap",
	key: "ap.id",
	sorts: { address: "ap.address", approvedAt: "ap.at", approvedBy: "ap.by" },
	order: { sql: "ap.address", descending: false },
	map: (row) => ({ address: addressOfKey(row.address), approvedAt: isoOf(row.at), approvedBy: row.by }),
};

function countApproved(db: DatabaseSync, domain: string): number {
	return first<{ n: number }>(db, "SELECT count(*) AS n FROM approved_host WHERE domain = ?", domain)?.n ?? 0;
}
