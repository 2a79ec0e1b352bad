/** What a finding's row tells of its ticket. */
import type { TicketOfFinding } from "../../protocol/model/ticket-state.ts";
import { ticketStateOf } from "./tickets.ts";
import { isoOrNull } from "./time.ts";

/** Of a ticket joined as `t`. */
export const ticketOfFindingColumns =
	"t.id AS ticket, t.state AS ticket_state, t.assignee AS ticket_assignee, t.due AS ticket_due, ifnull(t.state <= 2 AND t.due < store_now(), 0) AS ticket_overdue";

export interface TicketOfFindingRow {
	ticket: number | null;
	ticket_state: number | null;
	ticket_assignee: string | null;
	ticket_due: number | null;
	ticket_overdue: number;
}

export function ticketOfFinding(row: TicketOfFindingRow): TicketOfFinding | null {
	if (row.ticket === null || row.ticket_state === null) return null;
	return {
		id: row.ticket,
		state: ticketStateOf(row.ticket_state),
		assignee: row.ticket_assignee,
		due: isoOrNull(row.ticket_due),
		overdue: row.ticket_overdue === 1,
	};
}
