/**
 * A line of the screen: pieces of text with a meaning, fitted to a width. Every string passes through `harmless` here,
 * so nothing drawn with these functions can carry a control byte to the terminal.
 */
import { fitted, truncate } from "../text/fit.ts";
import { isAscii, widthOf } from "../text/width.ts";
import { styled, type Token } from "./look.ts";

/** Text and what it means. */
export type Piece = readonly [text: string, token?: Token];

/** Exactly `width` columns: the pieces one after another, the last that does not fit cut, the rest blank. */
export function line(width: number, pieces: readonly Piece[], base: Token = "text"): string {
	let out = "";
	let left = width;
	for (const [text, token] of pieces) {
		if (left <= 0) break;
		const isWhole = text.length <= left && isAscii(text);
		const cut = isWhole ? text : truncate(text, left);
		left -= isWhole ? text.length : widthOf(cut);
		out += styled(cut, token ?? "text", base);
	}
	return left > 0 ? out + styled(" ".repeat(left), "text", base) : out;
}

/** Exactly `width` columns with pieces at both ends; the right end gives way when there is no room for both. */
export function spread(width: number, left: readonly Piece[], right: readonly Piece[], base: Token = "text"): string {
	const rightWidth = widthOfPieces(right);
	const leftWidth = widthOfPieces(left);
	if (rightWidth === 0 || leftWidth + rightWidth + 1 > width) return line(width, left, base);
	return line(width - rightWidth, left, base) + line(rightWidth, right, base);
}

/** A piece of exactly `width` columns. */
export function cell(text: string, width: number, token?: Token, align: "left" | "right" = "left"): Piece {
	return token === undefined ? [fitted(text, width, align)] : [fitted(text, width, align), token];
}

/** No screen has more. Columns. */
const widest = 1_000;

export function widthOfPieces(pieces: readonly Piece[]): number {
	let width = 0;
	for (const [text] of pieces) {
		const isWhole = text.length <= widest && isAscii(text);
		width += isWhole ? text.length : widthOf(truncate(text, widest));
	}
	return width;
}

/** As many pieces groups as fit, in order of their worth: the first are kept longest. */
export function fitting(width: number, groups: readonly (readonly Piece[])[], gap = 1): Piece[] {
	const kept: Piece[] = [];
	let left = width;
	for (const group of groups) {
		const needs = widthOfPieces(group) + (kept.length > 0 ? gap : 0);
		if (needs > left) continue;
		if (kept.length > 0) kept.push([" ".repeat(gap)]);
		kept.push(...group);
		left -= needs;
	}
	return kept;
}
