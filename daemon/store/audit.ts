/** The audit log: appending, reading and checking the chain of hashes. Whether an act may go unlogged is decided elsewhere. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { AuditEntry, AuditFault, AuditVerdict } from "../../protocol/model/audit.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

export interface AuditEvent {
	/** Identity from the connection, or `daemon`. */
	readonly who: string;
	/** `noun.verb`. */
	readonly action: string;
	/** What it is done to, e.g. `scan 7`. */
	readonly object: string;
	readonly before?: unknown;
	readonly after?: unknown;
	readonly reason?: string | null;
}

/** The hash before the first entry. */
const noHash = "0".repeat(64);
/** What is longer as JSON is kept as its beginning and its hash. Characters. */
const longestState = 16_384;
const faultsTold = 100;
const verifiedAtOnce = 2_000;

/** Appends one entry, inside the caller's transaction if there is one. `at` in milliseconds. Returns its number and hash. */
export function appendAudit(db: DatabaseSync, event: AuditEvent, at: number): { n: number; hash: string } {
	return transaction(db, () => {
		const head = first<Head>(db, "SELECT n, hash FROM audit_head WHERE id = 1") ?? { n: 0, hash: noHash };
		const n = head.n + 1;
		const entry = {
			...{ n, at: isoOf(at), who: event.who, action: event.action, object: event.object.slice(0, 1_000) },
			before: stateOf(event.before),
			after: stateOf(event.after),
			reason: event.reason ?? null,
		};
		const hash = hashOf(head.hash, entry);
		run(
			db,
			"INSERT INTO audit (n, at, who, action, object, before, after, reason, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			...[n, at, entry.who, entry.action, entry.object, jsonOrNull(entry.before), jsonOrNull(entry.after)],
			...[entry.reason, hash],
		);
		run(
			db,
			"INSERT INTO audit_head (id, n, hash) VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET n = excluded.n, hash = excluded.hash",
			n,
			hash,
		);
		return { n, hash };
	});
}

/** Newest first unless sorted. */
export function listAudit(db: DatabaseSync, query: ListQuery): Page<AuditEntry> {
	return listPage(db, listing, query);
}

/** Over `audit u`. */
export const auditFields: FieldCatalogue = {
	fields: {
		n: { kind: "int", sql: "u.n" },
		at: { kind: "date", sql: "u.at" },
		who: { kind: "text", sql: "u.who" },
		action: { kind: "text", sql: "u.action" },
		object: { kind: "text", sql: "u.object" },
		reason: { kind: "text", sql: "u.reason" },
	},
	bare: ["who", "action", "object", "reason"],
};

/** Computes every hash again, a few thousand entries at a time so that others are served meanwhile. */
export async function verifyAudit(db: DatabaseSync): Promise<AuditVerdict> {
	const faults: AuditFault[] = [];
	const fault = (one: AuditFault) => void (faults.length < faultsTold && faults.push(one));
	let before: Head = { n: 0, hash: noHash };
	let entries = 0;
	for (;;) {
		const page = all<AuditRow>(db, "SELECT * FROM audit WHERE n > ? ORDER BY n LIMIT ?", before.n, verifiedAtOnce);
		for (const row of page) {
			if (row.n !== before.n + 1) fault(missing(before.n + 1, row.n - 1));
			else if (!isAsWritten(row, before.hash)) fault(changed(row.n));
			before = row;
		}
		entries += page.length;
		if (page.length < verifiedAtOnce) break;
		await new Promise((resolve) => setImmediate(resolve));
	}
	const head = first<Head>(db, "SELECT n, hash FROM audit_head WHERE id = 1") ?? { n: 0, hash: noHash };
	if (head.n !== before.n || head.hash !== before.hash) fault(cutOff(before.n, head.n));
	return { entries, intact: faults.length === 0, head: before.hash, faults };
}

/**
 * JSON with the keys of every object in the order of their code units and no blanks: the same text for the same value,
 * whoever writes it (RFC 8785, for values that came through JSON).
 */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
	const members = Object.entries(value)
		.filter(([, member]) => member !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join()}}`;
}

interface Head {
	n: number;
	hash: string;
}

interface AuditRow extends Head {
	at: number;
	who: string;
	action: string;
	object: string;
	before: string | null;
	after: string | null;
	reason: string | null;
}

const listing: Listing<AuditRow, AuditEntry> = {
	columns: "u.*",
	from: "audit u",
	key: "u.n",
	sorts: { n: "u.n", at: "u.at", who: "u.who", action: "u.action", object: "u.object" },
	order: { sql: "u.n", descending: true },
	map: toEntry,
};

function toEntry({ n, at, who, action, object, before, after, reason, hash }: AuditRow): AuditEntry {
	return {
		...{ n, at: isoOf(at), who, action, object },
		before: before === null ? null : JSON.parse(before),
		after: after === null ? null : JSON.parse(after),
		...{ reason, hash },
	};
}

function hashOf(before: string, entry: Omit<AuditEntry, "hash">): string {
	return createHash("sha256")
		.update(`${before}\n${canonicalJson(entry)}`)
		.digest("hex");
}

/** A row somebody wrote over may hold anything, also what is no JSON. */
function isAsWritten(row: AuditRow, before: string): boolean {
	try {
		const { hash, ...entry } = toEntry(row);
		return hash === hashOf(before, entry);
	} catch {
		return false;
	}
}

function stateOf(value: unknown): unknown {
	if (value === undefined || value === null) return null;
	const text = canonicalJson(value);
	if (text.length <= longestState) return JSON.parse(text);
	const sha256 = createHash("sha256").update(text).digest("hex");
	return { tooLong: text.length, sha256, begins: text.slice(0, 1_000) };
}

function jsonOrNull(value: unknown): string | null {
	return value === null ? null : JSON.stringify(value);
}

function changed(n: number): AuditFault {
	return { n, kind: "changed", text: `Entry ${n} is not what was written, or entry ${n - 1} was replaced.` };
}

function missing(from: number, to: number): AuditFault {
	const which = from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`;
	return { n: from, kind: "missing", text: `${which} missing.` };
}

function cutOff(last: number, head: number): AuditFault {
	const text =
		head > last
			? `The log ends at entry ${last}; it had ${head}.`
			: `The newest entry, ${last}, is not the one that was written last.`;
	return { n: head > last ? last + 1 : last, kind: "cut-off", text };
}
