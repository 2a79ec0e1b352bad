/** A box drawn with lines: title at the left of its upper edge, figures at the right, content inside. */
import { truncate } from "../../text/fit.ts";
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
	if (width < 6 || height < 3) return Array.from({ length: Math.max(0, height) }, () => line(width, []));
	const border: Token = parts.focused ? "borderFocus" : "border";
	const inner = width - 4;
	const content = parts.content(inner, height - 2);
	const side = styled("│", border);
	const rows = [topEdge(width, parts, border)];
	for (let row = 0; row < height - 2; row++) rows.push(`${side} ${content[row] ?? " ".repeat(inner)} ${side}`);
	rows.push(styled(`╰${"─".repeat(width - 2)}╯`, border));
	return rows;
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
