/** A paged list as a table: header, the visible rows (kept as strings while nothing in them changes), and its notices. */
import { keyOf } from "../../keys/find-binding.ts";
import { isLoading, type PagedList, rowAt } from "../../state/paged-list.ts";
import { wrap } from "../../text/fit.ts";
import { line, type Piece } from "../../theme/line.ts";
import { lookVersion, type Token } from "../../theme/look.ts";
import { drawNotice } from "../frame/frame.ts";
import { type Column, drawHeader, drawRow, type Placed, placeColumns } from "./columns.ts";

export interface ListLook<Row> {
	readonly columns: readonly Column<Row>[];
	/** Id of the column that `s` would sort by. */
	readonly chosen: string | undefined;
	/** The filter that Escape leads back to. */
	readonly base: string;
	/** What an empty list says when nothing is filtered: what this is, and what to press. */
	readonly empty: readonly (readonly Piece[])[];
	/** Is this row, the n-th of the list, marked? */
	readonly isMarked?: (row: Row, index: number) => boolean;
}

/** Ages are drawn with this grain, so that rows are not drawn anew every second. Milliseconds. */
const ageGrain = 5_000;

export type DrawList<Row extends { readonly id: number }> = (
	list: PagedList<Row>,
	look: ListLook<Row>,
	width: number,
	height: number,
	now: number,
) => string[];

/** A drawer with its own memory of rows; rows are remembered as long as the list itself keeps them. */
export function createListDrawer<Row extends { readonly id: number }>(): DrawList<Row> {
	let drawn = new WeakMap<Row, { key: string; text: string }>();
	let placed: { width: number; columns: readonly Column<Row>[]; places: Placed<Row>[] } | undefined;

	return (list, look, width, height, now) => {
		if (placed?.width !== width || placed.columns !== look.columns) {
			placed = { width, columns: look.columns, places: placeColumns(look.columns, width - 3) };
			drawn = new WeakMap();
		}
		const { places } = placed;
		const header = drawHeader(width, places, list.asked.sort, look.chosen);
		if (list.total === 0) return [header, ...noticeOf(list, look, width, height - 1)];
		const grain = Math.floor(now / ageGrain);
		const rows = [header];
		for (let index = list.top; index < Math.min(list.total, list.top + height - 1); index++) {
			const row = rowAt(list, index);
			const isSelected = index === list.cursor;
			if (!row) {
				rows.push(
					line(width, [
						[isSelected ? "▌ " : "  ", "marker"],
						["…", "faint"],
					]),
				);
				continue;
			}
			const isMarked = look.isMarked?.(row, index) === true;
			const key = `${lookVersion()} ${grain}${isSelected ? "s" : ""}${isMarked ? "m" : ""}`;
			const known = drawn.get(row);
			const text = known?.key === key ? known.text : drawRow(width, places, row, isSelected, now, isMarked);
			if (known?.key !== key) drawn.set(row, { key, text });
			rows.push(text);
		}
		return rows;
	};
}

function noticeOf<Row extends { readonly id: number }>(
	list: PagedList<Row>,
	look: ListLook<Row>,
	width: number,
	height: number,
): string[] {
	if (list.failure) {
		const { message, hint, code } = list.failure;
		const wrapped = (text: string, token: Token) => wrap(text, width - 8).map((part): Piece[] => [[part, token]]);
		return drawNotice(width, height, [
			...wrapped(message, "bad"),
			[],
			...wrapped(hint ?? "", "muted"),
			code === "invalid"
				? []
				: [
						[keyOf("list", "refresh"), "key"],
						[" asks again", "muted"],
					],
		]);
	}
	if (isLoading(list) && list.answered.generation === 0)
		return drawNotice(width, height, [[["Asking the daemon …", "muted"]]]);
	if (list.answered.filter !== "") {
		return drawNotice(width, height, [
			[
				["Nothing matches ", "muted"],
				[list.answered.filter, "strong"],
			],
			[],
			[
				...(list.answered.filter === look.base
					? []
					: ([
							["Esc", "key"],
							[look.base === "" ? " clears the filter   " : " undoes the filter   ", "muted"],
						] as const)),
				[keyOf("list", "filter"), "key"],
				[" changes it", "muted"],
			],
		]);
	}
	return drawNotice(width, height, look.empty);
}
