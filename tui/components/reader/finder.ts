/** Finding words in lines, forth, back and round: what is looked for and what is said of it. Where the lines are it is told. */
import { keyOf } from "../../keys/find-binding.ts";
import type { ActionOf } from "../../keys/keymap.ts";
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";

export interface SearchedLines {
	/** What they are, as it stands in a sentence: `this text`. */
	readonly what: string;
	/** Which lines have these words, from the first on. */
	matches(words: string): readonly number[];
	/** The line that was gone to; undefined: the search begins at `first`. */
	here(): number | undefined;
	first(): number;
	goTo(at: number): void;
	/** Other words are looked for: where one was is no match any more. */
	anew(): void;
}

/** Handlers of the scope `searching`. */
export type Finder = Readonly<Record<ActionOf<"searching">, Handler>>;

export function createFinder(context: Pick<ScreenContext, "open" | "toast">, lines: SearchedLines): Finder {
	let wanted = "";

	function go(forward: boolean): void {
		const all = lines.matches(wanted);
		const from = lines.here() ?? lines.first() - (forward ? 1 : 0);
		const next = forward ? all.find((at) => at > from) : all.findLast((at) => at < from);
		const found = next ?? (forward ? all[0] : all.at(-1));
		if (found === undefined) {
			context.toast("info", `“${wanted}” is not in ${lines.what}.`);
			return;
		}
		const [forth, back] = [keyOf("searching", "next-match"), keyOf("searching", "previous-match")];
		context.toast(
			"info",
			`${count(all.indexOf(found) + 1)} of ${plural(all.length, "line")} · ${forth} next · ${back} before`,
		);
		lines.goTo(found);
	}

	function ask(): void {
		context.open({
			to: "form",
			form: {
				...{ title: `Find in ${lines.what}`, verb: "finds" },
				fields: [{ name: "text", label: "Text", value: wanted, hint: "large and small letters are the same" }],
				async submit({ text = "" }) {
					wanted = text.trim();
					lines.anew();
					if (wanted !== "") go(true);
					return undefined;
				},
			},
		});
	}

	const nothing = () =>
		wanted === "" ? `Nothing is looked for yet: ${keyOf("searching", "search")} asks what.` : undefined;
	return {
		search: { run: ask },
		"next-match": { run: () => go(true), disabled: nothing },
		"previous-match": { run: () => go(false), disabled: nothing },
	};
}

/** Large and small letters are the same. */
export function hasWords(text: string, words: string): boolean {
	return text.toLowerCase().includes(words.toLowerCase());
}
