/** Shells on assets: ssh in a terminal of the daemon's, for those who may do everything. */
import { z } from "zod";
import { changesNothing, defineMethod, defineStream } from "../define.ts";
import { shell, terminalSize } from "../model/shell.ts";

/** What is typed may be a password. */
const inShell = { unlogged: "the shell's beginning and end are logged, not what is typed" };
const one = z.object({ shell: z.int().positive() });

export const open = defineMethod({
	name: "shells.open",
	summary: "Open a shell on an asset",
	description:
		"Runs the ssh of the user the daemon runs as, with that user's configuration, keys and known hosts; what it asks (password, host key) it asks in the terminal. Never a shell of this machine: ssh's escape keys and local commands are off. An excluded address is refused. Opening and ending have their entries in the audit log, what is typed has none. A shell nobody looks at ends after ten minutes.",
	access: "admin",
	audit: ["shell.open"],
	errors: ["not-found", "out-of-scope", "unavailable", "busy"],
	params: terminalSize.extend({
		asset: z.int().positive(),
		address: z.string().max(64).optional().describe("one of the asset's addresses; its main one by default"),
		port: z.int().min(1).max(65_535).default(22),
		user: z
			.string()
			.regex(/^[^\s\-@:][^\s@:]{0,63}$/)
			.optional(),
	}),
	result: shell,
});

export const list = defineMethod({
	name: "shells.list",
	summary: "The caller's shells",
	description: "Those that run and those that ended in the last ten minutes, newest first.",
	access: "admin",
	audit: changesNothing,
	params: z.object({}),
	result: z.object({ items: z.array(shell) }),
});

export const write = defineMethod({
	name: "shells.write",
	summary: "Type into a shell",
	description: "As a terminal sends it: text and key sequences. What comes after its end is dropped.",
	access: "admin",
	audit: inShell,
	errors: ["not-found"],
	params: one.extend({ text: z.string().min(1).max(65_536) }),
	result: z.object({}),
});

export const heard = defineMethod({
	name: "shells.heard",
	summary: "Say how much has been shown",
	description:
		"`position` of the last output that was drawn. The daemon reads no more from ssh while half a million characters are on their way.",
	access: "admin",
	audit: changesNothing,
	errors: ["not-found"],
	params: one.extend({ position: z.int().nonnegative() }),
	result: z.object({}),
});

export const resize = defineMethod({
	name: "shells.resize",
	summary: "Tell the size of the terminal",
	description: "Programs in it are told, as by any terminal.",
	access: "admin",
	audit: inShell,
	errors: ["not-found"],
	params: one.extend(terminalSize.shape),
	result: z.object({}),
});

export const close = defineMethod({
	name: "shells.close",
	summary: "End a shell",
	description: "ssh gets SIGHUP, as when a terminal is closed. One that has ended is forgotten.",
	access: "admin",
	audit: ["shell.end"],
	errors: ["not-found"],
	params: one,
	result: z.object({}),
});

export const follow = defineStream({
	name: "shells.follow",
	summary: "What a shell prints",
	description:
		"The snapshot holds the last of what was printed, enough to fill a terminal anew; `position` counts characters since the shell was opened.",
	access: "admin",
	errors: ["not-found"],
	params: one,
	snapshot: z.object({ shell, replay: z.string(), position: z.int().nonnegative() }),
	event: z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("output"), text: z.string(), position: z.int().nonnegative() }),
		z.object({ kind: z.literal("ended"), shell }),
	]),
});
