/** Where `#` goes: a row by its place, a part of the list, or what has a number or text in it. Pure. */

export type Jump =
	| { readonly kind: "row"; readonly index: number }
	/** To be looked for: a row with this id, or with this text in one of its columns. */
	| { readonly kind: "search"; readonly id: number | undefined; readonly text: string };

/** `17` the seventeenth row, `50%` the middle, `id:17` or `=17` what has that number, anything else is looked for. */
export function parseJump(typed: string, total: number): Jump | undefined {
	const text = typed.trim();
	if (text === "") return undefined;
	const percent = /^(\d{1,3}(?:\.\d+)?)\s*%$/.exec(text)?.[1];
	if (percent !== undefined) {
		return { kind: "row", index: Math.round((Math.min(100, Number(percent)) / 100) * Math.max(0, total - 1)) };
	}
	if (/^[\d,_]{1,15}$/.test(text) && /\d/.test(text)) {
		return { kind: "row", index: Math.max(0, Number(text.replace(/[,_]/g, "")) - 1) };
	}
	const id = /^(?:id:|=)\s*(\d{1,15})$/.exec(text)?.[1];
	return { kind: "search", id: id === undefined ? undefined : Number(id), text: text.toLowerCase() };
}

export function isFound(jump: Extract<Jump, { kind: "search" }>, id: number, texts: readonly string[]): boolean {
	if (jump.id !== undefined) return id === jump.id;
	return texts.some((text) => text.toLowerCase().includes(jump.text));
}
