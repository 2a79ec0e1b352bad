/** Tickets that somebody makes by hand, for findings without one. */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/common.ts";
import { all } from "../store/sql.ts";
import { insertTicket } from "../store/tickets.ts";
import type { Said } from "./change-tickets.ts";
import { dueOf } from "./due.ts";

export interface Ticketless {
	readonly id: number;
	readonly asset: number;
	readonly severity: Severity;
}

/** Of these findings the open ones that have no ticket. */
export function ticketless(db: DatabaseSync, findings: readonly number[]): Ticketless[] {
	return all<Ticketless>(
		db,
		`SELECT f.id, f.asset, f.severity FROM json_each(?) j JOIN finding f ON f.id = j.value
		WHERE f.open = 1 AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.finding = f.id) ORDER BY f.severity DESC, f.id`,
		JSON.stringify(findings),
	);
}

/** Their numbers. In the caller's transaction. */
export function createTickets(
	db: DatabaseSync,
	findings: readonly Ticketless[],
	{ assignee, days, said }: { readonly assignee: string | null; readonly days: number | null; readonly said: Said },
): number[] {
	const { by, at, text } = said;
	return findings.map((finding) =>
		insertTicket(db, {
			...{ asset: finding.asset, finding: finding.id, state: "OPEN", assignee, days, rule: null },
			...dueOf(db, finding, { from: at, days }),
			...{ by, at, text, ignoredUntil: null },
		}),
	);
}
