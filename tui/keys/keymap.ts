/**
 * Every key of the console. This folder is the only place where key strings stand: help, footer, dispatch and documents derive
 * from it. A scope is a kind of place; a view says which scopes apply to it, nearest first.
 */
import type { Access } from "../../protocol/define.ts";
import { accessKeymap } from "./access-keymap.ts";
import { consoleKeymap } from "./console-keymap.ts";
import { dashboardKeymap } from "./dashboard-keymap.ts";
import { dialogKeymap } from "./dialog-keymap.ts";
import { findingsKeymap } from "./findings-keymap.ts";
import { inventoryKeymap } from "./inventory-keymap.ts";
import { knowledgeKeymap } from "./knowledge-keymap.ts";
import { requestKeymap } from "./request-keymap.ts";
import { settingsKeymap } from "./settings-keymap.ts";
import { tableKeymap, tableScopeTitles } from "./table-keymap.ts";
import { ticketKeymap } from "./ticket-keymap.ts";

export interface Binding {
	readonly action: string;
	/** Names as `keyName` writes them; two keys one after the other with a blank between. */
	readonly keys: readonly string[];
	readonly description: string;
	/** Short words for the hint line; without it only `?` tells. */
	readonly footer?: string;
	/** What the caller must be allowed; a read-only console refuses the rest and says so. */
	readonly needs?: Access;
}

