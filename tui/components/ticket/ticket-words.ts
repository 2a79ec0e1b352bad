/** The state of a ticket, and when it is due, in a word or two. */
import type { TicketOfFinding, TicketState } from "../../../protocol/model/ticket-state.ts";
import { age } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";

export const statePieces: Readonly<Record<TicketState, Piece>> = {
	OPEN: ["open", "text"],
	RESOLVED: ["resolved", "accent"],
	FIXED: ["fixed", "good"],
	IGNORED: ["ignored", "muted"],
};

/** `in 5 d`, `3 d late`. */
export function duePiece(
	{ due, overdue, state }: Pick<TicketOfFinding, "due" | "overdue" | "state">,
	now: number,
): Piece {
	if (due === null) return ["—", "faint"];
	if (overdue) return [`${age(due, now)} late`, "bad"];
	if (state === "FIXED" || state === "IGNORED") return [due.slice(0, 10), "faint"];
	return [`in ${age(new Date(now).toISOString(), Date.parse(due))}`, "text"];
}
