/** The keys of who may connect, what hosts are logged in to with, and who did what. Part of the keymap. */
import type { Binding } from "./binding.ts";

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
	credentials: [
		{ action: "add", keys: ["a"], description: "Store a credential", footer: "new", needs: "admin" },
		{
			action: "edit",
			keys: ["e"],
			description: "Change it; secrets only when typed anew",
			footer: "edit",
			needs: "admin",
		},
		{ action: "switch", keys: ["space"], description: "Use it no longer, or again", footer: "on/off", needs: "admin" },
		{
			action: "test",
			keys: ["t"],
			description: "Log in to a host with it, step by step",
			footer: "test",
			needs: "operate",
		},
		{
			action: "trust",
			keys: ["K"],
			description: "Trust a host by its key; shows it first",
			footer: "host key",
			needs: "admin",
		},
		{ action: "delete", keys: ["X"], description: "Delete it with its secrets; asks first", needs: "admin" },
	],
	"login-check": [
		{
			action: "trust",
			keys: ["K"],
			description: "Trust this host by its key; shows it first",
			footer: "host key",
			needs: "admin",
		},
		{ action: "again", keys: ["R"], description: "Log in again", footer: "again", needs: "operate" },
	],
	audit: [
		{ action: "verify", keys: ["v"], description: "Check that nobody changed the log", footer: "verify" },
		{ action: "same-who", keys: ["w"], description: "Only what the same operator did", footer: "same who" },
		{ action: "same-object", keys: ["o"], description: "Only what was done to the same thing", footer: "same thing" },
	],
} as const satisfies Record<string, readonly Binding[]>;
