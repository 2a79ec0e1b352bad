/** Consoles that are attached: who sits there, and where they look. Kept as long as the connection, and nowhere after. */
import { z } from "zod";
import { access, identity } from "./operator.ts";
import { timestamp } from "./timestamp.ts";

/** What several people can look at, one of them. */
export const placeKinds = ["scan", "map", "asset", "finding", "request", "ticket", "duplicate"] as const;

/** Where a console is: the screen, and what it is about; never what is typed, filtered or marked there. */
export const consolePlace = z.object({
	screen: z
		.string()
		.regex(/^[a-z][a-z-]{0,39}$/)
		.describe("dashboard, scan, findings, …"),
	about: z
		.object({ kind: z.enum(placeKinds), id: z.int().nonnegative() })
		.nullable()
		.describe("null for a screen that is about nothing in particular"),
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
	isThis: z.boolean().describe("the one that asks"),
});
export type AttachedConsole = z.infer<typeof attachedConsole>;
