/** The rows of tickets and of their history, written one at a time or in bulk. Lists are in ticket-list.ts. */
import type { DatabaseSync } from "node:sqlite";
import type { Ticket, TicketEvent } from "../../protocol/model/ticket.ts";
import type { TicketState } from "../../protocol/model/ticket-state.ts";
import { identitiesCalled, personName } from "./people.ts";
import { all, first, run, tuples } from "./sql.ts";
import { isoOf } from "./time.ts";

/** Never renumber. */
export const ticketStateNumbers = { OPEN: 1, RESOLVED: 2, FIXED: 3, IGNORED: 4 } as const satisfies Record<
	TicketState,
	number
>;
export const dueFromNumbers = { none: 0, sla: 1, rule: 2, hand: 3 } as const satisfies Record<
	Ticket["dueFrom"],
	number
>;

/** Due dates in order, those without one last; spelled as the index is. */
export const dueOrder = (table: string) => `ifnull(${table}.due, 9007199254740991)`;

const states = new Map(Object.entries(ticketStateNumbers).map(([state, n]) => [n as number, state as TicketState]));

export function ticketStateOf(number: number): TicketState {
	return states.get(number) ?? "OPEN";
}

export function dueFromOf(number: number): Ticket["dueFrom"] {
	return number === 1 ? "sla" : number === 2 ? "rule" : number === 3 ? "hand" : "none";
}

/** Of a ticket what moving it takes. Times in milliseconds. */
export interface TicketRow {
	readonly id: number;
	readonly asset: number;
	readonly finding: number;
	readonly state: TicketState;
	readonly due: number | null;
	readonly changedAt: number;
	readonly assignee: string | null;
}

/** Of a ticket what people's acts take. */
export interface ChosenTicket extends Omit<TicketRow, "changedAt"> {
	readonly dueFrom: Ticket["dueFrom"];
	/** Its finding is there no more. */
	readonly isGone: boolean;
}

export interface NewTicket {
	readonly asset: number;
	readonly finding: number;
	readonly state: "OPEN" | "IGNORED";
	readonly assignee: string | null;
	readonly days: number | null;
	readonly rule: string | null;
	readonly by: string;
	readonly at: number;
	readonly ignoredUntil: number | null;
	/** The request that ignores it; absent: a rule, or somebody, this ticket alone. */
	readonly ignoredBy?: number;
	/** Into its history. */
	readonly text: string;
}

