/**
 * Ignoring checks on hosts: chosen once, by query, where there is scan data; findings are set apart and their tickets closed.
 * What is ignored on a host stays so for what the check finds there later, until it is restored.
 */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import {
	type IgnorePreview,
	type IgnoreRequest,
	type IgnoreWish,
	neverIgnoredQids,
} from "../../protocol/model/ignore.ts";
import { compileFilter } from "../query/compile.ts";
import { type BulkStepOf, stepThrough } from "../store/bulk-works.ts";
import { exceptedBits, openNumbers } from "../store/codes.ts";
import { setExcepted } from "../store/excepted.ts";
import { assetFields } from "../store/fields.ts";
import {
	addIgnored,
	findIgnoreRequest,
	type IgnoredPair,
	ignoredKey,
	isAnythingIgnoredBy,
	isIgnoreRestored,
	removeIgnored,
	ticketsOfRequest,
} from "../store/ignored.ts";
import { matchingAssetIds } from "../store/matching-assets.ts";
import { type NumberedSignature, signaturesByQid } from "../store/signatures-by-qid.ts";
import { all, run, tuples } from "../store/sql.ts";
import { listLapsed, listTicketsById, ticketStateNumbers } from "../store/tickets.ts";
import { neverIgnoredWords, reopenTickets, type Said } from "./change-tickets.ts";
import { moveTicket } from "./lifecycle.ts";

/** What a wish means now. */
export interface IgnoreWork {
	readonly preview: IgnorePreview;
	/** All that the checks have found on the hosts, fixed ones too. */
	readonly findings: readonly number[];
}

interface Concerned extends IgnoredPair {
	readonly id: number;
	readonly open: number;
	readonly excepted: number;
	readonly state: number | null;
}

/** There may be a hundred thousand. */
type ConcernedCells = [
	id: number,
	asset: number,
	signature: number,
	open: number,
	excepted: number,
	state: number | null,
];

function toConcerned([id, asset, signature, open, excepted, state]: ConcernedCells): Concerned {
	return { id, asset, signature, open, excepted, state };
}

/** Changes nothing; `now` in milliseconds. Throws `invalid` for a query that cannot be read and for checks that are never ignored, and `not-found`. */
export function ignoreWork(db: DatabaseSync, { qids, assets }: IgnoreWish, now: number): IgnoreWork {
	const checks = checksOf(db, qids);
	const where = compileFilter(assets.trim() === "*" ? "" : assets, assetFields, { now }).where;
	const matched = matchingAssetIds(db, where);
	const scanned = withScanData(db, matched);
	const found = concerned(db, checks, scanned);
	const pairs = pairsOf(found);
	const open = found.filter(isToIgnore);
	const figures = (some: readonly Concerned[]) => ({
		findings: some.length,
		assets: new Set(some.map(({ asset }) => asset)).size,
	});
	const ids = open.map(({ id }) => id);
	const told = Float64Array.from([qids.length].concat(qids, pairs.length, pairs.map(ignoredKey), ids));
	const byCheck = Map.groupBy(open, ({ signature }) => signature);
	const preview: IgnorePreview = {
		...figures(open),
		pairs: pairs.length,
		matched: matched.length,
		withoutData: matched.length - scanned.length,
		tickets: open.filter(({ state }) => state === ticketStateNumbers.OPEN || state === ticketStateNumbers.RESOLVED)
			.length,
		checks: checks.map(({ id, qid, title }) => ({
			qid,
			title,
			...figures(byCheck.get(id) ?? []),
		})),
		digest: createHash("sha256").update(new Uint8Array(told.buffer)).digest("hex").slice(0, 32),
	};
	return { preview, findings: found.map(({ id }) => id) };
}

function checksOf(db: DatabaseSync, qids: readonly number[]): NumberedSignature[] {
	if (qids.some((qid) => (neverIgnoredQids as readonly number[]).includes(qid)))
		throw new AppError("invalid", neverIgnoredWords, { hint: "Leave it out of the list." });
	const found = signaturesByQid(db, qids);
	const never = new Set(signaturesByQid(db, neverIgnoredQids).map(({ id }) => id));
	if (found.some(({ id }) => never.has(id))) throw new AppError("invalid", neverIgnoredWords);
	const missing = qids.find((qid) => !found.some((one) => one.qid === qid));
	if (missing === undefined) return found;
	throw new AppError("not-found", `No check has the QID ${missing}.`, {
		hint: "The QID stands in: vedette findings --json, or vedette signature list",
	});
}

function withScanData(db: DatabaseSync, assets: readonly number[]): number[] {
	return all<{ id: number }>(
		db,
		"SELECT a.id FROM json_each(?) j JOIN asset a ON a.id = j.value WHERE a.last_scan IS NOT NULL ORDER BY a.id",
		JSON.stringify(assets),
	).map(({ id }) => id);
}

/** Confirmed and potential findings, fixed ones too; information is never ignored. */
function concerned(db: DatabaseSync, checks: readonly NumberedSignature[], assets: readonly number[]): Concerned[] {
	return tuples<ConcernedCells>(
		db,
		`SELECT f.id, f.asset, f.signature, f.open, f.excepted, t.state FROM json_each(?) j
			JOIN finding f ON f.asset = j.value AND f.signature IN (SELECT value FROM json_each(?))
			LEFT JOIN ticket t ON t.finding = f.id WHERE f.status IS NOT NULL ORDER BY f.id`,
		JSON.stringify(assets),
		JSON.stringify(checks.map(({ id }) => id)),
	).map(toConcerned);
}

