/** Tickets that somebody makes by hand, for findings without one. */
import type { DatabaseSync } from "node:sqlite";
import { all } from "../store/sql.ts";
import { insertTicket } from "../store/tickets.ts";
import type { Said } from "./change-tickets.ts";
import { dateTickets } from "./due.ts";

export interface Ticketless {
	readonly id: number;
	readonly asset: number;
}

/** Of these findings the open ones that have no ticket, each once. */
export function ticketless(db: DatabaseSync, findings: readonly number[]): Ticketless[] {
	return all<Ticketless>(
		db,
		`SELECT f.id, f.asset FROM json_each(?) j JOIN finding f ON f.id = j.value
		WHERE f.open = 1 AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.finding = f.id) ORDER BY f.severity DESC, f.id`,
		JSON.stringify([...new Set(findings)]),
	);
}

/** Their numbers. In the caller's transaction. */
export function createTickets(
	db: DatabaseSync,
	findings: readonly Ticketless[],
	{ assignee, days, said }: { readonly assignee: string | null; readonly days: number | null; readonly said: Said },
): number[] {
	const { by, at, text } = said;
	const ids = findings.map(({ asset, id: finding }) =>
		insertTicket(db, {
			...{ asset, finding, state: "OPEN", assignee, days, rule: null, by, at, text, ignoredUntil: null },
		}),
	);
	dateTickets(db, ids, at);
	return ids;
}
