/** The keys of scans: the list, one that runs, two beside each other, and with what and what not they are done. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const scanKeymap = {
	scans: [
		{ action: "new", keys: ["n"], description: "New scan", footer: "new", needs: "operate" },
		{ action: "pause", keys: ["p"], description: "Pause, or resume when paused", footer: "pause", needs: "operate" },
		{ action: "cancel", keys: ["X"], description: "Cancel the scan; asks first", footer: "cancel", needs: "operate" },
		{ action: "run-now", keys: ["W"], description: "Run now, whatever its window says; asks first", needs: "operate" },
		{
			action: "compare",
			keys: ["D"],
			description: "What came and went between two: those marked, else with the one before",
		},
	],
	live: [
		{ action: "pause", keys: ["p"], description: "Pause, or resume when paused", footer: "pause", needs: "operate" },
		{ action: "cancel", keys: ["X"], description: "Cancel the scan; asks first", footer: "cancel", needs: "operate" },
		{ action: "run-now", keys: ["W"], description: "Run now, whatever its window says; asks first", needs: "operate" },
		{ action: "freeze", keys: ["P"], description: "Hold the screen still; what comes waits", footer: "freeze" },
		{
			action: "which",
			keys: ["tab"],
			description: "Everything, findings, services, log, networks, coverage",
			footer: "show",
		},
		{ action: "open", keys: ["enter"], description: "Open the finding or the host of the line", footer: "open" },
		{ action: "down", keys: ["j", "down"], description: "Down" },
		{ action: "up", keys: ["k", "up"], description: "Up" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "Newest line, and follow" },
		{ action: "last", keys: ["G", "end"], description: "Oldest line kept" },
	],
	compare: [
		{
			action: "which",
			keys: ["t"],
			description: "What came, what is gone, or what stayed",
			footer: "came/gone/stayed",
		},
		{ action: "dates", keys: ["D"], description: "Compare two days", footer: "days" },
	],
	profiles: [
		{
			action: "clone",
			keys: ["C"],
			description: "Make a profile of one's own of this one",
			footer: "clone",
			needs: "operate",
		},
		{ action: "edit", keys: ["e"], description: "Edit: makes a new version", footer: "edit", needs: "operate" },
		{ action: "delete", keys: ["X"], description: "Delete the profile; asks first", needs: "operate" },
		{ action: "scan-with", keys: ["S"], description: "New scan with this profile", footer: "scan", needs: "operate" },
	],
	versions: [
		{ action: "older", keys: ["[", "left", "h"], description: "The version before", footer: "older" },
		{ action: "newer", keys: ["]", "right", "l"], description: "The version after" },
	],
	exclusions: [
		{
			action: "add",
			keys: ["a"],
			description: "Exclude targets from every scan and map",
			footer: "add",
			needs: "operate",
		},
		{ action: "end", keys: ["X"], description: "End the exclusion; asks why", footer: "end", needs: "admin" },
		{ action: "history", keys: ["H"], description: "Who excluded what, and who took it back", footer: "history" },
		{
			action: "fragile",
			keys: ["f"],
			description: "Ports that get a connect and not one byte",
			footer: "fragile ports",
			needs: "admin",
		},
	],
} as const satisfies Record<string, readonly Binding[]>;
