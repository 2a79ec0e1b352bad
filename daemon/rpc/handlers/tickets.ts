/** Handlers of the tickets area. */
import { AppError } from "../../../protocol/errors.ts";
import type { TicketChange, TicketChoice } from "../../../protocol/model/ticket.ts";
import { compileFilter } from "../../query/compile.ts";
import { findingFields, findingScope } from "../../store/fields.ts";
import { matchingFindingIds } from "../../store/matching-findings.ts";
import { scoped } from "../../store/query-lists.ts";
import { transaction } from "../../store/sql.ts";
import { findTicket, listTickets, matchingTicketIds, ticketFields, ticketScope } from "../../store/ticket-list.ts";
import { readTicketSettings, saveTicketSettings } from "../../store/ticket-settings.ts";
import {
	countTickets,
	countTicketsOf,
	listTicketEvents,
	listTicketsById,
	type TicketRow,
} from "../../store/tickets.ts";
import { isoOrNull } from "../../store/time.ts";
import { changeTickets, type TicketWork, ticketWork } from "../../tickets/change-tickets.ts";
import { createTickets, ticketless } from "../../tickets/create-tickets.ts";
import { closeAllGone, redate } from "../../tickets/settings-change.ts";
import type { AreaHandlers } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { refuseIgnoring } from "./may-ignore.ts";

const shown = 10;
/** Tickets in one change: it is one transaction of the main thread. */
const mostAtOnce = 100_000;
/** Tickets whose state before a change stands in the audit log; of all of them it has the number and the digest. */
const mostNoted = 100;

export function ticketsHandlers({ store, hub, audit }: Services): AreaHandlers<"tickets"> {
	const { db, clock } = store;
	const changed = () => hub.post({ kind: "findings-changed" });
	const chosen = (choice: TicketChoice): TicketRow[] => {
		const ids = idsOf(choice, clock.now());
		if (ids.length > mostAtOnce)
			throw new AppError("too-large", `These are ${ids.length.toLocaleString("en")} tickets.`, {
				hint: `Change at most ${mostAtOnce.toLocaleString("en")} in one go: narrow the query, for example by tags:NAME and …`,
			});
		return listTicketsById(db, ids);
	};
	const idsOf = ({ ids, filter }: TicketChoice, now: number): readonly number[] => {
		if ((ids === undefined) === (filter === undefined)) throw eitherOr("tickets");
		if (ids !== undefined) return ids;
		const { where, named } = compileFilter(everything(filter), ticketFields, { now });
		return matchingTicketIds(db, scoped(where, ticketScope(named)));
	};
	const findingsOf = ({ ids, filter }: TicketChoice): readonly number[] => {
		if ((ids === undefined) === (filter === undefined)) throw eitherOr("findings");
		if (ids !== undefined) return ids;
		const { where, named } = compileFilter(everything(filter), findingFields, { now: clock.now() });
		return matchingFindingIds(db, scoped(where, findingScope(named)));
	};
	return {
		list: (params) => {
			const { query, named } = compileListing(params, ticketFields, clock.now());
			return listTickets(db, { ...query, where: scoped(query.where, ticketScope(named)) });
		},
		get: ({ id }) => {
			const ticket = findTicket(db, id);
			if (ticket === null) throw noTicket(id);
			return { ticket, events: listTicketEvents(db, id) };
		},
		counts: (_, { user: who }) => ({ ...countTickets(db, clock.now()), mine: countTicketsOf(db, who), who }),
		preview: ({ change, ...choice }) => {
			const tickets = chosen(choice);
			refuseMissing(choice, tickets);
			return previewOf(db, ticketWork(db, tickets, change));
		},
		change: ({ change, digest, text, ...choice }, context) => {
			if (change.kind === "ignore") refuseIgnoring(db, context);
			if ((change.kind === "ignore" || change.kind === "comment") && text === "") throw noText(change.kind);
			const work = transaction(db, () => {
				const work = ticketWork(db, chosen(choice), change);
				if (work.digest !== digest) throw notAsShown(work);
				if (work.tickets.length === 0) return work;
				changeTickets(db, work, change, { by: context.user, at: clock.now(), text });
				const { user: who } = context;
				const [only] = work.tickets;
				const object = work.tickets.length === 1 ? `ticket ${only?.id}` : `${work.tickets.length} tickets`;
				audit.write({ who, action: `ticket.${change.kind}`, object, ...entryOf(work, change), reason: text || null });
				return work;
			});
			if (work.tickets.length > 0) changed();
			return { changed: work.tickets.length };
		},
		ticketless: (choice) => {
			const findings = ticketless(db, findingsOf(choice));
			return { findings: findings.length, assets: new Set(findings.map(({ asset }) => asset)).size };
		},
		create: ({ expected, assignee, days, text, ...choice }, { user }) => {
			const made = transaction(db, () => {
				const findings = ticketless(db, findingsOf(choice));
				if (findings.length !== expected) {
					throw new AppError(
						"conflict",
						`${findings.length} open findings have no ticket, ${expected} were expected.`,
						{
							hint: "Look again, then say so once more.",
							details: { findings: findings.length, assets: new Set(findings.map(({ asset }) => asset)).size },
						},
					);
				}
				const made = createTickets(db, findings, { assignee, days, said: { by: user, at: clock.now(), text } });
				if (made.length === 0) return made;
				const after = { ...choice, assignee, days, tickets: made.slice(0, 100) };
				audit.write({
					who: user,
					action: "ticket.create",
					object: `${made.length} tickets`,
					after,
					reason: text || null,
				});
				return made;
			});
			if (made.length > 0) changed();
			return { created: made.length, tickets: made.slice(0, 100) };
		},
		settings: () => readTicketSettings(db),
		saveSettings: ({ redate: redates, ...words }, { user }) => {
			const given = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
			const saved = transaction(db, () => {
				const before = readTicketSettings(db);
				const settings = { ...before, ...given };
				saveTicketSettings(db, settings);
				const closed = settings.closeOpen ? closeAllGone(db, clock.now()) : 0;
				const redated = redates ? redate(db) : 0;
				const after = { ...settings, closed, redated };
				audit.write({ who: user, action: "ticket.settings", object: "tickets", before, after });
				return { settings, closed, redated };
			});
			changed();
			return saved;
		},
	};
}

