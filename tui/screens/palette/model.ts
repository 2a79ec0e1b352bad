/** Finding an action by what it is called. Pure. */
import { keyLabel } from "../../keys/find-binding.ts";
import { scopeTitles } from "../../keys/keymap.ts";
import type { Action } from "../view.ts";

/** The actions that have every word typed in their name, description, key or place; in their order, the likeliest first. */
export function matching(actions: readonly Action[], typed: string): readonly Action[] {
	const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
	const [first = ""] = words;
	const found = actions.filter((action) => words.every((word) => textOf(action).includes(word)));
	return first === "" ? found : found.toSorted((one, other) => rank(one, first) - rank(other, first));
}

function textOf({ binding, scope }: Action): string {
	const keys = binding.keys.map(keyLabel).join(" ");
	return `${binding.action} ${binding.description} ${keys} ${scopeTitles[scope]}`.toLowerCase();
}

/** A name that begins with what was typed comes before one that merely contains it. */
function rank({ binding }: Action, word: string): number {
	const starts = (text: string) => text.toLowerCase().startsWith(word);
	if (starts(binding.action) || starts(binding.description)) return 0;
	return binding.description.toLowerCase().includes(word) ? 1 : 2;
}
