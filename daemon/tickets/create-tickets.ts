/** Tickets that somebody makes by hand, for findings without one. */
import type { DatabaseSync } from "node:sqlite";
import { identitiesOf, personName } from "../store/people.ts";
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

/** Who changes tickets and is nobody. */
const actors: ReadonlyMap<string, string> = new Map([
	["scan", "a scan"],
	["daemon", "the daemon"],
]);

/** Why tickets cannot be unmade by somebody, as a sentence: they are not theirs, or no longer only theirs. Those that can are not in it. */
export function keptFrom(
	db: DatabaseSync,
	tickets: readonly { readonly id: number }[],
	who: string,
): Map<number, string> {
	const same = identitiesOf(db, who);
	const rows = all<{ id: number; rule: string | null; by: string; touched: string | null; said: number }>(
		db,
		`SELECT t.id, t.rule, t.opened_by AS "by",
			(SELECT e.who FROM ticket_event e WHERE e.ticket = t.id AND e.who NOT IN (SELECT value FROM json_each(?1)) LIMIT 1) AS touched,
			EXISTS (SELECT 1 FROM ticket_event e WHERE e.ticket = t.id AND e.kind = 'comment') AS said
		FROM json_each(?2) j JOIN ticket t ON t.id = j.value`,
		JSON.stringify(same),
		JSON.stringify(tickets.map(({ id }) => id)),
	);
	return new Map(
		rows.flatMap(({ id, rule, by, touched, said }): [number, string][] => {
			if (rule !== null) return [[id, `The rule ${rule} made it.`]];
			if (!same.includes(by)) return [[id, `${personName(db, by)} made it.`]];
			if (touched !== null)
				return [[id, `It has changed since it was made, by ${actors.get(touched) ?? personName(db, touched)}.`]];
			return said === 1 ? [[id, "It has been commented on since it was made."]] : [];
		}),
	);
}
