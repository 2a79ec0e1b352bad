/** One setting of the daemon: what it is, what it says now, where that comes from, and what changes it. */
import { z } from "zod";
import { accessLevels } from "../define.ts";

export const settingGroups = [
	...(["Scans and maps", "Knowledge", "Identity", "Findings and tickets", "Requests"] as const),
	...(["Keeping and deleting", "Access", "This daemon"] as const),
] as const;

/** `built-in` ones cannot be changed; `environment`: a variable of the daemon's environment, read when it starts. */
export const settingSources = ["default", "set", "environment", "built-in"] as const;

export const setting = z.object({
	id: z.string().describe("area.name"),
	group: z.enum(settingGroups),
	title: z.string(),
	about: z.string().describe("what it does, in a sentence or two"),
	value: z.string().describe("as it is written to be set; empty where nothing is said"),
	shown: z.string().describe("in words"),
	default: z.string().describe("in words, what holds where nothing is set"),
	source: z.enum(settingSources),
	edit: z
		.object({
			access: z.enum(accessLevels).describe("what is needed to change it"),
			hint: z.string().describe("how it is written"),
			choices: z.array(z.string()).describe("all it can be; empty: other texts"),
			asksWhy: z.boolean().describe("it wants a reason, which is kept with it"),
		})
		.nullable()
		.describe("null: it is changed elsewhere, or not at all; see `command`"),
	command: z.string().nullable().describe("the command that shows or changes it"),
});
export type Setting = z.infer<typeof setting>;
