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
import { exceptedBits } from "../store/codes.ts";
import { setExcepted } from "../store/excepted.ts";
import { assetFields } from "../store/fields.ts";
import {
	addIgnored,
	createIgnoreRequest,
	findIgnoreRequest,
	type IgnoredPair,
	lapsedRequests,
	markIgnoreRestored,
	removeIgnored,
	ticketsOfRequest,
} from "../store/ignored.ts";
import { matchingAssetIds } from "../store/matching-assets.ts";
import { type NumberedSignature, signaturesByQid } from "../store/signatures-by-qid.ts";
import { all, run } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { listLapsed, listTicketsById, ticketStateNumbers } from "../store/tickets.ts";
import { neverIgnoredWords, reopenTickets, type Said } from "./change-tickets.ts";
import { daysLater } from "./due.ts";
import { moveTicket } from "./lifecycle.ts";

/** What a wish means now. */
export interface IgnoreWork {
	readonly preview: IgnorePreview;
	readonly pairs: readonly IgnoredPair[];
	/** Open ones that are not ignored yet. */
	readonly findings: readonly number[];
}

interface Concerned extends IgnoredPair {
	readonly id: number;
	readonly open: number;
	readonly excepted: number;
	readonly state: number | null;
}

/** Changes nothing. Throws `invalid` for a query that cannot be read and for checks that are never ignored, and `not-found`. */
export function ignoreWork({ db, clock }: Pick<Store, "db" | "clock">, { qids, assets }: IgnoreWish): IgnoreWork {
	const checks = checksOf(db, qids);
	const where = compileFilter(assets.trim() === "*" ? "" : assets, assetFields, { now: clock.now() }).where;
	const matched = matchingAssetIds(db, where);
	const scanned = withScanData(db, matched);
	const found = concerned(db, checks, scanned);
	const pairs = new Map(found.map(({ asset, signature }) => [`${asset} ${signature}`, { asset, signature }]));
	const open = found.filter(
		({ open, excepted }) => (open === 1 || open === 3) && (excepted & exceptedBits.ignored) === 0,
	);
	const figures = (some: readonly Concerned[]) => ({
		findings: some.length,
		assets: new Set(some.map(({ asset }) => asset)).size,
	});
	const told = JSON.stringify([qids, [...pairs.keys()], open.map(({ id }) => id)]);
	const preview: IgnorePreview = {
		...figures(open),
		pairs: pairs.size,
		matched: matched.length,
		withoutData: matched.length - scanned.length,
		tickets: open.filter(({ state }) => state === ticketStateNumbers.OPEN || state === ticketStateNumbers.RESOLVED)
			.length,
		checks: checks.map(({ id, qid, title }) => ({
			qid,
			title,
			...figures(open.filter((one) => one.signature === id)),
		})),
		digest: createHash("sha256").update(told).digest("hex").slice(0, 32),
	};
	return { preview, pairs: [...pairs.values()], findings: open.map(({ id }) => id) };
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
	return all<Concerned>(
		db,
		`SELECT f.id, f.asset, f.signature, f.open, f.excepted, t.state FROM json_each(?) j
			JOIN finding f ON f.asset = j.value AND f.signature IN (SELECT value FROM json_each(?))
			LEFT JOIN ticket t ON t.finding = f.id WHERE f.status IS NOT NULL ORDER BY f.id`,
		JSON.stringify(assets),
		JSON.stringify(checks.map(({ id }) => id)),
	);
}

/** Does what `ignoreWork` found, in the caller's transaction. Returns the number of the request. */
export function ignore(
	db: DatabaseSync,
	{ pairs, findings }: IgnoreWork,
	{ qids, assets, days, said }: IgnoreWish & { readonly days: number | null; readonly said: Said },
): number {
	const { by, at, text } = said;
	const until = daysLater(at, days);
	const request = createIgnoreRequest(db, {
		...{ at, by, reason: text, qids, query: assets, until, findings: findings.length },
	});
	addIgnored(db, request, pairs);
	closeAsIgnored(db, findings, { said, until, request });
	setExcepted(db, findings, "ignored", true, at);
	return request;
}

/** Tickets there are, and new ones for findings without: closed as ignored. */
function closeAsIgnored(
	db: DatabaseSync,
	findings: readonly number[],
	{ said, until, request }: { readonly said: Said; readonly until: number | null; readonly request: number },
): void {
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

/** Ends a request, in the caller's transaction: what it ignores counts again, and its tickets are open. Throws `not-found`. */
export function restoreIgnored(db: DatabaseSync, id: number, said: Said): { request: IgnoreRequest; findings: number } {
	const request = getIgnoreRequest(db, id);
	if (request.restoredAt !== null) {
		throw new AppError("conflict", `Request ${id} was restored on ${request.restoredAt.slice(0, 10)} already.`, {
			hint: "See what is ignored now with: vedette findings ignored:true",
		});
	}
	const tickets = listTicketsById(db, ticketsOfRequest(db, id));
	removeIgnored(db, id);
	reopenTickets(db, tickets, said);
	markIgnoreRestored(db, id, said.by, said.at);
	return { request: getIgnoreRequest(db, id), findings: tickets.length };
}

/** Throws `not-found`. */
export function getIgnoreRequest(db: DatabaseSync, id: number): IgnoreRequest {
	const found = findIgnoreRequest(db, id);
	if (found !== null) return found;
	throw new AppError("not-found", `Nothing was ignored as number ${id}.`, {
		hint: "List it with: vedette ignore list",
	});
}

/** Ends what was ignored for a time that is over: requests, then single tickets. Returns how many tickets it opened. */
export function lapseIgnored(db: DatabaseSync, now: number, limit: number): number {
	const said: Said = { by: "daemon", at: now, text: "The time for which it was ignored is over." };
	for (const request of lapsedRequests(db, now)) {
		removeIgnored(db, request);
		markIgnoreRestored(db, request, said.by, now);
	}
	const lapsed = listLapsed(db, now, limit).filter(({ state }) => moveTicket(state, "lapse", { closeOpen: true }));
	reopenTickets(db, lapsed, said);
	return lapsed.length;
}
