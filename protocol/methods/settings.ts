/** Every setting of the daemon in one list, and changing those that are a text, a number or a choice. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { setting } from "../model/setting.ts";

export const list = defineMethod({
	name: "settings.list",
	summary: "What is set, where that comes from, and what it does",
	description: "All of them, in groups. What is a list of its own (profiles, rules, operators) is told in numbers.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(setting), total: z.int().nonnegative() }),
});

export const set = defineMethod({
	name: "settings.set",
	summary: "Change a setting",
	description:
		"As its own method does, with the access, the checks and the entry in the audit log of that; an empty `value` is the default. `invalid` says how it is written.",
	access: "operate",
	audit: { unlogged: "the method that it changes the setting by writes the entry" },
	errors: ["not-found", "forbidden", "conflict", "unavailable"],
	params: z.object({
		id: z.string().max(100),
		value: z.string().max(10_000),
		reason: z.string().max(1_000).default("").describe("for those that want one"),
	}),
	result: setting,
	timeoutMs: 120_000,
});
