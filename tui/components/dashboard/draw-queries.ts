/** The boxes of a dashboard that show saved queries: one each, or all that everybody sees. Pure. */
import type { DashboardWidget, QueryAnswer } from "../../../protocol/model/dashboard.ts";
import type { Widget } from "../../../protocol/model/query.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { sparkline } from "../../text/chart.ts";
import { wrap } from "../../text/fit.ts";
import { compact, count } from "../../text/format.ts";
import { line, type Piece, spread } from "../../theme/line.ts";
import { drawAwaited, drawNotice } from "../frame/frame.ts";
import { answerKey, type DashboardData } from "./boxes.ts";
import { stretch } from "./draw-counts.ts";
import { rowsFrom, selectable, spreadRow } from "./rows.ts";

type QueryBox = Extract<DashboardWidget, { kind: "query" }>;

export function drawQuery(widget: QueryBox, data: DashboardData, row: number, width: number, height: number): string[] {
	const answer = data.answers.get(answerKey(widget));
	if (answer === undefined) return drawAwaited(width, height, data.failures.answers);
	if (answer.count === null || answer.query === null) {
		const why = wrap(answer.problem ?? "It cannot be asked.", width).map((text): Piece[] => [[text, "bad"]]);
		return drawNotice(width, height, [
			...why,
			[
				[keyOf("everywhere", "queries"), "key"],
				[" mends it, ", "muted"],
				[keyOf("dashboard", "arrange"), "key"],
				[" takes the box off", "muted"],
			],
		]);
	}
	const figure = line(width, [
		[count(answer.count), answer.count > 0 ? "strong" : "faint"],
		[` ${answer.query.list}`, "muted"],
		[answer.query.comment === "" ? "" : ` · ${answer.query.comment}`, "faint"],
	]);
	if (widget.as === "table")
		return (
			rowsFrom(answer.rows, row, height, ({ title }, isSelected) => selectable(width, isSelected, [[title]])) ??
			drawNotice(width, height, [[["nothing fits it now", "muted"]]])
		);
	if (widget.as === "trend") return [figure, ...drawPoints(answer, width, height - 1)];
	return [figure, line(width, [[answer.query.filter, "faint"]])];
}

/** What a query found day by day. */
function drawPoints({ points }: QueryAnswer, width: number, height: number): string[] {
	const first = points[0];
	const last = points.at(-1);
	if (first === undefined || last === undefined || points.length < 2)
		return drawNotice(width, height, [[["a line appears after the second day", "faint"]]]);
	const values = points.map((point) => point.count);
	const chart = sparkline(stretch(values, width * 2), width, Math.max(1, height - 1));
	return [
		...chart.map((text) => line(width, [[text, "chart"]])),
		spread(width, [[first.day, "faint"]], [[last.day, "faint"]]),
	];
}

/** All that everybody sees, a row each. */
export function drawQueries({ queries: widgets }: DashboardData, row: number, width: number, height: number): string[] {
	if (!widgets) return drawAwaited(width, height, undefined);
	const rows = rowsFrom(widgets, row, height, (widget, isSelected) => {
		const { query, count: found, problem } = widget;
		const beside = width < 50 ? [] : besideOf(widget, Math.floor(width / 3));
		const figure: Piece =
			found === null ? ["cannot be asked", "bad"] : [compact(found), found > 0 ? "strong" : "faint"];
		return spreadRow(width, isSelected, [[query.name, problem === null ? "text" : "bad"]], [...beside, figure]);
	});
	const none: Piece[] = [
		[keyOf("everywhere", "queries"), "key"],
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
