/** The keys of one asset: its page, a port of it, a shell on it. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const assetKeymap = {
	asset: [
		{ action: "next-tab", keys: ["tab", "l", "right", "]"], description: "Next tab", footer: "tab" },
		{ action: "previous-tab", keys: ["shift-tab", "h", "left", "["], description: "Tab before" },
		{
			action: "open",
			keys: ["enter"],
			description: "What is under the cursor, else all findings of the asset",
			footer: "open",
		},
		{ action: "rescan", keys: ["S"], description: "Scan this asset again", footer: "scan", needs: "operate" },
		{ action: "merge", keys: ["m"], description: "Beside the asset that has its address now", needs: "operate" },
		{ action: "purge", keys: ["X"], description: "Purge it from the inventory; asks first", needs: "operate" },
		{ action: "shell", keys: ["$"], description: "A shell on this asset: your ssh", footer: "shell", needs: "admin" },
	],
	port: [
		{ action: "findings", keys: ["enter"], description: "The findings on this port, as a list", footer: "findings" },
	],
	shell: [
		{ action: "type", keys: ["enter", "i"], description: "Type into the shell again", footer: "type" },
		{ action: "leave-pane", keys: ["ctrl-]"], description: "While it is typed into: the keys are the console's again" },
		{ action: "split", keys: ["s"], description: "What it is about beside it, or the shell alone", footer: "split" },
		{ action: "more-details", keys: ["("], description: "More of what it is about" },
		{ action: "less-details", keys: [")"], description: "Less of it" },
		{ action: "older", keys: ["pgup", "k"], description: "Lines that have scrolled off", footer: "older" },
		{ action: "newer", keys: ["pgdn", "j"], description: "Back to what is new" },
		{ action: "end", keys: ["X"], description: "End the shell, as closing a terminal does", footer: "end" },
	],
} as const satisfies Record<string, readonly Binding[]>;
