/** Rows of a box: a cursor, a name that gives way, figures at the right. Pure. */
import { line, type Piece, widthOfPieces } from "../../theme/line.ts";

/** As many as fit, the one under the cursor among them; undefined where there is none. */
export function rowsFrom<Item>(
	items: readonly Item[],
	row: number,
	height: number,
	draw: (item: Item, isSelected: boolean) => string,
): string[] | undefined {
	if (items.length === 0) return undefined;
	const top = Math.max(0, Math.min(row - height + 1, items.length - height));
	return items.slice(top, top + height).map((item, index) => draw(item, top + index === row));
}

export function selectable(width: number, isSelected: boolean, pieces: readonly Piece[]): string {
	return line(width, [[isSelected ? "▌ " : "  ", "marker"], ...pieces], isSelected ? "selected" : "text");
}

/**
 * Like `spread`, but the left gives way: the figures at the right are what one compares. The last of them go first; those of
 * `edge`, which stand behind them, stay.
 */
export function spreadRow(
	width: number,
	isSelected: boolean,
	left: readonly Piece[],
	right: readonly Piece[],
	edge: readonly Piece[] = [],
): string {
	return spreadWith(width, [[isSelected ? "▌ " : "  ", "marker"], ...left], right, edge, isSelected);
}

function spreadWith(
	width: number,
	left: readonly Piece[],
	right: readonly Piece[],
	edge: readonly Piece[],
	isSelected: boolean,
): string {
	const base = isSelected ? "selected" : "text";
	const most = Math.max(0, width - leastName - 1 - widthOfPieces(edge));
	const fitting: readonly Piece[] =
		widthOfPieces(right) <= most ? right : [...fittingStart(most - 1, right), ["…", "faint"]];
	const kept = [...fitting, ...edge];
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
