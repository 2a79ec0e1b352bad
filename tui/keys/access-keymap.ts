/** The keys of who may connect. Part of the keymap. */
import type { Binding } from "./keymap.ts";

export const accessKeymap = {
	access: [
		{ action: "grant", keys: ["a"], description: "Let a user or a group in", footer: "let in", needs: "admin" },
		{ action: "level", keys: ["e"], description: "Change what they may do", footer: "level", needs: "admin" },
		{ action: "token", keys: ["t"], description: "Make an access token; shown once", footer: "token", needs: "admin" },
		{ action: "key", keys: ["K"], description: "Let an operator sign with an SSH key", footer: "key", needs: "admin" },
		{ action: "acts", keys: ["w"], description: "What they did, from the audit log", footer: "what they did" },
		{ action: "take-away", keys: ["X"], description: "Take it away at once; asks first", needs: "admin" },
		{ action: "listen", keys: ["L"], description: "Where the daemon listens on the network", needs: "admin" },
		{
			...{ action: "single-operator", keys: ["o"], needs: "admin" as const, footer: "one operator" },
			description: "Let one operator ask and decide, or end that; says what it means",
		},
	],
} as const satisfies Record<string, readonly Binding[]>;
