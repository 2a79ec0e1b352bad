/** About the whole address: how it was found alive, its names, what it probably runs, what the scan did there. */
import { z } from "zod";

export const host = z.object({
	aliveBy: z.string().describe("what proved it alive, e.g. tcp 22 open, tcp 80 closed, icmp echo"),
	targetName: z.string().nullable().describe("host name it was asked for by, if it was"),
	names: z.array(z.string()).describe("names by reverse look-up and by what services say, lower case"),
	rttMs: z.number().nullable(),
	mac: z.string().optional().describe("hardware address as the local link tells it; missing when it was not asked"),
	os: z
		.object({
			name: z.string(),
			basis: z.string().describe("which service said what"),
			confidence: z.number().min(0).max(1),
		})
		.nullable(),
	scanSeconds: z.number().nonnegative().describe("time spent on this address"),
	portsProbed: z.int().nonnegative(),
});
