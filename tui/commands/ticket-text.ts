/** Tickets in words and columns, for the command line. */
import type { Sla, Ticket, TicketEvent, TicketPreview, TicketSettings } from "../../protocol/model/ticket.ts";
import type { TicketState } from "../../protocol/model/ticket-state.ts";
import { count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import { type Column, severityLabel } from "./print.ts";

const stateWords: Readonly<Record<TicketState, string>> = {
	OPEN: "open",
	RESOLVED: "resolved",
	FIXED: "closed, fixed",
	IGNORED: "closed, ignored",
};

function dueText({ due, overdue }: Pick<Ticket, "due" | "overdue">): string {
	if (due === null) return "-";
	return overdue ? `${due.slice(0, 10)} LATE` : due.slice(0, 10);
}

export function ticketColumns(colour: boolean): Column<Ticket>[] {
	return [
		{ title: "TICKET", value: ({ id }) => id, align: "right" },
		{
			title: "SEV",
			value: ({ finding }) => finding?.severity ?? null,
			styled: ({ finding }) => (finding === null ? "-" : severityLabel(finding.severity, colour)),
		},
		{ title: "STATE", value: ({ state }) => stateWords[state] },
		{ title: "DUE", value: dueText },
		{ title: "ASSIGNEE", value: ({ assignee }) => (assignee === null ? null : personName(assignee)), max: 24 },
		{ title: "ASSET", value: ({ asset }) => asset.name, max: 30 },
		{ title: "PORT", value: portText, align: "right" },
		{ title: "FINDING", value: ({ finding, invalid }) => finding?.title ?? invalid, max: 60 },
	];
}

function portText({ finding }: Ticket): string {
	return finding === null || finding.port === null ? "-" : `${finding.port}/${finding.protocol}`;
}

function whereText({ asset, finding }: Ticket): string {
	const names = new Set([harmless(asset.name), ...(finding === null ? [] : [finding.address])]);
	return [...names, ...(finding?.port == null ? [] : [`${finding.port}/${finding.protocol}`])].join(" ");
}

export function describeTicket(ticket: Ticket, events: readonly TicketEvent[]): string[] {
	const { finding, invalid, rule, reopened, ignoredUntil } = ticket;
	const found =
		finding === null
			? [invalid ?? ""]
			: [
					harmless(finding.title),
					`finding ${finding.id}, QID ${finding.qid}, ${whereText(ticket)}, ${finding.status ?? "information"}`,
				];
	const opened = `opened ${ticket.openedAt.slice(0, 10)} by ${harmless(rule === null ? personName(ticket.openedBy) : `the rule ${rule}`)}`;
	return [
		`Ticket ${ticket.id}: ${stateWords[ticket.state]}${ticket.overdue ? ", overdue" : ""}`,
		...found.map((text) => `  ${text}`),
		`  ${opened}${reopened > 0 ? `, reopened ${reopened === 1 ? "once" : `${count(reopened)} times`}` : ""}`,
		`  assigned to ${harmless(personName(ticket.assignee ?? "nobody"))}, due ${dueText(ticket)}${dueWords[ticket.dueFrom]}`,
		...(ignoredUntil === null ? [] : [`  ignored until ${ignoredUntil.slice(0, 10)}`]),
		"",
		...events.map(({ at, who, kind, scan, text }) => {
			const by = `${harmless(personName(who))}${scan === null ? "" : ` ${scan}`}`;
			return `${at.slice(0, 16).replace("T", " ")}  ${kind.padEnd(9)} ${by}${text === "" ? "" : `  ${harmless(text)}`}`;
		}),
	];
}

const dueWords: Readonly<Record<Ticket["dueFrom"], string>> = {
	none: "",
	sla: " by the table",
	rule: " by the rule",
	hand: " as somebody set it",
};

/** `what`: a verb and its object, as `be resolved`. */
export function describeTicketPreview(preview: TicketPreview, what: string): string[] {
	const { tickets, assets, why, first } = preview;
	const more = tickets - first.length;
	return [
		`${plural(tickets, "ticket")} on ${plural(assets, "asset")} would ${what}.`,
		...first.map(({ id, asset, finding }) => `  ${id}  ${harmless(asset.name)}  ${harmless(finding?.title ?? "")}`),
		...(more > 0 ? [`  and ${count(more)} more`] : []),
		...why.map(
			({ reason, tickets: n }) =>
				`${plural(n, "ticket is", "tickets are")} left as ${n === 1 ? "it is" : "they are"}: ${reason}`,
		),
	];
}

export function describeSettings({ closeOpen, operatorsMayIgnore, sla }: TicketSettings): string[] {
	return [
		closeOpen
			? "A scan that finds a finding fixed closes its ticket, also when nobody said it was resolved."
			: "A scan closes only tickets that somebody said were resolved.",
		operatorsMayIgnore ? "Whoever may operate may ignore findings." : "Ignoring findings needs approve access.",
		"",
		"Days to resolve, by severity and by the asset's criticality:",
		...slaLines(sla),
	];
}

export function slaLines(sla: Sla): string[] {
	const cell = (days: number | null) => String(days ?? "-").padStart(5);
	const row = (name: string, cells: readonly string[]) => `  ${name.padEnd(11)}${cells.join("")}`;
	return [
		row(
			"",
			["1", "2", "3", "4", "5"].map((n) => n.padStart(5)),
		),
		...([5, 4, 3, 2, 1] as const).map((severity) => row(`severity ${severity}`, sla[severity].map(cell))),
	];
}
