/** Lists of targets too long for one request: handed over in parts, then named in `scans.start` and elsewhere. */
import { z } from "zod";
import { defineMethod } from "../define.ts";

export const listLimits = {
	/** Most separate IPv4 ranges in one list, and in all that are kept: any 16,777,216 addresses fit. */
	ranges: 1 << 23,
	/** Longest `packed` of one call. Characters. */
	packed: 768 * 1024,
} as const;

export const add = defineMethod({
	name: "lists.add",
	summary: "Hand over a part of a list of targets",
	description:
		"Without `list` a new one begins. A scan, a map or an exclusion names it as `list:N`. Lists are not stored: one is kept for an hour after it was last used, while there is room, and not over a restart; a scan keeps what it stood for. Nothing is sent and no name is looked up.",
	access: "operate",
	audit: { unlogged: "targets that are handed over in parts are kept until the scan that takes them, which is logged" },
	errors: ["not-found", "too-large"],
	params: z.object({
		list: z.int().positive().optional().describe("to add to"),
		title: z.string().trim().min(1).max(200).optional().describe("what it is shown as, e.g. the name of a file"),
		packed: z
			.string()
			.max(listLimits.packed)
			.regex(/^[A-Za-z0-9+/]*={0,2}$/)
			.default("")
			.describe("IPv4 ranges, base64: first and last address of each, four bytes in network order"),
		targets: z
			.array(z.string().min(1).max(253))
			.max(2_000)
			.default([])
			.describe("anything else a target may be but another list"),
	}),
	result: z.object({
		list: z.int().positive(),
		ranges: z.int().nonnegative().describe("so far, repeats and neighbours not yet merged"),
		names: z.int().nonnegative(),
	}),
});
