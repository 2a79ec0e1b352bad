/** Taking in another scanner's file: nmap's XML, a Nessus file. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import { timestamp } from "../model/timestamp.ts";

const figures = z.object({
	hosts: z.int().nonnegative().describe("taken in"),
	new: z.int().nonnegative().describe("of these, not known before"),
	older: z
		.int()
		.nonnegative()
		.describe("of these, where something of the file was older than what is held, and left out"),
	down: z.int().nonnegative().describe("hosts that the scanner did not find"),
	openPorts: z.int().nonnegative(),
	records: z.int().nonnegative().describe("pieces of evidence"),
	findings: z.object({
		new: z.int().nonnegative(),
		again: z.int().nonnegative().describe("seen again, or reopened"),
		fixed: z.int().nonnegative(),
		information: z
			.int()
			.nonnegative()
			.describe("gathered, new or again: in none of the figures above, for it is no weakness"),
	}),
});

export const file = defineMethod({
	name: "imports.file",
	summary: "Take in another scanner's file",
	description:
		"nmap's XML or a Nessus file (version 2), also packed with gzip; what it is, is told from the content. Each host becomes evidence and coverage as of when it was scanned, in a transaction of its own; what is held that is newer stays. Of a file that is cut all whole hosts are taken in, and `cut` says where it ends. Goes on when the connection is lost; `imports.stop` ends it.",
	access: "operate",
	audit: ["imports.file"],
	errors: ["not-found", "busy", "unavailable"],
	timeoutMs: 24 * 3_600_000,
	params: z.object({
		path: z.string().min(1).max(4_096).describe("absolute, on the daemon's machine"),
		network: z.string().max(60).optional().describe("the network its addresses are in; `default` when left out"),
		dryRun: z.boolean().default(false).describe("say what would come of it, and change nothing"),
	}),
	result: figures.extend({
		format: z.enum(["nmap", "nessus"]),
		scanner: z.string().describe("as it calls itself, with its version"),
		scannedAt: z
			.object({ from: timestamp, to: timestamp })
			.nullable()
			.describe("first and last moment of its hosts; null: it has none"),
		refused: z.object({
			hosts: z.int().nonnegative(),
			first: z.array(z.object({ host: z.string(), why: z.string() })).max(200),
		}),
		cut: z.string().nullable().describe("why not all of the file was read; null: it was"),
		notes: z.array(z.string()),
	}),
});

const progress = z.object({
	running: figures
		.extend({
			path: z.string(),
			dryRun: z.boolean(),
			bytes: z.int().nonnegative().describe("of the file, read so far"),
			size: z.int().nonnegative().describe("of the file"),
		})
		.nullable(),
});

export const status = defineMethod({
	name: "imports.status",
	summary: "How far an import is",
	description: "Of another scanner's file that is being taken in now; null when none is.",
	access: "read",
	params: z.object({}),
	result: progress,
});

export const watch = defineStream({
	name: "imports.watch",
	summary: "Tells when a scanner's file begins to be taken in, and what came of it",
	description: "Each once, for whoever looks on; `imports.status` has how far it is.",
	access: "read",
	params: z.object({}),
	snapshot: progress,
	event: z.object({
		kind: z.literal("notice"),
		who: z.string(),
		path: z.string(),
		state: z.enum(["begun", "ended", "failed"]),
		text: z.string(),
	}),
});

export const stop = defineMethod({
	name: "imports.stop",
	summary: "End an import",
	description: "What was taken in stays. False when none is under way.",
	access: "operate",
	audit: { unlogged: "the import's own entry says how far it came" },
	params: z.object({}),
	result: z.object({ stopped: z.boolean() }),
});
