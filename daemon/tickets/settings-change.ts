/** What a change of the settings of tickets does to the tickets there are. */
import type { DatabaseSync } from "node:sqlite";
import { openNumbers } from "../store/codes.ts";
import { all } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { addTicketEvent, listTicketsById, setTicketDue, setTicketState } from "../store/tickets.ts";
import { dueOf } from "./due.ts";
import { moveTicket } from "./lifecycle.ts";

/** Closes what scans found gone while open tickets were not theirs to close. Returns how many. `at` in milliseconds. */
export function closeGone(db: DatabaseSync, at: number): number {
	const ids = all<{ id: number }>(
		db,
		`SELECT t.id FROM ticket t JOIN finding f ON f.id = t.finding WHERE t.state <= 2 AND f.open = ${openNumbers.fixed}`,
	);
	let closed = 0;
	for (const ticket of listTicketsById(
		db,
		ids.map(({ id }) => id),
	)) {
		const moved = moveTicket(ticket.state, "absent", readTicketSettings(db));
		if (moved === null) continue;
		setTicketState(db, ticket.id, { state: moved.to, at });
		addTicketEvent(db, ticket, {
			at,
			who: "daemon",
			kind: moved.as,
			scan: null,
			text: "A scan had found it gone already.",
		});
		closed++;
	}
	return closed;
}

/** Sets the due dates that come from the table anew. Returns how many changed. */
export function redate(db: DatabaseSync): number {
	const rows = all<{ id: number; asset: number; severity: 1 | 2 | 3 | 4 | 5; from: number; due: number | null }>(
		db,
		`SELECT t.id, t.asset, f.severity, t.opened_at AS "from", t.due FROM ticket t JOIN finding f ON f.id = t.finding
		WHERE t.state <= 2 AND t.due_from IN (0, 1)`,
	);
	let changed = 0;
	for (const { id, from, due, ...finding } of rows) {
		const anew = dueOf(db, finding, { from, days: null });
		if (anew.due === due) continue;
		setTicketDue(db, id, anew);
		changed++;
	}
	return changed;
}
