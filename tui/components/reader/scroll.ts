/** Scrolling of a text: the offset, the keys that change it, and drawing at it. */
import type { Handler } from "../../screens/view.ts";
import { type Block, drawReader, scrolled } from "./document.ts";

export interface Scroll {
	/** Draws the text as it now is; remembers the size, to know what a page is. */
	draw(blocks: readonly Block[], width: number, height: number): string[];
	toTop(): void;
	readonly handlers: Readonly<Record<"down" | "up" | "page-down" | "page-up" | "first" | "last", Handler>>;
}

export function createScroll(changed: () => void): Scroll {
	let offset = 0;
	let last: { blocks: readonly Block[]; width: number; height: number } = { blocks: [], width: 80, height: 20 };
	const by = (lines: (height: number) => number): Handler => ({
		run() {
			offset = scrolled(last.blocks, last.width, last.height, offset + lines(last.height));
			changed();
		},
	});
	return {
		draw(blocks, width, height) {
			last = { blocks, width, height };
			offset = scrolled(blocks, width, height, offset);
			return drawReader(blocks, width, height, offset);
		},
		toTop() {
			offset = 0;
		},
		handlers: {
			down: by(() => 1),
			up: by(() => -1),
			"page-down": by((height) => height - 2),
			"page-up": by((height) => 2 - height),
			first: by(() => -1_000_000),
			last: by(() => 1_000_000),
		},
	};
}
