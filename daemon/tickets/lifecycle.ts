/**
 * The life of a ticket as a pure function: OPEN, RESOLVED, and closed as FIXED or IGNORED. Scans move tickets as findings come
 * and go, people by what they say of them. Nobody closes as fixed what no scan has found to be gone.
 */
import type { TicketEvent } from "../../protocol/model/ticket.ts";
import { type TicketState, ticketStates } from "../../protocol/model/ticket-state.ts";

export type TicketMove =
	/** A scan looked and it was not there; or it was, in evidence younger than the ticket's state. */
	| "absent"
	| "present"
	/** What a person says of it. */
	| "resolve"
	| "ignore"
	| "reopen"
	/** The time for which it was ignored is over. */
	| "lapse";

export interface Moved {
	readonly to: TicketState;
	/** What is written into its history. */
	readonly as: Extract<TicketEvent["kind"], "resolved" | "fixed" | "ignored" | "reopened">;
}

/** Where a move leads from a state; null: nowhere, the ticket stays as it is. */
export function moveTicket(
	from: TicketState,
	move: TicketMove,
	{ closeOpen }: { readonly closeOpen: boolean },
): Moved | null {
	switch (move) {
		case "absent":
			return from === "RESOLVED" || (from === "OPEN" && closeOpen) ? { to: "FIXED", as: "fixed" } : null;
		case "present":
			return from === "RESOLVED" || from === "FIXED" ? reopened : null;
		case "resolve":
			return from === "OPEN" ? { to: "RESOLVED", as: "resolved" } : null;
		case "ignore":
			return from === "OPEN" || from === "RESOLVED" ? { to: "IGNORED", as: "ignored" } : null;
		case "reopen":
			return from === "RESOLVED" || from === "IGNORED" ? reopened : null;
		case "lapse":
			return from === "IGNORED" ? reopened : null;
	}
}

const reopened: Moved = { to: "OPEN", as: "reopened" };

/** The states a move leads out of, for statements over many tickets. */
export function movableBy(move: TicketMove, settings: { readonly closeOpen: boolean }): TicketState[] {
	return ticketStates.filter((state) => moveTicket(state, move, settings) !== null);
}

/** Why what a person wants does nothing to a ticket in this state, as a sentence. */
export function whyNotMoved(from: TicketState, move: "resolve" | "ignore" | "reopen"): string {
	if (from === "OPEN") return "It is open.";
	if (from === "RESOLVED") return "It is resolved already: the next scan says whether it is fixed.";
	if (from === "IGNORED") return move === "ignore" ? "It is ignored already." : "It is ignored: reopen it first.";
	return move === "reopen"
		? "It is fixed: a scan that finds it again reopens it."
		: "It is fixed: there is nothing to do about it.";
}
