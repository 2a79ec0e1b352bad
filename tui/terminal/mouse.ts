/** What a mouse says, in the SGR spelling (xterm, mode 1006). Pure. Presses, drawing and the wheel; the rest is the terminal's. */

export type MouseEvent =
	/** Columns and rows from 0. */
	| { readonly kind: "press" | "drag" | "release"; readonly x: number; readonly y: number }
	| { readonly kind: "wheel"; readonly x: number; readonly y: number; readonly by: 1 | -1 };

/**
 * Presses, releases and what is moved between them (1002, and 1000 for terminals without) in the SGR spelling (1006): nothing is
 * sent while no button is held.
 */
export const mouseOn = "\u001b[?1000h\u001b[?1002h\u001b[?1006h";
export const mouseOff = "\u001b[?1006l\u001b[?1002l\u001b[?1000l";

/** What a terminal sends when it loses the focus (mode 1004). */
export const focusLost = "\u001b[O";

/** Undefined for what the console has no use for: other buttons, buttons with shift, broken sequences. */
export function readMouse(sequence: string): MouseEvent | undefined {
	const found = /^\u001b\[<(\d{1,3});(\d{1,4});(\d{1,4})([Mm])$/.exec(sequence);
	if (!found) return undefined;
	const [button = 0, column = 0, row = 0] = found.slice(1, 4).map(Number);
	if (column < 1 || row < 1) return undefined;
	const at = { x: column - 1, y: row - 1 };
	if (found[4] === "m") return button === 0 ? { kind: "release", ...at } : undefined;
	if (button === 32) return { kind: "drag", ...at };
	if (button === 0) return { kind: "press", ...at };
	if (button === 64 || button === 65) return { kind: "wheel", ...at, by: button === 64 ? -1 : 1 };
	return undefined;
}
