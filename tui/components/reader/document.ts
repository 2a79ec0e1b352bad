/** Text to be read: headings, paragraphs, fields and captured text, wrapped to a width. Drawn once per width. */

import type { ListFailure } from "../../state/paged-list.ts";
import { truncate, wrap } from "../../text/fit.ts";
import { line, type Piece, widthOfPieces } from "../../theme/line.ts";
import { lookVersion, styled, type Token } from "../../theme/look.ts";

export type Block =
	| { readonly kind: "heading"; readonly text: string; readonly figures?: readonly Piece[] }
	| { readonly kind: "text"; readonly text: string; readonly token?: Token; readonly indent?: number }
	/** Text as it was captured; a line at its left sets it apart. */
	| { readonly kind: "captured"; readonly text: string }
	| { readonly kind: "field"; readonly name: string; readonly pieces: readonly Piece[]; readonly look?: FieldLook }
	| { readonly kind: "pieces"; readonly pieces: readonly Piece[] }
	/** A paragraph with a mark before its first line. */
	| { readonly kind: "item"; readonly mark: Piece; readonly text: string; readonly token?: Token }
	| { readonly kind: "gap" };

/** Ends the details of a row while the rest of them is awaited. */
export const restAwaited: readonly Block[] = [
	{ kind: "gap" },
	{ kind: "text", text: "Asking for the rest …", token: "faint" },
];

/** What could not be had, and what to do then. */
export function failureBlocks({ message, hint }: ListFailure): Block[] {
	const told: Block = { kind: "text", text: message, token: "bad" };
	return hint === undefined ? [told] : [told, { kind: "text", text: hint, token: "muted" }];
}

/** How the names of fields stand: muted, and as wide as most are. */
interface FieldLook {
	readonly token: Token;
	readonly width: number;
}

/** Captured text beyond this is cut, with a note. Characters. */
const longestCapture = 16_000;
const plainField: FieldLook = { token: "muted", width: 14 };

const drawn = new WeakMap<readonly Block[], { width: number; look: number; lines: string[] }>();

/** Every line, each exactly `width` columns. */
export function drawDocument(blocks: readonly Block[], width: number): string[] {
	const known = drawn.get(blocks);
	const look = lookVersion();
	if (known?.width === width && known.look === look) return known.lines;
	const lines: string[] = [];
	for (const block of blocks) lines.push(...drawBlock(block, width, lines.length === 0));
	drawn.set(blocks, { width, look, lines });
	return lines;
}

function drawBlock(block: Block, width: number, isFirst: boolean): string[] {
	switch (block.kind) {
		case "gap":
			return [line(width, [])];
		case "heading": {
			const title = line(width, [[block.text, "accent"], ["  "], ...(block.figures ?? [])]);
			return isFirst ? [title] : [line(width, []), title];
		}
		case "text": {
			const indent = " ".repeat(block.indent ?? 0);
			return wrap(block.text, width - indent.length).map((text) =>
				line(width, [[indent], [text, block.token ?? "text"]]),
			);
		}
		case "captured":
			return capturedLines(block.text, width);
		case "field":
			return fieldLines(block.name, block.pieces, width, block.look ?? plainField);
		case "pieces":
			return [line(width, block.pieces)];
		case "item": {
			const [first = "", ...rest] = wrap(block.text, Math.max(1, width - 2));
			const token = block.token ?? "text";
			return [
				line(width, [block.mark, [" "], [first, token]]),
				...rest.map((text) => line(width, [["  "], [text, token]])),
			];
		}
	}
}

/** The value goes on under itself, broken at blanks; a word that is longer than a line is broken inside. */
function fieldLines(name: string, pieces: readonly Piece[], width: number, look: FieldLook): string[] {
	const room = Math.max(1, width - look.width);
	const lines: Piece[][] = [[[truncate(name, look.width - 1).padEnd(look.width), look.token]]];
	let left = room;
	for (const [text, token] of pieces) {
		for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
			const isFitting = widthOfPieces([[word]]) <= left;
			for (const [index, part] of (isFitting ? [word] : wrap(word.trimStart(), room)).entries()) {
				if (index > 0 || (!isFitting && left < room)) {
					if (lines.length === mostFieldLines) {
						lines.at(-1)?.push([" …", "faint"]);
						return lines.map((one) => line(width, one));
					}
					lines.push([[" ".repeat(look.width)]]);
					left = room;
				}
				lines.at(-1)?.push(token === undefined ? [part] : [part, token]);
				left -= widthOfPieces([[part]]);
			}
		}
	}
	return lines.map((one) => line(width, one));
}

/** A list of addresses or CVEs may be long, but a field is no paragraph. */
const mostFieldLines = 8;

function capturedLines(text: string, width: number): string[] {
	const cut =
		text.length > longestCapture
			? `${text.slice(0, longestCapture)}\n… ${text.length - longestCapture} more characters`
			: text;
	return wrap(cut.trimEnd(), width - 2).map((part) => styled("▏ ", "borderFocus") + line(width - 2, [[part, "text"]]));
}

/** The lines from `offset` on, and a mark at the foot when there is more. */
export function drawReader(blocks: readonly Block[], width: number, height: number, offset: number): string[] {
	const lines = drawDocument(blocks, width);
	const start = Math.max(0, Math.min(offset, lines.length - height));
	const shown = lines.slice(start, start + height);
	const below = lines.length - start - height;
	if (below > 0 && shown.length === height) {
		shown[height - 1] = line(width, [[`▼ ${below + 1} more lines`, "faint"]]);
	}
	return shown;
}

/** The offset after scrolling, held to the text. */
export function scrolled(blocks: readonly Block[], width: number, height: number, offset: number): number {
	const known = drawDocument(blocks, width);
	return Math.max(0, Math.min(offset, known.length - height));
}
