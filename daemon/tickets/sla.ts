/** Due dates: by the days of a rule, else by the table of severity and asset criticality. Pure. */
import type { Severity } from "../../protocol/model/common.ts";
import type { Sla } from "../../protocol/model/ticket.ts";

/** What an asset that no tag says anything of counts as. */
export const usualCriticality = 2;

export const dayMs = 86_400_000;

/** Days to resolve; null: none are set. */
export function slaDays(sla: Sla, severity: Severity, criticality: number): number | null {
	const at = Math.min(5, Math.max(1, Math.round(criticality))) - 1;
	return sla[`${severity}`][at] ?? null;
}

/** Milliseconds; null: no due date. */
export function dueAt(from: number, days: number | null): number | null {
	return days === null ? null : from + days * dayMs;
}
