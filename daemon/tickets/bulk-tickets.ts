/** What people do to many tickets at once, a step at a time: what was looked at before is looked at again in each. */
import type { TicketChange } from "../../protocol/model/ticket.ts";
import { type BulkStepOf, stepThrough } from "../store/bulk-works.ts";
import { listTicketsById } from "../store/tickets.ts";
import { changeTickets, type Said, ticketWork } from "./change-tickets.ts";
import { createTickets, keptFrom, ticketless } from "./create-tickets.ts";

export interface TicketsChanged {
	readonly change: TicketChange;
	readonly said: Said;
}

/**
 * Its list: tickets of `ticketWork`, so that none is among them that is never ignored. One that has come into another state
 * meanwhile, where this means nothing, stays as it is.
 */
export const stepTicketChange: BulkStepOf<TicketsChanged> = (db, { change, said }, list, at) =>
	stepThrough(list, at, (some) => {
		const tickets = listTicketsById(db, some);
		const work = ticketWork(tickets, change, change.kind === "unmake" ? { kept: keptFrom(db, tickets, said.by) } : {});
		changeTickets(db, work, change, said);
		return { changed: work.tickets.length };
	});

export interface TicketsMade {
	readonly assignee: string | null;
	readonly days: number | null;
	readonly said: Said;
}

/** Its list: findings. One that has got a ticket meanwhile gets no other. */
export const stepTicketsNew: BulkStepOf<TicketsMade> = (db, wish, list, at) =>
	stepThrough(list, at, (some) => {
		const made = createTickets(db, ticketless(db, some), wish);
		return { changed: made.length, made };
	});
