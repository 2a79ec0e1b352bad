/** The keys of every list and table: moving, marks, order, columns, views, copying. Part of the keymap. */
import type { Binding } from "./binding.ts";

const moving = [
	{ action: "down", keys: ["j", "down"], description: "Down" },
	{ action: "up", keys: ["k", "up"], description: "Up" },
] as const satisfies readonly Binding[];

export const tableKeymap = {
	list: [
		{ action: "open", keys: ["enter"], description: "Open", footer: "open" },
		{ action: "down", keys: ["j", "down"], description: "Down" },
		{ action: "up", keys: ["k", "up"], description: "Up" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "First row" },
		{ action: "last", keys: ["G", "end"], description: "Last row" },
		{ action: "filter", keys: ["/"], description: "Filter with a query", footer: "filter" },
		{ action: "column-left", keys: ["h", "left"], description: "Choose the column to the left" },
		{ action: "column-right", keys: ["l", "right"], description: "Choose the column to the right" },
		{ action: "sort", keys: ["s"], description: "Sort by the chosen column: down, up, off", footer: "sort" },
		{ action: "refresh", keys: ["R"], description: "Ask the daemon again" },
	],
	/** No screen has these letters for something of its own but `S`, which has a second key for that. */
	table: [
		{ action: "sort-too", keys: ["S", "&"], description: "Sort by the chosen column too: down, up, off" },
		{ action: "columns", keys: ["c"], description: "Columns: show, hide, order, width", footer: "columns" },
		{
			action: "views",
			keys: ["b"],
			description: "Views: filter, order and columns under a name",
			footer: "views",
		},
		{ action: "copy-menu", keys: ["y"], description: "Copy the value, row, JSON, CSV or the command" },
		{ action: "go-to", keys: ["#"], description: "Go to a row, a percentage, a number or a name" },
		{ action: "narrower", keys: ["{"], description: "Make the chosen column narrower" },
		{ action: "more-details", keys: ["("], description: "Wider details beside the list, on every screen" },
		{ action: "less-details", keys: [")"], description: "Narrower details; at last none" },
		{ action: "wider", keys: ["}"], description: "Make the chosen column wider" },
	],
	marks: [
		{ action: "mark", keys: ["space"], description: "Mark the row, or take the mark off", footer: "mark" },
		{
			action: "mark-all",
			keys: ["*"],
			description: "Turn the marks of the rows that are here round; with none, mark all",
		},
		{ action: "range", keys: ["v", "ctrl-v"], description: "Mark from here to where the cursor goes" },
		{ action: "all-matching", keys: ["ctrl-a"], description: "Mark all that match, also what is not loaded" },
	],
	copying: [
		{ action: "cell", keys: ["c"], description: "The value of the chosen column" },
		{ action: "row", keys: ["y", "r"], description: "The row as it is shown" },
		{ action: "json", keys: ["j"], description: "JSON, with everything known" },
		{ action: "csv", keys: ["v"], description: "CSV, the columns shown" },
		{ action: "command", keys: ["l"], description: "The command that shows this list" },
	],
	"column-chooser": [
		...moving,
		{ action: "toggle", keys: ["space"], description: "Show the column, or hide it", footer: "show/hide" },
		{ action: "sooner", keys: ["<", "K"], description: "Further to the left", footer: "left" },
		{ action: "later", keys: [">", "J"], description: "Further to the right", footer: "right" },
		{ action: "narrower", keys: ["{", "h", "left"], description: "Narrower" },
		{ action: "wider", keys: ["}", "l", "right"], description: "Wider", footer: "wider" },
		{ action: "own-width", keys: ["="], description: "As wide as it is by itself" },
		{ action: "reset", keys: ["0"], description: "All columns as they are by themselves", footer: "reset" },
		{ action: "done", keys: ["enter"], description: "Back to the list", footer: "done" },
	],
	"view-chooser": [
		...moving,
		{ action: "apply", keys: ["enter"], description: "Look at the list with it", footer: "take" },
		{ action: "save", keys: ["s"], description: "Save what the list shows now under a name", footer: "save" },
		{ action: "share", keys: ["S"], description: "Share it with everybody", footer: "share", needs: "operate" },
		{
			action: "default",
			keys: ["d"],
			description: "Open the list with it from now on, or no longer",
			footer: "default",
		},
		{ action: "delete", keys: ["X"], description: "Delete it; asks first" },
	],
	menu: [
		{ action: "menu-down", keys: ["down", "tab"], description: "Next" },
		{ action: "menu-up", keys: ["up", "shift-tab"], description: "Before" },
		{ action: "submit", keys: ["enter"], description: "Take what is chosen" },
	],
} as const satisfies Record<string, readonly Binding[]>;
