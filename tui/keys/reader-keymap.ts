/** The keys of a text that is longer than the screen. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const readerKeymap = {
	reader: [
		{ action: "down", keys: ["j", "down"], description: "Scroll down" },
		{ action: "up", keys: ["k", "up"], description: "Scroll up" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d", "space"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "To the top" },
		{ action: "last", keys: ["G", "end"], description: "To the end" },
	],
	/** In a text that is one piece. */
	searching: [
		{ action: "search", keys: ["/"], description: "Find words in the text", footer: "find" },
		{ action: "next-match", keys: ["n"], description: "The next line with these words" },
		{ action: "previous-match", keys: ["N"], description: "The line before with them" },
	],
} as const satisfies Record<string, readonly Binding[]>;
