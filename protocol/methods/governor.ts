/** The governor: limits that hold over all scans and maps at once, and what running scans meet in each network. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { concurrencyGroup, networkFigures } from "../model/network-figures.ts";

/** Numbers of what was running, was halted and goes on by what holds now. */
const goingOn = { scans: z.array(z.int().positive()), maps: z.array(z.int().positive()) };
const groupName = z.string().trim().min(1).max(100);

export const groups = defineMethod({
	name: "governor.groups",
	summary: "List concurrency groups",
	description: "By name. What several groups say of one address holds all together.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(concurrencyGroup), total: z.int().nonnegative() }),
});

export const setGroup = defineMethod({
	name: "governor.setGroup",
	summary: "Make or change a concurrency group",
	description:
		"Addresses that stand or fall together, such as the guests of one hypervisor or the site behind one thin line, and what may be sent to them over all scans and maps together. A group of that name is replaced. Running scans and maps that reach into it, before or after, are halted and go on by what holds now; `scans` and `maps` are those.",
	access: "operate",
	audit: ["concurrency-group.set"],
	errors: ["too-large"],
	timeoutMs: 30_000,
	params: z.object({
		name: groupName,
		targets: z
			.array(z.string().min(1).max(253))
			.min(1)
			.max(1_000)
			.describe(
				"address, CIDR, range, asset group (group:Web, its addresses as they are now) or tag (tag:Web, always what carries it); no host names",
			),
		ratePerSecond: z.int().min(1).max(1_000_000).default(1_000).describe("packets a second"),
		inFlight: z.int().min(1).max(60_000).default(200).describe("questions open at once"),
		comment: z.string().trim().max(500).default(""),
	}),
	result: z.object({ group: concurrencyGroup, ...goingOn }),
});

export const removeGroup = defineMethod({
	name: "governor.removeGroup",
	summary: "Delete a concurrency group",
	description: "Running scans and maps that reach into it go on without its limits.",
	access: "operate",
	audit: ["concurrency-group.remove"],
	errors: ["not-found"],
	timeoutMs: 30_000,
	params: z.object({ name: groupName }),
	result: z.object({ removed: z.string(), ...goingOn }),
});

export const networks = defineMethod({
	name: "governor.networks",
	summary: "What a running scan meets, by network",
	description:
		"Networks of the scan's present run, the busiest of the last seconds first; of thousands only the busiest are kept. `slowedBy` says in sentences what holds sending back at the moment beyond the scan's own rate. Nothing when the scan is not running.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ scan: z.int().positive(), limit: z.int().min(1).max(4_096).default(100) }),
	result: z.object({
		items: z.array(networkFigures),
		total: z.int().nonnegative().describe("networks known of"),
		slowedBy: z.array(z.string()),
	}),
});
