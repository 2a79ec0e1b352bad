/** What the daemon does and did lately, of whatever kind, as one list. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { activity } from "../model/activity.ts";

export const list = defineMethod({
	name: "activity.list",
	summary: "What goes on, and what went on lately",
	description:
		"What runs or waits first, then the newest: scans, maps, recipes, updates and imports, purges, merges and requests. Who did what to what, without a gap, is in the audit log.",
	access: "read",
	params: z.object({ limit: z.int().min(1).max(200).default(100) }),
	result: z.object({ items: z.array(activity), total: z.int().nonnegative() }),
});
