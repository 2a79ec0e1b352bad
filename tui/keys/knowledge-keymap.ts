/** The keys of knowledge: its sources, bundles that are carried by hand, and what signs them. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const knowledgeKeymap = {
	knowledge: [
		{
			...{ action: "update", keys: ["f"], needs: "operate" as const, footer: "update" },
			description: "Fetch what is new from all sources that are switched on, and take it in",
		},
		{ action: "update-one", keys: ["F"], description: "Fetch only this one", needs: "operate" },
		{
			action: "stop",
			keys: ["X"],
			description: "Stop the update; what has come is kept",
			footer: "stop",
			needs: "operate",
		},
		{ action: "changes", keys: ["D"], description: "What the last change changed in the findings", footer: "changes" },
		{
			...{ action: "rollback", keys: ["o"], needs: "operate" as const, footer: "go back" },
			description: "Back to the knowledge before; asks first",
		},
		{
			action: "switch",
			keys: ["space"],
			description: "Source part of updates, or not",
			footer: "on/off",
			needs: "operate",
		},
		{ action: "edit", keys: ["e"], description: "Where it comes from", needs: "operate" },
		{ action: "add", keys: ["a"], description: "A source of your own", needs: "operate" },
		{
			action: "import",
			keys: ["i"],
			description: "Take in a feed or a bundle from a file",
			footer: "import",
			needs: "operate",
		},
		{
			action: "bundles",
			keys: ["B"],
			description: "Bundles: knowledge carried by hand, and its keys",
			footer: "bundles",
		},
		{ action: "schedule", keys: ["w"], description: "When it updates by itself, and when it is old", needs: "operate" },
	],
	bundles: [
		{
			...{ action: "create", keys: ["a"], needs: "operate" as const, footer: "create" },
			description: "Write what is held, or what has changed, into one signed file",
		},
		{
			...{ action: "import", keys: ["i"], needs: "operate" as const, footer: "import" },
			description: "Look into a bundle and take it in; asks first",
		},
		{ action: "keys", keys: ["K"], description: "Keys that bundles are signed with and trusted by", footer: "keys" },
	],
	"bundle-keys": [
		{
			...{ action: "add", keys: ["a"], needs: "admin" as const, footer: "new" },
			description: "Make a key to sign with; its secret half never leaves the daemon",
		},
		{
			...{ action: "trust", keys: ["t"], needs: "admin" as const, footer: "trust" },
			description: "Trust bundles that another machine signs, by the line it told",
		},
		{
			...{ action: "delete", keys: ["X"], needs: "admin" as const, footer: "remove" },
			description: "Trust it no longer; asks first",
		},
	],
} as const satisfies Record<string, readonly Binding[]>;
