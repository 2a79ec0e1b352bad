/** Virtual hosts as defined: address, port, name. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { VirtualHost } from "../../protocol/model/vhost.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { addressBytes } from "./fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

export type VirtualHostDefinition = Pick<VirtualHost, "address" | "port" | "name">;

/** All are read at each start of a scan. */
const most = 50_000;
/** One port is examined for so many names at most: each takes as long as the port itself. */
const mostOnePort = 500;

/** All or none; returns how many are new. `at` in milliseconds. */
export function addVirtualHosts(
	db: DatabaseSync,
	definitions: readonly VirtualHostDefinition[],
	by: string,
	at: number,
): number {
	return transaction(db, () => {
		let added = 0;
		for (const { address, port, name } of definitions) {
			const key = addressKey(address);
			added += run(
				db,
				"INSERT INTO virtual_host (address, port, name, added_at, added_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				...[key, port, name, at, by],
			).changes;
			const here = "SELECT count(*) AS n FROM virtual_host WHERE address = ? AND port = ?";
			if ((first<{ n: number }>(db, here, key, port)?.n ?? 0) <= mostOnePort) continue;
			throw tooMany(`${address} port ${port} would have more than ${mostOnePort} virtual hosts.`);
		}
		const count = first<{ n: number }>(db, "SELECT count(*) AS n FROM virtual_host")?.n ?? 0;
		if (count > most) throw tooMany(`There would be ${count} virtual hosts; the most is ${most}.`);
		return added;
	});
}

/** Those that are all that is given; returns them. */
export function removeVirtualHosts(
	db: DatabaseSync,
	wanted: { address?: string | undefined; port?: number | undefined; name?: string | undefined },
): VirtualHostDefinition[] {
	const key = wanted.address === undefined ? null : addressKey(wanted.address);
	return all<VirtualHostDefinition>(
		db,
		`DELETE FROM virtual_host WHERE address = ifnull(?, address) AND port = ifnull(?, port) AND name = ifnull(?, name)
		RETURNING address, port, name`,
		key,
		wanted.port ?? null,
		wanted.name ?? null,
	).map((row) => ({ ...row, address: addressOfKey(row.address) }));
}

/** Every definition, by address, port and name. */
export function allVirtualHosts(db: DatabaseSync): VirtualHostDefinition[] {
	return all<VirtualHostDefinition>(
		db,
		"SELECT address, port, name FROM virtual_host ORDER BY address, port, name",
	).map((row) => ({ ...row, address: addressOfKey(row.address) }));
}

/** By address unless sorted. */
export function listVirtualHosts(db: DatabaseSync, query: ListQuery): Page<VirtualHost> {
	return listPage(db, listing, query);
}

/** Over `virtual_host v`. */
export const virtualHostFields: FieldCatalogue = {
	fields: {
		address: { kind: "ip", sql: addressBytes("v.address"), help: "address, CIDR or range" },
		port: { kind: "int", sql: "v.port" },
		name: { kind: "text", sql: "v.name" },
		addedAt: { kind: "date", sql: "v.added_at" },
		addedBy: { kind: "text", sql: "v.added_by" },
	},
	bare: ["address", "name"],
};

interface VirtualHostRow {
	id: number;
	address: string;
	port: number;
	name: string;
	added_at: number;
	added_by: string;
}

const listing: Listing<VirtualHostRow, VirtualHost> = {
	columns: "v.id, v.address, v.port, v.name, v.added_at, v.added_by",
	from: "virtual_host v",
	key: "v.id",
	sorts: {
		address: "v.address || printf(' %05d ', v.port) || v.name",
		port: "v.port",
		name: "v.name",
		addedAt: "v.added_at",
		addedBy: "v.added_by",
	},
	order: { sql: "v.address || printf(' %05d ', v.port) || v.name", descending: false },
	map: (row) => ({
		id: row.id,
		address: addressOfKey(row.address),
		port: row.port,
		name: row.name,
		addedAt: isoOf(row.added_at),
		addedBy: row.added_by,
	}),
};

function tooMany(message: string): AppError {
	return new AppError("too-large", message, { hint: "Nothing was added. Take some back with: vedette vhost remove" });
}
