/** What a change of the settings of tickets does to the tickets there are: which these are, and a step of it. */
import type { DatabaseSync } from "node:sqlite";
import { type BulkStepOf, stepThrough } from "../store/bulk-works.ts";
import { openNumbers } from "../store/codes.ts";
import { all, run } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { dueFromNumbers, ticketStateNumbers } from "../store/tickets.ts";
import { closeGone } from "./change-tickets.ts";
import { dateTickets } from "./due.ts";
import { movableBy } from "./lifecycle.ts";

/** What scans found gone while open tickets were not theirs to close. `among`: of these; null: of all. */
export function listGone(db: DatabaseSync, among: readonly number[] | null = null): number[] {
	const states = movableBy("absent", readTicketSettings(db)).map((state) => ticketStateNumbers[state]);
	return all<{ id: number }>(
		db,
		`SELECT t.id FROM ticket t JOIN finding f ON f.id = t.finding
		WHERE f.open = ${openNumbers.fixed} AND t.state IN (SELECT value FROM json_each(?1))
			AND (?2 IS NULL OR t.id IN (SELECT value FROM json_each(?2)))`,
		JSON.stringify(states),
		among === null ? null : JSON.stringify(among),
	).map(({ id }) => id);
}

/** Its list: tickets of `listGone`. `at` in milliseconds. */
export const stepCloseGone: BulkStepOf<{ readonly at: number }> = (db, { at: now }, list, at) =>
	stepThrough(list, at, (some) => {
		const ids = listGone(db, some);
		closeGone(db, ids, now);
		return { changed: ids.length };
	});

/** Those whose due dates come from the table. */
export function listDatedByTable(db: DatabaseSync): number[] {
	const { none, sla } = dueFromNumbers;
	const text = `SELECT id FROM ticket WHERE state <= 2 AND due_from IN (${none}, ${sla})`;
	return all<{ id: number }>(db, text).map(({ id }) => id);
}

/** A date set by hand that came in place of one from the table is, when it is taken back, counted by the table as it is then. */
export function forgetTableDates(db: DatabaseSync): void {
	const { none, sla } = dueFromNumbers;
	run(db, `UPDATE ticket SET due_before = NULL, due_before_from = NULL WHERE due_before_from IN (${none}, ${sla})`);
}

/** Its list: tickets of `listDatedByTable`, whose due dates are set anew. */
export const stepRedate: BulkStepOf<Record<string, never>> = (db, _what, list, at) =>
	stepThrough(list, at, (some) => ({ changed: dateTickets(db, some, "opened") }));
