/** When a ticket is due: by the days of its rule, else by the table of severity and criticality, for an asset as it is now. */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/common.ts";
import { hostFields } from "../store/host-fields.ts";
import { first } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import type { TicketRow } from "../store/tickets.ts";
import { dueAt, slaDays, usualCriticality } from "./sla.ts";

/** Of `asset a`, as SQL. */
export const criticalitySql = `ifnull(${hostFields.criticality.sql}, ${usualCriticality})`;

export type Due = Pick<TicketRow, "due" | "dueFrom">;

/** `from` in milliseconds; `days`: what a rule says. */
export function dueOf(
	db: DatabaseSync,
	finding: { readonly asset: number; readonly severity: Severity },
	{ from, days }: { readonly from: number; readonly days: number | null },
): Due {
	if (days !== null) return { due: dueAt(from, days), dueFrom: "rule" };
	const criticality =
		first<{ n: number }>(db, `SELECT ${criticalitySql} AS n FROM asset a WHERE a.id = ?`, finding.asset)?.n ??
		usualCriticality;
	const due = dueAt(from, slaDays(readTicketSettings(db).sla, finding.severity, criticality));
	return { due, dueFrom: due === null ? "none" : "sla" };
}
