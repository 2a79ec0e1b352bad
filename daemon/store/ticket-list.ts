/** Tickets as clients see them: lists, and one. */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Ticket } from "../../protocol/model/ticket.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { addressOfKey } from "./address-key.ts";
import { statusOf, transportOf, typeOf } from "./codes.ts";
import { storeFailure } from "./failure.ts";
import { findingFields, type Sorts } from "./fields.ts";
import { type Listing, type ListQuery, listPage, type Page, totalOf, type Where } from "./page.ts";
import { shownNameOf } from "./people.ts";
import { first } from "./sql.ts";
import { ticketColumns } from "./ticket-fields.ts";
import { type TicketOfFindingRow, ticketOfFindingColumns } from "./ticket-of-finding.ts";
import {
	type ChosenCells,
	type ChosenTicket,
	chosenColumns,
	dueFromOf,
	dueOrder,
	ticketStateOf,
	toChosen,
} from "./tickets.ts";
import { isoOf, isoOrNull } from "./time.ts";

const of = findingFields.fields;

/** Over `ticket t`, its `finding f`, `signature s` and `asset a`. */
export const ticketFields: FieldCatalogue = {
	fields: {
		...ticketColumns("t"),
		opened: { kind: "date", sql: "t.opened_at" },
		changed: { kind: "date", sql: "t.changed_at", help: "when it came into its state" },
		reopened: { kind: "int", sql: "t.reopened", help: "how often" },
		finding: { kind: "int", sql: "t.finding" },
		...Object.fromEntries(
			["asset", "address", "port", "protocol", "qid", "signature", "title", "severity", "type", "status"]
				.concat(["cve", "kev", "epss", "cvss", "os", "tags", "tag", "criticality"])
				.flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]] as const])),
		),
	},
	bare: ["assignee", "asset", "address", "signature", "title", "rule"],
};

const ticketSorts: Sorts = {
	id: "t.id",
	state: "t.state",
	assignee: `ifnull(${shownNameOf("t.assignee")}, '') COLLATE NOCASE`,
	due: dueOrder("t"),
	opened: "t.opened_at",
	changed: "t.changed_at",
	severity: "ifnull(f.severity, 0)",
	asset: "ifnull(a.name, '') COLLATE NOCASE",
	title: "ifnull(s.title, '') COLLATE NOCASE",
	reopened: "t.reopened",
};

/** What a list of tickets leaves out unless the filter names `state`: closed ones. Spelled as the partial index is. */
export function ticketScope(named: ReadonlySet<string>): string | null {
	return named.has("state") ? null : "t.state <= 2";
}

/** The most urgent first unless sorted. */
export function listTickets(db: DatabaseSync, query: ListQuery): Page<Ticket> {
	return listPage(db, listing, query);
}

export function findTicket(db: DatabaseSync, id: number): Ticket | null {
	const row = first<TicketRow>(db, `SELECT ${listing.columns} FROM ${listing.from} WHERE t.id = ?`, id);
	return row === undefined ? null : toTicket(row);
}

/** Those that match, by number; where they are more than `most`, any so many of them. `where` null means all. */
export function listMatchingTickets(db: DatabaseSync, where: Where | null, most: number): ChosenTicket[] {
	const condition = where === null ? "" : ` WHERE ${where.sql}`;
	try {
		const statement = db.prepare(`SELECT ${chosenColumns} FROM ${listing.from}${condition} LIMIT ?`);
		statement.setReturnArrays(true);
		const rows = statement.all(...(where?.params ?? []), most) as unknown as ChosenCells[];
		// SQLite would sort whole rows.
		return rows.map(toChosen).sort((a, b) => a.id - b.id);
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

export function countMatchingTickets(db: DatabaseSync, where: Where | null): number {
	return totalOf(db, listing, { where }) ?? 0;
}

interface TicketRow extends TicketOfFindingRow {
	ticket: number;
	ticket_state: number;
	reopened: number;
	due_from: number;
	rule: string | null;
	opened_by: string;
	opened_at: number;
	changed_at: number;
	ignored_until: number | null;
	asset: number;
	asset_name: string;
	finding: number | null;
	address: string;
	port: number;
	protocol: number;
	qid: number;
	signature: string;
	title: string;
	severity: Severity;
	type: number;
	status: number | null;
}

const listing: Listing<TicketRow, Ticket> = {
	columns: `${ticketOfFindingColumns}, t.reopened, t.due_from, t.rule, t.opened_by, t.opened_at, t.changed_at, t.ignored_until,
		t.asset, a.name AS asset_name, f.id AS finding, f.address, f.port, f.protocol, s.qid, s.name AS signature, s.title,
		f.severity, f.type, f.status`,
	// LEFT: a finding may be gone, and a count leaves out those the filter does not speak of.
	from: `ticket t LEFT JOIN finding f ON f.id = t.finding LEFT JOIN signature s ON s.id = f.signature
		LEFT JOIN asset a ON a.id = t.asset`,
	key: "t.id",
	sorts: ticketSorts,
	order: { sql: dueOrder("t"), descending: false },
	map: toTicket,
};

function toTicket(row: TicketRow): Ticket {
	const { ticket: id, ticket_state: state, ticket_assignee: assignee, ticket_due: due, finding } = row;
	return {
		...{ id, assignee, state: ticketStateOf(state), due: isoOrNull(due), overdue: row.ticket_overdue === 1 },
		...{ reopened: row.reopened, dueFrom: dueFromOf(row.due_from), rule: row.rule, openedBy: row.opened_by },
		openedAt: isoOf(row.opened_at),
		changedAt: isoOf(row.changed_at),
		ignoredUntil: isoOrNull(row.ignored_until),
		invalid: finding === null ? "Its finding is part of another one since assets were merged." : null,
		asset: { id: row.asset, name: row.asset_name },
		finding: finding === null ? null : findingOf(row, finding),
	};
}

function findingOf(row: TicketRow, id: number): Ticket["finding"] {
	const { port, protocol, qid, signature, title, severity } = row;
	const onHost = port === 0;
	return {
		...{ id, address: addressOfKey(row.address), port: onHost ? null : port },
		protocol: onHost ? null : transportOf(protocol),
		...{ qid, signature, title, severity, type: typeOf(row.type) },
		status: row.status === null ? null : statusOf(row.status),
	};
}