export const keymap = {
	everywhere: [
		{ action: "help", keys: ["?"], description: "Keys of this screen", footer: "help" },
		{ action: "back", keys: ["esc"], description: "Back: closes, clears, or leaves; never quits" },
		{ action: "leave", keys: ["q"], description: "Back; at the first screen asks to quit" },
		{ action: "quit", keys: ["ctrl-c"], description: "Twice: quit at once; scans go on" },
		{ action: "palette", keys: ["ctrl-k"], description: "Find an action by its name, and do it" },
		{ action: "command", keys: [":"], description: "Type a command: scan 192.0.2.0/24, assets tag:Web, theme light" },
		{ action: "last-screen", keys: ["-"], description: "To the screen before this one, as it was left" },
		{ action: "screen-back", keys: ["["], description: "Back through the screens that were left" },
		{ action: "screen-forward", keys: ["]"], description: "Forward again through them" },
		{ action: "copy", keys: ["y"], description: "Copy the row or the text to the clipboard" },
		{ action: "undo", keys: ["u"], description: "Undo the last thing that can be taken back", needs: "operate" },
		{ action: "undo-list", keys: ["U"], description: "Undo one of the last twenty things", needs: "operate" },
		{ action: "redo", keys: ["ctrl-r"], description: "Do again what was taken back last", needs: "operate" },
		{ action: "repaint", keys: ["ctrl-l"], description: "Paint the screen again" },
		{
			action: "theme",
			keys: ["ctrl-t"],
			description: "Next theme: dark, light, contrast, colour-blind-safe, no colours",
		},
		{ action: "tour-next", keys: ["ctrl-n"], description: "The next step of the tour (:tour begins it)" },
		{ action: "tour-end", keys: ["ctrl-x"], description: "End the tour" },
		{ action: "mouse", keys: ["M"], description: "The mouse clicks here, or is the terminal's own" },
		{ action: "suspend", keys: ["ctrl-z"], description: "To the shell; fg comes back" },
		{
			action: "freeze",
			keys: ["P"],
			description: "Hold the screen still, or let it go on: what comes meanwhile waits",
		},
		{ action: "slow-line", keys: ["ctrl-e"], description: "Low bandwidth: by itself, always, never" },
		{
			action: "log-in-again",
			keys: ["ctrl-g"],
			description: "Log in again to a far daemon whose line needs that, or start the one here that has stopped",
		},
		{ action: "dashboard", keys: ["1", "g d"], description: "Dashboard" },
		{ action: "scans", keys: ["2", "g s"], description: "Scans" },
		{ action: "assets", keys: ["3", "g a"], description: "Assets" },
		{ action: "findings", keys: ["4", "g f"], description: "Findings" },
		{ action: "maps", keys: ["5", "g m"], description: "Maps" },
		{ action: "profiles", keys: ["6", "g p"], description: "Option profiles" },
		{ action: "exclusions", keys: ["7", "g x"], description: "Exclusions and fragile ports" },
		{ action: "audit", keys: ["8", "g l"], description: "Audit log" },
		{ action: "duplicates", keys: ["g u"], description: "Duplicates: assets that may be one machine" },
		{ action: "merges", keys: ["g U"], description: "Merges, and the way back" },
		{ action: "queries", keys: ["g q"], description: "Saved queries, and what the dashboard shows of them" },
		{ action: "tickets", keys: ["g T"], description: "Tickets: who mends what by when, and the rules that make them" },
		{ action: "tags", keys: ["g t"], description: "Tags: the tree of them, and their rules" },
		{ action: "groups", keys: ["g G"], description: "Asset groups, and what was never scanned of them" },
		{ action: "recipes", keys: ["g r"], description: "Recipes: a new subnet, a light inventory and its full scan" },
		{ action: "requests", keys: ["g R"], description: "Requests: what was asked to be set apart, and deciding on it" },
		{ action: "purges", keys: ["g P"], description: "Purges: what left the inventory, and the way back" },
		{ action: "knowledge", keys: ["g k"], description: "Knowledge: feeds, how old they are, and updating them" },
		{ action: "consoles", keys: ["g w"], description: "Who is attached, and what they look at" },
		{ action: "credentials", keys: ["g c"], description: "Credentials: with what hosts are logged in to" },
		{ action: "access", keys: ["g A"], description: "Access: who may connect, and what each may do" },
		{ action: "activity", keys: ["g n"], description: "Activity: what goes on now, and what went on lately" },
		{ action: "settings", keys: ["g ,"], description: "Settings: what the daemon is told, and changing it" },
		{ action: "doctor", keys: ["g D"], description: "Doctor: what is wrong here, and how to mend it" },
		{ action: "new-scan", keys: ["n"], description: "New scan", needs: "operate" },
		{ action: "new-map", keys: ["N"], description: "New map: which hosts are there?", needs: "operate" },
		{
			action: "stop-all",
			keys: ["!"],
			description: "Stop every scan and map: no packet leaves a second later",
			needs: "operate",
		},
	],
	list: [
		{ action: "open", keys: ["enter"], description: "Open", footer: "open" },
		{ action: "down", keys: ["j", "down"], description: "Down" },
		{ action: "up", keys: ["k", "up"], description: "Up" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "First row" },
		{ action: "last", keys: ["G", "end"], description: "Last row" },
		{ action: "filter", keys: ["/"], description: "Filter with a query", footer: "filter" },
		{ action: "column-left", keys: ["h", "left"], description: "Choose the column to the left" },
		{ action: "column-right", keys: ["l", "right"], description: "Choose the column to the right" },
		{ action: "sort", keys: ["s"], description: "Sort by the chosen column: down, up, off", footer: "sort" },
		{ action: "refresh", keys: ["R"], description: "Ask the daemon again" },
	],
	...dashboardKeymap,
	scans: [
		{ action: "new", keys: ["n"], description: "New scan", footer: "new", needs: "operate" },
		{ action: "pause", keys: ["p"], description: "Pause, or resume when paused", footer: "pause", needs: "operate" },
		{ action: "cancel", keys: ["X"], description: "Cancel the scan; asks first", footer: "cancel", needs: "operate" },
		{ action: "run-now", keys: ["W"], description: "Run now, whatever its window says; asks first", needs: "operate" },
		{
			action: "compare",
			keys: ["D"],
			description: "What came and went between two: those marked, else with the one before",
		},
	],
	compare: [
		{
			action: "which",
			keys: ["t"],
			description: "What came, what is gone, or what stayed",
			footer: "came/gone/stayed",
		},
		{ action: "dates", keys: ["D"], description: "Compare two days", footer: "days" },
	],
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
	topology: [
		{ action: "open", keys: ["enter"], description: "Fold or unfold a router or network; show a host", footer: "open" },
		{ action: "fold-all", keys: ["z"], description: "Fold all networks, or unfold them", footer: "fold" },
	],
	profiles: [
		{
			action: "clone",
			keys: ["C"],
			description: "Make a profile of one's own of this one",
			footer: "clone",
			needs: "operate",
		},
		{ action: "edit", keys: ["e"], description: "Edit: makes a new version", footer: "edit", needs: "operate" },
		{ action: "delete", keys: ["X"], description: "Delete the profile; asks first", needs: "operate" },
		{ action: "scan-with", keys: ["S"], description: "New scan with this profile", footer: "scan", needs: "operate" },
	],
	versions: [
		{ action: "older", keys: ["[", "left", "h"], description: "The version before", footer: "older" },
		{ action: "newer", keys: ["]", "right", "l"], description: "The version after" },
	],
	exclusions: [
		{
			action: "add",
			keys: ["a"],
			description: "Exclude targets from every scan and map",
			footer: "add",
			needs: "operate",
		},
		{ action: "end", keys: ["X"], description: "End the exclusion; asks why", footer: "end", needs: "admin" },
		{ action: "history", keys: ["H"], description: "Who excluded what, and who took it back", footer: "history" },
		{
			action: "fragile",
			keys: ["f"],
			description: "Ports that get a connect and not one byte",
			footer: "fragile ports",
			needs: "admin",
		},
	],
	...inventoryKeymap,
	...requestKeymap,
	...accessKeymap,
	...knowledgeKeymap,
	...ticketKeymap,
	...settingsKeymap,
	...consoleKeymap,
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
	audit: [
		{ action: "verify", keys: ["v"], description: "Check that nobody changed the log", footer: "verify" },
		{ action: "same-who", keys: ["w"], description: "Only what the same operator did", footer: "same who" },
		{ action: "same-object", keys: ["o"], description: "Only what was done to the same thing", footer: "same thing" },
	],
	live: [
		{ action: "pause", keys: ["p"], description: "Pause, or resume when paused", footer: "pause", needs: "operate" },
		{ action: "cancel", keys: ["X"], description: "Cancel the scan; asks first", footer: "cancel", needs: "operate" },
		{ action: "run-now", keys: ["W"], description: "Run now, whatever its window says; asks first", needs: "operate" },
		{ action: "freeze", keys: ["P"], description: "Hold the screen still; what comes waits", footer: "freeze" },
		{
			action: "which",
			keys: ["tab"],
			description: "Everything, findings, services, log, networks, coverage",
			footer: "show",
		},
		{ action: "open", keys: ["enter"], description: "Open the finding or the host of the line", footer: "open" },
		{ action: "down", keys: ["j", "down"], description: "Down" },
		{ action: "up", keys: ["k", "up"], description: "Up" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "Newest line, and follow" },
		{ action: "last", keys: ["G", "end"], description: "Oldest line kept" },
	],
	reader: [
		{ action: "down", keys: ["j", "down"], description: "Scroll down" },
		{ action: "up", keys: ["k", "up"], description: "Scroll up" },
		{ action: "page-down", keys: ["pgdn", "ctrl-f", "ctrl-d", "space"], description: "A page down" },
		{ action: "page-up", keys: ["pgup", "ctrl-b", "ctrl-u"], description: "A page up" },
		{ action: "first", keys: ["g g", "home"], description: "To the top" },
		{ action: "last", keys: ["G", "end"], description: "To the end" },
	],
	/** In a text that is one piece. */
	searching: [
		{ action: "search", keys: ["/"], description: "Find words in the text" },
		{ action: "next-match", keys: ["n"], description: "The next line with these words" },
		{ action: "previous-match", keys: ["N"], description: "The line before with them" },
	],
	asset: [
		{ action: "next-tab", keys: ["tab", "l", "right", "]"], description: "Next tab", footer: "tab" },
		{ action: "previous-tab", keys: ["shift-tab", "h", "left", "["], description: "Tab before" },
		{
			action: "open",
			keys: ["enter"],
			description: "What is under the cursor, else all findings of the asset",
			footer: "open",
		},
		{ action: "rescan", keys: ["S"], description: "Scan this asset again", footer: "scan", needs: "operate" },
		{ action: "merge", keys: ["m"], description: "Beside the asset that has its address now", needs: "operate" },
		{ action: "purge", keys: ["X"], description: "Purge it from the inventory; asks first", needs: "operate" },
		{ action: "shell", keys: ["$"], description: "A shell on this asset: your ssh", footer: "shell", needs: "admin" },
	],
	shell: [
		{ action: "type", keys: ["enter", "i"], description: "Type into the shell again", footer: "type" },
		{ action: "split", keys: ["s"], description: "What it is about beside it, or the shell alone", footer: "split" },
		{ action: "older", keys: ["pgup", "k"], description: "Lines that have scrolled off", footer: "older" },
		{ action: "newer", keys: ["pgdn", "j"], description: "Back to what is new" },
		{ action: "end", keys: ["X"], description: "End the shell, as closing a terminal does", footer: "end" },
	],
	...findingsKeymap,
	...tableKeymap,
	port: [
		{ action: "findings", keys: ["enter"], description: "The findings on this port, as a list", footer: "findings" },
	],
	...dialogKeymap,
} as const satisfies Record<string, readonly Binding[]>;

