/** What would mend findings: package upgrades host by host, what must be restarted, and what no upgrade mends. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

export const remedyUpgrade = z.object({
	package: z.string(),
	from: z.string().describe("the version that is installed"),
	source: z.string().describe("what it was made from; `to` is a version of that"),
	to: z.string().describe("the first version that is enough"),
	advisories: z.array(z.string()),
});

export const remedyRest = z.object({
	finding: z.int().positive(),
	title: z.string(),
	place: z.string().describe("address, or address:port/protocol"),
	what: z.string().describe("why no upgrade mends it, or what does"),
});

export const hostRemedy = z.object({
	asset: z.object({ id: z.int().positive(), name: z.string() }),
	system: z.string().nullable().describe("as the host calls itself; null when nobody has logged in"),
	manager: z.enum(["dpkg", "rpm", "apk"]).nullable(),
	upgrades: z.array(remedyUpgrade),
	commands: z.array(z.string()).describe("for a root shell, in their order; nothing in them needs quoting any more"),
	checks: z.array(z.string()).describe("commands that say afterwards what is still too old"),
	unsafe: z.array(z.string()).describe("packages left out of the commands, as no packager allows such names"),
	closes: z.array(z.int().positive()).describe("findings that are over with these upgrades"),
	reboot: z
		.string()
		.nullable()
		.describe("why the host must be restarted for the upgrades to be in force; null: it need not"),
	waiting: z
		.object({
			reboot: z.boolean().nullable(),
			services: z.array(z.string()).nullable().describe("running with files that are gone; null: could not be told"),
			seenAt: timestamp,
		})
		.nullable()
		.describe("upgrades already installed and not in force, as of the last login; null: nobody has looked"),
	without: z.array(remedyRest).describe("findings by advisories that no upgrade mends"),
	other: z.array(remedyRest).describe("findings that are about no package, with the check's solution"),
});
export type HostRemedy = z.infer<typeof hostRemedy>;

/** What came of looking again. found: it is there. fixed: the same check was clear. untested: it stays as it was. gone: purged or merged. */
export const verifiedOutcomes = ["fixed", "found", "untested", "gone"] as const;

export const verifiedFinding = z.object({
	finding: z.int().positive(),
	title: z.string(),
	asset: z.string(),
	place: z.string(),
	before: z.enum(["open", "fixed"]).describe("as it stood before the scan"),
	after: z.enum(verifiedOutcomes),
	note: z.string().describe("what is kept with the finding"),
});
export type VerifiedFinding = z.infer<typeof verifiedFinding>;
