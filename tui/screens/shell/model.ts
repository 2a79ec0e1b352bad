/** What a key of the user's terminal is to the program in the pane, whose modes may be others. Pure. */

/** Modes of the terminal in the pane. */
export interface PaneModes {
	readonly applicationCursorKeysMode: boolean;
	readonly bracketedPasteMode: boolean;
}

const paste = /^\u001b\[200~([\s\S]*)\u001b\[201~$/;
const cursorKey = /^\u001b\[([A-DFH])$/;

/** How terminals send ctrl with a character, `ctrl-]`: bare, and as kitty and xterm spell it. Empty for any other key. */
function sentFor(key: string): readonly string[] {
	const code = /^ctrl-(.)$/.exec(key)?.[1]?.charCodeAt(0);
	return code === undefined ? [] : [String.fromCharCode(code & 0x1f), `\u001b[${code};5u`, `\u001b[27;5;${code}~`];
}

/** What is sent for what was typed; null: it is one of the keys that leave the pane. */
export function typedInPane(text: string, modes: PaneModes, leaveKeys: readonly string[]): string | null {
	if (leaveKeys.some((key) => sentFor(key).includes(text))) return null;
	const pasted = paste.exec(text)?.[1];
	if (pasted !== undefined) {
		// An end mark in what is pasted would let the rest be taken for typing.
		const inner = pasted.replaceAll("\u001b[201~", "");
		return modes.bracketedPasteMode ? `\u001b[200~${inner}\u001b[201~` : inner.replaceAll(/\r?\n/g, "\r");
	}
	const cursor = cursorKey.exec(text)?.[1];
	return cursor !== undefined && modes.applicationCursorKeysMode ? `\u001bO${cursor}` : text;
}

/** Rows for what stands beside the shell, that part of all, and for the shell. One row lies between them. */
export function splitRows(rows: number, part: number): { readonly beside: number; readonly shell: number } {
	const beside = Math.max(3, Math.min(Math.round(rows * part), rows - 5));
	return { beside, shell: Math.max(4, rows - beside - 1) };
}

/** The part that comes to a row more or fewer than what is seen. */
export function splitStepped(part: number, by: 1 | -1, rows: number): number {
	return splitRows(rows, (splitRows(rows, part).beside + by) / rows).beside / rows;
}

/** What one call may carry. Characters. */
const mostAtOnce = 65_536;

/** A text in parts that a call may carry, no pair of surrogates cut in two. */
export function partsOf(text: string): string[] {
	const parts: string[] = [];
	for (let start = 0; start < text.length; ) {
		let end = Math.min(text.length, start + mostAtOnce);
		if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
		parts.push(text.slice(start, end));
		start = end;
	}
	return parts;
}
