/** Tickets in words: state, due date, and one in full. */
import type { Ticket, TicketEvent, TicketPreview } from "../../../protocol/model/ticket.ts";
import { plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import { severityMark, severityName } from "../../theme/severity.ts";
import { whereOf } from "../finding/describe-finding.ts";
import type { Block } from "../reader/document.ts";
import { duePiece, statePieces } from "./ticket-words.ts";

export function describeTicket(ticket: Ticket, events: readonly TicketEvent[] | undefined, now: number): Block[] {
	const { finding, invalid, assignee, rule, openedBy, openedAt, reopened, ignoredUntil, dueFrom } = ticket;
	const field = (name: string, ...pieces: Piece[]): Block => ({ kind: "field", name, pieces });
	const dueWords = { none: "", sla: "  by the table", rule: "  by the rule", hand: "  as somebody set it" } as const;
	return [
		{ kind: "text", text: finding?.title ?? invalid ?? "", token: "strong" },
		{ kind: "gap" },
		field("ticket", [String(ticket.id)], ["  "], statePieces[ticket.state]),
		...(finding === null
			? []
			: [
					field("severity", severityMark(finding.severity), [` ${severityName(finding.severity)} · ${finding.type}`]),
					field("where", [ticket.asset.name, "address"], [`  ${whereOf(finding)}`, "muted"]),
					field("finding", [finding.status?.toLowerCase() ?? "information"], [`  QID ${finding.qid}`, "muted"]),
				]),
		field("assigned to", assignee === null ? ["nobody", "faint"] : [personName(assignee)]),
		field(
			"due",
			duePiece(ticket, now),
			[ticket.due === null ? "" : `  ${ticket.due.slice(0, 10)}`, "muted"],
			[dueWords[dueFrom], "muted"],
		),
		field(
			"opened",
			[when(openedAt)],
			[rule === null ? `  by ${personName(openedBy)}` : `  by the rule ${rule}`, "muted"],
		),
		...(reopened > 0 ? [field("reopened", [plural(reopened, "time")])] : []),
		...(ignoredUntil === null ? [] : [field("ignored", [`until ${ignoredUntil.slice(0, 10)}`])]),
		{ kind: "heading", text: "History" },
		...(events ?? []).toReversed().flatMap(eventBlocks),
	];
}

function eventBlocks({ at, who, kind, scan, text }: TicketEvent): Block[] {
	const by: Piece = [`  ${personName(who)}${scan === null ? "" : ` ${scan}`}`, "muted"];
	const head: Block = { kind: "pieces", pieces: [[`${when(at)}  `, "muted"], [kind], by] };
	return text === "" ? [head] : [head, { kind: "text", text, indent: 2 }];
}

/** What is asked before several tickets are changed. */
export function previewLines({ tickets, assets, unchanged, why, first }: TicketPreview): string[] {
	return [
		`${plural(tickets, "ticket")} on ${plural(assets, "asset")}:`,
		...first.slice(0, 5).map(({ id, asset, finding }) => `  ${id}  ${asset.name}  ${finding?.title ?? ""}`),
		...(tickets > 5 ? [`  and ${tickets - 5} more`] : []),
		...(unchanged > 0 ? [`${unchanged} stay as they are:`] : []),
		...why.slice(0, 3).map(({ reason, tickets: n }) => `  ${n}: ${reason}`),
	];
}
