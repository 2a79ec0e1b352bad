/** Moves tickets as their findings come and go, in the transaction that brings the evidence in. */
import type { DatabaseSync } from "node:sqlite";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { addTicketEvents, listTicketsOfAsset, setTicketStates, type TicketRow } from "../store/tickets.ts";
import { dateTickets } from "./due.ts";
import { moveTicket } from "./lifecycle.ts";

/** What became of a finding. */
export interface Sighting {
	readonly finding: number;
	readonly is: "present" | "absent";
	/** Into the ticket's history. */
	readonly text: string;
}

export interface Look {
	readonly asset: number;
	readonly scan: number | null;
	/** Milliseconds. */
	readonly at: number;
	/** Somebody looked again; else what is stored was judged again, which says nothing of what was done since. */
	readonly isNew: boolean;
}

export function followFindings(db: DatabaseSync, look: Look, sightingsOf: () => readonly Sighting[]): void {
	const tickets = listTicketsOfAsset(db, look.asset);
	if (tickets.every(({ state }) => state === "IGNORED")) return;
	const byFinding = new Map(tickets.map((ticket) => [ticket.finding, ticket]));
	for (const sighting of sightingsOf()) {
		const ticket = byFinding.get(sighting.finding);
		if (ticket !== undefined) followOne(db, look, ticket, sighting);
	}
}

function followOne(db: DatabaseSync, look: Look, ticket: TicketRow, sighting: Sighting): void {
	const { at, scan, isNew } = look;
	// Seen before it was said to be resolved: that says nothing.
	if (sighting.is === "present" && ticket.state === "RESOLVED" && !(isNew && at > ticket.changedAt)) return;
	const moved = moveTicket(ticket.state, sighting.is, readTicketSettings(db));
	if (moved === null) return;
	setTicketStates(db, [ticket.id], { state: moved.to, at });
	const who = isNew ? "scan" : "daemon";
	addTicketEvents(db, [ticket.id], { at, who, kind: moved.as, scan, text: sighting.text });
	if (ticket.state === "FIXED") dateTickets(db, [ticket.id], at);
}