export type Scope = keyof typeof keymap;
export const scopeTitles: Readonly<Record<Scope, string>> = {
	everywhere: "Everywhere",
	list: "In a list",
	dashboard: "On the dashboard",
	arrange: "Arranging the dashboard",
	settings: "On a setting",
	scans: "On a scan",
	compare: "Comparing two scans or days",
	live: "While watching a scan",
	...tableScopeTitles,
	"finding-groups": "On findings put together",
	shell: "In a shell that is not typed into",
	maps: "On a map",
	map: "On the hosts of a map",
	knowledge: "On the knowledge",
	bundles: "On bundles of knowledge",
	"bundle-keys": "On keys of bundles",
	topology: "In the topology",
	profiles: "On an option profile",
	versions: "On its versions",
	exclusions: "On an exclusion",
	assets: "On an asset of the list",
	duplicates: "On a group of duplicates",
	duplicate: "Comparing duplicates",
	merges: "On a merge",
	queries: "On a saved query",
	tags: "On a tag",
	groups: "On an asset group",
	"never-scanned": "On what was never scanned",
	recipes: "On a recipe",
	purges: "On a purge",
	"purge-rules": "On a purge rule",
	credentials: "On a credential",
	access: "On who may connect",
	audit: "On the audit log",
	reader: "In a text",
	searching: "Finding words in it",
	asset: "On an asset",
	finding: "On a finding",
	ticket: "On a ticket",
	tickets: "In the list of tickets",
	policy: "On a rule of the policy",
	ignores: "On what was ignored",
	findings: "On a finding",
	narrowing: "In a list that can be narrowed",
	facets: "Narrowing a list",
	mending: "With findings",
	fix: "On what mends them",
	requests: "On a request",
	consoles: "On an attached console",
	port: "On a port",
	form: "In a form",
	palette: "Finding an action",
	command: "Typing a command",
	choice: "Answering",
};

/** What holds even while text is typed or a question is open. */
export const alwaysActions: readonly string[] = ["quit", "suspend"];

/** Nothing one would look up by its name: moving about, and looking up itself. */
export const wordlessActions: readonly string[] = [
	...["down", "up", "page-down", "page-up", "first", "last", "column-left", "column-right"],
	...["next-box", "previous-box", "palette", "command", "back", "leave"],
];

/** The actions of a scope: what a view with that scope must handle. */
export type ActionOf<S extends Scope> = (typeof keymap)[S][number]["action"];

/** Keys a text field takes for itself; everything printable goes into it. */
export const editingKeys = {
	left: ["left", "ctrl-b"],
	right: ["right", "ctrl-f"],
	start: ["home", "ctrl-a"],
	end: ["end", "ctrl-e"],
	backspace: ["backspace", "ctrl-h"],
	delete: ["delete", "ctrl-d"],
	clear: ["ctrl-u"],
	word: ["ctrl-w", "alt-backspace"],
	accept: ["enter"],
	leave: ["esc"],
} as const;
/** Takes the next suggestion while a filter is typed. */
export const completeKeys: readonly string[] = ["tab"];
export type EditingAction = keyof typeof editingKeys;
