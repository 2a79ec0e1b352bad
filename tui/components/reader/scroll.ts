/** Scrolling of a text and finding words in it: the offset, the keys that change it, and drawing at it. */
import { stripVTControlCharacters } from "node:util";
import type { ActionOf } from "../../keys/keymap.ts";
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { line } from "../../theme/line.ts";
import { type Block, drawDocument, drawReader, scrolled } from "./document.ts";
import { createFinder, type Finder, hasWords } from "./finder.ts";

export interface Scroll {
	/** Draws the text as it now is; remembers the size, to know what a page is. */
	draw(blocks: readonly Block[], width: number, height: number): string[];
	toTop(): void;
	readonly handlers: Readonly<Record<ActionOf<"reader">, Handler>>;
	readonly searching: Finder;
}

export function createScroll(context: Pick<ScreenContext, "changed" | "open" | "toast">): Scroll {
	let offset = 0;
	let last: { blocks: readonly Block[]; width: number; height: number } = { blocks: [], width: 80, height: 20 };
	/** What was looked for last. */
	let wanted = "";
	/** The line that was gone to. */
	let found: number | undefined;

	const by = (lines: (height: number) => number): Handler => ({
		run() {
			offset = scrolled(last.blocks, last.width, last.height, offset + lines(last.height));
			context.changed();
		},
	});

	const matches = (words: string): number[] =>
		drawDocument(last.blocks, last.width).flatMap((text, at) => (hasWords(textOf(text), words) ? [at] : []));

	const searching = createFinder(context, {
		what: "this text",
		matches(words) {
			wanted = words;
			return matches(words);
		},
		here: () => found,
		first: () => offset,
		goTo(at) {
			found = at;
			offset = scrolled(last.blocks, last.width, last.height, at - Math.floor(last.height / 3));
			context.changed();
		},
		anew() {
			found = undefined;
		},
	});

	return {
		draw(blocks, width, height) {
			const isOther = width !== last.width;
			const isAnew = blocks !== last.blocks;
			last = { blocks, width, height };
			// What is read anew while something runs is mostly what it was: the next key goes on from there.
			if (isOther || (isAnew && found !== undefined && !matches(wanted).includes(found))) found = undefined;
			offset = scrolled(blocks, width, height, offset);
			const rows = drawReader(blocks, width, height, offset);
			const row = found === undefined ? -1 : found - offset;
			return rows.map((text, at) => (at === row ? line(width, [[textOf(text), "tabActive"]]) : text));
		},
		toTop() {
			offset = 0;
			found = undefined;
		},
		handlers: {
			down: by(() => 1),
			up: by(() => -1),
			"page-down": by((height) => height - 2),
			"page-up": by((height) => 2 - height),
			first: by(() => -1_000_000),
			last: by(() => 1_000_000),
		},
		searching,
	};
}

function textOf(drawn: string): string {
	return stripVTControlCharacters(drawn);
}
