/** Priorities: what they are made of, and why a finding has its own. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { priority, priorityPart, priorityWeights } from "../model/priority.ts";

export const weights = defineMethod({
	name: "priorities.weights",
	summary: "What each factor of the priority weighs",
	description:
		"severity, CVSS base score (2.0, 3.x or 4.0, whichever the source gives), EPSS, and whether CISA's list has it, of the finding; of its asset: exposure (a public address, or a tag Internet Facing), criticality (highest of its tags) and business impact (highest of its groups).",
	access: "read",
	params: z.object({}),
	result: z.object({ weights: priorityWeights }),
});

export const setWeights = defineMethod({
	name: "priorities.setWeights",
	summary: "Weigh the factors otherwise",
	description:
		"Those left out stay. All findings are in their new order at once, but for what hangs on assets: that follows within seconds. `invalid` when nothing would weigh anything.",
	access: "approve",
	audit: ["priority.weigh"],
	errors: ["unavailable"],
	params: z.object({ weights: priorityWeights.partial() }),
	result: z.object({ weights: priorityWeights }),
});

export const explain = defineMethod({
	name: "priorities.explain",
	summary: "Why a finding has its priority",
	description: "Factor by factor: points, the most it could give, and what they were made of.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ finding: z.int().positive() }),
	result: z.object({ finding: z.int().positive(), title: z.string(), priority, parts: z.array(priorityPart) }),
});
