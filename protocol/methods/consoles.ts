/** Consoles that are attached at this moment: who else is here, and who looks at what. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import { attachedConsole, consolePlace } from "../model/console.ts";

const consoles = z.array(attachedConsole).describe("whoever has been here longest first");

export const list = defineMethod({
	name: "consoles.list",
	summary: "Who is attached",
	description:
		"Connections that have said with consoles.show that somebody sits there; programs and commands are not among them. Held in memory, for as long as each connection lasts.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: consoles, total: z.int().nonnegative() }),
});

export const show = defineMethod({
	name: "consoles.show",
	summary: "Say where this console is",
	description:
		"From the first time on the connection is listed as a console. What is told is the screen, what it is about, whom it follows and whether somebody types, and of a list that somebody follows its filter and row; everybody who may connect can see it.",
	access: "read",
	params: z.object({
		place: consolePlace,
		idleMs: z.int().nonnegative().max(31_536_000_000).nullable().describe("since the last key; null: somebody types"),
		follows: z.int().positive().nullable().default(null).describe("the console this one goes after, by its id"),
		from: z.string().max(60).default("local").describe("where the console runs, as it says itself"),
	}),
	result: z.object({ id: z.int().positive() }),
});

export const watch = defineStream({
	name: "consoles.watch",
	summary: "Who is attached, kept current",
	description: "All of them again whenever one comes, goes, moves or falls idle; twice a second at most.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ consoles }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("consoles"), consoles })]),
});
