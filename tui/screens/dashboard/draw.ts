/** The boxes of the dashboard, drawn. Pure. */

import type { SeverityCounts } from "../../../protocol/model/common.ts";
import type { Overview } from "../../../protocol/model/overview.ts";
import type { Widget } from "../../../protocol/model/query.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import { whereOf } from "../../components/finding/describe-finding.ts";
import { drawNotice } from "../../components/frame/frame.ts";
import { barPieces, isOver, scanStatusPieces } from "../../components/scan/scan-words.ts";
import { isRunning } from "../../state/live.ts";
import { sparkline } from "../../text/chart.ts";
import { wrap } from "../../text/fit.ts";
import { age, clock, compact, count, percent, plural } from "../../text/format.ts";
import { cell, line, type Piece, spread, widthOfPieces } from "../../theme/line.ts";
import {
	countOf,
	severities,
	severityMark,
	severityName,
	severityShape,
	severitySummary,
	severityToken,
	totalOf,
} from "../../theme/severity.ts";
import type { BoxId, DashboardData } from "./model.ts";
import { shownScans } from "./model.ts";

export const boxTitles: Record<BoxId, string> = {
	severity: "Open findings",
	scans: "Scans",
	weaknesses: "Top weaknesses",
	assets: "Top assets",
	services: "Services",
	newest: "Newest findings",
	trend: "Trend",
	queries: "Queries",
};

/** The figures at the right of a box's edge. */
export function boxFigures(box: BoxId, { overview, scans }: DashboardData): Piece[] {
	if (!overview) return [];
	switch (box) {
		case "severity":
			return [[count(totalOf(overview.findings)), "strong"]];
		case "scans": {
			const running = scans.filter(isRunning).length;
			return running > 0 ? [[`${running} running`, "working"]] : [];
		}
		case "assets":
			return [[count(overview.assets), "strong"]];
		case "services":
			return [[count(overview.services), "strong"]];
		case "weaknesses":
		case "newest":
		case "trend":
		case "queries":
			return [];
	}
}

/** The inside of a box; `row` is the one under the cursor, -1 when the box is not focused. */
export function drawBox(
	box: BoxId,
	data: DashboardData,
	row: number,
	width: number,
	height: number,
	now: number,
): string[] {
	const { overview } = data;
	if (!overview) return drawNotice(width, height, [[["Asking the daemon …", "faint"]]]);
	switch (box) {
		case "severity":
			return drawSeverities(overview, row, width, height);
		case "scans":
			return drawScans(data, row, width, height, now);
		case "weaknesses":
			return (
				rowsFrom(overview.topFindings, row, height, ({ title, severity, assets }, isSelected) =>
					spreadRow(
						width,
						isSelected,
						[severityMark(severity), [" "], [title]],
						[[width < 50 ? `×${assets}` : plural(assets, "asset"), "muted"]],
					),
				) ?? drawNotice(width, height, [[["✓ ", "good"], ["no weakness is known"]]])
			);
		case "assets":
			return (
				rowsFrom(overview.topAssets, row, height, ({ name, findings }, isSelected) =>
					spreadRow(width, isSelected, [[name, "address"]], severitySummary(findings)),
				) ??
				drawNotice(width, height, [
					overview.assets === 0
						? [["no machine is known yet", "muted"]]
						: [["✓ ", "good"], ["no machine has a known weakness"]],
				])
			);
		case "services":
			return drawServices(overview, row, width, height);
		case "newest":
			return drawNewest(data, row, width, height, now);
		case "trend":
			return drawTrend(overview, width, height);
		case "queries":
			return drawWidgets(data, row, width, height);
	}
}

