/** Host keys that somebody has confirmed: which key a host at a port is trusted by. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { TrustedHostKey } from "../../protocol/model/credential.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

const most = 100_000;

/** By host and port. */
export function listHostKeys(db: DatabaseSync): TrustedHostKey[] {
	return all<HostKeyRow>(db, "SELECT * FROM host_key ORDER BY host, port, type, id").map(toHostKey);
}

/** Of one host, in lower case, at one port. */
export function hostKeysOf(db: DatabaseSync, host: string, port: number): TrustedHostKey[] {
	const rows = all<HostKeyRow>(db, "SELECT * FROM host_key WHERE host = ? AND port = ? ORDER BY id", host, port);
	return rows.map(toHostKey);
}

export type NewHostKey = Pick<TrustedHostKey, "host" | "port" | "type" | "key" | "fingerprint">;

/** The same key again changes nothing. Throws `conflict` when the host is trusted by another key of that type. */
export function addHostKey(db: DatabaseSync, key: NewHostKey, { by, at }: { by: string; at: number }): TrustedHostKey {
	return transaction(db, () => {
		const known = hostKeysOf(db, key.host, key.port);
		const same = known.find((one) => one.key === key.key);
		if (same !== undefined) return same;
		const other = known.find(({ type }) => type === key.type);
		if (other !== undefined) {
			throw new AppError("conflict", `${key.host} port ${key.port} is trusted by another ${key.type} key.`, {
				hint: `Find out why it has changed. Then forget the old one (${other.fingerprint}): vedette credential untrust ${key.host}${key.port === 22 ? "" : ` --port ${key.port}`}`,
			});
		}
		if ((first<{ n: number }>(db, "SELECT count(*) AS n FROM host_key")?.n ?? 0) >= most) {
			throw new AppError("too-large", `There are ${most} trusted host keys already.`, { hint: "Forget some first." });
		}
		run(
			db,
			"INSERT INTO host_key (host, port, type, key, fingerprint, added_at, added_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
			...[key.host, key.port, key.type, key.key, key.fingerprint, at, by],
		);
		const added = hostKeysOf(db, key.host, key.port).find((one) => one.key === key.key);
		if (added === undefined) throw new AppError("internal", "The host key was not stored.");
		return added;
	});
}

/** All of a host at a port, or the one with a fingerprint; returns them. */
export function forgetHostKeys(
	db: DatabaseSync,
	{ host, port, fingerprint }: { host: string; port: number; fingerprint: string | null },
): TrustedHostKey[] {
	return all<HostKeyRow>(
		db,
		"DELETE FROM host_key WHERE host = ? AND port = ? AND fingerprint = ifnull(?, fingerprint) RETURNING *",
		...[host, port, fingerprint],
	).map(toHostKey);
}

interface HostKeyRow {
	id: number;
	host: string;
	port: number;
	type: string;
	key: string;
	fingerprint: string;
	added_at: number;
	added_by: string;
}

function toHostKey({ id, host, port, type, key, fingerprint, added_at, added_by }: HostKeyRow): TrustedHostKey {
	return { ...{ id, host, port, type, key, fingerprint }, addedAt: isoOf(added_at), addedBy: added_by };
}
