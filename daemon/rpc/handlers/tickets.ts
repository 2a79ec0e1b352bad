/** Handlers of the tickets area. */
import { AppError } from "../../../protocol/errors.ts";
import type { TicketChange, TicketChoice } from "../../../protocol/model/ticket.ts";
import { plural } from "../../../protocol/plural.ts";
import { compileFilter } from "../../query/compile.ts";
import { findingFields, findingScope } from "../../store/fields.ts";
import { scoped } from "../../store/query-lists.ts";
import { transaction } from "../../store/sql.ts";
import { findTicket, listTickets, ticketFields, ticketScope } from "../../store/ticket-list.ts";
import { readTicketSettings, saveTicketSettings } from "../../store/ticket-settings.ts";
import { countTickets, countTicketsOf, listTicketEvents } from "../../store/tickets.ts";
import { type Meant, mostNoted, type TicketLook } from "../../tickets/look-tickets.ts";
import { forgetTableDates, listDatedByTable, listGone } from "../../tickets/settings-change.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { refuseIgnoring } from "./may-ignore.ts";

export function ticketsHandlers({ store, hub, audit, bulk, people }: Services): AreaHandlers<"tickets"> {
	const { db, clock } = store;
	const changed = () => hub.post({ kind: "findings-changed" });
	const meant = ({ ids, filter }: TicketChoice, what: "tickets" | "findings"): Meant => {
		if ((ids === undefined) === (filter === undefined)) throw eitherOr(what);
		if (ids !== undefined) return { ids, where: null };
		const fields = what === "tickets" ? ticketFields : findingFields;
		const { where, named } = compileFilter(everything(filter), fields, { now: clock.now() });
		return { ids: null, where: scoped(where, what === "tickets" ? ticketScope(named) : findingScope(named)) };
	};
	const resolved = (change: TicketChange): TicketChange =>
		change.kind === "assign" ? { ...change, assignee: people.stored(change.assignee) } : change;
	const look = (choice: TicketChoice, change: TicketChange, { signal, user: by }: CallContext) =>
		bulk.ask("tickets", { ...meant(choice, "tickets"), change, by }, signal);
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
		preview: async ({ change, ...choice }, context) => {
			const { missing, preview } = await look(choice, resolved(change), context);
			if (missing !== null) throw noTicket(missing);
			return preview;
		},
		change: async ({ change: wanted, digest, text, ...choice }, context) => {
			const change = resolved(wanted);
			if (change.kind === "ignore") refuseIgnoring(db, context);
			if ((change.kind === "ignore" || change.kind === "comment") && text === "") throw noText(change.kind);
			const seen = await look(choice, change, context);
			if (seen.preview.digest !== digest) throw notAsShown(seen);
			if (seen.ids.length === 0) return { changed: 0 };
			const begun = transaction(db, () => {
				const { user: who } = context;
				const said = { by: who, at: clock.now(), text };
				const begun = bulk.start("tickets", { change, said }, { list: seen.ids });
				const object = seen.ids.length === 1 ? `ticket ${seen.ids[0]}` : plural(seen.ids.length, "ticket");
				audit.write({ who, action: `ticket.${change.kind}`, object, ...entryOf(seen, change), reason: text || null });
				return begun;
			});
			const { changed: n } = await bulk.finish(begun);
			if (begun.done !== null) changed();
			return { changed: n };
		},
		ticketless: async (choice, { signal }) => {
			const { ids, assets } = await bulk.ask("ticketless", meant(choice, "findings"), signal);
			return { findings: ids.length, assets };
		},
		create: async ({ expected, assignee: who, days, text, ...choice }, { user, signal }) => {
			const assignee = people.stored(who);
			const { ids, assets } = await bulk.ask("ticketless", meant(choice, "findings"), signal);
			if (ids.length !== expected) {
				throw new AppError("conflict", `${ids.length} open findings have no ticket, ${expected} were expected.`, {
					hint: "Look again, then say so once more.",
					details: { findings: ids.length, assets },
				});
			}
			if (ids.length === 0) return { created: 0, tickets: [] };
			const begun = transaction(db, () => {
				const said = { by: user, at: clock.now(), text };
				const begun = bulk.start("tickets-new", { assignee, days, said }, { list: ids });
				const after = { ...choice, assignee, days, tickets: begun.done?.made.slice(0, mostNoted) ?? [] };
				const object = plural(ids.length, "ticket");
				audit.write({ who: user, action: "ticket.create", object, after, reason: text || null });
				return begun;
			});
			const { changed: created, made } = await bulk.finish(begun);
			if (begun.done !== null) changed();
			return { created, tickets: [...made] };
		},
		settings: () => readTicketSettings(db),
		saveSettings: async ({ redate, ...words }, { user }) => {
			const given = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
			const { settings, gone, dated } = transaction(db, () => {
				const before = readTicketSettings(db);
				const settings = { ...before, ...given };
				saveTicketSettings(db, settings);
				if (redate) forgetTableDates(db);
				const [toClose, toDate] = [settings.closeOpen ? listGone(db) : [], redate ? listDatedByTable(db) : []];
				const gone = bulk.start("tickets-gone", { at: clock.now() }, { list: toClose });
				const dated = bulk.start("tickets-redate", {}, { list: toDate });
				const after = { ...settings, closed: toClose.length, redated: toDate.length };
				audit.write({ who: user, action: "ticket.settings", object: "tickets", before, after });
				return { settings, gone, dated };
			});
			const [{ changed: closed }, { changed: redated }] = [await bulk.finish(gone), await bulk.finish(dated)];
			changed();
			return { settings, closed, redated };
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

function notAsShown({ ids }: TicketLook): AppError {
	return new AppError(
		"conflict",
		`It is ${plural(ids.length, "ticket")} now, or others than were shown: nothing was changed.`,
		{
			hint: "Look again at what would change, then do it.",
		},
	);
}

function entryOf({ ids, before, preview }: TicketLook, change: TicketChange) {
	if (ids.length === 1) return { before: before[0], after: change };
	return { before: { tickets: ids.length, digest: preview.digest, first: before }, after: change };
}
