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
		approved: countApproved(db, domain, null),
		lastMap: first<{ id: number | null }>(db, "SELECT max(id) AS id FROM map WHERE domain = ?", domain)?.id ?? null,
	};
}

export interface ApprovalChange {
	readonly domain: string;
	/** The network the addresses are in. */
	readonly network: number;
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
	const { domain, network, mode, by, at } = change;
	return transaction(db, () => {
		const keys = new Set(change.addresses.map(addressKey));
		let added = 0;
		let removed = 0;
		if (mode !== "add") {
			const present = all<{ address: string }>(
				db,
				"SELECT address FROM approved_host WHERE domain = ? AND network = ?",
				...[domain, network],
			);
			for (const { address } of present) {
				if (keys.has(address) !== (mode === "remove")) continue;
				const remove = "DELETE FROM approved_host WHERE domain = ? AND network = ? AND address = ?";
				removed += run(db, remove, domain, network, address).changes;
			}
		}
		if (mode !== "remove") {
			const text =
				"INSERT INTO approved_host (domain, network, address, at, by) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
			for (const key of keys) added += run(db, text, domain, network, key, at, by).changes;
		}
		return { added, removed, approved: countApproved(db, domain, network) };
	});
}

/** By address unless sorted; of one network, or (null) of all. */
export function listApproved(
	db: DatabaseSync,
	{ domain, network }: { readonly domain: string; readonly network: number | null },
	query: ListQuery,
): Page<ApprovedHost> {
	const { where } = query;
	const of = "ap.domain = ? AND ap.network = ifnull(?, ap.network)";
	return listPage(db, listing, {
		...query,
		where:
			where === null
				? { sql: of, params: [domain, network] }
				: { sql: `${of} AND (${where.sql})`, params: [domain, network, ...where.params] },
	});
}

const networkName = "(SELECT name FROM network WHERE id = ap.network)";

/** Over `approved_host ap`. */
export const approvedFields: FieldCatalogue = {
	fields: {
		address: { kind: "ip", sql: addressBytes("ap.address"), help: "address, CIDR or range" },
		approvedAt: { kind: "date", sql: "ap.at" },
		approvedBy: { kind: "text", sql: "ap.by" },
		network: { kind: "keyword", sql: networkName },
	},
	bare: ["address", "approvedBy"],
};

interface ApprovedRow {
	network: string | null;
	address: string;
	at: number;
	by: string;
}

const listing: Listing<ApprovedRow, ApprovedHost> = {
	columns: `ap.address, ap.at, ap.by, ${networkName} AS network`,
	from: "approved_host ap",
	key: "ap.id",
	sorts: { address: "ap.address", approvedAt: "ap.at", approvedBy: "ap.by" },
	order: { sql: "ap.address", descending: false },
	map: ({ address, network, at, by }) => ({
		...{ address: addressOfKey(address), network: network ?? "", approvedAt: isoOf(at), approvedBy: by },
	}),
};

function countApproved(db: DatabaseSync, domain: string, network: number | null): number {
	const text = "SELECT count(*) AS n FROM approved_host WHERE domain = ? AND network = ifnull(?, network)";
	return first<{ n: number }>(db, text, domain, network)?.n ?? 0;
}
