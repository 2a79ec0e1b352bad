/**
 * A screen as rows of cells. Cells are interned, so two cells look the same exactly when they are the same object;
 * a row is read from a string with SGR sequences and is always as wide as asked, never wider.
 */
import { graphemes, isSurelyNarrow } from "../text/width.ts";
import { applySgr, attribute, blankStyle, internStyle, plainStyle, type Style } from "./style.ts";

export interface Cell {
	readonly id: number;
	readonly text: string;
	/** 0: the right half of the wide cell before it. */
	readonly width: 0 | 1 | 2;
	readonly style: Style;
	readonly sure: boolean;
	/** The same drawn back, once it was asked for: a dialog asks for every cell of the screen. */
	faint: Cell | undefined;
}

export type Row = Cell[];

let interned = new Map<string, Cell>();
let asciiOfStyle = new Map<Style, Cell[]>();
let narrowOfStyle = new Map<Style, Map<number, Cell>>();
let nextId = 1;
/** Enough for any screen many times over; host text could otherwise grow the table for ever. */
const internLimit = 50_000;

export const blank: Cell = { id: 0, text: " ", width: 1, style: plainStyle, sure: true, faint: undefined };

/** Blanks that look the same are the same, whatever colour a letter in their place would have. */
export function cellOf(text: string, width: 0 | 1 | 2, wanted: Style, sure: boolean): Cell {
	const style = text === " " ? blankStyle(wanted) : wanted;
	if (text === " " && style === plainStyle) return blank;
	const key = `${style.id} ${width}${text}`;
	const known = interned.get(key);
	if (known) return known;
	const cell: Cell = { id: nextId++, text, width, style, sure, faint: undefined };
	interned.set(key, cell);
	return cell;
}

/** Forgets interned cells when there are too many. True: rows made before no longer compare equal; paint everything. */
export function trimCells(): boolean {
	if (interned.size < internLimit) return false;
	interned = new Map();
	asciiOfStyle = new Map();
	narrowOfStyle = new Map();
	return true;
}

export function blankRow(columns: number): Row {
	return new Array<Cell>(columns).fill(blank);
}

/** Reads a painted string into exactly `columns` cells. Sequences other than SGR and control bytes are left out. */
export function readRow(text: string, columns: number): Row {
	const row: Row = [];
	let style = plainStyle;
	let ascii = asciiCells(style);
	let index = 0;
	while (index < text.length && row.length < columns) {
		const code = text.charCodeAt(index);
		if (code >= 0x20 && code <= 0x7e && !(text.charCodeAt(index + 1) >= 0x300)) {
			row.push(ascii[code] ?? asciiCell(code, style, ascii));
			index++;
		} else if (code === 0x1b) {
			const end = endOfSequence(text, index);
			if (text.charCodeAt(end - 1) === 0x6d && !isIntermediate(text.charCodeAt(end - 2))) {
				style = applySgr(style, text.slice(index + 2, end - 1));
				ascii = asciiCells(style);
			}
			index = Math.max(end, index + 1);
		} else if (isSurelyNarrow(code) && isApart(text.charCodeAt(index + 1))) {
			row.push(narrowCell(code, style));
			index++;
		} else {
			const end = endOfRun(text, index);
			pushRun(row, text.slice(index, end), style, columns);
			index = end;
		}
	}
	while (row.length < columns) row.push(blank);
	return row;
}

/** The longest parameters of a control sequence, and the most bytes between them and its last. Characters. */
const longest = { parameters: 64, intermediates: 4 } as const;

/** Behind the control sequence that starts here (ECMA-48 5.4: digits and separators, intermediate bytes, a last one); 0: it is none. */
function endOfSequence(text: string, start: number): number {
	if (text.charCodeAt(start + 1) !== 0x5b) return 0;
	let end = start + 2;
	const most = end + longest.parameters;
	while (end < most && isParameter(text.charCodeAt(end))) end++;
	const behind = end + longest.intermediates;
	while (end < behind && isIntermediate(text.charCodeAt(end))) end++;
	return isBetween(text.charCodeAt(end), 0x40, 0x7e) ? end + 1 : 0;
}

function isParameter(code: number): boolean {
	return isBetween(code, 0x30, 0x3b);
}

function isIntermediate(code: number): boolean {
	return isBetween(code, 0x20, 0x2f);
}

function isBetween(code: number, first: number, last: number): boolean {
	return code >= first && code <= last;
}

/** The end of a run of non-ASCII. It may start with one ASCII character: the base of a combining mark. */
function endOfRun(text: string, start: number): number {
	let end = start + 1;
	while (end < text.length) {
		const code = text.charCodeAt(end);
		if (code === 0x1b || (code >= 0x20 && code <= 0x7e)) break;
		end++;
	}
	return end;
}

function pushRun(row: Row, run: string, style: Style, columns: number): void {
	for (const grapheme of graphemes(stripControls(run))) {
		if (row.length + grapheme.width > columns) {
			while (row.length < columns) row.push(cellOf(" ", 1, style, true));
			return;
		}
		row.push(cellOf(grapheme.text, grapheme.width, style, grapheme.sure));
		if (grapheme.width === 2) row.push(cellOf("", 0, style, true));
	}
}

function stripControls(text: string): string {
	return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
}

/** The cells of printable ASCII in this style that there are already, by code. */
function asciiCells(style: Style): Cell[] {
	const known = asciiOfStyle.get(style);
	if (known) return known;
	const cells: Cell[] = [];
	asciiOfStyle.set(style, cells);
	return cells;
}

/** What begins here joins with nothing before it: the end, a sequence, ASCII, or a letter that stands by itself. */
function isApart(unit: number): boolean {
	return Number.isNaN(unit) || unit === 0x1b || isSurelyNarrow(unit);
}

/** Frames, dots and accents are as frequent as letters. */
function narrowCell(code: number, style: Style): Cell {
	let cells = narrowOfStyle.get(style);
	if (!cells) {
		cells = new Map();
		narrowOfStyle.set(style, cells);
	}
	const known = cells.get(code);
	if (known) return known;
	const cell = cellOf(String.fromCharCode(code), 1, style, true);
	cells.set(code, cell);
	return cell;
}

function asciiCell(code: number, style: Style, cells: Cell[]): Cell {
	const cell = cellOf(String.fromCharCode(code), 1, style, true);
	cells[code] = cell;
	return cell;
}

/** The same cell drawn back: grey, without background. What lies under a dialog and what is out of date look so. */
export function faintCell(cell: Cell): Cell {
	if (cell.faint) return cell.faint;
	const kept = cell.style.attributes & ~(attribute.bold | attribute.inverse | attribute.underline);
	cell.faint = cellOf(cell.text, cell.width, internStyle({ rgb: 0x5c6370 }, undefined, kept), cell.sure);
	return cell.faint;
}

/** Puts `source` into `target` from column `x` on; a wide cell cut in half at either edge becomes blank. */
export function blit(target: Row, x: number, source: Row): void {
	const end = Math.min(x + source.length, target.length);
	if (x > 0 && target[x]?.width === 0) target[x - 1] = blank;
	if (target[end]?.width === 0) target[end] = blank;
	for (let column = x; column < end; column++) target[column] = source[column - x] ?? blank;
	const last = target[end - 1];
	if (last?.width === 2) target[end - 1] = blank;
}
