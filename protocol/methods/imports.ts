/** Imports: evidence that was gathered by other means than a scan, carried over as files. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { timestamp } from "../model/timestamp.ts";

export const script = defineMethod({
	name: "imports.script",
	summary: "The collection script",
	description:
		"A POSIX shell script that only reads: run on a host that cannot be logged in to, it prints what a login would gather. Its output is taken in with `imports.collected`.",
	access: "read",
	params: z.object({}),
	result: z.object({ script: z.string() }),
});

/** Another scanner's file. */
export { file, status, stop, watch } from "./imports-file.ts";

export const collected = defineMethod({
	name: "imports.collected",
	summary: "Take in the output of the collection script",
	description:
		"Becomes evidence of the host at `address`, and findings, as if by a login. `invalid` for a file that is cut or something else; `conflict` when newer evidence of the host is held.",
	access: "operate",
	audit: ["imports.collected"],
	errors: ["not-found", "conflict", "unavailable"],
	timeoutMs: 120_000,
	params: z.object({
		path: z.string().min(1).max(4_096).describe("absolute, on the daemon's machine"),
		address: z.string().max(64).describe("the host's address"),
		network: z.string().max(60).optional().describe("the network that is in; `default` when left out"),
	}),
	result: z.object({
		asset: z.object({ id: z.int().positive(), name: z.string() }),
		created: z.boolean().describe("the host was not known before"),
		observedAt: timestamp.describe("when the script ran"),
		kinds: z.array(z.object({ kind: z.string(), complete: z.boolean() })),
		system: z.string().nullable().describe("what the host says it runs"),
		packages: z.object({
			installed: z.int().nonnegative(),
			judged: z.int().nonnegative().describe("of which the vendor's advisories speak"),
			leftOut: z.array(z.object({ reason: z.string(), packages: z.int().positive() })),
			ecosystems: z.array(z.string()).describe("names under which feeds speak of the system"),
			problem: z.string().nullable().describe("why the packages cannot be judged; null when they can"),
		}),
		findings: z.object({
			open: z.int().nonnegative().describe("seen by this file"),
			fixable: z.int().nonnegative().describe("of these, by an advisory with an update"),
			new: z.int().nonnegative(),
			fixed: z.int().nonnegative(),
		}),
	}),
});
