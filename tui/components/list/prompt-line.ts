/** One line that is typed and taken with Enter, or left with Escape: where to go, a name. */
import { editingAction } from "../../keys/find-binding.ts";
import { editText, insertText, type TextField, textField } from "../../state/text-field.ts";

export interface PromptLine {
	/** Undefined while nothing is being typed. */
	field(): TextField | undefined;
	open(text: string): void;
	takeKey(key: string): boolean;
	takePaste(text: string): void;
}

export function createPromptLine(accept: (text: string) => void, changed: () => void): PromptLine {
	let field: TextField | undefined;
	const edit = (next: TextField | undefined) => {
		field = next;
		changed();
	};
	return {
		field: () => field,
		open: (text) => edit(textField(text)),
		takeKey(key) {
			if (!field) return false;
			const action = editingAction(key);
			const { text } = field;
			if (action === "accept" || action === "leave") {
				edit(undefined);
				if (action === "accept") accept(text);
			} else if (action) edit(editText(field, action));
			else if (key === "space") edit(insertText(field, " "));
			else if ([...key].length === 1) edit(insertText(field, key));
			return true;
		},
		takePaste(text) {
			if (field) edit(insertText(field, text));
		},
	};
}
