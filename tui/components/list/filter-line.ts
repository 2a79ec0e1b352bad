/** The filter being typed over a list: asked for while typing, taken with Enter, undone with Escape. */
import { editingAction } from "../../keys/find-binding.ts";
import { editText, insertText, type TextField, textField } from "../../state/text-field.ts";

/** The daemon is asked when typing pauses this long. Milliseconds. */
const pauseMs = 150;

export interface FilterLine {
	/** Undefined while nothing is being typed. */
	field(): TextField | undefined;
	open(text: string): void;
	takeKey(key: string): boolean;
	takePaste(text: string): void;
	close(): void;
}

export function createFilterLine(ask: (filter: string) => void, changed: () => void): FilterLine {
	let field: TextField | undefined;
	let before = "";
	let asked = "";
	let timer: NodeJS.Timeout | undefined;

	function askNow(): void {
		clearTimeout(timer);
		const filter = field?.text.trim() ?? before;
		if (filter !== asked) ask(filter);
		asked = filter;
	}

	function edit(next: TextField): void {
		field = next;
		clearTimeout(timer);
		timer = setTimeout(askNow, pauseMs);
		changed();
	}

	function close(): void {
		clearTimeout(timer);
		field = undefined;
		changed();
	}

	return {
		field: () => field,
		open(text) {
			before = text;
			asked = text;
			field = textField(text);
			changed();
		},
		takeKey(key) {
			if (!field) return false;
			const action = editingAction(key);
			if (action === "accept") {
				askNow();
				close();
			} else if (action === "leave") {
				field = textField(before);
				askNow();
				close();
			} else if (action) edit(editText(field, action));
			else if (key === "space") edit(insertText(field, " "));
			else if ([...key].length === 1) edit(insertText(field, key));
			return true;
		},
		takePaste(text) {
			if (field) edit(insertText(field, text));
		},
		close: () => clearTimeout(timer),
	};
}