/** It has no due date yet. Returns its number. */
export function insertTicket(db: DatabaseSync, ticket: NewTicket): number {
	const { asset, at, by } = ticket;
	const { id } = run(
		db,
		`INSERT INTO ticket (asset, finding, state, assignee, due_from, days, rule, opened_by, opened_at, changed_at, ignored_until,
			ignored_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		...[asset, ticket.finding, ticketStateNumbers[ticket.state], ticket.assignee],
		...[dueFromNumbers.none, ticket.days, ticket.rule, by, at, at, ticket.ignoredUntil],
		ticket.ignoredBy ?? null,
	);
	const kind = ticket.state === "IGNORED" ? "ignored" : "opened";
	addTicketEvents(db, [id], { at, who: by, kind, scan: null, text: ticket.text });
	return id;
}

/** Adds to the history of each. `at` in milliseconds. */
export function addTicketEvents(
	db: DatabaseSync,
	ids: readonly number[],
	event: Omit<TicketEvent, "at"> & { readonly at: number },
): void {
	run(
		db,
		`INSERT INTO ticket_event (ticket, n, asset, at, who, kind, scan, text)
		SELECT t.id, (SELECT ifnull(max(e.n), 0) + 1 FROM ticket_event e WHERE e.ticket = t.id), t.asset, ?, ?, ?, ?, ?
		FROM json_each(?) j JOIN ticket t ON t.id = j.value`,
		...[event.at, event.who, event.kind, event.scan, event.text],
		JSON.stringify(ids),
	);
}

/** Tickets come into another state; times in milliseconds. */
export function setTicketStates(
	db: DatabaseSync,
	ids: readonly number[],
	to: {
		readonly state: TicketState;
		readonly at: number;
		readonly ignoredUntil?: number | null;
		readonly ignoredBy?: number;
	},
): void {
	const opened = to.state === "OPEN" ? 1 : 0;
	run(
		db,
		`UPDATE ticket SET state = ?, changed_at = ?, ignored_until = ?, ignored_by = ?, reopened = reopened + ?
		WHERE id IN (SELECT value FROM json_each(?))`,
		...[ticketStateNumbers[to.state], to.at, to.ignoredUntil ?? null, to.ignoredBy ?? null, opened],
		JSON.stringify(ids),
	);
}

/** As somebody sets it, in milliseconds; what was not set by hand is kept beside it. */
export function setTicketsDue(db: DatabaseSync, ids: readonly number[], due: number | null): void {
	const { hand } = dueFromNumbers;
	run(
		db,
		`UPDATE ticket SET due = ?, due_from = ${hand},
			due_before = iif(due_from = ${hand}, due_before, due),
			due_before_from = iif(due_from = ${hand}, due_before_from, due_from)
		WHERE id IN (SELECT value FROM json_each(?))`,
		due,
		JSON.stringify(ids),
	);
}

/** With their history. */
export function deleteTickets(db: DatabaseSync, ids: readonly number[]): void {
	run(db, "DELETE FROM ticket WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(ids));
}

export function setTicketsAssignee(db: DatabaseSync, ids: readonly number[], assignee: string | null): void {
	run(db, "UPDATE ticket SET assignee = ? WHERE id IN (SELECT value FROM json_each(?))", assignee, JSON.stringify(ids));
}

const columns = "t.id, t.asset, t.finding, t.state, t.due, t.changed_at, t.assignee";

export function listTicketsOfAsset(db: DatabaseSync, asset: number): TicketRow[] {
	return all<StoredTicket>(db, `SELECT ${columns} FROM ticket t WHERE t.asset = ?`, asset).map(toRow);
}

/** Over `ticket t`. Whether its finding is there the index of their numbers says, in a fifth of the time that a join takes. */
export const chosenColumns =
	"t.id, t.asset, t.finding, t.state, t.due, t.assignee, t.finding NOT IN (SELECT id FROM finding), t.due_from";

/** Those that are there, each once, by number. */
export function listTicketsById(db: DatabaseSync, ids: readonly number[]): ChosenTicket[] {
	return tuples<ChosenCells>(
		db,
		`SELECT ${chosenColumns} FROM json_each(?) j JOIN ticket t ON t.id = j.value ORDER BY t.id`,
		JSON.stringify([...new Set(ids)]),
	).map(toChosen);
}

/** Those whose time of being ignored is over. Milliseconds. */
export function listLapsed(db: DatabaseSync, now: number, limit: number): ChosenTicket[] {
	return tuples<ChosenCells>(
		db,
		`SELECT ${chosenColumns} FROM ticket t WHERE t.ignored_until <= ? ORDER BY t.ignored_until LIMIT ?`,
		now,
		limit,
	).map(toChosen);
}

/** What happened to a ticket, oldest first. */
export function listTicketEvents(db: DatabaseSync, id: number): TicketEvent[] {
	return all<Omit<TicketEvent, "at"> & { at: number }>(
		db,
		"SELECT at, who, kind, scan, text FROM ticket_event WHERE ticket = ? ORDER BY n",
		id,
	).map((row) => ({ ...row, at: isoOf(row.at) }));
}

/** Open and resolved ones, and of those the overdue. `now` in milliseconds. */
export function countTickets(db: DatabaseSync, now: number): { open: number; overdue: number } {
	return { open: countOpen(db, ""), overdue: countOpen(db, ` AND ${dueOrder("t")} < ?`, now) };
}

/** Of whoever is called as somebody is: what lists find by that name. */
export function countTicketsOf(db: DatabaseSync, assignee: string): number {
	const called = JSON.stringify(identitiesCalled(db, personName(db, assignee)));
	return countOpen(db, " AND t.assignee COLLATE NOCASE IN (SELECT value FROM json_each(?))", called);
}

function countOpen(db: DatabaseSync, where: string, ...params: (string | number)[]): number {
	return first<{ n: number }>(db, `SELECT count(*) AS n FROM ticket t WHERE t.state <= 2${where}`, ...params)?.n ?? 0;
}

/** A row of `chosenColumns`. */
export type ChosenCells = [
	id: number,
	asset: number,
	finding: number,
	state: number,
	due: number | null,
	assignee: string | null,
	isGone: number,
	dueFrom: number,
];

export function toChosen([id, asset, finding, state, due, assignee, isGone, dueFrom]: ChosenCells): ChosenTicket {
	const named = { state: ticketStateOf(state), isGone: isGone === 1, dueFrom: dueFromOf(dueFrom) };
	return { id, asset, finding, due, assignee, ...named };
}

interface StoredTicket {
	id: number;
	asset: number;
	finding: number;
	state: number;
	due: number | null;
	changed_at: number;
	assignee: string | null;
}

function toRow({ state, changed_at, ...row }: StoredTicket): TicketRow {
	return { ...row, state: ticketStateOf(state), changedAt: changed_at };
}