function pairsOf(found: readonly Concerned[]): IgnoredPair[] {
	const pairs = new Map<number, IgnoredPair>();
	for (const one of found) pairs.set(ignoredKey(one), one);
	return [...pairs.values()];
}

/** Open, and not ignored yet. */
function isToIgnore({ open, excepted }: Concerned): boolean {
	return (open === openNumbers.open || open === openNumbers.excepted) && (excepted & exceptedBits.ignored) === 0;
}

export interface Ignoring {
	readonly request: number;
	/** Milliseconds; null: for good. */
	readonly until: number | null;
	readonly said: Said;
}

/**
 * Its list: the findings of `ignoreWork`. What the same checks have found there meanwhile is ignored with them. A request that is
 * restored meanwhile, or whose time is over, ignores nothing more.
 */
export const stepIgnore: BulkStepOf<Ignoring> = (db, ignoring, list, at) => {
	if (isIgnoreRestored(db, ignoring.request)) return { next: null, changed: 0 };
	return stepThrough(list, at, (some) => {
		const found = ofSamePairs(db, some);
		addIgnored(db, ignoring.request, pairsOf(found));
		const findings = found.filter(isToIgnore).map(({ id }) => id);
		closeAsIgnored(db, findings, ignoring);
		return { changed: setExcepted(db, findings, "ignored", true, ignoring.said.at).findings };
	});
};

function ofSamePairs(db: DatabaseSync, findings: readonly number[]): Concerned[] {
	return tuples<ConcernedCells>(
		db,
		`SELECT f.id, f.asset, f.signature, f.open, f.excepted, NULL AS state
		FROM (SELECT DISTINCT l.asset, l.signature FROM json_each(?) j JOIN finding l ON l.id = j.value) p
		CROSS JOIN finding f ON f.asset = p.asset AND f.signature = p.signature ORDER BY f.id`,
		JSON.stringify(findings),
	).map(toConcerned);
}

/** Tickets there are, and new ones for findings without: closed as ignored. */
function closeAsIgnored(db: DatabaseSync, findings: readonly number[], { said, until, request }: Ignoring): void {
	const { by, at, text } = said;
	const ids = JSON.stringify(findings);
	const ignored = ticketStateNumbers.IGNORED;
	run(
		db,
		`UPDATE ticket SET state = ${ignored}, changed_at = ?, ignored_until = ?, ignored_by = ?
		WHERE finding IN (SELECT value FROM json_each(?))`,
		...[at, until, request, ids],
	);
	run(
		db,
		`INSERT INTO ticket (asset, finding, state, due_from, opened_by, opened_at, changed_at, ignored_until, ignored_by)
		SELECT f.asset, f.id, ${ignored}, 0, ?1, ?2, ?2, ?3, ?4 FROM json_each(?5) j JOIN finding f ON f.id = j.value
		WHERE NOT EXISTS (SELECT 1 FROM ticket t WHERE t.finding = f.id) ORDER BY f.id`,
		...[by, at, until, request, ids],
	);
	run(
		db,
		`INSERT INTO ticket_event (ticket, n, asset, at, who, kind, text)
		SELECT t.id, (SELECT ifnull(max(e.n), 0) + 1 FROM ticket_event e WHERE e.ticket = t.id), t.asset, ?, ?, 'ignored', ?
		FROM json_each(?) j JOIN ticket t ON t.finding = j.value`,
		...[at, by, text, ids],
	);
}

/** Throws `not-found`, and `conflict` for what was restored already. */
export function demandRestorable(db: DatabaseSync, id: number): IgnoreRequest {
	const request = getIgnoreRequest(db, id);
	if (request.restoredAt === null) return request;
	throw new AppError("conflict", `Request ${id} was restored on ${request.restoredAt.slice(0, 10)} already.`, {
		hint: "See what is ignored now with: vedette findings ignored:true",
	});
}

export interface Restoring {
	readonly request: number;
	readonly said: Said;
}

/** First what comes is ignored no more, then what was ignored counts again, and its tickets are open. */
export const stepRestore: BulkStepOf<Restoring> = (db, { request, said }, _list, { place, most }) => {
	const next = place + 1;
	if (removeIgnored(db, request, most) > 0) return { next, changed: 0, isOther: !isAnythingIgnoredBy(db, request) };
	const tickets = listTicketsById(db, ticketsOfRequest(db, request, most));
	reopenTickets(db, tickets, said);
	return { next: tickets.length < most ? null : next, changed: tickets.length };
};

/** Throws `not-found`. */
export function getIgnoreRequest(db: DatabaseSync, id: number): IgnoreRequest {
	const found = findIgnoreRequest(db, id);
	if (found !== null) return found;
	throw new AppError("not-found", `Nothing was ignored as number ${id}.`, {
		hint: "List it with: vedette ignore list",
	});
}

/** Ends single tickets that were ignored for a time that is over. Returns how many it opened. */
export function lapseTickets(db: DatabaseSync, now: number, limit: number): number {
	const lapsed = listLapsed(db, now, limit).filter(({ state }) => moveTicket(state, "lapse", { closeOpen: true }));
	reopenTickets(db, lapsed, { by: "daemon", at: now, text: lapsedWords });
	return lapsed.length;
}

export const lapsedWords = "The time for which it was ignored is over.";
