/** Consoles that are attached: who sits there, and where they look. Kept as long as the connection, and nowhere after. */
import { z } from "zod";
import { access, identity } from "./operator.ts";
import { timestamp } from "./timestamp.ts";

/** What several people can look at, one of them. */
export const placeKinds = ["scan", "map", "asset", "finding", "request", "ticket", "duplicate"] as const;

/** What a list shows: those who follow go there too. */
export const shownList = z.object({
	filter: z.string().max(4_000).describe("in force; what is being typed is none"),
	sort: z.string().max(400).nullable(),
	row: z
		.object({ id: z.int().nonnegative(), at: z.int().nonnegative().describe("how many stand before it") })
		.nullable()
		.describe("under the cursor"),
});
export type ShownList = z.infer<typeof shownList>;

/** Where a console is: the screen, and what it is about; never what is typed or marked there. */
export const consolePlace = z.object({
	screen: z
		.string()
		.regex(/^[a-z][a-z-]{0,39}$/)
		.describe("dashboard, scan, findings, …"),
	about: z
		.object({ kind: z.enum(placeKinds), id: z.int().nonnegative() })
		.nullable()
		.describe("null for a screen that is about nothing in particular"),
	list: shownList.optional().describe("of a list, told only while somebody follows"),
});
export type ConsolePlace = z.infer<typeof consolePlace>;

export const attachedConsole = z.object({
	id: z.int().positive().describe("of the connection, as long as it lasts"),
	user: identity,
	name: z.string().describe("what the machine calls that user, or the name of the token"),
	access,
	client: z.string().describe("name and version, as it greeted"),
	from: z.string().describe("the address it came from over the network; else what it says itself: local, ssh from …"),
	since: timestamp,
	place: consolePlace,
	idleSince: timestamp.nullable().describe("no key since then; null while somebody types"),
	follows: z.int().positive().nullable().default(null).describe("the console that one goes after, by its id"),
	isThis: z.boolean().describe("the one that asks"),
});
export type AttachedConsole = z.infer<typeof attachedConsole>;