function everything(filter: string | undefined): string {
	return filter === undefined || filter.trim() === "*" ? "" : filter;
}

function eitherOr(what: string): AppError {
	return new AppError("invalid", `Name the ${what} either by \`ids\` or by \`filter\`.`);
}

function noTicket(id: number): AppError {
	return new AppError("not-found", `There is no ticket ${id}.`, { hint: "List them with: vedette ticket list" });
}

function noText(kind: "ignore" | "comment"): AppError {
	if (kind === "comment") return new AppError("invalid", "The comment is empty.");
	return new AppError("invalid", "Ignoring needs a reason: it goes into the ticket and the audit log.");
}

function refuseMissing({ ids }: TicketChoice, tickets: readonly TicketRow[]): void {
	const there = new Set(tickets.map(({ id }) => id));
	const missing = ids?.find((id) => !there.has(id));
	if (missing !== undefined) throw noTicket(missing);
}

function previewOf(db: Services["store"]["db"], { tickets, unchanged, digest }: TicketWork) {
	return {
		tickets: tickets.length,
		assets: new Set(tickets.map(({ asset }) => asset)).size,
		unchanged: [...unchanged.values()].reduce((sum, n) => sum + n, 0),
		why: [...unchanged].map(([reason, n]) => ({ reason, tickets: n })),
		first: tickets.slice(0, shown).flatMap(({ id }) => findTicket(db, id) ?? []),
		digest,
	};
}

function notAsShown({ tickets }: TicketWork): AppError {
	return new AppError(
		"conflict",
		`It is ${tickets.length} tickets now, or others than were shown: nothing was changed.`,
		{
			hint: "Look again at what would change, then do it.",
		},
	);
}

function entryOf({ tickets, digest }: TicketWork, change: TicketChange) {
	const before = tickets
		.slice(0, mostNoted)
		.map(({ id, state, assignee, due }) => ({ id, state, assignee, due: isoOrNull(due) }));
	if (tickets.length === 1) return { before: before[0], after: change };
	return { before: { tickets: tickets.length, digest, first: before }, after: change };
}
