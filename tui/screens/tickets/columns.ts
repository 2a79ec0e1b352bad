/** The columns of the tickets table. */
import type { Ticket } from "../../../protocol/model/ticket.ts";
import type { Column } from "../../components/list/columns.ts";
import { duePiece, statePieces } from "../../components/ticket/ticket-words.ts";
import { personName } from "../../text/people.ts";
import { severityMark } from "../../theme/severity.ts";

export const ticketColumns: readonly Column<Ticket>[] = [
	{
		id: "id",
		title: "NO",
		sort: "id",
		width: 6,
		worth: 75,
		align: "right",
		draw: (row) => [[String(row.id), "muted"]],
	},
	{
		...{ id: "severity", title: "SEV", sort: "severity", width: 4, worth: 100 },
		draw: (row) => [row.finding === null ? ["?", "faint"] : severityMark(row.finding.severity)],
	},
	{
		id: "due",
		title: "DUE",
		sort: "due",
		width: 10,
		worth: 95,
		align: "right",
		draw: (row, now) => [duePiece(row, now)],
	},
	{
		...{ id: "title", title: "FINDING", sort: "title", width: 28, grow: 6, worth: 99 },
		draw: (row) => [[row.finding?.title ?? row.invalid ?? "", row.state === "FIXED" ? "faint" : "text"]],
	},
	{
		...{ id: "asset", title: "ASSET", sort: "asset", width: 12, grow: 1, most: 30, worth: 90 },
		draw: (row) => [[row.asset.name, "address"]],
	},
	{
		...{ id: "assignee", title: "ASSIGNEE", sort: "assignee", width: 10, grow: 1, most: 24, worth: 85 },
		draw: (row) => [row.assignee === null ? ["nobody", "faint"] : [personName(row.assignee)]],
	},
	{ id: "state", title: "STATE", sort: "state", width: 8, worth: 80, draw: (row) => [statePieces[row.state]] },
	{
		...{ id: "port", title: "PORT", width: 6, worth: 40, align: "right" },
		draw: ({ finding }) => (finding?.port == null ? [["host", "faint"]] : [[String(finding.port)]]),
	},
	{
		...{ id: "reopened", title: "BACK", sort: "reopened", width: 4, worth: 30, align: "right" },
		draw: ({ reopened }) => [[reopened === 0 ? "" : String(reopened), "bad"]],
	},
	{
		...{ id: "rule", title: "RULE", width: 10, grow: 1, most: 24, worth: 20 },
		draw: ({ rule }) => [[rule ?? "", "muted"]],
	},
];
