/** What an asset that was away brings back that is ignored no more: requests may have been ended meanwhile. */
import type { DatabaseSync } from "node:sqlite";
import { exceptedBits } from "../store/codes.ts";
import { setExcepted } from "../store/excepted.ts";
import { all, run } from "../store/sql.ts";
import { listTicketsById, ticketStateNumbers } from "../store/tickets.ts";
import { reopenTickets } from "./change-tickets.ts";

/**
 * Brings what is ignored on an asset that came back (from a purge, out of a merge) in step with the requests as they are now, in
 * the caller's transaction. `at` in milliseconds.
 */
export function mendIgnored(db: DatabaseSync, asset: number, at: number): void {
	const ended = "SELECT id FROM ignore_request WHERE restored_at IS NOT NULL OR until <= ?";
	run(db, `DELETE FROM ignored WHERE asset = ? AND request IN (${ended})`, asset, at);
	const closed = idsOf(
		db,
		`SELECT id FROM ticket WHERE asset = ? AND state = ${ticketStateNumbers.IGNORED} AND ignored_by IN (${ended}) ORDER BY id`,
		...[asset, at],
	);
	const text = "What it was ignored by was ended while its asset was away.";
	reopenTickets(db, listTicketsById(db, closed), { by: "daemon", at, text });
	// Of a finding that a merge had taken away the ticket stayed, and may be open again.
	const marked = idsOf(
		db,
		`SELECT f.id FROM finding f WHERE f.asset = ? AND f.excepted & ${exceptedBits.ignored} <> 0
			AND EXISTS (SELECT 1 FROM ticket t WHERE t.finding = f.id AND t.state <> ${ticketStateNumbers.IGNORED})`,
		asset,
	);
	setExcepted(db, marked, "ignored", false, at);
}

function idsOf(db: DatabaseSync, text: string, ...params: number[]): number[] {
	return all<{ id: number }>(db, text, ...params).map(({ id }) => id);
}
