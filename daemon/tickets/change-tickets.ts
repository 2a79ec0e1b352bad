/** What people do to tickets, to one or to thousands: what it would do, and doing just that. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { neverIgnoredQids } from "../../protocol/model/ignore.ts";
import type { TicketChange, TicketEvent } from "../../protocol/model/ticket.ts";
import { openNumbers } from "../store/codes.ts";
import { setExcepted } from "../store/excepted.ts";
import { removeIgnoredOf } from "../store/ignored.ts";
import { signaturesByQid } from "../store/signatures-by-qid.ts";
import { all } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import {
	addTicketEvents,
	type ChosenTicket,
	deleteTickets,
	setTicketStates,
	setTicketsAssignee,
	setTicketsDue,
	ticketStateNumbers,
} from "../store/tickets.ts";
import { isoOrNull, msOrNull } from "../store/time.ts";
import { dateTickets, daysLater, undateTickets } from "./due.ts";
import { moveTicket, whyNotMoved } from "./lifecycle.ts";

/** What a change means for some tickets. */
export interface TicketWork {
	readonly tickets: readonly ChosenTicket[];
	/** Why the others are left as they are, and how many. */
	readonly unchanged: ReadonlyMap<string, number>;
	readonly digest: string;
}

export const neverIgnoredWords = `Required and unauthorised services and ports (QID ${neverIgnoredQids.join(", ")}) are never ignored.`;
const gone = "Its finding is gone: assets were merged.";

/** What of the store says whether a change may be made. */
interface TicketBars {
	/** Findings that are not ignored, whatever is asked for. */
	readonly never?: ReadonlySet<number>;
	/** Why tickets are not unmade. */
	readonly kept?: ReadonlyMap<number, string>;
}

/** Changes nothing. */
export function ticketWork(tickets: readonly ChosenTicket[], change: TicketChange, bars: TicketBars = {}): TicketWork {
	const unchanged = new Map<string, number>();
	const meant = tickets.filter((ticket) => {
		const why = whyUnchanged(ticket, change, bars);
		if (why !== null) unchanged.set(why, (unchanged.get(why) ?? 0) + 1);
		return why === null;
	});
	const told = Float64Array.from(meant, ({ id, state }) => id * 10 + ticketStateNumbers[state]);
	const hash = createHash("sha256").update(JSON.stringify(change)).update(new Uint8Array(told.buffer));
	return { tickets: meant, unchanged, digest: hash.digest("hex").slice(0, 32) };
}

/** Findings with a ticket whose checks are never ignored. */
export function neverIgnored(db: DatabaseSync): ReadonlySet<number> {
	const checks = signaturesByQid(db, neverIgnoredQids).map(({ id }) => id);
	const rows = all<{ finding: number }>(
		db,
		`SELECT t.finding FROM json_each(?) n JOIN finding f ON f.signature = n.value JOIN ticket t ON t.finding = f.id`,
		JSON.stringify(checks),
	);
	return new Set(rows.map(({ finding }) => finding));
}

function whyUnchanged(ticket: ChosenTicket, change: TicketChange, { never, kept }: TicketBars): string | null {
	const isClosed = ticket.state === "FIXED" || ticket.state === "IGNORED";
	switch (change.kind) {
		case "comment":
			return null;
		case "assign":
			if (isClosed) return "It is closed.";
			return ticket.assignee === change.assignee ? "It is so already." : null;
		case "due":
			if (isClosed) return "It is closed.";
			return isoOrNull(ticket.due) === change.due ? "It is so already." : null;
		case "undate":
			if (isClosed) return "It is closed.";
			return ticket.dueFrom === "hand" ? null : "Nobody has set its date by hand.";
		case "unmake":
			if (ticket.state === "IGNORED") return "It is ignored: reopen it first.";
			return kept?.get(ticket.id) ?? null;
		case "resolve":
		case "reopen":
		case "ignore":
			// One whose finding is part of another can be closed, and no more.
			if (ticket.isGone && change.kind !== "resolve") return gone;
			if (moveTicket(ticket.state, change.kind, { closeOpen: true }) === null)
				return whyNotMoved(ticket.state, change.kind);
			return change.kind === "ignore" && never?.has(ticket.finding) ? neverIgnoredWords : null;
	}
}

