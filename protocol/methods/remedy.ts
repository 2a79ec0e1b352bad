/** Remedy: what would mend findings, and looking again whether it did. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { hostRemedy } from "../model/remedy.ts";

export const plan = defineMethod({
	name: "remedy.plan",
	summary: "What would mend findings",
	description:
		"For the findings that findings.list answers to the filter (or those of `ids`), asset by asset: the fewest package upgrades that close most of them by the advisories in force, as commands of the host's own package manager; what must be restarted; what no upgrade mends; and for all others the check's solution. Assets come by number, some at a time: ask again with `next` as `after`.",
	access: "read",
	timeoutMs: 60_000,
	params: z.object({
		filter: z.string().max(4_000).default("").describe("query, as for findings.list; empty means all that are open"),
		ids: z.array(z.int().positive()).max(50_000).optional(),
		after: z.int().nonnegative().default(0),
	}),
	result: z.object({
		hosts: z.array(hostRemedy),
		assets: z.int().nonnegative().describe("assets with such findings, on all pages"),
		next: z.int().positive().nullable(),
	}),
});
