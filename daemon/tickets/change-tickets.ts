/** What people do to tickets, to one or to thousands: what it would do, and doing just that. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/common.ts";
import { neverIgnoredQids } from "../../protocol/model/ignore.ts";
import type { TicketChange } from "../../protocol/model/ticket.ts";
import { openNumbers } from "../store/codes.ts";
import { setExcepted } from "../store/excepted.ts";
import { removeIgnoredOf } from "../store/ignored.ts";
import { signaturesByQid } from "../store/signatures-by-qid.ts";
import { all } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { addTicketEvent, setTicketAssignee, setTicketDue, setTicketState, type TicketRow } from "../store/tickets.ts";
import { isoOrNull } from "../store/time.ts";
import { dueOf } from "./due.ts";
import { type Moved, moveTicket, whyNotMoved } from "./lifecycle.ts";
import { dueAt } from "./sla.ts";

/** What a change means for some tickets. */
export interface TicketWork {
	readonly tickets: readonly TicketRow[];
	/** Why the others are left as they are, and how many. */
	readonly unchanged: ReadonlyMap<string, number>;
	readonly digest: string;
}

/** What a ticket's finding is now. */
interface FindingNow {
	readonly severity: Severity;
	readonly isFixed: boolean;
	readonly mayBeIgnored: boolean;
}

export const neverIgnoredWords = `Required and unauthorised services and ports (QID ${neverIgnoredQids.join(", ")}) are never ignored.`;
const gone = "Its finding is gone: assets were merged.";

/** Changes nothing. */
export function ticketWork(db: DatabaseSync, tickets: readonly TicketRow[], change: TicketChange): TicketWork {
	const findings = findingsNow(db, tickets, change.kind === "ignore");
	const unchanged = new Map<string, number>();
	const meant = tickets.filter((ticket) => {
		const why = whyUnchanged(ticket, change, findings.get(ticket.finding));
		if (why !== null) unchanged.set(why, (unchanged.get(why) ?? 0) + 1);
		return why === null;
	});
	const told = meant.map(({ id, state }) => `${id} ${state}`).join("\n");
	const digest = createHash("sha256").update(JSON.stringify(change)).update(told).digest("hex").slice(0, 32);
	return { tickets: meant, unchanged, digest };
}

function whyUnchanged(ticket: TicketRow, change: TicketChange, finding: FindingNow | undefined): string | null {
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
		case "resolve":
		case "reopen":
		case "ignore":
			if (finding === undefined) return gone;
			if (moveTicket(ticket.state, change.kind, { closeOpen: true }) === null)
				return whyNotMoved(ticket.state, change.kind);
			return change.kind === "ignore" && !finding.mayBeIgnored ? neverIgnoredWords : null;
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
	const findings = findingsNow(db, tickets, false);
	for (const ticket of tickets) changeOne(db, ticket, change, said, findings.get(ticket.finding));
	if (change.kind === "reopen") reopenTickets(db, tickets, said);
	if (change.kind !== "ignore") return;
	const ids = tickets.map(({ finding }) => finding);
	setExcepted(db, ids, "ignored", true, said.at);
}

function changeOne(
	db: DatabaseSync,
	ticket: TicketRow,
	change: TicketChange,
	{ by, at, text }: Said,
	finding: FindingNow | undefined,
): void {
	const tell = (kind: Parameters<typeof addTicketEvent>[2]["kind"], words: string) =>
		addTicketEvent(db, ticket, { at, who: by, kind, scan: null, text: words });
	switch (change.kind) {
		case "comment":
			tell("comment", text);
			return;
		case "assign":
			setTicketAssignee(db, ticket.id, change.assignee);
			tell("assigned", joined(change.assignee ?? "nobody", text));
			return;
		case "due":
			setTicketDue(db, ticket.id, { due: change.due === null ? null : Date.parse(change.due), dueFrom: "hand" });
			tell("due", joined(change.due?.slice(0, 10) ?? "no day", text));
			return;
		case "ignore":
			setTicketState(db, ticket.id, { state: "IGNORED", at, ignoredUntil: dueAt(at, change.days) });
			tell("ignored", text);
			return;
		case "reopen":
			return;
		case "resolve":
			setTicketState(db, ticket.id, { state: "RESOLVED", at });
			tell("resolved", text);
			if (finding?.isFixed === true) {
				const moved = moveTicket("RESOLVED", "absent", readTicketSettings(db));
				if (moved !== null) close(db, ticket, moved, at);
			}
	}
}

/**
 * Opens tickets again, in the caller's transaction. Those that were ignored get a new due date, and what comes on these hosts by
 * their checks is not ignored any more either; one whose finding has gone meanwhile is closed as fixed.
 */
export function reopenTickets(db: DatabaseSync, tickets: readonly TicketRow[], { by, at, text }: Said): void {
	const settings = readTicketSettings(db);
	const findings = findingsNow(db, tickets, false);
	for (const ticket of tickets) {
		const { id, asset, days } = ticket;
		const finding = findings.get(ticket.finding);
		setTicketState(db, id, { state: "OPEN", at });
		addTicketEvent(db, ticket, { at, who: by, kind: "reopened", scan: null, text });
		if (ticket.state === "RESOLVED" || finding === undefined) continue;
		setTicketDue(db, id, dueOf(db, { asset, severity: finding.severity }, { from: at, days }));
		const moved = finding.isFixed ? moveTicket("OPEN", "absent", settings) : null;
		if (moved !== null) close(db, ticket, moved, at);
	}
	const ignored = tickets.filter(({ state }) => state === "IGNORED").map(({ finding }) => finding);
	removeIgnoredOf(db, ignored);
	setExcepted(db, ignored, "ignored", false, at);
}

function close(db: DatabaseSync, ticket: TicketRow, { to, as }: Moved, at: number): void {
	setTicketState(db, ticket.id, { state: to, at });
	addTicketEvent(db, ticket, { at, who: "daemon", kind: as, scan: null, text: "A scan had found it gone already." });
}

function joined(what: string, text: string): string {
	return text === "" ? what : `${what}: ${text}`;
}

function findingsNow(
	db: DatabaseSync,
	tickets: readonly TicketRow[],
	asksWhetherIgnorable: boolean,
): Map<number, FindingNow> {
	const never = new Set(asksWhetherIgnorable ? signaturesByQid(db, neverIgnoredQids).map(({ id }) => id) : []);
	const rows = all<{ id: number; severity: Severity; open: number; signature: number }>(
		db,
		"SELECT f.id, f.severity, f.open, f.signature FROM json_each(?) j JOIN finding f ON f.id = j.value",
		JSON.stringify(tickets.map(({ finding }) => finding)),
	);
	return new Map(
		rows.map(({ id, severity, open, signature }): [number, FindingNow] => [
			id,
			{ severity, isFixed: open === openNumbers.fixed, mayBeIgnored: !never.has(signature) },
		]),
	);
}
