/** The keys of the dashboard and of arranging it. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const dashboardKeymap = {
	dashboard: [
		{ action: "open", keys: ["enter"], description: "Open what is behind the box or row", footer: "open" },
		{ action: "next-box", keys: ["tab", "l", "right"], description: "Next box", footer: "box" },
		{ action: "previous-box", keys: ["shift-tab", "h", "left"], description: "Box before" },
		{ action: "down", keys: ["j", "down"], description: "Next row of the box" },
		{ action: "up", keys: ["k", "up"], description: "Row before" },
		{ action: "arrange", keys: ["E"], description: "Arrange your dashboard: boxes, order, sizes", footer: "edit" },
		{
			action: "scan-here",
			keys: ["s"],
			description: "Scan this machine (127.0.0.1)",
			footer: "scan this machine",
			needs: "operate",
		},
	],
	arrange: [
		{ action: "add", keys: ["a"], description: "Add a box: one that is built in, or a saved query", footer: "add" },
		{ action: "remove", keys: ["X"], description: "Take the box off", footer: "remove" },
		{ action: "sooner", keys: ["<", "H"], description: "Move it one place forward", footer: "forward" },
		{ action: "later", keys: [">", "L"], description: "Move it one place back", footer: "back" },
		{ action: "wider", keys: ["w"], description: "Width: one third, two, all", footer: "width" },
		{ action: "taller", keys: ["+", "="], description: "Taller", footer: "height" },
		{ action: "lower", keys: ["-"], description: "Lower" },
		{ action: "kind", keys: ["t"], description: "A saved query as count, table or trend" },
		{ action: "default", keys: ["D"], description: "The dashboard that came with Vedette", footer: "default" },
		{ action: "done", keys: ["enter", "E"], description: "Done; it is kept as you see it", footer: "done" },
		{ action: "next-box", keys: ["tab", "l", "right"], description: "Next box" },
		{ action: "previous-box", keys: ["shift-tab", "h", "left"], description: "Box before" },
		{ action: "down", keys: ["j", "down"], description: "The box below" },
		{ action: "up", keys: ["k", "up"], description: "The box above" },
	],
} as const satisfies Record<string, readonly Binding[]>;
