/** The boxes of a dashboard, drawn. Pure. */
import type { BuiltInWidget, DashboardWidget } from "../../../protocol/model/dashboard.ts";
import type { Overview } from "../../../protocol/model/overview.ts";
import { isRunning } from "../../state/live.ts";
import { count, plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { severityMark, severitySummary, totalOf } from "../../theme/severity.ts";
import { drawAwaited, drawNotice } from "../frame/frame.ts";
import { answerKey, type DashboardData } from "./boxes.ts";
import { drawRisk, drawServices, drawSeverities, drawTrend } from "./draw-counts.ts";
import {
	drawActivity,
	drawDuplicates,
	drawFindings,
	drawKnowledge,
	drawRequests,
	drawScans,
	drawTickets,
} from "./draw-lists.ts";
import { drawQueries, drawQuery } from "./draw-queries.ts";
import { rowsFrom, spreadRow } from "./rows.ts";

/** The figures at the right of a box's edge. */
export function boxFigures(widget: DashboardWidget, data: DashboardData): Piece[] {
	if (widget.kind === "query") {
		const found = data.answers.get(answerKey(widget))?.count;
		return found == null || widget.as !== "table" ? [] : [[count(found), "strong"]];
	}
	const { overview } = data;
	if (!overview) return [];
	const listed = (total: number | undefined, token: "strong" | "bad" = "strong"): Piece[] =>
		total === undefined ? [] : [[count(total), total > 0 ? token : "faint"]];
	switch (widget.shows) {
		case "severity":
			return [[count(totalOf(overview.findings)), "strong"]];
		case "scans": {
			const running = data.scans.filter(isRunning).length;
			return running > 0 ? [[`${running} running`, "working"]] : [];
		}
		case "assets":
			return [[count(overview.assets), "strong"]];
		case "services":
			return [[count(overview.services), "strong"]];
		case "yesterday":
			return listed(data.yesterday?.total);
		case "overdue":
			return listed(data.overdue?.total, "bad");
		case "requests":
			return listed(data.requests?.total);
		case "duplicates":
			return listed(data.duplicates?.total);
		case "knowledge":
			return feedsPieces(overview.feeds);
		case "risk":
		case "activity":
		case "weaknesses":
		case "newest":
		case "trend":
		case "queries":
			return [];
	}
}

function feedsPieces({ updating, freshAt, isOld }: Overview["feeds"]): Piece[] {
	if (updating) return [["updating", "working"]];
	if (freshAt === null) return [["no feeds", "warning"]];
	return isOld ? [["old", "warning"]] : [];
}

/** The inside of a box; `row` is the one under the cursor, -1 when the box is not focused. */
export function drawBox(
	widget: DashboardWidget,
	data: DashboardData,
	row: number,
	width: number,
	height: number,
	now: number,
): string[] {
	if (widget.kind === "query") return drawQuery(widget, data, row, width, height);
	const { overview } = data;
	const failure = data.failures[widget.shows];
	if (!overview || failure) return drawAwaited(width, height, failure);
	return drawBuiltIn(widget.shows, { ...data, overview }, { row, width, height }, now);
}

function drawBuiltIn(
	shows: BuiltInWidget,
	data: DashboardData & { readonly overview: Overview },
	place: { readonly row: number; readonly width: number; readonly height: number },
	now: number,
): string[] {
	const { overview } = data;
	const { row, width, height } = place;
	switch (shows) {
		case "risk":
			return drawRisk(overview, width, height);
		case "severity":
			return drawSeverities(overview, row, width, height);
		case "scans":
			return drawScans(data, row, width, height, now);
		case "weaknesses":
			return drawWeaknesses(overview, row, width, height);
		case "assets":
			return drawAssets(overview, row, width, height);
		case "services":
			return drawServices(overview, row, width, height);
		case "newest":
			return drawFindings(data.newest, place, now, "nothing was found yet");
		case "yesterday":
			return drawFindings(data.yesterday, place, now, "nothing new");
		case "overdue":
			return drawTickets(data.overdue, place, now);
		case "requests":
			return drawRequests(data.requests, place, now);
		case "duplicates":
			return drawDuplicates(data.duplicates, place);
		case "knowledge":
			return drawKnowledge(overview, place, now);
		case "activity":
			return drawActivity(data.activity, place, now);
		case "trend":
			return drawTrend(overview, width, height);
		case "queries":
			return drawQueries(data, row, width, height);
	}
}

function drawWeaknesses(overview: Overview, row: number, width: number, height: number): string[] {
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
}

function drawAssets(overview: Overview, row: number, width: number, height: number): string[] {
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
}
