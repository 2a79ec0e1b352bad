/** The audit log: appending, reading and checking the chain of hashes. Whether an act may go unlogged is decided elsewhere. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type AuditHead, hashOfEntry, headText, noHash } from "../../protocol/audit/chain.ts";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import type { AuditEntry, AuditFault, AuditVerdict } from "../../protocol/model/audit.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { namesOf, shownNameOf } from "./people.ts";
import { afterCommit, all, first, run, transaction } from "./sql.ts";
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

/** Signs the head with a key that is kept apart from the database. */
export interface HeadSigner {
	readonly fingerprint: string;
	/** Where the log stood when the key was made: up to there nothing is signed. */
	readonly begins: AuditHead;
	/** True once something it signed is stored: the log then never is at `begins` again. */
	readonly used: boolean;
	/** To be called when what was signed is stored. Never throws. */
	noteUsed(): void;
	/** Base64. */
	sign(text: string): string;
	isSigned(text: string, signature: string): boolean;
}

/** What is longer as JSON is kept as its beginning and its hash. Characters. */
const longestState = 16_384;
const faultsTold = 100;
const verifiedAtOnce = 2_000;

/**
 * Appends one entry, inside the caller's transaction if there is one, and signs the head. `at` in milliseconds. Returns its
 * number and hash. A head that is not as it was signed is not signed over in silence: an entry says so, for good.
 */
export function appendAudit(
	db: DatabaseSync,
	event: AuditEvent,
	at: number,
	signer: HeadSigner | null = null,
): AuditHead {
	return transaction(db, () => {
		if (signer !== null) afterCommit(db, () => signer.noteUsed());
		let head = readHead(db);
		const said = signer === null ? null : strangeHead(head, signer);
		if (said !== null) head = append(db, head, said, at, signer);
		return append(db, head, event, at, signer);
	});
}

function append(
	db: DatabaseSync,
	head: AuditHead,
	event: AuditEvent,
	at: number,
	signer: HeadSigner | null,
): SignedHead {
	const n = head.n + 1;
	const entry = {
		...{ n, at: isoOf(at), who: event.who, action: event.action, object: event.object.slice(0, 1_000) },
		before: stateOf(event.before),
		after: stateOf(event.after),
		reason: event.reason ?? null,
	};
	const hash = hashOfEntry(head.hash, entry);
	const signature = signer?.sign(headText({ n, hash })) ?? null;
	run(
		db,
		"INSERT INTO audit (n, at, who, action, object, before, after, reason, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		...[n, at, entry.who, entry.action, entry.object, jsonOrNull(entry.before), jsonOrNull(entry.after)],
		...[entry.reason, hash],
	);
	run(
		db,
		`INSERT INTO audit_head (id, n, hash, signature) VALUES (1, ?, ?, ?)
		ON CONFLICT DO UPDATE SET n = excluded.n, hash = excluded.hash, signature = excluded.signature`,
		...[n, hash, signature],
	);
	return { n, hash, signature };
}

/** What the log has to say of its own head before anything is added; null for nothing. */
function strangeHead(head: SignedHead, signer: HeadSigner): AuditEvent | null {
	const { n, hash, signature } = head;
	const { begins, used, fingerprint } = signer;
	const log = { who: "daemon", object: "audit log" };
	if (n === begins.n && hash === begins.hash && !used) {
		return n === 0 ? null : { ...log, action: keyAction, after: { fingerprint } };
	}
	if (signature !== null && signer.isSigned(headText(head), signature)) return null;
	return {
		...log,
		action: strangeAction,
		before: { n, hash },
		reason: "The newest entry was not the one that was signed.",
	};
}

/** Entries of the log about itself. */
const keyAction = "audit.new-key";
const strangeAction = "audit.not-as-signed";

export interface SignedHead extends AuditHead {
	readonly signature: string | null;
}

export function readHead(db: DatabaseSync): SignedHead {
	const found = first<SignedHead>(db, "SELECT n, hash, signature FROM audit_head WHERE id = 1");
	return found ?? { n: 0, hash: noHash, signature: null };
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
		who: { kind: "text", sql: namesOf("u.who"), many: true, help: "by name, or as it is stored: unix:1000" },
		action: { kind: "text", sql: "u.action" },
		object: { kind: "text", sql: "u.object" },
		reason: { kind: "text", sql: "u.reason" },
	},
	bare: ["who", "action", "object", "reason"],
};

/** Computes every hash again, a few thousand entries at a time so that others are served meanwhile. */
export async function verifyAudit(db: DatabaseSync, signer: HeadSigner | null = null): Promise<AuditVerdict> {
	const faults: AuditFault[] = [];
	const fault = (one: AuditFault) => void (faults.length < faultsTold && faults.push(one));
	let before: AuditHead = { n: 0, hash: noHash };
	let entries = 0;
	for (;;) {
		const page = all<AuditRow>(db, "SELECT * FROM audit WHERE n > ? ORDER BY n LIMIT ?", before.n, verifiedAtOnce);
		for (const row of page) {
			if (row.n !== before.n + 1) fault(missing(before.n + 1, row.n - 1));
			else if (!isAsWritten(row, before.hash)) fault(changed(row.n));
			else if (row.action === strangeAction) fault(notAsSigned(row.n));
			if (row.n === signer?.begins.n && row.hash !== signer.begins.hash) fault(replaced(row.n));
			before = row;
		}
		entries += page.length;
		if (page.length < verifiedAtOnce) break;
		await new Promise((resolve) => setImmediate(resolve));
	}
	const head = readHead(db);
	if (head.n !== before.n || head.hash !== before.hash) fault(cutOff(before.n, head.n));
	const signed = signer === null ? "unsigned" : signatureState(head, signer);
	if (signed === "wrong")
		fault({ n: head.n, kind: "signature", text: "The newest entry is not the one that was signed." });
	return { entries, intact: faults.length === 0, head: before.hash, signed, key: signer?.fingerprint ?? null, faults };
}

function signatureState(head: SignedHead, signer: HeadSigner): AuditVerdict["signed"] {
	const { begins, used } = signer;
	// Nothing was added since there is a key.
	if (!used && head.n === begins.n && head.hash === begins.hash && head.signature === null) return "unsigned";
	return head.signature !== null && signer.isSigned(headText(head), head.signature) ? "good" : "wrong";
}

interface AuditRow extends AuditHead {
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
	sorts: { n: "u.n", at: "u.at", who: shownNameOf("u.who"), action: "u.action", object: "u.object" },
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

/** A row somebody wrote over may hold anything, also what is no JSON. */
function isAsWritten(row: AuditRow, before: string): boolean {
	try {
		const { hash, ...entry } = toEntry(row);
		return hash === hashOfEntry(before, entry);
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

function notAsSigned(n: number): AuditFault {
	return { n, kind: "signature", text: `Before entry ${n} the log was not as it had been signed.` };
}

function replaced(n: number): AuditFault {
	return { n, kind: "signature", text: `Entry ${n} is not the one that was there when the key was made.` };
}

function cutOff(last: number, head: number): AuditFault {
	const text =
		head > last
			? `The log ends at entry ${last}; it had ${head}.`
			: `The newest entry, ${last}, is not the one that was written last.`;
	return { n: head > last ? last + 1 : last, kind: "cut-off", text };
}
