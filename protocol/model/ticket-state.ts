/** The states a ticket can be in, and what a finding says of its ticket. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** FIXED and IGNORED are the two ways in which a ticket is closed. */
export const ticketStates = ["OPEN", "RESOLVED", "FIXED", "IGNORED"] as const;
export const ticketState = z.enum(ticketStates);
export type TicketState = z.infer<typeof ticketState>;

/** What a finding says of its ticket. */
export const ticketOfFinding = z.object({
	id: z.int().positive(),
	state: ticketState,
	assignee: z.string().nullable(),
	due: timestamp.nullable(),
	overdue: z.boolean().describe("open or resolved, and the day has passed"),
});
export type TicketOfFinding = z.infer<typeof ticketOfFinding>;
