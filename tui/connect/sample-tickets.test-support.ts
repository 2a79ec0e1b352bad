/** Plausible tickets, rules and requests to ignore for tests; `text` stands in for what people and hosts wrote. */
import type { IgnorePreview, IgnoreRequest } from "../../protocol/model/ignore.ts";
import type { PolicyEffect, PolicyRule } from "../../protocol/model/policy.ts";
import type { Ticket, TicketEvent, TicketPreview } from "../../protocol/model/ticket.ts";
import { ticketStates } from "../../protocol/model/ticket-state.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

/** In turn open, resolved, fixed and ignored; the first of four is overdue. */
export function ticketOf(id: number, { text }: SampleOptions): Ticket {
	const state = ticketStates[(id - 1) % 4] ?? "OPEN";
	const isLate = state === "OPEN" && id % 8 === 1;
	return {
		...{ id, state, assignee: id % 3 === 0 ? null : (text ?? "ana"), due: isLate ? at : "2026-03-09T23:59:59.999Z" },
		...{
			overdue: isLate,
			reopened: id % 5 === 0 ? 2 : 0,
			dueFrom: "sla",
			rule: text ?? "urgent",
			openedBy: text ?? "rule urgent",
		},
		...{ openedAt: at, changedAt: at, ignoredUntil: null, invalid: null },
		asset: { id: 2, name: text ?? `web-0${id}.corp.example` },
		finding: {
			...{ id, address: "10.0.0.2", port: 22, protocol: "tcp", qid: 70_001, signature: "ssh/terrapin" },
			...{ title: text ?? "OpenSSH - prefix truncation", severity: 4, type: "confirmed", status: "ACTIVE" },
		},
	};
}

export function ticketEventsOf({ text }: SampleOptions): TicketEvent[] {
	return [
		{ at, who: text ?? "rule urgent", kind: "opened", scan: null, text: "" },
		{ at, who: "unix:1000", kind: "comment", scan: null, text: text ?? "asked the vendor" },
		{ at, who: "scan", kind: "reopened", scan: 7, text: "" },
	];
}

export function ticketPreviewOf(ids: readonly number[], options: SampleOptions): TicketPreview {
	const first = ids.slice(0, 10).map((id) => ticketOf(id, options));
	return {
		tickets: ids.length,
		assets: ids.length,
		unchanged: 1,
		why: [{ reason: "It is closed.", tickets: 1 }],
		first,
		digest: "d1",
	};
}

export function policyRuleOf(position: number, { text }: SampleOptions): PolicyRule {
	return {
		...{ name: text?.slice(0, 100) ?? (position === 1 ? "lab" : "urgent"), findings: text ?? "severity:5", position },
		...{ assets: position === 1 ? (text ?? "group:Lab") : "", action: position === 1 ? "nothing" : "ticket" },
		...{ assignee: position === 1 ? null : (text ?? "ana"), days: null, enabled: true, tickets: 12, problem: null },
		...{ changedBy: text ?? "unix:1000", changedAt: at },
	};
}

export function policyEffectOf(tickets: number, { text }: SampleOptions): PolicyEffect {
	const figures = { tickets, ignored: 0, left: 3 };
	return {
		...figures,
		assets: tickets,
		unmatched: 5,
		rules: [{ name: text?.slice(0, 100) ?? "urgent", ...figures }],
		digest: "p1",
	};
}

export function ignorePreviewOf(findings: number, { text }: SampleOptions): IgnorePreview {
	return {
		...{ findings, assets: findings, pairs: findings, matched: 9, withoutData: 1, tickets: 2, digest: "i1" },
		checks: [{ qid: 70_001, title: text ?? "OpenSSH - prefix truncation", findings, assets: findings }],
	};
}

export function ignoreRequestOf(id: number, findings: number, { text }: SampleOptions): IgnoreRequest {
	return {
		...{
			id,
			at,
			by: "unix:1000",
			reason: text ?? "lab machines",
			qids: [70_001],
			query: text ?? "group:Lab",
			until: null,
		},
		...{ findings, pairs: findings, restoredAt: null, restoredBy: null },
	};
}
