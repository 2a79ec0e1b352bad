/** What takes an act on tickets back: acts again, from what the tickets were before. Pure. */
import type { Ticket, TicketChange } from "../../../protocol/model/ticket.ts";

export interface TicketStep {
	readonly ids: readonly number[];
	readonly change: TicketChange;
}

/** In their order; empty for what stays done: a comment, and opening what was ignored, which is to be asked for again. */
export function stepsBack(change: TicketChange, before: readonly Ticket[]): TicketStep[] {
	const open = before.filter(({ state }) => state === "OPEN" || state === "RESOLVED");
	switch (change.kind) {
		case "assign":
			return grouped(open, ({ assignee }) => ({ kind: "assign", assignee }));
		case "due":
			return grouped(open, ({ due, dueFrom }) => (dueFrom === "hand" ? { kind: "due", due } : { kind: "undate" }));
		case "undate":
			return grouped(
				open.filter(({ dueFrom }) => dueFrom === "hand"),
				({ due }) => ({ kind: "due", due }),
			);
		case "resolve":
			return step(
				open.filter(({ state }) => state === "OPEN"),
				{ kind: "reopen" },
			);
		case "ignore":
			// Opened again they would be due later than they were.
			return [
				...step(open, { kind: "reopen", keepDue: true }),
				...step(
					open.filter(({ state }) => state === "RESOLVED"),
					{ kind: "resolve" },
				),
			];
		case "reopen":
			if (before.some(({ state }) => state === "IGNORED")) return [];
			return step(
				before.filter(({ state }) => state === "RESOLVED"),
				{ kind: "resolve" },
			);
		case "comment":
		case "unmake":
			return [];
	}
}

function step(some: readonly Ticket[], change: TicketChange): TicketStep[] {
	return some.length === 0 ? [] : [{ ids: some.map(({ id }) => id), change }];
}

/** Those that are to become the same, in one. */
function grouped(some: readonly Ticket[], changeOf: (ticket: Ticket) => TicketChange): TicketStep[] {
	const groups = Map.groupBy(some, (ticket) => JSON.stringify(changeOf(ticket)));
	return [...groups.values()].flatMap((group) => (group[0] === undefined ? [] : step(group, changeOf(group[0]))));
}
