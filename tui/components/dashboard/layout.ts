/** Where the boxes of a dashboard stand on a screen of a size. Pure. */
import type { DashboardWidget } from "../../../protocol/model/dashboard.ts";

/** A box of a row, by its place on the dashboard, with its share of the row's width. */
export interface PlacedBox {
	readonly at: number;
	readonly share: number;
}
export interface PlacedRow {
	readonly boxes: readonly PlacedBox[];
	readonly height: number;
}
export interface Board {
	readonly rows: readonly PlacedRow[];
	/** The first row that is shown. */
	readonly top: number;
	/** Boxes that are above and below what is shown, by their place. */
	readonly hidden: readonly number[];
}

/** Rows of a box by its `height`, edges included, on a low screen and on others. */
const lowHeights = [5, 7, 11] as const;
const heights = [6, 9, 14] as const;
const lowScreen = 26;
/** Three boxes side by side need these many columns, two these. */
const wide = 120;
const narrow = 72;

/** What fits below each other from `top` on, moved so that the box `focus` is among it, and drawn to what room there is. */
export function placeBoxes(
	widgets: readonly DashboardWidget[],
	size: { readonly columns: number; readonly rows: number },
	focus: number,
	top: number,
): Board {
	const all = rowsOfBoxes(widgets, size);
	const total = (from: number, to: number) => all.slice(from, to).reduce((sum, row) => sum + leastOf(row), 0);
	// A line tells of the boxes that are not on screen.
	const room = total(0, all.length) <= size.rows ? size.rows : size.rows - 1;
	const focused = Math.max(
		0,
		all.findIndex(({ boxes }) => boxes.some(({ at }) => at === focus)),
	);
	let first = Math.min(top, focused, Math.max(0, all.length - 1));
	while (first < focused && total(first, focused + 1) > room) first++;
	let last = first + 1;
	while (last < all.length && total(first, last + 1) <= room) last++;
	while (first > 0 && total(first - 1, last) <= room) first--;
	const shown = all.slice(first, last);
	const hidden = [...all.slice(0, first), ...all.slice(last)].flatMap(({ boxes }) => boxes.map(({ at }) => at));
	return { rows: shareOut(shown, room), top: first, hidden };
}

/** From left to right, a new row where the next does not fit; the boxes of a row share what it has left. */
function rowsOfBoxes(
	widgets: readonly DashboardWidget[],
	{ columns, rows }: { readonly columns: number; readonly rows: number },
): PlacedRow[] {
	const across = columns >= wide ? 3 : columns >= narrow ? 2 : 1;
	const steps = rows < lowScreen ? lowHeights : heights;
	const placed: PlacedRow[] = [];
	let used = across;
	for (const [at, widget] of widgets.entries()) {
		const share = Math.min(widget.width, across);
		const height = steps[widget.height - 1] ?? steps[0];
		const row = placed.at(-1);
		if (row === undefined || used + share > across) {
			placed.push({ boxes: [{ at, share }], height });
			used = share;
		} else {
			placed[placed.length - 1] = {
				boxes: [...row.boxes, { at, share }],
				height: Math.max(row.height, height),
			};
			used += share;
		}
	}
	return placed;
}

/** A row gives up a quarter of its height where another row comes on screen by that. */
function leastOf({ height }: PlacedRow): number {
	return height - Math.floor(height / 4);
}

/** What is left over brings each row to its height, and goes to all of them in turn after that. */
function shareOut(shown: readonly PlacedRow[], room: number): PlacedRow[] {
	const given = shown.map(leastOf);
	const lacking = (index: number) => (shown[index]?.height ?? 0) - (given[index] ?? 0);
	const all = given.map((_, index) => index);
	for (let left = room - given.reduce((sum, height) => sum + height, 0), turn = 0; left > 0 && all.length > 0; left--) {
		const [neediest = 0] = all.toSorted((a, b) => lacking(b) - lacking(a));
		const index = lacking(neediest) > 0 ? neediest : turn++ % all.length;
		given[index] = (given[index] ?? 0) + 1;
	}
	// A single box taller than the screen is cut rather than pushed off it.
	return shown.map((row, index) => ({ ...row, height: Math.min(given[index] ?? row.height, room) }));
}

/** The box nearest in the row above or below; the same when there is none. */
export function stepRow(widgets: readonly DashboardWidget[], columns: number, from: number, by: 1 | -1): number {
	const all = rowsOfBoxes(widgets, { columns, rows: 0 });
	const row = all.findIndex(({ boxes }) => boxes.some(({ at }) => at === from));
	const target = all[row + by];
	const here = all[row];
	if (target === undefined || here === undefined) return from;
	const index = here.boxes.findIndex(({ at }) => at === from);
	const place = Math.round((index / here.boxes.length) * target.boxes.length);
	return target.boxes[Math.min(place, target.boxes.length - 1)]?.at ?? from;
}
