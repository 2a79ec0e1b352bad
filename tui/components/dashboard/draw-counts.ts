/** The boxes of a dashboard that count: findings by severity, risk, services, the trend. Pure. */

import type { Overview } from "../../../protocol/model/overview.ts";
import type { SeverityCounts } from "../../../protocol/model/severity.ts";
import { sparkline } from "../../text/chart.ts";
import { compact, count } from "../../text/format.ts";
import { cell, line, type Piece, spread } from "../../theme/line.ts";
import { countOf, severities, severityName, severityShape, severityToken, totalOf } from "../../theme/severity.ts";
import { drawNotice } from "../frame/frame.ts";
import { barPieces } from "../scan/scan-words.ts";
import { riskOf, riskParts } from "./risk.ts";
import { rowsFrom, selectable } from "./rows.ts";

export function drawSeverities(overview: Overview, row: number, width: number, height: number): string[] {
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
	const top = Math.max(0, Math.min(row - height + 1, rows.length - height));
	return rows.slice(top, top + height);
}

/** The score, how it changed since the day before, its trend, and what it is made of. */
export function drawRisk(overview: Overview, width: number, height: number): string[] {
	const scores = overview.trend.map(({ findings }) => riskOf(findings));
	const score = riskOf(overview.findings);
	const before = scores.at(-2);
	const change = before === undefined ? 0 : score - before;
	const moved: Piece[] =
		before === undefined
			? []
			: change === 0
				? [["  as yesterday", "faint"]]
				: [
						[`  ${change > 0 ? "▲ +" : "▼ −"}${compact(Math.abs(change))}`, change > 0 ? "bad" : "good"],
						[" in a day", "faint"],
					];
	const parts = riskParts(overview.findings);
	const rows = [line(width, [["  "], [count(score), score > 0 ? "strong" : "good"], ...moved])];
	if (parts.length === 0)
		return [...rows, ...drawNotice(width, height - 1, [[["✓ ", "good"], ["no open finding counts"]]])];
	const hasTrend = scores.length > 1 && height >= 4;
	if (hasTrend) {
		const each = Math.max(1, Math.min(4, height - 1 - parts.length));
		const values = stretch([...scores.slice(0, -1), score], width * 2);
		for (const text of sparkline(values, width, each)) rows.push(line(width, [[text, "chart"]]));
	}
	const most = Math.max(...parts.map(({ points }) => points));
	for (const { severity, points } of parts.slice(0, height - rows.length)) {
		const bar = barPieces(points / most, Math.max(4, width - 20), severityToken(severity));
		rows.push(
			line(width, [
				...[["  "] as Piece, severityShape(severity), [" "] as Piece, [severityName(severity).padEnd(9)] as Piece],
				...[...bar, [compact(points).padStart(6), "strong"] as Piece],
			]),
		);
	}
	return rows;
}

export function drawServices(overview: Overview, row: number, width: number, height: number): string[] {
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

export function drawTrend(overview: Overview, width: number, height: number): string[] {
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
export function stretch(values: readonly number[], steps: number): number[] {
	return Array.from({ length: steps }, (_, step) => values[Math.floor((step * values.length) / steps)] ?? 0);
}
