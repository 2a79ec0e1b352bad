/** The keys of knowledge that is carried by hand: bundles, and what signs them. Part of the keymap. */
import type { Binding } from "./keymap.ts";

export const knowledgeKeymap = {
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
