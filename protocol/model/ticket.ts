/** Tickets: one finding on one host that somebody is to mend by some day, with its transitions and what was said of it. */
import { z } from "zod";
import { findingStatus, findingType } from "./finding.ts";
import { severity } from "./severity.ts";
import { ticketOfFinding } from "./ticket-state.ts";
import { timestamp } from "./timestamp.ts";
import { transport } from "./transport.ts";

/** Who works on it: an identity of a connection, as unix:1000, or any name. */
export const assignee = z.string().trim().min(1).max(100);
export const dueDays = z.int().min(1).max(3_650);

export const ticket = ticketOfFinding.extend({
	reopened: z.int().nonnegative().describe("how often"),
	dueFrom: z.enum(["none", "sla", "rule", "hand"]).describe("what the due date comes from"),
	rule: z.string().nullable().describe("the rule that made it; null: somebody did"),
	openedBy: z.string(),
	openedAt: timestamp,
	changedAt: timestamp.describe("when it came into its state"),
	ignoredUntil: timestamp.nullable().describe("it is reopened then by itself; null: never, or not ignored"),
	invalid: z.string().nullable().describe("why it cannot be worked on: its finding is gone; null: it can"),
	asset: z.object({ id: z.int().positive(), name: z.string() }),
	finding: z
		.object({
			id: z.int().positive(),
			address: z.string(),
			port: z.int().nullable().describe("null: about the whole host"),
			protocol: transport.nullable(),
			qid: z.int().positive(),
			signature: z.string(),
			title: z.string(),
			severity,
			type: findingType,
			status: findingStatus.nullable(),
		})
		.nullable()
		.describe("null: it is gone, by a merge of assets"),
});
export type Ticket = z.infer<typeof ticket>;

/** One thing that happened to a ticket. */
export const ticketEvent = z.object({
	at: timestamp,
	who: z.string().describe("who did it; `scan`, `rule NAME` and `daemon` for what happens by itself"),
	kind: z.enum(["opened", "assigned", "due", "resolved", "fixed", "ignored", "reopened", "comment"]),
	scan: z.int().positive().nullable(),
	text: z.string(),
});
export type TicketEvent = z.infer<typeof ticketEvent>;

/** What somebody can do to tickets. */
export const ticketChange = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("assign"), assignee: assignee.nullable().describe("null: nobody") }),
	z.object({ kind: z.literal("due"), due: timestamp.nullable().describe("null: no due date") }),
	z.object({ kind: z.literal("undate") }).describe("a date set by hand goes, and what it replaced holds again"),
	z.object({ kind: z.literal("resolve") }),
	z.object({ kind: z.literal("ignore"), days: dueDays.nullable().default(null).describe("reopened by itself then") }),
	z.object({
		kind: z.literal("reopen"),
		keepDue: z.boolean().optional().describe("what was ignored is due when it was, not counted from now"),
	}),
	z.object({ kind: z.literal("comment") }),
	z
		.object({ kind: z.literal("unmake") })
		.describe("takes back that the caller made it by hand, where nobody else and no scan has touched it since"),
]);
export type TicketChange = z.infer<typeof ticketChange>;

/** Which tickets are meant: by number, or all that a query finds. */
export const ticketChoice = z.object({
	ids: z.array(z.int().positive()).min(1).max(10_000).optional(),
	filter: z.string().trim().min(1).max(4_000).optional().describe("in the query language; `*` for all"),
});
export type TicketChoice = z.infer<typeof ticketChoice>;

/** What a change would do. */
export const ticketPreview = z.object({
	tickets: z.int().nonnegative().describe("that it would change"),
	assets: z.int().nonnegative(),
	unchanged: z.int().nonnegative().describe("meant, but not changed by it"),
	why: z.array(z.object({ reason: z.string(), tickets: z.int().positive() })).describe("why those are not"),
	first: z.array(ticket).describe("the first ten that it would change"),
	digest: z.string().describe("says which tickets these are; the change wants to be told it"),
});
export type TicketPreview = z.infer<typeof ticketPreview>;

const perCriticality = z.tuple([
	dueDays.nullable(),
	dueDays.nullable(),
	dueDays.nullable(),
	dueDays.nullable(),
	dueDays.nullable(),
]);
/** Days to resolve by severity, and in each by the asset's criticality from 1 to 5; null: no due date. */
export const sla = z.object({
	"1": perCriticality,
	"2": perCriticality,
	"3": perCriticality,
	"4": perCriticality,
	"5": perCriticality,
});
export type Sla = z.infer<typeof sla>;

export const ticketSettings = z.object({
	closeOpen: z
		.boolean()
		.default(true)
		.describe("a scan that finds the finding fixed closes a ticket nobody said to be resolved"),
	operatorsMayIgnore: z.boolean().default(false).describe("ignoring needs operate access rather than approve"),
	sla: sla.default({
		"5": [14, 7, 7, 3, 2],
		"4": [30, 21, 14, 10, 7],
		"3": [60, 45, 30, 21, 14],
		"2": [120, 90, 90, 60, 45],
		"1": [365, 180, 180, 120, 90],
	}),
});
export type TicketSettings = z.infer<typeof ticketSettings>;

export const ticketCounts = z.object({
	open: z.int().nonnegative().describe("open or resolved"),
	overdue: z.int().nonnegative(),
	mine: z.int().nonnegative().describe("of the open ones those of the caller, under any identity of the same name"),
	who: z.string().describe("the caller, as tickets are assigned to it"),
});
