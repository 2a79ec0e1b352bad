/** The keys of the list of attached consoles. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const consoleKeymap = {
	consoles: [{ action: "follow", keys: ["f"], description: "Go where they go, until you go back", footer: "follow" }],
} as const satisfies Record<string, readonly Binding[]>;
