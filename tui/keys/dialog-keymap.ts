/** The keys of what lies over a screen: forms, questions, the palette and the command line. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const dialogKeymap = {
	form: [
		{ action: "next-field", keys: ["tab", "down"], description: "Next field", footer: "field" },
		{ action: "previous-field", keys: ["shift-tab", "up"], description: "Field before" },
		{ action: "submit", keys: ["enter"], description: "Next step", footer: "go on" },
	],
	palette: [
		{ action: "down", keys: ["down", "ctrl-n", "tab"], description: "Next action", footer: "choose" },
		{ action: "up", keys: ["up", "ctrl-p", "shift-tab"], description: "Action before" },
		{ action: "submit", keys: ["enter"], description: "Do it", footer: "do it" },
	],
	command: [
		{ action: "submit", keys: ["enter"], description: "Do it", footer: "do it" },
		{ action: "complete", keys: ["tab"], description: "Take the next suggestion", footer: "complete" },
		{ action: "complete-back", keys: ["shift-tab"], description: "Take the suggestion before" },
		{ action: "older", keys: ["up", "ctrl-p"], description: "What was typed before" },
		{ action: "newer", keys: ["down", "ctrl-n"], description: "What was typed after that" },
	],
	choice: [
		{ action: "yes", keys: ["y"], description: "Yes, do it", footer: "yes" },
		{ action: "no", keys: ["n"], description: "No, go back", footer: "no" },
		{
			action: "other",
			keys: ["tab", "h", "l", "left", "right"],
			description: "Move between the answers",
			footer: "choose",
		},
		{ action: "submit", keys: ["enter"], description: "Take the chosen answer", footer: "take" },
	],
} as const satisfies Record<string, readonly Binding[]>;
