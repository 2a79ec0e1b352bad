/** What a change of the settings of tickets does to the tickets there are. */
import type { DatabaseSync } from "node:sqlite";
import { openNumbers } from "../store/codes.ts";
import { all } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { dueFromNumbers, ticketStateNumbers } from "../store/tickets.ts";
import { closeGone } from "./change-tickets.ts";
import { dateTickets } from "./due.ts";
import { movableBy } from "./lifecycle.ts";

/** Closes what scans found gone while open tickets were not theirs to close. Returns how many. `at` in milliseconds. */
export function closeAllGone(db: DatabaseSync, at: number): number {
	const states = movableBy("absent", readTicketSettings(db)).map((state) => ticketStateNumbers[state]);
	const ids = all<{ id: number }>(
		db,
		`SELECT t.id FROM ticket t JOIN finding f ON f.id = t.finding
		WHERE f.open = ${openNumbers.fixed} AND t.state IN (SELECT value FROM json_each(?))`,
		JSON.stringify(states),
	).map(({ id }) => id);
	closeGone(db, ids, at);
	return ids.length;
}

/** Sets the due dates that come from the table anew. Returns of how many tickets. */
export function redate(db: DatabaseSync): number {
	const { none, sla } = dueFromNumbers;
	const ids = all<{ id: number }>(db, `SELECT id FROM ticket WHERE state <= 2 AND due_from IN (${none}, ${sla})`);
	return dateTickets(
		db,
		ids.map(({ id }) => id),
		"opened",
	);
}
