/** The clipboard of the user's terminal, reached from afar with OSC 52 (xterm). Terminals may refuse without a word. */

/** What common terminals take in one sequence; one UDP packet for mosh. Bytes before base64. */
const longestCopy = 8_192;

/** Undefined when the text is too long to be taken everywhere. `c` names the clipboard; mosh takes no other. */
export function copySequence(text: string): string | undefined {
	const bytes = Buffer.from(text, "utf8");
	return bytes.length > longestCopy ? undefined : `\u001b]52;c;${bytes.toString("base64")}\u0007`;
}
