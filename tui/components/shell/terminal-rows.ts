/**
 * A terminal's screen as strings with SGR at most. What the far side sent has been read into cells; of these only
 * characters that can be seen come out here, and no more looks than a screen needs.
 */
import type { IBufferCell, Terminal } from "@xterm/headless";
import { harmless } from "../../text/harmless.ts";
import { widthOf } from "../../text/width.ts";

/** A far side that names ever new colours would fill the tables of looks: beyond this many it gets the sixteen. */
const mostLooks = 1_500;

export interface TerminalRows {
	/** The rows that are on the screen now, each at most as wide as the terminal. */
	draw(): string[];
}

export function createTerminalRows(terminal: Terminal): TerminalRows {
	const looks = new Set<string>();
	let cell: IBufferCell | undefined;

	function rowOf(y: number): string {
		const buffer = terminal.buffer.active;
		const line = buffer.getLine(buffer.viewportY + y);
		if (line === undefined) return "";
		let out = "";
		let look = "";
		for (let x = 0; x < terminal.cols; x++) {
			cell = line.getCell(x, cell);
			if (cell === undefined) break;
			if (cell.getWidth() === 0) continue;
			const wanted = lookOf(cell, looks);
			if (wanted !== look) out += `\u001b[0${wanted}m`;
			look = wanted;
			out += visible(cell.getChars(), cell.getWidth());
		}
		return look === "" ? out : `${out}\u001b[0m`;
	}

	return { draw: () => Array.from({ length: terminal.rows }, (_, y) => rowOf(y)) };
}

/** What a cell shows, in as many columns as it had: what would steer, turn, hide or be drawn wider is a dot. */
function visible(chars: string, width: number): string {
	if (chars === "") return " ".repeat(width);
	return harmless(chars) === chars.normalize("NFC") && widthOf(chars) === width ? chars : "·".padEnd(width);
}

/** Parameters of SGR after the reset, each with its semicolon before it. */
function lookOf(cell: IBufferCell, looks: Set<string>): string {
	const wanted = sgrOf(cell, false);
	if (wanted === "" || looks.has(wanted)) return wanted;
	if (looks.size >= mostLooks) return sgrOf(cell, true);
	looks.add(wanted);
	return wanted;
}

function sgrOf(cell: IBufferCell, isPlain: boolean): string {
	let sgr = "";
	if (cell.isBold()) sgr += ";1";
	if (cell.isDim()) sgr += ";2";
	if (cell.isItalic()) sgr += ";3";
	if (cell.isUnderline()) sgr += ";4";
	if (cell.isInverse()) sgr += ";7";
	if (cell.isStrikethrough()) sgr += ";9";
	if (cell.isFgPalette()) sgr += paletteSgr(cell.getFgColor(), 38, isPlain);
	else if (cell.isFgRGB() && !isPlain) sgr += rgbSgr(cell.getFgColor(), 38);
	if (cell.isBgPalette()) sgr += paletteSgr(cell.getBgColor(), 48, isPlain);
	else if (cell.isBgRGB() && !isPlain) sgr += rgbSgr(cell.getBgColor(), 48);
	return sgr;
}

function paletteSgr(index: number, ground: 38 | 48, isPlain: boolean): string {
	return isPlain && index > 15 ? "" : `;${ground};5;${index}`;
}

function rgbSgr(rgb: number, ground: 38 | 48): string {
	return `;${ground};2;${(rgb >> 16) & 255};${(rgb >> 8) & 255};${rgb & 255}`;
}
