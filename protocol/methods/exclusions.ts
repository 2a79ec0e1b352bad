/** Exclusions that hold for every scan, and ports that are never talked to. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { exclusion, exclusionEvent, fragilePorts as fragilePortsModel } from "../model/exclusion.ts";
import { timestamp } from "../model/timestamp.ts";

const comment = z.string().trim().min(1).max(500);
/** Numbers of what was running, was halted and goes on by what holds now. */
const goingOn = { scans: z.array(z.int().positive()), maps: z.array(z.int().positive()) };

export const list = defineMethod({
	name: "exclusions.list",
	summary: "List global exclusions",
	description: "Those that hold and those that have expired, oldest first; removed ones are in `exclusions.history`.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(exclusion), total: z.int().nonnegative() }),
});

export const history = defineMethod({
	name: "exclusions.history",
	summary: "Who excluded what, and who took it back",
	description: "Every addition, removal and expiry, newest first.",
	access: "read",
	params: z.object({ limit: z.int().min(1).max(50_000).default(1_000) }),
	result: z.object({ items: z.array(exclusionEvent), total: z.int().nonnegative() }),
});

export const add = defineMethod({
	name: "exclusions.add",
	summary: "Exclude targets from every scan",
	description:
		"No packet of any kind is sent there, by a scan's own exclusions and these together. Running scans and maps that reach into it are halted and go on without it: when this answers, nothing is sent there any more; `scans` and `maps` are those. All targets or none; `conflict` when one is already excluded in the same words. A name must resolve; it keeps the addresses it has now and those it has at each later scan, and so does an asset group. A tag (tag:Web) excludes what carries it at any time, and what its rule is written with.",
	access: "operate",
	audit: ["exclusion.add"],
	errors: ["conflict", "too-large"],
	timeoutMs: 30_000,
	params: z.object({
		targets: z
			.array(z.string().min(1).max(253))
			.min(1)
			.max(1_000)
			.describe("address, CIDR of any size, range a-b or a.b.c.d-e, host name, or asset group (group:NAME)"),
		comment: comment.describe("why; required"),
		expiresAt: timestamp.nullable().default(null).describe("in the future; null: for good"),
	}),
	result: z.object({ added: z.array(exclusion), ...goingOn }),
});

export const remove = defineMethod({
	name: "exclusions.remove",
	summary: "Take exclusions back",
	description:
		"By id; all or none. They stay in the history. Running scans keep to the plan they have; scans started or resumed later may reach the targets again.",
	access: "admin",
	audit: ["exclusion.remove"],
	errors: ["not-found"],
	params: z.object({
		exclusions: z.array(z.int().positive()).min(1).max(1_000),
		comment: comment.describe("why; required"),
	}),
	result: z.object({ removed: z.array(exclusion) }),
});

export const fragilePorts = defineMethod({
	name: "exclusions.fragilePorts",
	summary: "Ports that get a connect and not one byte",
	description: "Besides those on which printers print, the ones that were set.",
	access: "read",
	params: z.object({}),
	result: fragilePortsModel,
});

export const setFragilePorts = defineMethod({
	name: "exclusions.setFragilePorts",
	summary: "Set the further fragile ports",
	description:
		"The whole list, as ports and ranges; empty for none. They are reported open or closed and never talked to, over UDP not even asked. Running scans and maps take it up at once; `scans` and `maps` are those.",
	access: "admin",
	audit: ["fragile-ports.set"],
	params: z.object({ further: z.string().max(10_000) }),
	result: fragilePortsModel.extend(goingOn),
});