function drawSeverities(overview: Overview, row: number, width: number, height: number): string[] {
	const most = Math.max(1, ...severities.map((severity) => countOf(overview.findings, severity)));
	const rows = severities.map((severity, index) => {
		const value = countOf(overview.findings, severity);
		const name: Piece[] = [
			severityShape(severity),
			[" "],
			[severityName(severity).padEnd(9), value > 0 ? "text" : "faint"],
		];
		const figure: Piece = [compact(value).padStart(6), value > 0 ? "strong" : "faint"];
		const bar = barPieces(value / most, Math.max(4, width - 20), severityToken(severity));
		return selectable(width, index === row, [...name, ...bar, figure]);
	});
	const { byStatus, byType } = overview;
	const changes: Piece[] = [
		["  "],
		[`${count(byStatus.NEW)} new`, byStatus.NEW > 0 ? "warning" : "faint"],
		[" · ", "faint"],
		[`${count(byStatus.REOPENED)} back`, byStatus.REOPENED > 0 ? "bad" : "faint"],
		[" · ", "faint"],
		[`${count(byStatus.FIXED)} fixed`, byStatus.FIXED > 0 ? "good" : "faint"],
	];
	if (height >= 7) rows.push(line(width, []));
	const { overdue } = overview.tickets;
	const late: Piece =
		overdue > 0 ? [`${count(overdue)} late`, "bad"] : [`${count(byType.potential)} potential`, "faint"];
	if (height >= 6) rows.push(spread(width, changes, [late]));
	return rows;
}

function drawScans(data: DashboardData, row: number, width: number, height: number, now: number): string[] {
	const rows = rowsFrom(shownScans(data), row, height, (scan, isSelected) => {
		const right: Piece[] = isOver(scan)
			? [...severitySummary(scan.findings), ["  "], [age(scan.finishedAt, now).padStart(5), "faint"]]
			: progressOf(scan, width);
		const [mark] = scanStatusPieces(scan);
		return spreadRow(width, isSelected, [mark ?? [""], [scan.title]], right);
	});
	return (
		rows ??
		drawNotice(width, height, [
			[
				["n", "key"],
				[" starts a scan", "muted"],
			],
		])
	);
}

function progressOf(scan: Scan, width: number): Piece[] {
	const token = scan.status === "running" ? "working" : "muted";
	const bar = barPieces(scan.progress, Math.max(8, Math.floor(width / 4)), token);
	const left: Piece[] = width < 50 || scan.etaMs === null ? [] : [[` ${clock(scan.etaMs)}`, "muted"]];
	return [...bar, [percent(scan.progress).padStart(6)], ...left];
}

function drawServices(overview: Overview, row: number, width: number, height: number): string[] {
	const most = Math.max(1, ...overview.topServices.map((service) => service.count));
	const rows = rowsFrom(overview.topServices, row, height, (service, isSelected) => {
		const barWidth = Math.max(4, width - 2 - 14 - 6);
		return selectable(width, isSelected, [
			cell(service.name, 12),
			["  "],
			...barPieces(service.count / most, barWidth),
			[compact(service.count).padStart(6)],
		]);
	});
	return rows ?? drawNotice(width, height, [[["no service is known yet", "muted"]]]);
}

function drawNewest({ newest }: DashboardData, row: number, width: number, height: number, now: number): string[] {
	if (!newest) return drawNotice(width, height, [[["Asking the daemon …", "faint"]]]);
	const rows = rowsFrom(newest, row, height, (finding, isSelected) =>
		spreadRow(
			width,
			isSelected,
			[severityMark(finding.severity), [" "], [finding.title]],
			[
				[width < 50 ? finding.asset.name : whereOf(finding), "address"],
				[age(finding.firstFound, now).padStart(6), "faint"],
			],
		),
	);
	return rows ?? drawNotice(width, height, [[["nothing was found yet", "muted"]]]);
}

function drawWidgets({ widgets }: DashboardData, row: number, width: number, height: number): string[] {
	if (!widgets) return drawNotice(width, height, [[["Asking the daemon …", "faint"]]]);
	const rows = rowsFrom(widgets, row, height, (widget, isSelected) => {
		const { query, count: found, problem } = widget;
		const beside = width < 50 ? [] : besideOf(widget, Math.floor(width / 3));
		const figure: Piece =
			found === null ? ["cannot be asked", "bad"] : [compact(found), found > 0 ? "strong" : "faint"];
		return spreadRow(width, isSelected, [[query.name, problem === null ? "text" : "bad"]], [...beside, figure]);
	});
	const none: Piece[] = [
		["g q", "key"],
		[" puts saved queries here", "muted"],
	];
	return rows ?? drawNotice(width, height, [none]);
}

/** What a table or a trend shows beside its count. */
function besideOf({ kind, rows, points }: Widget, width: number): Piece[] {
	if (kind === "table")
		return [
			[
				rows
					.map(({ title }) => title)
					.join(", ")
					.slice(0, width),
				"muted",
			],
			["  "],
		];
	if (kind !== "trend" || points.length < 2) return [];
	const values = points.map((point) => point.count);
	const [chart = ""] = sparkline(stretch(values, 20), 10, 1);
	return [[chart, "chart"], ["  "]];
}

