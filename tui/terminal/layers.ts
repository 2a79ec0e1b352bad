/**
 * Surfaces laid over Ink's frame, row by row. A row remembers what it was made of, so that one made of the same pieces
 * again can be passed over.
 */
import { blank, blit, faintCell, type Row, readRow } from "./cells.ts";

export interface SurfacePlace {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	/** Higher lies on top. From `overlayLevel` on, everything below is drawn back. */
	readonly level: number;
}

/** Draws a surface: at most `height` strings, with SGR at most, each at most `width` columns. `origin` is where it stands. */
export type Draw = (
	width: number,
	height: number,
	origin: { readonly x: number; readonly y: number },
) => readonly string[];

export const overlayLevel = 10;
/** Over dialogs too: they may reach to where messages stand. */
export const messageLevel = overlayLevel + 1;
/** Lies over the screen without drawing it back: what comes and goes while one types. */
export const panelLevel = 5;

export interface Surface {
	readonly place: SurfacePlace;
	readonly draw: Draw;
	/** The strings of the last frame and the rows read from them: equal strings are not read again, wherever they stood. */
	strings: readonly string[];
	rows: Row[];
	/** Rows that were read lately, by their strings. */
	readonly read: Map<string, Row>;
}

/** What one row of the screen is made of, from the bottom up. */
export interface Layer {
	readonly row: Row;
	readonly parts: readonly { readonly surface: Surface; readonly source: Row }[];
	/** Some dialog is open, though not necessarily on this row. */
	readonly isUnderDialog: boolean;
	readonly isStale: boolean;
}

export function partsAt(ordered: readonly Surface[], y: number): { surface: Surface; source: Row }[] {
	const parts: { surface: Surface; source: Row }[] = [];
	for (const surface of ordered) {
		const source = surface.rows[y - surface.place.y];
		if (source && surface.place.x >= 0) parts.push({ surface, source });
	}
	return parts;
}

export function sameLayer(one: Layer, other: Layer): boolean {
	if (one.row !== other.row || one.parts.length !== other.parts.length) return false;
	if (one.isUnderDialog !== other.isUnderDialog || one.isStale !== other.isStale) return false;
	return one.parts.every((part, index) => {
		const twin = other.parts[index];
		return part.source === twin?.source && part.surface.place.x === twin.surface.place.x;
	});
}

function drawBack(row: Row): void {
	for (let column = 0; column < row.length; column++) row[column] = faintCell(row[column] ?? blank);
}

/**
 * Draws a surface anew; a row whose string was drawn lately, here or elsewhere in it, stays the same object. Rows of the
 * screen that have changed are marked in `touched`. A drawer that hands over the same array again says that nothing has.
 */
export function refresh(surface: Surface, touched: Uint8Array): void {
	const { width, height, y } = surface.place;
	const { strings: before, rows: known } = surface;
	const strings = surface.draw(width, height, surface.place);
	if (strings === before && known.length === height) return;
	const rows: Row[] = [];
	for (let line = 0; line < height; line++) {
		const text = strings[line] ?? "";
		const row = (before[line] === text && known[line]) || rowOf(surface, text, line);
		if (row !== known[line]) touched[y + line] = 1;
		rows.push(row);
	}
	surface.strings = strings;
	surface.rows = rows;
}

/** The row may have stood beside, as in a list that scrolls, or have been there a while ago, as before the cursor came to it. */
function rowOf({ strings, rows, read, place }: Surface, text: string, line: number): Row {
	for (const at of [line + 1, line - 1]) {
		const beside = strings[at] === text ? rows[at] : undefined;
		if (beside) return beside;
	}
	const known = read.get(text);
	if (known) return known;
	if (read.size >= keptRows) read.clear();
	const row = readRow(text, place.width);
	read.set(text, row);
	return row;
}

/** Of each surface; a few screens of it. */
const keptRows = 200;

/** The row as it is shown. */
export function layOver(layer: Layer): Row {
	const row = layer.row.slice();
	let faint = false;
	for (const { surface, source } of layer.parts) {
		const { x, height, level } = surface.place;
		if (level >= overlayLevel && !faint && layer.isUnderDialog) {
			faint = true;
			drawBack(row);
		}
		const isStale = layer.isStale && height > 1 && level < overlayLevel;
		blit(row, x, isStale ? source.map(faintCell) : source);
	}
	if (!faint && layer.isUnderDialog) drawBack(row);
	return row;
}
