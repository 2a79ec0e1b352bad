/** Addresses that answer and are no hosts: what scans and maps saw of them, and what users say to it. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { ghost, ghostRule } from "../model/ghost.ts";

const targets = z
	.array(z.string().min(1).max(253))
	.min(1)
	.max(1_000)
	.describe("address, CIDR of any size, or range a-b or a.b.c.d-e");

const said = z.object({
	rules: z.array(ghostRule),
	scans: z.array(z.int().positive()).describe("running scans that reach there and go on by it"),
});

export const list = defineMethod({
	name: "ghosts.list",
	summary: "Ghosts of a scan or map, or the latest of each network",
	description:
		"One entry for neighbouring networks that are alike: which addresses, what they answer, how sure it is and why. With neither `scan` nor `map`: what the latest scan or map that saw each network says. By address within a kind.",
	access: "read",
	errors: ["not-found", "invalid"],
	params: z.object({
		scan: z.int().positive().optional(),
		map: z.int().positive().optional().describe("give one of them at most"),
		limit: z.int().min(1).max(10_000).default(1_000),
	}),
	result: z.object({ items: z.array(ghost), total: z.int().nonnegative() }),
});

export const rules = defineMethod({
	name: "ghosts.rules",
	summary: "What users said about ghosts",
	description: "Oldest first; of two over one address the later holds.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(ghostRule), total: z.int().nonnegative() }),
});

const say = (verb: "accept" | "reject", summary: string, description: string) =>
	defineMethod({
		name: `ghosts.${verb}`,
		summary,
		description: `${description} Remembered until \`ghosts.forget\`, and replaces what was said of the same target before. All or none.`,
		access: "operate",
		audit: [`ghost.${verb}`],
		errors: ["invalid"],
		timeoutMs: 30_000,
		params: z.object({ targets, comment: z.string().trim().max(500).nullable().default(null).describe("why") }),
		result: said,
	});

export const accept = say(
	"accept",
	"Say that addresses are real",
	"They are never judged to be ghosts: whatever answers there is a host. Running scans go on by it; addresses they have already put among the ghosts are asked by the next scan.",
);

export const reject = say(
	"reject",
	"Say that addresses are ghosts",
	"What answers there is no host: it is asked nothing but whether somebody is there, and becomes no asset. Assets that were made of it before stay.",
);

export const forget = defineMethod({
	name: "ghosts.forget",
	summary: "Take back what was said about ghosts",
	description: "By number, or by target as it was written. From then on the addresses are judged again. All or none.",
	access: "operate",
	audit: ["ghost.forget"],
	errors: ["not-found"],
	params: z.object({ rules: z.array(z.string().min(1).max(253)).min(1).max(1_000) }),
	result: said,
});