function drawTrend(overview: Overview, width: number, height: number): string[] {
	const days = overview.trend;
	if (days.length < 2) return drawNotice(width, height, [[["a line appears after the second day", "faint"]]]);
	const severe = (counts: SeverityCounts) => countOf(counts, 5) + countOf(counts, 4);
	const stretched = (values: number[]) => stretch(values, (width - 10) * 2);
	const all = days.map((day) => totalOf(day.findings));
	const worst = days.map((day) => severe(day.findings));
	const each = Math.max(1, Math.floor((height - 1) / 2));
	const chart = (values: number[], name: string, token: "chart" | "severity4"): string[] =>
		sparkline(stretched(values), width - 10, each).map((text, index) =>
			line(width, [
				[text, token],
				[index === each - 1 ? ` ${compact(values.at(-1) ?? 0).padStart(4)}` : "", "strong"],
				[index === 0 && each > 1 ? ` ${name}` : index === each - 1 && each === 1 ? ` ${name}` : "", "muted"],
			]),
		);
	const first = days[0]?.day ?? "";
	const last = days.at(-1)?.day ?? "";
	return [
		...chart(all, "all", "chart"),
		...chart(worst, "◆ ▲", "severity4"),
		spread(width, [[first, "faint"]], [[last, "faint"], [" ".repeat(10)]]),
	];
}

/** Spreads values over as many steps; a chart of seven days should not sit in a corner. */
function stretch(values: readonly number[], steps: number): number[] {
	return Array.from({ length: steps }, (_, step) => values[Math.floor((step * values.length) / steps)] ?? 0);
}

function rowsFrom<Item>(
	items: readonly Item[],
	row: number,
	height: number,
	draw: (item: Item, isSelected: boolean) => string,
): string[] | undefined {
	if (items.length === 0) return undefined;
	const top = Math.max(0, Math.min(row - height + 1, items.length - height));
	return items.slice(top, top + height).map((item, index) => draw(item, top + index === row));
}

function selectable(width: number, isSelected: boolean, pieces: readonly Piece[]): string {
	return line(width, [[isSelected ? "▌ " : "  ", "marker"], ...pieces], isSelected ? "selected" : "text");
}

function spreadRow(width: number, isSelected: boolean, left: readonly Piece[], right: readonly Piece[]): string {
	return spreadWith(width, [[isSelected ? "▌ " : "  ", "marker"], ...left], right, isSelected);
}

/** Like `spread`, but the left gives way: the figures at the right are what one compares. The last of them go first. */
function spreadWith(width: number, left: readonly Piece[], right: readonly Piece[], isSelected: boolean): string {
	const base = isSelected ? "selected" : "text";
	const most = Math.max(0, width - leastName - 1);
	const kept: readonly Piece[] =
		widthOfPieces(right) <= most ? right : [...fittingStart(most - 1, right), ["…", "faint"]];
	const room = width - widthOfPieces(kept) - 1;
	return line(room, left, base) + line(width - room, [[" "], ...kept], base);
}

/** A name keeps at least this much of its row. Columns. */
const leastName = 14;

function fittingStart(width: number, pieces: readonly Piece[]): Piece[] {
	const kept: Piece[] = [];
	let left = width;
	for (const piece of pieces) {
		left -= widthOfPieces([piece]);
		if (left < 0) break;
		kept.push(piece);
	}
	return kept;
}

/** The first thing a stranger sees. */
export function drawWelcome(width: number, height: number, mayScan: boolean): string[] {
	const act: Piece[][] = mayScan
		? [
				[["  s  ", "brand"], ["  scan this machine (127.0.0.1)"]],
				[],
				[["  n  ", "chip"], ["  scan something else          "]],
			]
		: [[["This console is read-only; scans are started from another one.", "warning"]]];
	return drawNotice(width, height, [
		[["Welcome to Vedette", "strong"]],
		[],
		...wrap("It looks at machines, remembers what it saw, and says what is wrong.", width - 4).map((text): Piece[] => [
			[text, "muted"],
		]),
		[["Nothing has been scanned yet.", "muted"]],
		[],
		[],
		...act,
		[],
		[["  ?  ", "chip"], ["  every key of a screen        "]],
		[],
		[],
		[["Nothing leaves this machine but the scans you start.", "faint"]],
	]);
}
