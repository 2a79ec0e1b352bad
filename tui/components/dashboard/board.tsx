/** The boxes of a dashboard laid out on a screen, one of them chosen; shared by looking at it and arranging it. */
import { Box } from "ink";
import type { DashboardWidget } from "../../../protocol/model/dashboard.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { Surface } from "../../terminal/surface.tsx";
import { line, type Piece } from "../../theme/line.ts";
import { drawFrame, drawNotice } from "../frame/frame.ts";
import { type DashboardData, titleOf } from "./boxes.ts";
import { boxFigures, drawBox } from "./draw.ts";
import { type Board, placeBoxes } from "./layout.ts";

export interface BoardModel {
	readonly widgets: readonly DashboardWidget[];
	/** The box that is chosen, by its place. */
	readonly focus: number;
	/** The row of that box under the cursor; -1: none is, as while boxes are arranged. */
	readonly row: number;
	/** The first row of boxes on screen, as it was placed last. */
	readonly top: number;
}

export function placeBoard(model: BoardModel, columns: number, rows: number): Board {
	return placeBoxes(model.widgets, { columns, rows }, model.focus, model.top);
}

export function BoardRows(props: {
	readonly board: Board;
	readonly columns: number;
	readonly rows: number;
	model(): BoardModel;
	data(): DashboardData;
	now(): number;
	/** Instead of a box's own figures. */
	figures?(widget: DashboardWidget): readonly Piece[];
}) {
	const { board, columns, rows, model, data, now } = props;
	const drawOf = (at: number) => (width: number, height: number) => {
		const { widgets, focus, row } = model();
		const widget = widgets[at];
		if (widget === undefined) return drawNotice(width, height, []);
		const isFocused = at === focus;
		return drawFrame(width, height, {
			// Told apart also where there are no colours, and where it has no rows.
			title: isFocused ? `▸ ${titleOf(widget)}` : titleOf(widget),
			figures: props.figures?.(widget) ?? boxFigures(widget, data()),
			focused: isFocused,
			content: (inner, lines) => drawBox(widget, data(), isFocused ? row : -1, inner, lines, now()),
		});
	};
	if (board.rows.length === 0) {
		const nothing: Piece[][] = [
			[["Nothing stands here."]],
			[],
			[
				[keyOf("arrange", "add"), "key"],
				[" adds a box", "muted"],
			],
		];
		return <Surface width={columns} height={rows} draw={(width, height) => drawNotice(width, height, nothing)} />;
	}
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{board.rows.map((row) => (
				<Box key={row.boxes[0]?.at ?? 0} width={columns} height={row.height}>
					{row.boxes.map(({ at, share }) => (
						<Surface key={at} flexGrow={share} flexBasis={0} draw={drawOf(at)} />
					))}
				</Box>
			))}
			{board.hidden.length > 0 ? (
				<Surface height={1} width={columns} draw={(width) => [drawHidden(board, model(), width)]} />
			) : null}
		</Box>
	);
}

function drawHidden({ hidden }: Board, { widgets, focus }: BoardModel, width: number): string {
	const names = hidden.flatMap((at) => {
		const widget = widgets[at];
		return widget === undefined ? [] : [`${at < focus ? "↑" : "↓"} ${titleOf(widget)}`];
	});
	return line(width, [[` tab  ${names.join(" · ")}`, "muted"]]);
}
