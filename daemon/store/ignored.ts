/** What is ignored: checks on hosts, and the requests that said so. */
import type { DatabaseSync } from "node:sqlite";
import type { IgnoreRequest } from "../../protocol/model/ignore.ts";
import { signaturesBelow } from "./codes.ts";
import { all, first, run } from "./sql.ts";
import { isoOf, isoOrNull } from "./time.ts";

/** A check on a host. */
export interface IgnoredPair {
	readonly asset: number;
	/** Number of the stored signature. */
	readonly signature: number;
}

/** By which request, and until when. Milliseconds; null: for good. */
export interface IgnoredBy {
	readonly request: number;
	readonly until: number | null;
}

/** What is ignored on an asset, by the signature's number. */
export function ignoredSignatures(db: DatabaseSync, asset: number): Map<number, IgnoredBy> {
	const rows = all<IgnoredBy & { signature: number }>(
		db,
		"SELECT i.signature, i.request, r.until FROM ignored i JOIN ignore_request r ON r.id = i.request WHERE i.asset = ?",
		asset,
	);
	return new Map(rows.map(({ signature, ...by }) => [signature, by]));
}

/** Times in milliseconds. Returns its number. */
export function createIgnoreRequest(
	db: DatabaseSync,
	request: {
		readonly at: number;
		readonly by: string;
		readonly reason: string;
		readonly qids: readonly number[];
		readonly query: string;
		readonly until: number | null;
		readonly findings: number;
	},
): number {
	const { at, by, reason, qids, query, until, findings } = request;
	return run(
		db,
		"INSERT INTO ignore_request (at, who, reason, qids, query, until, findings) VALUES (?, ?, ?, ?, ?, ?, ?)",
		...[at, by, reason, JSON.stringify(qids), query, until, findings],
	).id;
}

/** Of a pair that is ignored already the later request holds. */
export function addIgnored(db: DatabaseSync, request: number, pairs: readonly IgnoredPair[]): void {
	run(
		db,
		`INSERT OR REPLACE INTO ignored (asset, signature, request)
		SELECT j.value / ${signaturesBelow}, j.value % ${signaturesBelow}, ? FROM json_each(?) j`,
		request,
		JSON.stringify(pairs.map(ignoredKey)),
	);
}

/** Takes pairs out; each may be named more than once. */
export function removeIgnoredOf(db: DatabaseSync, pairs: readonly IgnoredPair[]): void {
	run(
		db,
		`DELETE FROM ignored WHERE (asset, signature) IN
			(SELECT value / ${signaturesBelow}, value % ${signaturesBelow} FROM json_each(?))`,
		JSON.stringify([...new Set(pairs.map(ignoredKey))]),
	);
}

/** A pair as one number. */
export function ignoredKey({ asset, signature }: IgnoredPair): number {
	return asset * signaturesBelow + signature;
}

/** At most `limit` of what a request ignores; returns how many there were. */
export function removeIgnored(db: DatabaseSync, request: number, limit: number): number {
	const some = "SELECT asset, signature FROM ignored WHERE request = ? LIMIT ?";
	return run(db, `DELETE FROM ignored WHERE (asset, signature) IN (${some})`, request, limit).changes;
}

export function isAnythingIgnoredBy(db: DatabaseSync, request: number): boolean {
	return first(db, "SELECT 1 FROM ignored WHERE request = ? LIMIT 1", request) !== undefined;
}

export function markIgnoreRestored(db: DatabaseSync, request: number, by: string, at: number): void {
	run(db, "UPDATE ignore_request SET restored_at = ?, restored_by = ? WHERE id = ?", at, by, request);
}

export function isIgnoreRestored(db: DatabaseSync, request: number): boolean {
	return first(db, "SELECT 1 FROM ignore_request WHERE id = ? AND restored_at IS NOT NULL", request) !== undefined;
}

/** Tickets that are closed by a request. */
export function ticketsOfRequest(db: DatabaseSync, request: number, limit: number): number[] {
	const text = "SELECT id FROM ticket WHERE ignored_by = ? ORDER BY id LIMIT ?";
	return all<{ id: number }>(db, text, request, limit).map(({ id }) => id);
}

export function findIgnoreRequest(db: DatabaseSync, id: number): IgnoreRequest | null {
	const row = first<RequestRow>(db, `${requestSelect} WHERE r.id = ?`, id);
	return row === undefined ? null : toRequest(row);
}

/** Newest first. */
export function listIgnoreRequests(db: DatabaseSync, limit: number): { items: IgnoreRequest[]; total: number } {
	const items = all<RequestRow>(db, `${requestSelect} ORDER BY r.id DESC LIMIT ?`, limit).map(toRequest);
	return { items, total: first<{ n: number }>(db, "SELECT count(*) AS n FROM ignore_request")?.n ?? 0 };
}

/** Requests whose time is over, and that were not taken back. Milliseconds. */
export function lapsedRequests(db: DatabaseSync, now: number): number[] {
	const text = "SELECT id FROM ignore_request WHERE until <= ? AND restored_at IS NULL ORDER BY id";
	return all<{ id: number }>(db, text, now).map(({ id }) => id);
}

interface RequestRow {
	id: number;
	at: number;
	who: string;
	reason: string;
	qids: string;
	query: string;
	until: number | null;
	findings: number;
	restored_at: number | null;
	restored_by: string | null;
	pairs: number;
}

const requestSelect = `SELECT r.id, r.at, r.who, r.reason, r.qids, r.query, r.until, r.findings, r.restored_at, r.restored_by,
	(SELECT count(*) FROM ignored i WHERE i.request = r.id) AS pairs FROM ignore_request r`;

function toRequest(row: RequestRow): IgnoreRequest {
	return {
		...{ id: row.id, at: isoOf(row.at), by: row.who, reason: row.reason, query: row.query, findings: row.findings },
		qids: JSON.parse(row.qids) as number[],
		until: isoOrNull(row.until),
		pairs: row.pairs,
		restoredAt: isoOrNull(row.restored_at),
		restoredBy: row.restored_by,
	};
}
