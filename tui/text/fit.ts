/** Makes text fit a number of columns, exactly or at most, and wraps it. Text is made harmless on the way. */
import { harmless, harmlessLines } from "./harmless.ts";
import { graphemes, isAscii, widthOf } from "./width.ts";

/** More of a string than this is never looked at for one line: it could not be seen. Characters. */
const longestLine = 2_000;

export type Align = "left" | "right";

/** Exactly `width` columns: padded, or cut with `…` at the end. */
export function fitted(text: string, width: number, align: Align = "left"): string {
	const cut = truncate(text, width);
	const pad = " ".repeat(Math.max(0, width - widthOf(cut)));
	return align === "left" ? cut + pad : pad + cut;
}

/** At most `width` columns, cut with `…` at the end. */
export function truncate(text: string, width: number): string {
	if (width <= 0) return "";
	const seen = text.length > longestLine ? text.slice(0, longestLine) : text;
	if (isAscii(seen)) return seen.length <= width ? seen : `${seen.slice(0, width - 1)}…`;
	const safe = harmless(seen);
	if (widthOf(safe) <= width) return safe;
	return `${takeColumns(safe, width - 1)}…`;
}

/** The longest beginning of safe text that takes at most `width` columns. */
function takeColumns(text: string, width: number): string {
	let taken = "";
	let used = 0;
	for (const grapheme of graphemes(text)) {
		if (used + grapheme.width > width) break;
		taken += grapheme.text;
		used += grapheme.width;
	}
	return taken;
}

/** Breaks text at blanks into lines of at most `width` columns; a word that is longer is broken inside. */
export function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	for (const line of harmlessLines(text)) lines.push(...wrapLine(line, Math.max(1, width)));
	return lines;
}

function wrapLine(line: string, width: number): string[] {
	if (widthOf(line) <= width) return [line];
	const lines: string[] = [];
	const indent = " ".repeat(Math.min(/^ */.exec(line)?.[0].length ?? 0, Math.floor(width / 2)));
	let current = indent;
	for (const word of line.trim().split(/ +/)) {
		const joined = current.trim() === "" ? current + word : `${current} ${word}`;
		if (widthOf(joined) <= width) {
			current = joined;
			continue;
		}
		if (current.trim() !== "") lines.push(current);
		current = indent + word;
		while (widthOf(current) > width) {
			const head = takeColumns(current, width) || (graphemes(current)[0]?.text ?? "");
			if (head === "") break;
			lines.push(head);
			current = current.slice(Math.max(1, head.length));
		}
	}
	lines.push(current);
	return lines;
}
