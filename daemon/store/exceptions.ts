/** Requests that findings be set apart: their rows, what happened to them, and lists. What they cover is in exception-cover.ts. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import {
	type Exception,
	type ExceptionEvent,
	type ExceptionKind,
	type ExceptionScope,
	type ExceptionState,
	exceptionKinds,
	exceptionStates,
} from "../../protocol/model/exception.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import type { Sorts } from "./fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { namesOf, shownNameOf } from "./people.ts";
import { all, first, run } from "./sql.ts";
import { isoOf, isoOrNull } from "./time.ts";
import { qids } from "./vulnerability-fields.ts";

export interface NewException {
	readonly kind: ExceptionKind;
	readonly scope: ExceptionScope;
	readonly subject: string;
	readonly findings: number;
	readonly assets: number;
	readonly reason: string;
	readonly requester: string;
	/** Of the process that asked in their name; null when that is not known. */
	readonly requesterUid: number | null;
	readonly days: number;
	readonly batch: number | null;
	readonly previous: number | null;
	/** Kept for it (`reserveException`); none: the next. */
	readonly number?: number | null;
	/** Milliseconds. */
	readonly at: number;
}

/** A number that no other request gets; returns it. In the caller's transaction. */
export function reserveException(db: DatabaseSync): number {
	run(
		db,
		"INSERT INTO sqlite_sequence (name, seq) SELECT 'exception', 0 WHERE 'exception' NOT IN (SELECT name FROM sqlite_sequence)",
	);
	const text = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'exception' RETURNING seq";
	return first<{ seq: number }>(db, text)?.seq ?? 1;
}

