/** The keys of whatever is typed into. They are no bindings: nobody gives them other meanings, and the hint line does not tell them. */

/** Keys a text field takes for itself; everything printable goes into it. */
export const editingKeys = {
	left: ["left", "ctrl-b"],
	right: ["right", "ctrl-f"],
	start: ["home", "ctrl-a"],
	end: ["end", "ctrl-e"],
	backspace: ["backspace", "ctrl-h"],
	delete: ["delete", "ctrl-d"],
	clear: ["ctrl-u"],
	word: ["ctrl-w", "alt-backspace"],
	accept: ["enter"],
	leave: ["esc"],
} as const;
/** Takes the next suggestion while a filter is typed. */
export const completeKeys = ["tab"] as const;
export type EditingAction = keyof typeof editingKeys;
/** Filters that were typed before, while one is being typed. */
export const historyKeys = { older: ["up", "ctrl-p"], newer: ["down", "ctrl-n"] } as const;
