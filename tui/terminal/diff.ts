/**
 * The bytes that turn one screen into another: rows that merely moved are scrolled, the rest is told cell by cell.
 * Pure; the caller keeps the screens. Addresses are absolute, nothing is erased before it is written.
 */

import { asciiTwin, type LetterWidth } from "../text/letters.ts";
import { isAscii } from "../text/width.ts";
import { blank, blankRow, type Cell, type Row } from "./cells.ts";
import type { Rendering } from "./colour.ts";
import { blankStyle, plainStyle, type Style, sgrBetween } from "./style.ts";

/** Unchanged cells between two changed ones are rewritten when that is shorter than moving the cursor. */
const rewriteGap = 4;
/** Fewer moved rows than this are not worth a scroll. */
const leastScroll = 4;
const farthestScroll = 24;

interface Pen {
	out: string;
	/** Where the terminal's cursor is; -1: not known. */
	row: number;
	column: number;
	style: Style;
	readonly rendering: Rendering;
	readonly letters: LetterWidth;
}

export interface DiffPart {
	/** No further row is begun behind this. Characters. */
	readonly most: number;
	/** Which rows come first. */
	readonly order: readonly number[];
}

/** `before` is changed in place to what the terminal shows after it: the rows of `after`, where it is not a part, all of them. */
export function encodeDiff(
	before: Row[],
	after: readonly Row[],
	rendering: Rendering,
	letters: LetterWidth = "narrow",
	part?: DiffPart,
): string {
	const pen: Pen = { out: "", row: -1, column: -1, style: plainStyle, rendering, letters };
	pen.out += scrollMoved(before, after);
	for (const row of part?.order ?? after.keys()) {
		const old = before[row];
		const wanted = after[row];
		if (!old || !wanted || old === wanted) continue;
		if (part && pen.out.length >= part.most) break;
		writeRow(pen, row, old, wanted);
		before[row] = wanted;
	}
	pen.out += sgrBetween(pen.style, plainStyle, rendering);
	return pen.out;
}

function writeRow(pen: Pen, row: number, old: Row, wanted: Row): void {
	const columns = wanted.length;
	const tail = startOfBlankTail(wanted);
	const eraseTail = columns - tail > rewriteGap && changesFrom(old, wanted, tail) > rewriteGap;
	const end = eraseTail ? tail : columns;
	for (let column = 0; column < end; column++) {
		if (isChanged(old, wanted, column)) column = writeSpan(pen, row, column, old, wanted, end);
	}
	if (eraseTail) {
		moveTo(pen, row, tail);
		takeStyle(pen, blank);
		pen.out += "\u001b[K";
	}
}

/** A cell beside one that terminals disagree about is written again with it: it may have been overdrawn. */
function isChanged(old: Row, wanted: Row, column: number): boolean {
	if (old[column] !== wanted[column]) return true;
	const was = old[column - 1];
	const is = wanted[column - 1];
	return was !== is && was !== undefined && is !== undefined && !(was.sure && is.sure);
}

/** Writes from a changed cell to the last one before a gap that is cheaper to jump over; returns that last column. */
function writeSpan(pen: Pen, row: number, start: number, old: Row, wanted: Row, end: number): number {
	let past = start + 1;
	for (let column = past; column < end && column - past <= rewriteGap; column++) {
		if (isChanged(old, wanted, column)) past = column + 1;
	}
	const first = wanted[start]?.width === 0 && start > 0 ? start - 1 : start;
	moveTo(pen, row, first);
	for (let column = first; column < past; column++) {
		const cell = wanted[column];
		if (cell) writeCell(pen, cell, column);
	}
	return wanted[past - 1]?.width === 2 ? past : past - 1;
}

