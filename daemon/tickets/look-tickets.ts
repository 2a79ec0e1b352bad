/** What a change would do to many tickets, or what findings have none: looked at, and nothing changed. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { TicketChange, TicketPreview } from "../../protocol/model/ticket.ts";
import { matchingFindingIds } from "../store/matching-findings.ts";
import type { Where } from "../store/page.ts";
import { countMatchingTickets, findTicket, listMatchingTickets } from "../store/ticket-list.ts";
import { listTicketsById, type TicketRow } from "../store/tickets.ts";
import { isoOrNull } from "../store/time.ts";
import { neverIgnored, type TicketWork, ticketWork } from "./change-tickets.ts";
import { keptFrom, ticketless } from "./create-tickets.ts";

/** Which are meant: by number, or all that fit. */
export interface Meant {
	readonly ids: readonly number[] | null;
	/** Where `ids` is null; null: all. */
	readonly where: Where | null;
}

export interface TicketLook {
	readonly preview: TicketPreview;
	/** A number that was named and is not there; null: none. */
	readonly missing: number | null;
	readonly ids: readonly number[];
	/** Before the change, the first hundred. */
	readonly before: readonly { id: number; state: TicketRow["state"]; assignee: string | null; due: string | null }[];
}

const shown = 10;
/** Tickets whose state before a change stands in the audit log; of all of them it has the number and the digest. */
export const mostNoted = 100;
/** What is known of each is held while it is looked at. */
const mostAtOnce = 100_000;

/** What a change would do that somebody makes. Throws `too-large`. */
export function lookAtTickets(
	db: DatabaseSync,
	{ ids: named, where }: Meant,
	change: TicketChange,
	by: string,
): TicketLook {
	const rows = named === null ? listMatchingTickets(db, where, mostAtOnce + 1) : listTicketsById(db, named);
	if (rows.length > mostAtOnce) {
		const total = named?.length ?? countMatchingTickets(db, where);
		throw new AppError("too-large", `These are ${total.toLocaleString("en")} tickets.`, {
			hint: `Change at most ${mostAtOnce.toLocaleString("en")} in one go: narrow the query, for example by tags:NAME and …`,
		});
	}
	const never = change.kind === "ignore" ? neverIgnored(db) : undefined;
	const kept = change.kind === "unmake" ? keptFrom(db, rows, by) : undefined;
	const work = ticketWork(rows, change, { ...(never && { never }), ...(kept && { kept }) });
	const there = new Set(named === null ? [] : rows.map(({ id }) => id));
	return {
		preview: previewOf(db, work),
		missing: named?.find((id) => !there.has(id)) ?? null,
		ids: work.tickets.map(({ id }) => id),
		before: work.tickets
			.slice(0, mostNoted)
			.map(({ id, state, assignee, due }) => ({ id, state, assignee, due: isoOrNull(due) })),
	};
}

function previewOf(db: DatabaseSync, { tickets, unchanged, digest }: TicketWork): TicketPreview {
	return {
		tickets: tickets.length,
		assets: new Set(tickets.map(({ asset }) => asset)).size,
		unchanged: [...unchanged.values()].reduce((sum, n) => sum + n, 0),
		why: [...unchanged].map(([reason, n]) => ({ reason, tickets: n })),
		first: tickets.slice(0, shown).flatMap(({ id }) => findTicket(db, id) ?? []),
		digest,
	};
}

export interface TicketlessLook {
	/** Findings. */
	readonly ids: readonly number[];
	readonly assets: number;
}

export function lookAtTicketless(db: DatabaseSync, { ids, where }: Meant): TicketlessLook {
	const findings = ticketless(db, ids ?? matchingFindingIds(db, where));
	return { ids: findings.map(({ id }) => id), assets: new Set(findings.map(({ asset }) => asset)).size };
}
