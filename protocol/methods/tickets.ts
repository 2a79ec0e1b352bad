/** Tickets: what is to be mended by whom and by when, and how the time it may take is set. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { listParams, pageOf } from "../model/listing.ts";
import {
	ticket,
	ticketChange,
	ticketChoice,
	ticketCounts,
	ticketEvent,
	ticketPreview,
	ticketSettings,
} from "../model/ticket.ts";

const id = z.int().positive();

export const list = defineMethod({
	name: "tickets.list",
	summary: "List tickets",
	description:
		"Open and resolved ones unless the filter names `state`, by due date unless sorted. Fields: id, state, assignee, due, overdue, rule, opened, changed, reopened, finding, and of the finding asset, address, port, protocol, qid, signature, title, severity, type, status, cve, kev, epss, cvss, os, tags, criticality.",
	access: "read",
	params: listParams,
	result: pageOf(ticket),
});

export const get = defineMethod({
	name: "tickets.get",
	summary: "One ticket with its history",
	description: "Its transitions and comments, oldest first.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ id }),
	result: z.object({ ticket, events: z.array(ticketEvent) }),
});

export const counts = defineMethod({
	name: "tickets.counts",
	summary: "How many tickets are open, overdue, and the caller's",
	description: "A look-up, whatever their number.",
	access: "read",
	params: z.object({}),
	result: ticketCounts,
});

export const preview = defineMethod({
	name: "tickets.preview",
	summary: "What a change of tickets would do",
	description:
		"Changes nothing. `digest` of the answer is what `tickets.change` wants to be told. 100,000 tickets at most.",
	access: "read",
	errors: ["not-found", "too-large"],
	params: ticketChoice.extend({ change: ticketChange }),
	result: ticketPreview,
	timeoutMs: 60_000,
});

export const change = defineMethod({
	name: "tickets.change",
	summary: "Assign, resolve, ignore, reopen, comment or date tickets, or take back that they were made",
	description:
		"Does what `tickets.preview` said, to the same tickets: `conflict` when these are others by now. Ignoring sets the finding apart as ignored and needs approve access unless the settings say otherwise. Reopening a ticket that was ignored ends that. A ticket that is fixed is reopened by scans alone. `unmake` takes tickets away that the caller made by hand and that nobody else and no scan has touched since, nor anybody commented on; their numbers are not given again.",
	access: "operate",
	audit: [
		...["ticket.assign", "ticket.due", "ticket.undate", "ticket.resolve", "ticket.ignore", "ticket.reopen"],
		...["ticket.comment", "ticket.unmake"],
	],
	errors: ["not-found", "conflict", "forbidden", "too-large", "unavailable"],
	params: ticketChoice.extend({
		change: ticketChange,
		digest: z.string().max(64),
		text: z.string().trim().max(4_000).default("").describe("the comment, or why; ignoring needs it"),
	}),
	result: z.object({ changed: z.int().nonnegative() }),
	timeoutMs: 120_000,
});

export const ticketless = defineMethod({
	name: "tickets.ticketless",
	summary: "How many open findings have no ticket",
	description:
		"Of those named by `ids`, or that a query over findings means: what `tickets.create` would make tickets for.",
	access: "read",
	params: ticketChoice,
	result: z.object({ findings: z.int().nonnegative(), assets: z.int().nonnegative() }),
	timeoutMs: 60_000,
});

export const create = defineMethod({
	name: "tickets.create",
	summary: "Make tickets for findings by hand",
	description:
		"For the open findings named by `ids`, or that a query over findings means, that have none. `expected`: how many that is; another number is a `conflict` that says which, and nothing is made.",
	access: "operate",
	audit: ["ticket.create"],
	errors: ["conflict", "unavailable"],
	params: ticketChoice.extend({
		expected: z.int().min(0),
		assignee: z.string().trim().min(1).max(100).nullable().default(null),
		days: z.int().min(1).max(3_650).nullable().default(null).describe("days to resolve; null: by the table"),
		text: z.string().trim().max(4_000).default(""),
	}),
	result: z.object({ created: z.int().nonnegative(), tickets: z.array(id).describe("the first ten thousand") }),
	timeoutMs: 120_000,
});

export const settings = defineMethod({
	name: "tickets.settings",
	summary: "How tickets behave, and the days there are to resolve them",
	description: "By severity and by the asset's criticality, which is the highest of its tags, 2 when none says.",
	access: "read",
	params: z.object({}),
	result: ticketSettings,
});

export const saveSettings = defineMethod({
	name: "tickets.saveSettings",
	summary: "Change how tickets behave",
	description:
		"What is left out stays. When open tickets are to be closed by scans from now on, those whose findings are fixed already are closed at once. Due dates there are stay unless `redate`: then those that come from the table are set anew, counted from the day each ticket was opened.",
	access: "admin",
	audit: ["ticket.settings"],
	errors: ["unavailable"],
	params: z.object({
		closeOpen: z.boolean().optional(),
		operatorsMayIgnore: z.boolean().optional(),
		sla: ticketSettings.shape.sla.unwrap().optional(),
		redate: z.boolean().default(false),
	}),
	result: z.object({
		settings: ticketSettings,
		closed: z.int().nonnegative(),
		redated: z.int().nonnegative(),
	}),
	timeoutMs: 120_000,
});
