/** The columns of the findings table. */
import type { Finding } from "../../../protocol/model/finding.ts";
import { byThenColumn } from "../../components/finding/by-then.ts";
import { statusPiece } from "../../components/finding/describe-finding.ts";
import type { Column } from "../../components/list/columns.ts";
import { duePiece } from "../../components/ticket/ticket-words.ts";
import { exactly } from "../../text/filter-terms.ts";
import { age } from "../../text/format.ts";
import { severityMark } from "../../theme/severity.ts";

export const findingColumns: readonly Column<Finding>[] = [
	{ id: "severity", title: "SEV", sort: "severity", width: 4, worth: 100, draw: (row) => [severityMark(row.severity)] },
	{
		id: "title",
		title: "FINDING",
		sort: "title",
		width: 28,
		grow: 8,
		worth: 99,
		// Under several names of one address the same finding is several rows.
		draw: (row) => [
			...(row.instance === undefined ? [] : [[`${row.instance}: `, "address"] as const]),
			[row.title, row.status === "FIXED" ? "faint" : "text"],
		],
	},
	{
		id: "priority",
		title: "PRIO",
		sort: "priority",
		width: 4,
		worth: 75,
		align: "right",
		draw: ({ priority }) => [
			[String(Math.round(priority)), priority >= 70 ? "bad" : priority >= 40 ? "warning" : "text"],
		],
	},
	{
		id: "asset",
		title: "ASSET",
		sort: "asset",
		width: 12,
		grow: 1,
		most: 30,
		worth: 90,
		draw: (row) => [[row.asset.name, "address"]],
	},
	{
		id: "port",
		title: "PORT",
		sort: "port",
		width: 7,
		worth: 80,
		align: "right",
		draw: (row) =>
			row.port === null ? [["host", "faint"]] : [[String(row.port)], [row.protocol === "udp" ? "/udp" : "", "faint"]],
	},
	{ id: "status", title: "STATE", sort: "status", width: 8, worth: 70, draw: (row) => [statusPiece(row.status)] },
	{
		id: "ticket",
		title: "DUE",
		width: 9,
		worth: 65,
		align: "right",
		draw: ({ ticket }, now) => (ticket === null ? [] : [duePiece(ticket, now)]),
	},
	{
		id: "type",
		title: "TYPE",
		sort: "type",
		width: 9,
		worth: 30,
		draw: (row) => [[row.type, row.type === "confirmed" ? "text" : "muted"]],
	},
	{
		id: "cvss",
		title: "CVSS",
		sort: "cvss",
		width: 4,
		worth: 40,
		align: "right",
		draw: (row) => [row.cvss === null ? ["—", "faint"] : [row.cvss.toFixed(1)]],
	},
	{
		id: "first",
		title: "AGE",
		sort: "firstFound",
		width: 5,
		worth: 60,
		align: "right",
		draw: (row, now) => [[age(row.firstFound, now), "muted"]],
	},
];

/** Of the past: what a finding is now, and the last that had happened to it by then. */
export const pastColumns: readonly Column<Finding>[] = [
	...findingColumns
		.filter(({ id }) => id !== "ticket")
		.map((column) => (column.id === "status" ? { ...column, title: "NOW" } : column)),
	byThenColumn,
];

/** What of the query language means the value a row has in a column; without one, its check. */
export function valueTerm(column: string | undefined, row: Finding): string {
	switch (column) {
		case "severity":
			return `severity:${row.severity}`;
		case "priority":
			return `priority>=${Math.floor(row.priority)}`;
		case "asset":
			return `asset:${exactly(row.asset.name)}`;
		case "port":
			return row.port === null ? "port is null" : `port:${row.port}`;
		case "status":
			return row.status === null ? "type:information" : `status:${row.status}`;
		case "type":
			// Naming a type makes the list one of fixed findings too.
			return row.status === "FIXED" || row.status === null
				? `type:${row.type}`
				: `(type:${row.type} and not status:FIXED)`;
		case "ticket":
			return row.ticket === null ? "ticket is null" : `ticket:(state:${row.ticket.state})`;
		case "cvss":
			return row.cvss === null ? "cvss is null" : `cvss>=${row.cvss}`;
		case "first":
			return `firstFound:${row.firstFound.slice(0, 10)}`;
		default:
			return `signature:${exactly(row.signature)}`;
	}
}