/** As `requested`; returns its number. */
export function insertException(db: DatabaseSync, made: NewException): number {
	return run(
		db,
		`INSERT INTO exception (id, kind, state, scope, subject, live, findings, assets, reason, requester, requester_uid, requested_at, days,
			batch, previous)
		VALUES (?, ?, 'requested', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		...[
			made.number ?? null,
			made.kind,
			JSON.stringify(made.scope),
			made.subject,
			Number(isLive(made.scope)),
			made.findings,
			made.assets,
		],
		...[made.reason, made.requester, made.requesterUid, made.at, made.days, made.batch, made.previous],
	).id;
}

/** Marks a request as the first of those it was made with. */
export function saveBatch(db: DatabaseSync, ids: readonly number[]): void {
	run(
		db,
		"UPDATE exception SET batch = ? WHERE id IN (SELECT value FROM json_each(?))",
		ids[0] ?? 0,
		JSON.stringify(ids),
	);
}

/** `until`: when the approval ends; null for a rejection. Milliseconds. */
export function saveDecision(
	db: DatabaseSync,
	id: number,
	decided: {
		state: "approved" | "rejected";
		by: string;
		at: number;
		note: string;
		days: number;
		until: number | null;
		signature: string | null;
	},
): void {
	run(
		db,
		"UPDATE exception SET state = ?, decided_by = ?, decided_at = ?, decision_note = ?, days = ?, until = ?, signature = ? WHERE id = ?",
		...[decided.state, decided.by, decided.at, decided.note, decided.days, decided.until, decided.signature, id],
	);
}

export function saveEnd(
	db: DatabaseSync,
	id: number,
	ended: { state: "withdrawn" | "expired" | "revoked"; by: string; at: number; note: string },
): void {
	run(
		db,
		"UPDATE exception SET state = ?, ended_by = ?, ended_at = ?, end_note = ? WHERE id = ?",
		...[ended.state, ended.by, ended.at, ended.note, id],
	);
}

export function markWarned(db: DatabaseSync, id: number, at: number): void {
	run(db, "UPDATE exception SET warned_at = ? WHERE id = ?", at, id);
}

/** More findings than when it was asked for. */
export function countException(db: DatabaseSync, id: number, figures: { findings: number; assets: number }): void {
	run(db, "UPDATE exception SET findings = ?, assets = ? WHERE id = ?", figures.findings, figures.assets, id);
}

/** Adds to what happened to a request. `at` in milliseconds. */
export function addExceptionEvent(
	db: DatabaseSync,
	id: number,
	event: { at: number; kind: ExceptionEvent["kind"]; who: string; text: string },
): ExceptionEvent {
	run(
		db,
		`INSERT INTO exception_event (exception, n, at, kind, who, text)
		VALUES (?1, (SELECT ifnull(max(n), 0) + 1 FROM exception_event WHERE exception = ?1), ?2, ?3, ?4, ?5)`,
		...[id, event.at, event.kind, event.who, event.text],
	);
	return { ...event, at: isoOf(event.at) };
}

/** Oldest first. */
export function listExceptionEvents(db: DatabaseSync, id: number): ExceptionEvent[] {
	return all<Omit<ExceptionEvent, "at"> & { at: number }>(
		db,
		"SELECT at, kind, who, text FROM exception_event WHERE exception = ? ORDER BY n",
		id,
	).map(({ at, kind, who, text }) => ({ at: isoOf(at), kind, who, text }));
}

/** Throws `not-found`. */
export function getException(db: DatabaseSync, id: number): Exception {
	const [found] = listExceptionsById(db, [id]);
	if (found !== undefined) return found;
	throw new AppError("not-found", `There is no request ${id}.`, { hint: "List them with: vedette except list" });
}

/** Null: there is no such request. */
export function exceptionState(db: DatabaseSync, id: number): ExceptionState | null {
	return first<{ state: ExceptionState }>(db, "SELECT state FROM exception WHERE id = ?", id)?.state ?? null;
}

/** The uid of the process that asked in the requester's name; null when that is not known. */
export function requesterUid(db: DatabaseSync, id: number): number | null {
	const text = "SELECT requester_uid AS uid FROM exception WHERE id = ?";
	return first<{ uid: number | null }>(db, text, id)?.uid ?? null;
}

/** Those that there are, newest first. */
export function listExceptionsById(db: DatabaseSync, ids: readonly number[]): Exception[] {
	const text = `SELECT ${listing.columns} FROM ${listing.from} WHERE x.id IN (SELECT value FROM json_each(?)) ORDER BY x.id DESC`;
	return all<ExceptionRow>(db, text, JSON.stringify(ids)).map(toException);
}

/** Approvals that end before a moment (milliseconds), soonest first; `unwarned`: only those nobody was told of. */
export function listEnding(db: DatabaseSync, before: number, unwarned: boolean): Exception[] {
	const text = `SELECT ${listing.columns} FROM ${listing.from} WHERE x.state = 'approved' AND x.until <= ? AND (NOT ? OR x.warned_at IS NULL)
		ORDER BY x.until LIMIT 1000`;
	return all<ExceptionRow>(db, text, before, Number(unwarned)).map(toException);
}

/** Requests that wait for a decision, and approvals that end before a moment (milliseconds). */
export function countWaiting(db: DatabaseSync, before: number): { requested: number; ending: number } {
	const text = `SELECT (SELECT count(*) FROM exception WHERE state = 'requested') AS requested,
		(SELECT count(*) FROM exception WHERE state = 'approved' AND until <= ?) AS ending`;
	const { requested = 0, ending = 0 } = first<{ requested: number; ending: number }>(db, text, before) ?? {};
	return { requested, ending };
}

/** Newest first unless sorted. */
export function listExceptions(db: DatabaseSync, query: ListQuery): Page<Exception> {
	return listPage(db, listing, query);
}

interface ExceptionRow {
	id: number;
	kind: ExceptionKind;
	state: ExceptionState;
	scope: string;
	subject: string;
	live: number;
	findings: number;
	assets: number;
	reason: string;
	requester: string;
	requested_at: number;
	days: number;
	until: number | null;
	batch: number | null;
	previous: number | null;
	next: number | null;
	decided_by: string | null;
	decided_at: number | null;
	decision_note: string | null;
	signed: number;
	ended_by: string | null;
	ended_at: number | null;
	end_note: string | null;
	evidence: number;
	comments: number;
}

const words = <Word extends string>(all: readonly Word[]) => Object.fromEntries(all.map((word) => [word, word]));

/** Over `exception x`. */
export const exceptionFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "x.id" },
		state: { kind: "enum", sql: "x.state", values: words(exceptionStates) },
		kind: { kind: "enum", sql: "x.kind", values: words(exceptionKinds) },
		subject: { kind: "text", sql: "x.subject" },
		reason: { kind: "text", sql: "x.reason" },
		requester: { kind: "keyword", sql: namesOf("x.requester"), many: true, help: "who asked, by name" },
		decidedBy: { kind: "keyword", sql: namesOf("x.decided_by"), many: true, help: "by name" },
		requestedAt: { kind: "date", sql: "x.requested_at" },
		decidedAt: { kind: "date", sql: "x.decided_at" },
		until: { kind: "date", sql: "x.until", help: "when the approval ends" },
		findings: { kind: "int", sql: "x.findings" },
		assets: { kind: "int", sql: "x.assets" },
		live: { kind: "bool", sql: "x.live" },
		batch: { kind: "int", sql: "x.batch" },
		previous: { kind: "int", sql: "x.previous" },
		qid: {
			exists: {
				tables: "exception_signature xs JOIN signature sg ON sg.id = xs.signature",
				on: "xs.exception = x.id",
				fields: {
					qid: { kind: "int", sql: qids("sg"), many: true },
					signature: { kind: "keyword", sql: "sg.name" },
				},
				default: "qid",
			},
			help: "a vulnerability it is about",
		},
	},
	bare: ["subject", "reason", "requester"],
};

const sorts: Sorts = {
	id: "x.id",
	state: "x.state",
	kind: "x.kind",
	subject: "x.subject COLLATE NOCASE",
	requester: shownNameOf("x.requester"),
	requestedAt: "x.requested_at",
	decidedAt: "ifnull(x.decided_at, -1)",
	until: "ifnull(x.until, -1)",
	findings: "x.findings",
	assets: "x.assets",
};

const listing: Listing<ExceptionRow, Exception> = {
	columns: `x.id, x.kind, x.state, x.scope, x.subject, x.live, x.findings, x.assets, x.reason, x.requester, x.requested_at, x.days,
		x.until, x.batch, x.previous, (SELECT max(n.id) FROM exception n WHERE n.previous = x.id) AS next, x.decided_by, x.decided_at,
		x.decision_note, x.signature IS NOT NULL AS signed, x.ended_by, x.ended_at, x.end_note,
		(SELECT count(*) FROM exception_evidence e WHERE e.exception = x.id AND e.hash IS NOT NULL) AS evidence,
		(SELECT count(*) FROM exception_event e WHERE e.exception = x.id AND e.kind = 'comment') AS comments`,
	from: "exception x",
	key: "x.id",
	sorts,
	order: { sql: "x.id", descending: true },
	map: toException,
};

function toException(row: ExceptionRow): Exception {
	return {
		...{ id: row.id, kind: row.kind, state: row.state, scope: JSON.parse(row.scope) as ExceptionScope },
		...{ subject: row.subject, live: row.live === 1, findings: row.findings, assets: row.assets },
		...{ reason: row.reason, requester: row.requester, requestedAt: isoOf(row.requested_at), days: row.days },
		...{ until: isoOrNull(row.until), batch: row.batch, previous: row.previous, next: row.next },
		...{ decidedBy: row.decided_by, decidedAt: isoOrNull(row.decided_at), decisionNote: row.decision_note },
		...{ signed: row.signed === 1, endedBy: row.ended_by, endedAt: isoOrNull(row.ended_at), endNote: row.end_note },
		...{ evidence: row.evidence, comments: row.comments },
	};
}

function isLive(scope: ExceptionScope): boolean {
	return scope.kind !== "findings" && scope.live;
}
