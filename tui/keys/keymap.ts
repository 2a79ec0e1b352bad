/**
 * Every key of the console. This folder is the only place where key strings stand: help, footer, dispatch and documents derive
 * from it. A scope is a kind of place; a view says which scopes apply to it, nearest first.
 */
import { accessKeymap } from "./access-keymap.ts";
import { assetKeymap } from "./asset-keymap.ts";
import type { Binding } from "./binding.ts";
import { consoleKeymap } from "./console-keymap.ts";
import { dashboardKeymap } from "./dashboard-keymap.ts";
import { dialogKeymap } from "./dialog-keymap.ts";
import { everywhereKeymap } from "./everywhere-keymap.ts";
import { findingsKeymap } from "./findings-keymap.ts";
import { inventoryKeymap } from "./inventory-keymap.ts";
import { knowledgeKeymap } from "./knowledge-keymap.ts";
import { mapKeymap } from "./map-keymap.ts";
import { readerKeymap } from "./reader-keymap.ts";
import { requestKeymap } from "./request-keymap.ts";
import { scanKeymap } from "./scan-keymap.ts";
import { settingsKeymap } from "./settings-keymap.ts";
import { tableKeymap } from "./table-keymap.ts";
import { ticketKeymap } from "./ticket-keymap.ts";

export const keymap = {
	...everywhereKeymap,
	...tableKeymap,
	...dashboardKeymap,
	...scanKeymap,
	...mapKeymap,
	...knowledgeKeymap,
	...inventoryKeymap,
	...requestKeymap,
	...accessKeymap,
	...ticketKeymap,
	...settingsKeymap,
	...consoleKeymap,
	...readerKeymap,
	...assetKeymap,
	...findingsKeymap,
	...dialogKeymap,
} as const satisfies Record<string, readonly Binding[]>;

export type Scope = keyof typeof keymap;

/** The actions of a scope: what a view with that scope must handle. */
export type ActionOf<S extends Scope> = (typeof keymap)[S][number]["action"];

/** What holds even while text is typed or a question is open. */
export const alwaysActions: readonly string[] = ["quit", "suspend"];

/** Nothing one would look up by its name: moving about, and looking up itself. */
export const wordlessActions: readonly string[] = [
	...["down", "up", "page-down", "page-up", "first", "last", "column-left", "column-right"],
	...["next-box", "previous-box", "palette", "command", "back", "leave"],
];
