/** The keys of keeping the inventory: assets, duplicates, tags, groups, recipes and purges. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const inventoryKeymap = {
	assets: [
		{
			...{ action: "tag", keys: ["T"], needs: "operate" as const, footer: "tag" },
			description: "Put a tag on the marked assets, else this one, or take it off",
		},
		{
			...{ action: "merge", keys: ["m"], needs: "operate" as const, footer: "merge" },
			description: "The marked assets, 2 to 8, side by side, and merged into one; asks first",
		},
		{
			...{ action: "purge", keys: ["X"], needs: "operate" as const, footer: "purge" },
			description: "Purge what the filter shows, without one this asset; asks first",
		},
		{
			...{ action: "track", keys: ["K"], needs: "operate" as const },
			description: "What the marked assets, else this one, are tracked by: address, host name, NetBIOS name",
		},
		{
			...{ action: "import", keys: ["i"], needs: "operate" as const },
			description: "Take in another scanner's file: nmap's XML, Nessus; shows what it brings first",
		},
		{ action: "shell", keys: ["$"], description: "A shell on this asset: your ssh", needs: "admin" },
	],
	duplicates: [
		{
			action: "merge",
			keys: ["m"],
			description: "Merge the group; shows what that does first",
			footer: "merge",
			needs: "operate",
		},
		{
			action: "not-same",
			keys: ["x"],
			description: "Not the same: they are two machines, remembered",
			footer: "not the same",
			needs: "operate",
		},
		{
			...{ action: "undo", keys: ["u"], footer: "undo", needs: "operate" as const },
			description: "Undo the last thing done here, else the newest merge",
		},
		{ action: "merges", keys: ["M"], description: "What was merged, and the way back", footer: "merges" },
		{ action: "stranded", keys: ["w"], description: "Assets without an address: others answer where they were" },
		{ action: "search", keys: ["F"], description: "Search the whole inventory again", needs: "operate" },
		{ action: "auto", keys: ["A"], description: "Merge what is sure by itself, from now on", needs: "operate" },
	],
	duplicate: [
		{
			action: "merge",
			keys: ["m"],
			description: "Merge; shows what that does first",
			footer: "merge",
			needs: "operate",
		},
		{ action: "untake", keys: ["space"], description: "Choose nothing for the field: the value that comes by itself" },
		{
			action: "not-same",
			keys: ["x"],
			description: "Not the same: they are two machines, remembered",
			footer: "not the same",
			needs: "operate",
		},
		{ action: "down", keys: ["j", "down"], description: "Next field" },
		{ action: "up", keys: ["k", "up"], description: "Field before" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "To the first field" },
		{ action: "last", keys: ["G", "end"], description: "To the end of the evidence" },
		{ action: "left", keys: ["h", "left", "shift-tab"], description: "Take the value of the asset to the left" },
		{
			...{ action: "right", keys: ["l", "right", "tab"], footer: "take value" },
			description: "Take the value of the asset to the right",
		},
		{ action: "stays", keys: ["i"], description: "This is the asset that stays", footer: "stays" },
		{ action: "which", keys: ["a"], description: "All fields, or those that differ", footer: "all/differing" },
		{ action: "more-details", keys: ["("], description: "More room for what it does, on every screen for details" },
		{ action: "less-details", keys: [")"], description: "Less room for it; at last below the fields" },
		{ action: "open", keys: ["enter"], description: "Open the asset" },
		{
			...{ action: "undo", keys: ["u"], needs: "operate" as const },
			description: "Undo the last thing done here, else the newest merge",
		},
	],
	merges: [
		{
			action: "undo",
			keys: ["u"],
			description: "Undo the merge: each asset as it was",
			footer: "undo",
			needs: "operate",
		},
		{
			...{ action: "keep", keys: ["K"], needs: "operate" as const, footer: "keep" },
			description: "Keep the merge though something speaks against it",
		},
		{ action: "duplicates", keys: ["M"], description: "Back to what may be merged" },
	],
	queries: [
		{ action: "add", keys: ["a"], description: "Save a query", footer: "new", needs: "operate" },
		{ action: "edit", keys: ["e"], description: "Edit the query", footer: "edit", needs: "operate" },
		{
			...{ action: "widget", keys: ["w"], needs: "operate" as const, footer: "dashboard" },
			description: "Show it on the dashboard: as count, table, trend, or not",
		},
		{ action: "sooner", keys: ["<"], description: "Further up on the dashboard", needs: "operate" },
		{ action: "later", keys: [">"], description: "Further down on the dashboard", needs: "operate" },
		{ action: "delete", keys: ["X"], description: "Delete the query; asks first", needs: "operate" },
	],
	tags: [
		{ action: "add", keys: ["a"], description: "A new tag", footer: "new", needs: "operate" },
		{
			action: "edit",
			keys: ["e"],
			description: "Edit it; says what its rule would change",
			footer: "edit",
			needs: "operate",
		},
		{ action: "evaluate", keys: ["E"], description: "Apply its rule again now", footer: "apply", needs: "operate" },
		{ action: "delete", keys: ["X"], description: "Delete the tag; asks first", needs: "operate" },
		{
			...{ action: "undo", keys: ["u"], needs: "operate" as const },
			description: "Undo the last thing done here, else put back the tag that was deleted last",
		},
	],
	groups: [
		{ action: "add", keys: ["a"], description: "A new asset group", footer: "new", needs: "operate" },
		{ action: "edit", keys: ["e"], description: "Edit what is said of it", footer: "edit", needs: "operate" },
		{ action: "add-addresses", keys: ["+"], description: "Add addresses to it", footer: "add", needs: "operate" },
		{ action: "remove-addresses", keys: ["-"], description: "Take addresses out of it", needs: "operate" },
		{ action: "scan", keys: ["S"], description: "Scan it", footer: "scan", needs: "operate" },
		{ action: "never-scanned", keys: ["v"], description: "What no scan knows of it", footer: "never scanned" },
		{ action: "delete", keys: ["X"], description: "Delete the group; asks first", needs: "operate" },
	],
	"never-scanned": [{ action: "scan", keys: ["S"], description: "Scan it", footer: "scan", needs: "operate" }],
	recipes: [
		{ action: "subnet", keys: ["s"], description: "Scan a new subnet", footer: "subnet", needs: "operate" },
		{
			action: "inventory",
			keys: ["i"],
			description: "Light inventory, then a full scan",
			footer: "inventory",
			needs: "operate",
		},
		{
			action: "go-on",
			keys: ["a"],
			description: "Approve hosts and go on, or try the failed step again",
			footer: "go on",
			needs: "approve",
		},
		{
			action: "schedules",
			keys: ["t"],
			description: "Schedules: those that begin by themselves, and ending one",
			needs: "operate",
		},
		{
			action: "cancel",
			keys: ["X"],
			description: "Cancel it with what it is in; asks first",
			footer: "cancel",
			needs: "operate",
		},
	],
	purges: [
		{
			action: "add",
			keys: ["a"],
			description: "Purge what a query matches; asks first",
			footer: "purge",
			needs: "operate",
		},
		{ action: "undo", keys: ["u"], description: "Put its assets back as they were", footer: "undo", needs: "operate" },
		{ action: "rules", keys: ["r"], description: "Rules that purge by themselves, once a day", footer: "rules" },
	],
	"purge-rules": [
		{ action: "add", keys: ["a"], description: "A new rule", footer: "new", needs: "operate" },
		{ action: "edit", keys: ["e"], description: "Edit the rule", footer: "edit", needs: "operate" },
		{ action: "switch", keys: ["space"], description: "Switch it off, or on", footer: "on/off", needs: "operate" },
		{ action: "delete", keys: ["X"], description: "Delete the rule; asks first", needs: "operate" },
	],
} as const satisfies Record<string, readonly Binding[]>;
