/** The columns of a table: which of them fit a width, how wide each is, and a row drawn with them. */
import type { Align } from "../../text/fit.ts";
import { line, type Piece, widthOfPieces } from "../../theme/line.ts";
import { styled, type Token } from "../../theme/look.ts";
import { parseSort, sortMark } from "./sort-keys.ts";

export interface Column<Row> {
	readonly id: string;
	readonly title: string;
	/** Name of the field the daemon sorts by; without it the column cannot be sorted. */
	readonly sort?: string;
	readonly width: number;
	/** Share of the room that is left over; 0 or absent: stays at `width`. */
	readonly grow?: number;
	/** The widest it grows. */
	readonly most?: number;
	/** The smallest goes first when there is no room. */
	readonly worth: number;
	readonly align?: Align;
	/** `base` is the look of the row, should a piece want to keep it. */
	draw(row: Row, now: number): readonly Piece[];
}

export interface Placed<Row> {
	readonly column: Column<Row>;
	readonly width: number;
}

const gap = 2;

/** The columns that fit, in their order, with the room that is left over shared out. */
export function placeColumns<Row>(columns: readonly Column<Row>[], width: number): Placed<Row>[] {
	const kept = [...columns];
	const needed = () => kept.reduce((sum, column) => sum + column.width, 0) + gap * (kept.length - 1);
	while (kept.length > 1 && needed() > width) {
		const least = kept.reduce((one, other) => (other.worth < one.worth ? other : one));
		kept.splice(kept.indexOf(least), 1);
	}
	const placed = kept.map((column) => ({ column, width: Math.min(column.width, width) }));
	let left = width - needed();
	while (left > 0) {
		const growing = placed.filter(({ column, width: now }) => (column.grow ?? 0) > 0 && now < (column.most ?? 1_000));
		const shares = growing.reduce((sum, { column }) => sum + (column.grow ?? 0), 0);
		if (shares === 0) break;
		const before = left;
		for (const place of growing) {
			const share = Math.max(1, Math.floor((before * (place.column.grow ?? 0)) / shares));
			const more = Math.min(share, left, (place.column.most ?? 1_000) - place.width);
			place.width += more;
			left -= more;
		}
	}
	return placed;
}

/** The row of titles; `chosen` is underlined, those that are sorted by carry their direction, and their turn where there are several. */
export function drawHeader<Row>(
	width: number,
	placed: readonly Placed<Row>[],
	sort: string | undefined,
	chosen: string | undefined,
): string {
	const pieces: Piece[] = [];
	const keys = parseSort(sort);
	let used = 0;
	let left = 2;
	for (const { column, width: columnWidth } of placed) {
		const mark = sortMark(keys, column.sort);
		const token: Token = column.id === chosen ? "headerActive" : mark === "" ? "header" : "accent";
		// A mark may take the gap as far as it needs it, so that short titles stay whole.
		const room = columnWidth + Math.min(gap, mark.length);
		const title = column.title.slice(0, Math.max(0, room - mark.length)) + mark;
		const start = column.align === "right" ? left + columnWidth - title.length : left;
		const blank = Math.max(used === 0 ? 0 : 1, start - used);
		pieces.push([" ".repeat(blank)], [title, token]);
		used += blank + title.length;
		left += columnWidth + gap;
	}
	return line(width, pieces);
}

/** A row of exactly `width` columns; two at the left mark the one under the cursor. */
export function drawRow<Row>(
	width: number,
	placed: readonly Placed<Row>[],
	row: Row,
	isSelected: boolean,
	now: number,
	isMarked = false,
): string {
	const base: Token = isSelected ? "selected" : "text";
	let out = styled(isSelected ? "▌" : " ", "marker", base) + styled(isMarked ? "●" : " ", "accent", base);
	let used = 2;
	for (const [index, { column, width: columnWidth }] of placed.entries()) {
		if (index > 0) {
			out += styled(" ".repeat(gap), "text", base);
			used += gap;
		}
		const pieces = column.draw(row, now);
		const pad = column.align === "right" ? Math.max(0, columnWidth - widthOfPieces(pieces)) : 0;
		out += styled(" ".repeat(pad), "text", base) + line(columnWidth - pad, pieces, base);
		used += columnWidth;
	}
	return used < width ? out + styled(" ".repeat(width - used), "text", base) : out;
}
