/** A paged list as a table: header, the visible rows (kept as strings while nothing in them changes), and its notices. */
import { keyOf } from "../../keys/find-binding.ts";
import { isLoading, type PagedList, rowAt } from "../../state/paged-list.ts";
import { wrap } from "../../text/fit.ts";
import { line, type Piece } from "../../theme/line.ts";
import { lookVersion, type Token } from "../../theme/look.ts";
import { drawNotice } from "../frame/frame.ts";
import { createMemory } from "../frame/memory.ts";
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
	/** With and without the cursor: a row is left as often as it is come to. */
	let drawn = new WeakMap<Row, [plain: Drawn | undefined, selected: Drawn | undefined]>();
	const headerMemory = createMemory();
	let before: DrawnRows<Row> = { version: "", top: 0, rows: [] };
	let placed: { width: number; columns: readonly Column<Row>[]; places: Placed<Row>[] } | undefined;

	return (list, look, width, height, now) => {
		if (placed?.width !== width || placed.columns !== look.columns) {
			placed = { width, columns: look.columns, places: placeColumns(look.columns, width - 3) };
			drawn = new WeakMap();
			before = { version: "", top: 0, rows: [] };
		}
		const { places } = placed;
		const { sort } = list.asked;
		const [header = ""] = headerMemory([places, sort, look.chosen], () => [
			drawHeader(width, places, sort, look.chosen),
		]);
		if (list.total === 0) return [header, ...noticeOf(list, look, width, height - 1)];
		const version = `${lookVersion()} ${Math.floor(now / ageGrain)}`;
		const shown: DrawnRow<Row>[] = [];
		const last = Math.min(list.total, list.top + height - 1);
		for (let index = list.top; index < last; index++) {
			const row = rowAt(list, index);
			const isSelected = index === list.cursor;
			const isMarked = row !== undefined && look.isMarked?.(row, index) === true;
			const same = before.version === version ? before.rows[index - before.top] : undefined;
			if (same && same.row === row && same.isSelected === isSelected && same.isMarked === isMarked) {
				shown.push(same);
				continue;
			}
			const text =
				row === undefined
					? drawAbsent(width, isSelected)
					: drawOnce(row, isSelected, isMarked ? `${version} marked` : version, () =>
							drawRow(width, places, row, isSelected, now, isMarked),
						);
			shown.push({ row, isSelected, isMarked, text });
		}
		before = { version, top: list.top, rows: shown };
		return [header, ...shown.map(({ text }) => text)];
	};

	function drawOnce(row: Row, isSelected: boolean, version: string, draw: () => string): string {
		const looks = drawn.get(row) ?? [undefined, undefined];
		const at = isSelected ? 1 : 0;
		const known = looks[at];
		if (known?.version === version) return known.text;
		const text = draw();
		looks[at] = { version, text };
		drawn.set(row, looks);
		return text;
	}
}

interface Drawn {
	readonly version: string;
	readonly text: string;
}

interface DrawnRow<Row> {
	readonly row: Row | undefined;
	readonly isSelected: boolean;
	readonly isMarked: boolean;
	readonly text: string;
}

/** What a list looked like in the last frame: a key moves the cursor, and all other rows are as they were. */
interface DrawnRows<Row> {
	readonly version: string;
	readonly top: number;
	readonly rows: readonly DrawnRow<Row>[];
}

/** A row that is being asked for. */
function drawAbsent(width: number, isSelected: boolean): string {
	return line(width, [
		[isSelected ? "▌ " : "  ", "marker"],
		["…", "faint"],
	]);
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
							[keyOf("everywhere", "back"), "key"],
							[look.base === "" ? " clears the filter   " : " undoes the filter   ", "muted"],
						] as const)),
				[keyOf("list", "filter"), "key"],
				[" changes it", "muted"],
			],
		]);
	}
	return drawNotice(width, height, look.empty);
}
