/** The keys of findings: one, many, put together, mended and tested again. Part of the keymap. */
import type { Binding } from "./binding.ts";

/** What can be done about a finding wherever it is shown. */
const ofFinding = [
	{ action: "ticket", keys: ["t"], description: "Its ticket; makes one where there is none", footer: "ticket" },
	{ action: "ignore", keys: ["I"], description: "Ignore the check on hosts; says what that hides", needs: "operate" },
] as const satisfies readonly Binding[];

export const findingsKeymap = {
	finding: [
		{ action: "why", keys: ["w"], description: "Why: the reasoning, step by step", footer: "why" },
		{ action: "asset", keys: ["a"], description: "The asset it was found on", footer: "asset" },
		{ action: "same", keys: ["f"], description: "The same finding on every asset", footer: "everywhere" },
		{ action: "history", keys: ["H"], description: "All that has happened to it", footer: "history" },
		{
			action: "rescan",
			keys: ["S"],
			description: "Scan the asset again, to see whether it is fixed",
			footer: "scan",
			needs: "operate",
		},
		{ action: "shell", keys: ["$"], description: "A shell on its asset: your ssh", footer: "shell", needs: "admin" },
		...ofFinding,
		{ action: "except", keys: ["e"], description: "Ask that it be set apart", footer: "except", needs: "operate" },
		{ action: "request", keys: ["R"], description: "The newest request that covers it" },
	],
	mending: [
		{ action: "fix", keys: ["F"], description: "Fix: which upgrades mend them, as commands", footer: "fix" },
		{ action: "verify", keys: ["V"], description: "Test them again, only where they are", needs: "operate" },
		{ action: "export", keys: ["E"], description: "Export what is marked, else all that is shown, to a file" },
	],
	fix: [
		{ action: "write", keys: ["E"], description: "Write the commands to a file, as a script", footer: "to a file" },
		{
			action: "verify",
			keys: ["V"],
			description: "Test the findings again, only where they are",
			footer: "test again",
			needs: "operate",
		},
	],
	"finding-groups": [
		{ action: "other-way", keys: ["B"], description: "By what is wrong, or by asset", footer: "other way" },
	],
	/** A list that can be narrowed by what its rows have in common. */
	narrowing: [
		{ action: "facets", keys: [","], description: "Narrow by what they have in common, with counts", footer: "narrow" },
		{ action: "keep", keys: ["f"], description: "Keep only those with the value of the chosen column" },
		{ action: "leave-out", keys: ["x"], description: "Leave out those with the value of the chosen column" },
	],
	facets: [
		{ action: "narrow", keys: ["space", "enter"], description: "Keep only these, or no longer", footer: "keep" },
		{ action: "leave-out", keys: ["x"], description: "Leave these out, or no longer", footer: "leave out" },
		{ action: "clear", keys: ["0"], description: "Take the whole filter off", footer: "clear" },
		{
			action: "next-facet",
			keys: ["tab", "l", "right"],
			description: "To the next kind of value",
			footer: "next kind",
		},
		{ action: "previous-facet", keys: ["shift-tab", "h", "left"], description: "To the kind before" },
		{ action: "down", keys: ["j", "down"], description: "Down" },
		{ action: "up", keys: ["k", "up"], description: "Up" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "To the first value" },
		{ action: "last", keys: ["G", "end"], description: "To the last value" },
		{ action: "done", keys: [","], description: "Back to the list" },
	],
	findings: [
		{ action: "as-of", keys: ["@"], description: "As they stood on a day of the past" },
		{ action: "compare", keys: ["D"], description: "What came and went between two days" },
		{ action: "weights", keys: ["W"], description: "What priorities are made of", needs: "approve" },
		{ action: "together", keys: ["B"], description: "Put together by what is wrong, or by asset", footer: "by what" },
		{ action: "why", keys: ["w"], description: "Why: the reasoning, step by step", footer: "why" },
		...ofFinding,
		{
			...{ action: "except", keys: ["e"], needs: "operate" as const, footer: "except" },
			description: "Ask that the marked findings, else this one, be set apart",
		},
		{
			...{ action: "make-tickets", keys: ["T"], needs: "operate" as const },
			description: "Tickets for the marked findings, else for all that match",
		},
		{ action: "except-all", keys: ["A"], description: "Ask that all that match be set apart", needs: "operate" },
		{ action: "excepted", keys: ["o"], description: "Show what is set apart, or what is open again" },
	],
} as const satisfies Record<string, readonly Binding[]>;