export interface Said {
	readonly by: string;
	/** Milliseconds. */
	readonly at: number;
	/** Why, or the comment. */
	readonly text: string;
}

/** Does it to the tickets of `ticketWork`, in the caller's transaction. */
export function changeTickets(db: DatabaseSync, { tickets }: TicketWork, change: TicketChange, said: Said): void {
	const ids = tickets.map(({ id }) => id);
	const { by: who, at, text } = said;
	const tell = (kind: TicketEvent["kind"], words: string) =>
		addTicketEvents(db, ids, { at, who, kind, scan: null, text: words });
	switch (change.kind) {
		case "comment":
			tell("comment", text);
			return;
		case "assign":
			setTicketsAssignee(db, ids, change.assignee);
			tell("assigned", joined(change.assignee ?? "nobody", text));
			return;
		case "due":
			setTicketsDue(db, ids, msOrNull(change.due));
			tell("due", joined(change.due?.slice(0, 10) ?? "no day", text));
			return;
		case "undate":
			undateTickets(db, ids);
			tell("due", joined("as before it was set by hand", text));
			return;
		case "unmake":
			deleteTickets(db, ids);
			return;
		case "ignore":
			setTicketStates(db, ids, { state: "IGNORED", at, ignoredUntil: daysLater(at, change.days) });
			tell("ignored", text);
			setExcepted(
				db,
				tickets.map(({ finding }) => finding),
				"ignored",
				true,
				at,
			);
			return;
		case "reopen":
			reopenTickets(db, tickets, said, change);
			return;
		case "resolve":
			setTicketStates(db, ids, { state: "RESOLVED", at });
			tell("resolved", text);
			if (moveTicket("RESOLVED", "absent", readTicketSettings(db)) !== null) closeGone(db, goneOf(db, tickets), at);
	}
}

/**
 * Opens tickets again, in the caller's transaction. Those that were ignored get a new due date unless they are to keep theirs, and
 * what comes on these hosts by their checks is not ignored any more either; one whose finding has gone meanwhile is closed as fixed.
 */
export function reopenTickets(
	db: DatabaseSync,
	tickets: readonly ChosenTicket[],
	{ by, at, text }: Said,
	{ keepDue = false }: { readonly keepDue?: boolean | undefined } = {},
): void {
	const ids = tickets.map(({ id }) => id);
	const ignored = tickets.filter(({ state }) => state === "IGNORED");
	// Before they are open: the index of what is due takes each in once.
	const dated = keepDue ? [] : ignored.map(({ id }) => id);
	dateTickets(db, dated, at);
	setTicketStates(db, ids, { state: "OPEN", at });
	addTicketEvents(db, ids, { at, who: by, kind: "reopened", scan: null, text });
	const findings = ignored.map(({ finding }) => finding);
	const { marked } = setExcepted(db, findings, "ignored", false, at);
	removeIgnoredOf(
		db,
		marked.map(([asset, signature]) => ({ asset, signature })),
	);
	if (moveTicket("OPEN", "absent", readTicketSettings(db)) === null) return;
	const fixed = new Set(marked.flatMap(([, , , , , open, , id]) => (open === openNumbers.fixed ? id : [])));
	const gone = ignored.filter(({ finding, isGone }) => isGone || fixed.has(finding)).map(({ id }) => id);
	if (gone.length > 0) closeGone(db, gone, at);
}

/** Closes tickets as fixed, whose findings a scan had found gone before. `at` in milliseconds. */
export function closeGone(db: DatabaseSync, ids: readonly number[], at: number): void {
	setTicketStates(db, ids, { state: "FIXED", at });
	const text = "A scan had found it gone already.";
	addTicketEvents(db, ids, { at, who: "daemon", kind: "fixed", scan: null, text });
}

function goneOf(db: DatabaseSync, tickets: readonly ChosenTicket[]): number[] {
	const findings = tickets.map(({ finding }) => finding);
	const fixed = new Set(
		all<{ id: number }>(
			db,
			`SELECT f.id FROM json_each(?) j JOIN finding f ON f.id = j.value WHERE f.open = ${openNumbers.fixed}`,
			JSON.stringify(findings),
		).map(({ id }) => id),
	);
	return tickets.flatMap(({ id, finding, isGone }) => (isGone || fixed.has(finding) ? id : []));
}

function joined(what: string, text: string): string {
	return text === "" ? what : `${what}: ${text}`;
}
