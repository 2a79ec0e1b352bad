/** The columns of the scans table. */
import type { Scan } from "../../../protocol/model/scan.ts";
import type { Column } from "../../components/list/columns.ts";
import { barPieces, isOver, scanStatusPieces } from "../../components/scan/scan-words.ts";
import { age, clock, compact, percent } from "../../text/format.ts";
import { severitySummary } from "../../theme/severity.ts";

export const scanColumns: readonly Column<Scan>[] = [
	{ id: "title", title: "SCAN", sort: "title", width: 16, grow: 3, most: 40, worth: 100, draw: (row) => [[row.title]] },
	{ id: "status", title: "STATUS", sort: "status", width: 11, worth: 99, draw: scanStatusPieces },
	{
		id: "progress",
		title: "PROGRESS",
		width: 15,
		worth: 80,
		draw: (row) =>
			isOver(row) && row.progress >= 1
				? [
						["─".repeat(9), "barTrack"],
						[percent(row.progress).padStart(6), "faint"],
					]
				: [
						...barPieces(row.progress, 9, row.status === "running" ? "working" : "muted"),
						[percent(row.progress).padStart(6)],
					],
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
	{ id: "took", title: "TOOK", width: 8, worth: 45, align: "right", draw: (row) => [[clock(row.activeMs), "muted"]] },
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
