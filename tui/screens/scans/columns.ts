/** The columns of the scans table. */
import type { Scan } from "../../../protocol/model/scan.ts";
import type { Column } from "../../components/list/columns.ts";
import { progressCell, scanStatusPieces } from "../../components/scan/scan-words.ts";
import { age, compact } from "../../text/format.ts";
import { severitySummary } from "../../theme/severity.ts";

export const scanColumns: readonly Column<Scan>[] = [
	{ id: "title", title: "SCAN", sort: "title", width: 16, grow: 3, most: 40, worth: 100, draw: (row) => [[row.title]] },
	{ id: "status", title: "STATUS", sort: "status", width: 11, worth: 99, draw: scanStatusPieces },
	{
		id: "progress",
		title: "PROGRESS",
		width: 20,
		worth: 95,
		draw: (row) => progressCell(row, 20),
	},
	{
		id: "targets",
		title: "TARGETS",
		width: 12,
		grow: 2,
		most: 40,
		worth: 60,
		draw: (row) => [[row.targets.join(" "), "address"]],
	},
	{ id: "hosts", title: "ALIVE", width: 6, worth: 50, align: "right", draw: (row) => [[compact(row.hosts.alive)]] },
	{ id: "ports", title: "OPEN", width: 5, worth: 40, align: "right", draw: (row) => [[compact(row.openPorts)]] },
	{ id: "findings", title: "FINDINGS", width: 16, worth: 90, draw: (row) => severitySummary(row.findings) },
	{
		id: "created",
		title: "AGE",
		sort: "createdAt",
		width: 5,
		worth: 70,
		align: "right",
		draw: (row, now) => [[age(row.createdAt, now), "muted"]],
	},
];
