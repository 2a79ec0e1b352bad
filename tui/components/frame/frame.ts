/** A box drawn with lines: title at the left of its upper edge, figures at the right, content inside. */
import type { ListFailure } from "../../state/paged-list.ts";
import { truncate, wrap } from "../../text/fit.ts";
import { widthOf } from "../../text/width.ts";
import { line, type Piece, widthOfPieces } from "../../theme/line.ts";
import { styled, type Token } from "../../theme/look.ts";

export interface FrameParts {
	readonly title: string;
	readonly figures?: readonly Piece[];
	readonly focused?: boolean;
	/** Draws the content at the inner size. */
	content(width: number, height: number): readonly string[];
}

/** Exactly `height` strings of `width` columns. The inside is two columns narrower at either side, one row at either end. */
export function drawFrame(width: number, height: number, parts: FrameParts): string[] {
	return frameOf(width, height, parts, noFrame).rows;
}

/** The same for a pane that is drawn with every frame: where the content is the string it was, so is the row. */
export function createFrameDrawer(): typeof drawFrame {
	let before = noFrame;
	return (width, height, parts) => {
		before = frameOf(width, height, parts, before);
		return before.rows;
	};
}

interface Frame {
	readonly side: string;
	readonly content: readonly string[];
	/** The first of them is the upper edge, the last the lower one. */
	readonly rows: string[];
}

const noFrame: Frame = { side: "", content: [], rows: [] };

function frameOf(width: number, height: number, parts: FrameParts, before: Frame): Frame {
	if (width < 6 || height < 3)
		return { ...noFrame, rows: Array.from({ length: Math.max(0, height) }, () => line(width, [])) };
	const border: Token = parts.focused ? "borderFocus" : "border";
	const inner = width - 4;
	const content = parts.content(inner, height - 2).slice(0, height - 2);
	const side = styled("│", border);
	const known = before.side === side ? before : noFrame;
	const rows = [topEdge(width, parts, border)];
	for (let row = 0; row < height - 2; row++) {
		const inside = content[row] ?? " ".repeat(inner);
		rows.push(rowBefore(known, inside, row) ?? `${side} ${inside} ${side}`);
	}
	rows.push(styled(`╰${"─".repeat(width - 2)}╯`, border));
	return { side, content, rows };
}

/** The row that had this content, if it stood where it stands now, or beside, as when a list scrolls. */
function rowBefore({ content, rows }: Frame, inside: string, row: number): string | undefined {
	for (const at of [row, row + 1, row - 1]) if (content[at] === inside) return rows[at + 1];
	return undefined;
}

function topEdge(width: number, parts: FrameParts, border: Token): string {
	const figures = parts.figures ?? [];
	const figureWidth = figures.length === 0 ? 0 : widthOfPieces(figures) + 2;
	const showFigures = figureWidth > 0 && figureWidth + 12 < width;
	const room = width - 6 - (showFigures ? figureWidth + 1 : 0);
	const title = truncate(parts.title, Math.max(1, room));
	const fill = width - 5 - widthOf(title) - (showFigures ? figureWidth + 1 : 0);
	const left = styled("╭─ ", border) + styled(title, parts.focused ? "accent" : "title") + styled(" ", border);
	const right = showFigures ? ` ${line(figureWidth - 2, figures)} ${styled("─", border)}` : "";
	return left + styled("─".repeat(Math.max(0, fill)), border) + right + styled("╮", border);
}

/** Words in the middle of an empty region: what there is (nothing), and what to press next. */
export function drawNotice(width: number, height: number, lines: readonly (readonly Piece[])[]): string[] {
	const top = Math.max(0, Math.floor((height - lines.length) / 2) - 1);
	const rows: string[] = [];
	for (let row = 0; row < height; row++) {
		const pieces = lines[row - top];
		if (!pieces) rows.push(line(width, []));
		else {
			const left = Math.max(0, Math.floor((width - widthOfPieces(pieces)) / 2));
			rows.push(line(width, [[" ".repeat(left)], ...pieces]));
		}
	}
	return rows;
}

/** While an answer is awaited, or why it does not come. */
export function drawAwaited(width: number, height: number, failure: ListFailure | undefined): string[] {
	if (failure === undefined) return drawNotice(width, height, [[["Asking the daemon …", "faint"]]]);
	const told = (text: string, token: Token) => wrap(text, width).map((part): Piece[] => [[part, token]]);
	return drawNotice(width, height, [...told(failure.message, "bad"), ...told(failure.hint ?? "", "muted")]);
}
