/** The keys of tickets and of the policy that makes them. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const ticketKeymap = {
	ticket: [
		{ action: "assign", keys: ["a"], description: "Assign it to somebody", footer: "assign", needs: "operate" },
		{
			...{ action: "resolve", keys: ["r"], needs: "operate" as const, footer: "resolve" },
			description: "Say that it is mended; the next scan says whether it is",
		},
		{ action: "comment", keys: ["C"], description: "Say something on it", footer: "comment", needs: "operate" },
		{ action: "due", keys: ["d"], description: "Set the day by which it is to be resolved", needs: "operate" },
		{
			...{ action: "ignore", keys: ["i"], needs: "operate" as const },
			description: "Close it as ignored: its finding is in no count any more",
		},
		{ action: "reopen", keys: ["o"], description: "Open it again, also what was ignored", needs: "operate" },
		{ action: "finding", keys: ["f"], description: "The finding it is about" },
	],
	tickets: [
		{ action: "view", keys: ["v"], description: "Open ones, mine, overdue ones, or all", footer: "mine/overdue/all" },
		{ action: "policy", keys: ["p"], description: "The rules that make tickets", footer: "rules" },
		{ action: "ignored", keys: ["I"], description: "What was ignored by hand, and taking it back" },
		{
			...{ action: "settings", keys: ["D"], needs: "admin" as const },
			description: "Days to resolve them, by severity and criticality; how they behave",
		},
	],
	ignores: [
		{ action: "restore", keys: ["r"], description: "Ignore it no longer", footer: "take back", needs: "operate" },
		{ action: "same-by", keys: ["o"], description: "What else the same operator did", footer: "who" },
	],
	policy: [
		{ action: "add", keys: ["a"], description: "A new rule; says what it would do", footer: "new", needs: "approve" },
		{ action: "edit", keys: ["e"], description: "Edit the rule; likewise", footer: "edit", needs: "approve" },
		{ action: "switch", keys: ["space"], description: "Switch it off, or on", footer: "on/off", needs: "approve" },
		{ action: "sooner", keys: ["<"], description: "Put it before the rule above", footer: "sooner", needs: "approve" },
		{ action: "later", keys: [">"], description: "Put it after the rule below", needs: "approve" },
		{
			...{ action: "apply", keys: ["A"], needs: "approve" as const, footer: "apply" },
			description: "Apply the rules to the findings there are; asks first",
		},
		{ action: "delete", keys: ["X"], description: "Remove the rule; asks first", needs: "approve" },
	],
} as const satisfies Record<string, readonly Binding[]>;
