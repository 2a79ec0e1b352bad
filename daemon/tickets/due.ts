/** When tickets are due: by the days of their rule, else by the table of severity and criticality, as their assets are now. */
import type { DatabaseSync } from "node:sqlite";
import type { Sla } from "../../protocol/model/ticket.ts";
import { hostFields } from "../store/host-fields.ts";
import { all, run } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { dueFromNumbers } from "../store/tickets.ts";

export const dayMs = 86_400_000;
/** What an asset that no tag says anything of counts as. */
const usualCriticality = 2;

/** Milliseconds; null: never. */
export function daysLater(from: number, days: number | null): number | null {
	return days === null ? null : from + days * dayMs;
}

/** Days to resolve as SQL over a severity and `asset a`. */
export function slaDaysSql(sla: Sla, severity: string): string {
	const criticality = `min(5, max(1, ifnull(${hostFields.criticality.sql}, ${usualCriticality})))`;
	const rows = Object.entries(sla).map(([level, days]) => {
		const cells = days.map((n, at) => `WHEN ${at + 1} THEN ${n ?? "NULL"}`).join(" ");
		return `WHEN ${level} THEN CASE ${criticality} ${cells} END`;
	});
	return `(CASE ${severity} ${rows.join(" ")} END)`;
}

/**
 * Sets the due dates of tickets anew, counted from a moment (milliseconds), or for `opened` from when each was opened. Those
 * whose findings are gone stay. Returns how many there are.
 */
export function dateTickets(db: DatabaseSync, ids: readonly number[], from: number | "opened"): number {
	const { none, sla, rule } = dueFromNumbers;
	const days = slaDaysSql(readTicketSettings(db).sla, "f.severity");
	return run(
		db,
		`UPDATE ticket SET due = m.start + m.days * ${dayMs}, due_from = m.how FROM (
			SELECT t.id, ifnull(?1, t.opened_at) AS start, ifnull(t.days, ${days}) AS days,
				CASE WHEN t.days IS NOT NULL THEN ${rule} WHEN ${days} IS NULL THEN ${none} ELSE ${sla} END AS how
			FROM json_each(?2) j JOIN ticket t ON t.id = j.value JOIN finding f ON f.id = t.finding JOIN asset a ON a.id = t.asset
		) m WHERE ticket.id = m.id`,
		from === "opened" ? null : from,
		JSON.stringify(ids),
	).changes;
}

/** A date that was set by hand goes: what it replaced holds again, or, where that is not known or holds no more, what is counted anew. */
export function undateTickets(db: DatabaseSync, ids: readonly number[]): void {
	const lost = all<{ id: number }>(
		db,
		"SELECT t.id FROM json_each(?) j JOIN ticket t ON t.id = j.value WHERE t.due_before_from IS NULL",
		JSON.stringify(ids),
	).map(({ id }) => id);
	run(
		db,
		`UPDATE ticket SET due = due_before, due_from = due_before_from
		WHERE id IN (SELECT value FROM json_each(?)) AND due_before_from IS NOT NULL`,
		JSON.stringify(ids),
	);
	dateTickets(db, lost, "opened");
}
