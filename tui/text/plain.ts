/** What is on screen as text for elsewhere: a clipboard. Still harmless, as it may be pasted into a shell. */
import { harmless } from "./harmless.ts";

/** One line; pieces are joined as they stand. */
export function plainText(pieces: readonly (readonly [text: string, ...rest: unknown[]])[]): string {
	return harmless(pieces.map(([text]) => text).join(""))
		.replace(/\s+/g, " ")
		.trim();
}

/** Drawn lines without their looks. */
export function plainLines(lines: readonly string[]): string {
	return lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, "").trimEnd()).join("\n");
}
