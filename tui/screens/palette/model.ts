/** Finding an action by what it is called. Pure. */
import { keyLabel } from "../../keys/find-binding.ts";
import { keymapInForce } from "../../keys/in-force.ts";
import type { Scope } from "../../keys/keymap.ts";
import { scopeTitles } from "../../keys/scope-titles.ts";
import type { Action } from "../view.ts";

/** What an action is found by. */
export type Named = Pick<Action, "binding" | "scope">;

/** The actions that have every word typed in their name, description, key or place; in their order, the likeliest first. */
export function matching<A extends Named>(actions: readonly A[], typed: string): readonly A[] {
	const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
	const [first = ""] = words;
	const found = actions.filter((action) => words.every((word) => textOf(action).includes(word)));
	return first === "" ? found : found.toSorted((one, other) => rank(one, first) - rank(other, first));
}

/** Keys of dialogs are told in them. */
const dialogs: ReadonlySet<Scope> = new Set(["form", "palette", "command", "choice"]);

/** Those of other screens that what was typed names; nothing typed names none. */
export function elsewhere(here: readonly Named[], typed: string): readonly Named[] {
	if (typed.trim() === "") return [];
	const inReach = new Set(here.map(({ scope }) => scope));
	const others = (Object.keys(scopeTitles) as Scope[]).filter((scope) => !inReach.has(scope) && !dialogs.has(scope));
	const keys = keymapInForce();
	return matching(
		others.flatMap((scope) => keys[scope].map((binding) => ({ binding, scope }))),
		typed,
	);
}

function textOf({ binding, scope }: Named): string {
	const keys = binding.keys.map(keyLabel).join(" ");
	return `${binding.action} ${binding.description} ${keys} ${scopeTitles[scope]}`.toLowerCase();
}

/** A name that begins with what was typed comes before one that merely contains it. */
function rank({ binding }: Named, word: string): number {
	const starts = (text: string) => text.toLowerCase().startsWith(word);
	if (starts(binding.action) || starts(binding.description)) return 0;
	return binding.description.toLowerCase().includes(word) ? 1 : 2;
}
