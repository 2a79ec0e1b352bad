/** Recipes that begin by themselves: made with `--at`, listed, and no longer wanted. */

import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import * as recipes from "../../protocol/methods/recipes.ts";
import type { RecipeRequest, RecipeSchedule } from "../../protocol/model/recipe.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

export async function scheduleRecipe(
	ctx: CommandContext,
	client: Client,
	options: { at: string; timeZone?: string; name?: string; yes?: boolean; json?: boolean },
	request: RecipeRequest,
): Promise<void> {
	const made = await client.call(recipes.schedule, {
		...{ name: options.name ?? nameOf(request), request, when: options.at, confirm: options.yes === true },
		...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
	});
	if (options.json === true) ctx.print(jsonText(made));
	else ctx.print(`${harmless(made.name)} begins by itself, next on ${when(made.nextAt)}.`);
}

export function registerSchedules(command: Command, run: RunAction): void {
	command
		.command("schedules")
		.description("the recipes that begin by themselves (made with --at)")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(recipes.schedules, {});
				const empty =
					"No recipe begins by itself. For example: vedette recipe inventory 192.0.2.0/24 --tag Found --at '0 3 * * 1'";
				printList(ctx, page, { json: options.json, columns, empty });
			}),
		);
	command
		.command("unschedule <name>")
		.description("no longer let a recipe begin by itself; one that is under way goes on")
		.option("--json", "one JSON document")
		.action((name: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { deleted } = await client.call(recipes.unschedule, { name });
				ctx.print(options.json === true ? jsonText(deleted) : `${harmless(deleted.name)} begins no more by itself.`);
			}),
		);
}

function nameOf(request: RecipeRequest): string {
	if (request.kind === "light-inventory") return `Inventory ${request.tag}`.slice(0, 100);
	return `Subnet ${request.netblock.join(" ")}`.slice(0, 100);
}

const when = (at: string) => `${at.slice(0, 16).replace("T", " ")} UTC`;

const columns: readonly Column<RecipeSchedule>[] = [
	{ title: "NAME", value: ({ name }) => name, max: 40 },
	{ title: "WHEN", value: ({ when: times, timeZone }) => (timeZone === "" ? times : `${times} ${timeZone}`), max: 40 },
	{ title: "NEXT", value: ({ nextAt }) => when(nextAt) },
	{ title: "LAST", value: ({ lastAt }) => (lastAt === null ? null : when(lastAt)) },
	{ title: "RECIPE", value: ({ recipe }) => recipe, align: "right" },
	{ title: "BY", value: ({ by }) => personName(by), max: 20 },
	{ title: "PROBLEM", value: ({ problem }) => problem, max: 60 },
];
