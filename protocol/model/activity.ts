/** Something that goes on, or went on lately: work of the daemon and what it came to, of whatever kind. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

export const activityKinds = [
	...(["scan", "map", "recipe", "update", "import", "search", "purge", "merge", "request"] as const),
] as const;

/** `waiting`: for a window, or for somebody. `stopped`: cancelled or paused by somebody. */
export const activityStates = ["running", "waiting", "done", "failed", "stopped"] as const;

export const activity = z.object({
	kind: z.enum(activityKinds),
	number: z.int().positive().nullable().describe("of the scan, map, recipe …; null: it has none"),
	title: z.string(),
	state: z.enum(activityStates),
	progress: z.number().min(0).max(1).nullable().describe("null: not known, or over"),
	by: z.string().nullable().describe("who began or did it; null: not told with it"),
	at: timestamp.describe("when it ended, else when it began"),
	note: z.string().describe("what it came to, or how far it is, in words"),
});
export type Activity = z.infer<typeof activity>;
