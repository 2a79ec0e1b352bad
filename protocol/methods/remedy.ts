/** Remedy: what would mend findings, and looking again whether it did. */
import { z } from "zod";
import { changesNothing, defineMethod } from "../define.ts";
import { hostRemedy, verifiedFinding } from "../model/remedy.ts";

const chosen = z.object({
	filter: z.string().max(4_000).default("").describe("query, as for findings.list; empty means all that are open"),
	ids: z.array(z.int().positive()).max(50_000).optional(),
});
/** Findings looked at again at once. */
const mostVerified = 10_000;

export const plan = defineMethod({
	name: "remedy.plan",
	summary: "What would mend findings",
	description:
		"For the findings that findings.list answers to the filter (or those of `ids`), asset by asset: the fewest package upgrades that close most of them by the advisories in force, as commands of the host's own package manager; what must be restarted; what no upgrade mends; and for all others the check's solution. Assets come by number, some at a time: ask again with `next` as `after`.",
	access: "read",
	timeoutMs: 60_000,
	params: chosen.extend({ after: z.int().nonnegative().default(0) }),
	result: z.object({
		hosts: z.array(hostRemedy),
		assets: z.int().nonnegative().describe("assets with such findings, on all pages"),
		next: z.int().positive().nullable(),
	}),
});

export const aim = defineMethod({
	name: "remedy.aim",
	summary: "What a scan must look at to test findings again",
	description:
		"Targets and ports for scans.start: the addresses of the findings, their ports, and where something from inside a host is to be seen again, the ports it is logged in to. Answers `conflict` for findings in several networks, which one scan cannot look at, and `too-large` for more than 10,000 findings.",
	access: "operate",
	audit: changesNothing,
	errors: ["conflict", "too-large", "not-found"],
	params: chosen,
	result: z.object({
		ids: z.array(z.int().positive()),
		targets: z.array(z.string()),
		ports: z.string().describe("as scans.start takes them"),
		udp: z.string(),
		network: z.string(),
		checks: z.array(z.string()).describe("signatures of the findings, as scans.start takes them"),
		logins: z.boolean().describe("some of them are only seen from inside, by a login"),
	}),
});

export const note = defineMethod({
	name: "remedy.note",
	summary: "Say what a scan made of findings",
	description:
		"Of a scan that is over: each finding before and after, kept as an event with the finding. What the scan did not test stays as it was, and is told as such: not seen is not fixed. Asked again for the same scan it answers the same and keeps nothing twice.",
	access: "operate",
	audit: ["findings.verify"],
	errors: ["not-found", "conflict"],
	params: z.object({ scan: z.int().positive(), ids: z.array(z.int().positive()).min(1).max(mostVerified) }),
	result: z.object({ items: z.array(verifiedFinding) }),
});
