/** The keys of maps: the list, the hosts of one, its topology. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const mapKeymap = {
	maps: [
		{ action: "new", keys: ["n"], description: "New map", footer: "new", needs: "operate" },
		{ action: "pause", keys: ["p"], description: "Pause, or resume when paused", footer: "pause", needs: "operate" },
		{ action: "cancel", keys: ["X"], description: "Cancel the map; asks first", footer: "cancel", needs: "operate" },
		{ action: "run-now", keys: ["W"], description: "Run now, whatever its window says; asks first", needs: "operate" },
		{ action: "compare", keys: ["D"], description: "Compare two: those marked, else with the one before" },
		{ action: "coverage", keys: ["C"], description: "What it asked, and what came of it" },
		{ action: "topology", keys: ["t"], description: "The topology of the map" },
		{ action: "rogues", keys: ["r"], description: "Its rogue hosts: live, and nobody approved them" },
		{ action: "resolver", keys: ["e"], description: "The name server that maps ask", needs: "admin" },
	],
	map: [
		{
			action: "approve",
			keys: ["a"],
			description: "Approve the marked hosts, else this one",
			footer: "approve",
			needs: "approve",
		},
		{ action: "unapprove", keys: ["A"], description: "Take the approval back", needs: "approve" },
		{ action: "inventory", keys: ["i"], description: "Add to the inventory", footer: "inventory", needs: "operate" },
		{
			action: "scan-hosts",
			keys: ["S"],
			description: "Scan the marked hosts, else this one",
			footer: "scan",
			needs: "operate",
		},
		{ action: "rogues", keys: ["r"], description: "Rogue hosts: live, and nobody approved them", footer: "rogues" },
		{ action: "topology", keys: ["t"], description: "The topology: what hangs where", footer: "topology" },
		{ action: "compare", keys: ["D"], description: "Compare with an older map of the domain", footer: "compare" },
		{ action: "pause", keys: ["p"], description: "Pause the map, or resume it when paused", needs: "operate" },
		{ action: "coverage", keys: ["C"], description: "What it asked, and what came of it", footer: "coverage" },
		{ action: "cancel", keys: ["X"], description: "Cancel the map; asks first", needs: "operate" },
		{ action: "run-now", keys: ["W"], description: "Run now, whatever its window says; asks first", needs: "operate" },
	],
	topology: [
		{ action: "open", keys: ["enter"], description: "Fold or unfold a router or network; show a host", footer: "open" },
		{ action: "fold-all", keys: ["z"], description: "Fold all networks, or unfold them", footer: "fold" },
	],
} as const satisfies Record<string, readonly Binding[]>;
