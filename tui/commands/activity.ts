/** `vedette activity`: what the daemon does now and did lately. */
import { list } from "../../protocol/methods/activity.ts";
import type { Activity } from "../../protocol/model/activity.ts";
import { age } from "../text/format.ts";
import { personName } from "../text/people.ts";
import type { CommandFile } from "./command.ts";
import { type Column, printList } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";

export const activityCommand: CommandFile = {
	register(program, run) {
		program
			.command("activity")
			.description(
				"what runs or waits, and what went on lately: scans, maps, recipes, imports, purges, merges, requests",
			)
			.option("--limit <n>", "rows at most, up to 200", "50")
			.option("--json", "one JSON document")
			.addHelpText(
				"after",
				"\nExample:\n  vedette activity --limit 20\n\nWho did what, without a gap: vedette audit list",
			)
			.action((options: { limit: string; json?: boolean }) =>
				run(async (ctx) => {
					const limit = Math.min(200, wholeNumber(options.limit, "--limit is 1 to 200."));
					const client = await ctx.connect({ start: true });
					const page = await client.call(list, { limit });
					printList(ctx, page, {
						json: options.json,
						columns: columnsAt(Date.now()),
						empty: "Nothing has gone on yet.",
					});
				}),
			);
	},
};

const columnsAt = (now: number): readonly Column<Activity>[] => [
	{ title: "STATE", value: ({ state }) => state },
	{ title: "AGO", value: ({ at }) => age(at, now), align: "right" },
	{ title: "KIND", value: ({ kind }) => kind },
	{ title: "NO", value: ({ number }) => number, align: "right" },
	{ title: "WHAT", value: ({ title }) => title, max: 50 },
	{
		title: "DONE",
		value: ({ progress }) => (progress === null ? null : `${Math.floor(progress * 100)} %`),
		align: "right",
	},
	{ title: "BY", value: ({ by }) => (by === null ? null : personName(by)), max: 24 },
	{ title: "HOW FAR", value: ({ note }) => note, max: 60 },
];