function writeCell(pen: Pen, cell: Cell, column: number): void {
	if (cell.width === 0) return;
	takeStyle(pen, cell);
	const text = pen.letters === "narrow" ? cell.text : asciiTwin(cell.text);
	// Where ambiguous signs are wide, the cursor cannot be trusted behind any that has no twin.
	if (cell.sure && (pen.letters !== "wide" || cell.width === 2 || isAscii(text))) {
		pen.out += text;
		pen.column = column + cell.width;
		return;
	}
	// A terminal that draws this narrower must not leave the old half standing, and one that disagrees moves its cursor elsewhere.
	const place = `\u001b[${column + 1}G`;
	pen.out += cell.width === 2 ? `  ${place}${text}` : text;
	pen.out += `\u001b[${column + cell.width + 1}G`;
	pen.column = column + cell.width;
}

/** A blank is written in whatever colour the pen has: between words that look the same, nothing needs to be said. */
function takeStyle(pen: Pen, cell: Cell): void {
	if (pen.style === cell.style || (cell.text === " " && blankStyle(pen.style) === cell.style)) return;
	pen.out += sgrBetween(pen.style, cell.style, pen.rendering);
	pen.style = cell.style;
}

function moveTo(pen: Pen, row: number, column: number): void {
	if (pen.row === row && pen.column === column) return;
	pen.out += pen.row === row ? `\u001b[${column + 1}G` : `\u001b[${row + 1};${column + 1}H`;
	pen.row = row;
	pen.column = column;
}

function startOfBlankTail(row: Row): number {
	let start = row.length;
	while (start > 0 && row[start - 1] === blank) start--;
	return start;
}

function changesFrom(old: Row, wanted: Row, start: number): number {
	let changed = 0;
	for (let column = start; column < wanted.length; column++) if (old[column] !== wanted[column]) changed++;
	return changed;
}

/** Finds the one block of rows that moved up or down the most usefully, and scrolls it. */
function scrollMoved(before: Row[], after: readonly Row[]): string {
	const changed = after.map((row, index) => !sameRow(row, before[index]));
	if (changed.filter(Boolean).length < leastScroll) return "";
	const oldHashes = before.map(hashOf);
	const newHashes = after.map(hashOf);
	let best = { gain: leastScroll - 1, start: 0, end: 0, shift: 0 };
	for (let shift = -farthestScroll; shift <= farthestScroll; shift++) {
		if (shift === 0) continue;
		let start = -1;
		let gain = 0;
		for (let row = 0; row <= after.length; row++) {
			const moved =
				row < after.length && oldHashes[row + shift] === newHashes[row] && sameRow(after[row], before[row + shift]);
			if (moved) {
				if (start < 0) start = row;
				if (changed[row]) gain++;
				continue;
			}
			// Rows that were right before the scroll and are not after it cost what they did not cost before.
			if (start >= 0 && gain - Math.abs(shift) > best.gain)
				best = { gain: gain - Math.abs(shift), start, end: row - 1, shift };
			start = -1;
			gain = 0;
		}
	}
	return best.shift === 0 ? "" : scrollBlock(before, best.start, best.end, best.shift);
}

/** Rows `start` to `end` (of the new screen) are found `shift` rows further down (up when negative) in the old one. */
function scrollBlock(before: Row[], start: number, end: number, shift: number): string {
	const top = Math.min(start, start + shift);
	const bottom = Math.max(end, end + shift);
	const columns = before[0]?.length ?? 0;
	const moved = before.slice(start + shift, end + shift + 1);
	for (let row = top; row <= bottom; row++) before[row] = moved[row - start] ?? blankRow(columns);
	const direction = shift > 0 ? `${shift}S` : `${-shift}T`;
	return `\u001b[${top + 1};${bottom + 1}r\u001b[${direction}\u001b[r`;
}

function sameRow(one: Row | undefined, other: Row | undefined): boolean {
	if (one === other) return true;
	if (!one || !other || one.length !== other.length) return false;
	for (let column = 0; column < one.length; column++) if (one[column] !== other[column]) return false;
	return true;
}

const hashes = new WeakMap<Row, number>();

/** FNV-1a over cell ids. Rows are not changed once they have been shown, so it is kept. */
function hashOf(row: Row): number {
	const known = hashes.get(row);
	if (known !== undefined) return known;
	let hash = 0x811c9dc5;
	for (const cell of row) hash = Math.imul(hash ^ cell.id, 0x01000193);
	hashes.set(row, hash);
	return hash;
}
