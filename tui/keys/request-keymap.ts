/** The keys of requests for exceptions. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const requestKeymap = {
	requests: [
		{ action: "approve", keys: ["a"], description: "Approve the marked requests, else this one", footer: "approve" },
		{ action: "reject", keys: ["x"], description: "Reject the marked requests, else this one", footer: "reject" },
		{ action: "view", keys: ["v"], description: "To decide, mine, those that end soon, all", footer: "view" },
		{
			...{ action: "resubmit", keys: ["r"], needs: "operate" as const, footer: "ask again" },
			description: "Ask once more, with the text of before",
		},
		{ action: "findings", keys: ["f"], description: "The findings it covers, as a list" },
		{ action: "comment", keys: ["C"], description: "Say something on it", needs: "operate" },
		{ action: "attach", keys: ["e"], description: "Attach a file as evidence", needs: "operate" },
		{ action: "save-evidence", keys: ["E"], description: "Write a piece of its evidence to a file" },
		{ action: "withdraw", keys: ["W"], description: "Withdraw it before it is decided", needs: "operate" },
		{
			...{ action: "revoke", keys: ["B"], footer: "revoke" },
			description: "Take the approval back: what it hides is open again",
		},
	],
} as const satisfies Record<string, readonly Binding[]>;
