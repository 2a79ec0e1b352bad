/** A line being typed: text and a cursor between its characters. Pure. Pasted text is taken as one line. */
import type { EditingAction } from "../keys/editing-keys.ts";
import { graphemes, widthOf } from "../text/width.ts";

export interface TextField {
	readonly text: string;
	/** Offset in the text where the next character goes. */
	readonly cursor: number;
	/** Nobody wrote the text: what is typed first takes its place. */
	readonly isProposed?: true;
}

/** A filter or a target list is never longer. Characters. */
const longestText = 4_000;

export function textField(text = ""): TextField {
	return { text, cursor: text.length };
}

export function proposedText(text: string): TextField {
	return { ...textField(text), isProposed: true };
}

export function insertText(before: TextField, typed: string): TextField {
	const field = before.isProposed ? textField() : before;
	const clean = typed.replace(/[\r\n\t]+/g, " ").replace(/\p{C}/gu, "");
	const text = (field.text.slice(0, field.cursor) + clean + field.text.slice(field.cursor)).slice(0, longestText);
	return { text, cursor: Math.min(field.cursor + clean.length, text.length) };
}

export function editText(field: TextField, action: EditingAction): TextField {
	const { text, cursor } = field;
	const before = cursor - stepBack(text, cursor);
	const after = cursor + stepOn(text, cursor);
	switch (action) {
		case "left":
			return { text, cursor: before };
		case "right":
			return { text, cursor: after };
		case "start":
			return { text, cursor: 0 };
		case "end":
			return { text, cursor: text.length };
		case "backspace":
			return { text: text.slice(0, before) + text.slice(cursor), cursor: before };
		case "delete":
			return { text: text.slice(0, cursor) + text.slice(after), cursor };
		case "clear":
			return { text: text.slice(cursor), cursor: 0 };
		case "word": {
			const start = text.slice(0, cursor).replace(/\S+\s*$/, "").length;
			return { text: text.slice(0, start) + text.slice(cursor), cursor: start };
		}
		case "accept":
		case "leave":
			return field;
	}
}

/** The part of the text that fits `width` columns around the cursor, and the cursor's column in it. */
export function visibleText(field: TextField, width: number): { text: string; column: number } {
	let start = 0;
	while (widthOf(field.text.slice(start, field.cursor)) >= width && start < field.cursor) {
		start += stepOn(field.text, start);
	}
	return { text: field.text.slice(start), column: widthOf(field.text.slice(start, field.cursor)) };
}

function stepBack(text: string, at: number): number {
	const last = graphemes(text.slice(0, at)).at(-1);
	return last ? last.text.length : Math.min(1, at);
}

function stepOn(text: string, at: number): number {
	const [first] = graphemes(text.slice(at, at + 20));
	return first ? first.text.length : Math.min(1, text.length - at);
}

/** The same with a dot for each character: for what nobody may read over a shoulder. */
export function hiddenText({ text, cursor }: TextField): TextField {
	const dots = (part: string) => "•".repeat(graphemes(part).length);
	return { text: dots(text), cursor: dots(text.slice(0, cursor)).length };
}
