/** `vedette priority`: what is to be mended first is made of what, and why a finding stands where it does. */
import { AppError } from "../../protocol/errors.ts";
import * as priorities from "../../protocol/methods/priorities.ts";
import {
	defaultWeights,
	type PriorityFactor,
	type PriorityPart,
	priorityFactors,
} from "../../protocol/model/priority.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";

interface Options {
	json?: boolean;
}

export const priorityCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("priority")
			.description("what to mend first: the weights of its factors, and why a finding stands where it does")
			.addHelpText(
				"after",
				`
Factors: ${priorityFactors.join(", ")}

Examples:
  vedette findings --sort -priority
  vedette priority explain 17
  vedette priority set kev=40 exposure=20`,
			);
		command
			.command("show", { isDefault: true })
			.description("the weights")
			.option("--json", "one JSON document")
			.action((options: Options) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					tellWeights(ctx, options, (await client.call(priorities.weights, {})).weights);
				}),
			);
		command
			.command("set <factor=weight...>")
			.description("weigh factors otherwise, 0 to 100 each; `default` for all as they were")
			.option("--json", "one JSON document")
			.action((words: string[], options: Options) =>
				run(async (ctx) => {
					const weights = words.includes("default") ? defaultWeights : readWeights(words);
					const client = await ctx.connect({ start: true });
					tellWeights(ctx, options, (await client.call(priorities.setWeights, { weights })).weights);
				}),
			);
		command
			.command("explain <finding>")
			.description("why a finding has its priority, factor by factor")
			.option("--json", "one JSON document")
			.action((finding: string, options: Options) =>
				run(async (ctx) => {
					const id = wholeNumber(finding, "For example: vedette priority explain 17");
					const client = await ctx.connect({ start: true });
					const found = await client.call(priorities.explain, { finding: id });
					if (options.json) return ctx.print(jsonText(found));
					ctx.print(`${found.priority.toFixed(1)} of 100: ${harmless(found.title)}\n`);
					const page = { items: found.parts, total: found.parts.length };
					printList(ctx, page, { json: false, columns: partColumns, empty: "" });
				}),
			);
	},
};

function readWeights(words: readonly string[]): Partial<Record<PriorityFactor, number>> {
	return Object.fromEntries(
		words.map((word) => {
			const [factor = "", weight = ""] = word.split("=");
			if (!(priorityFactors as readonly string[]).includes(factor) || !/^\d{1,3}$/.test(weight)) {
				throw new AppError("invalid", `${word} is no factor with its weight.`, {
					hint: `For example kev=40; the factors are ${priorityFactors.join(", ")}.`,
				});
			}
			return [factor, Number(weight)];
		}),
	);
}

function tellWeights(ctx: CommandContext, options: Options, weights: Record<PriorityFactor, number>): void {
	if (options.json) {
		ctx.print(jsonText({ weights }));
		return;
	}
	const sum = Math.max(
		1,
		Object.values(weights).reduce((total, weight) => total + weight, 0),
	);
	const items = priorityFactors.map((factor) => ({
		factor,
		weight: weights[factor],
		most: (100 * weights[factor]) / sum,
	}));
	printList(ctx, { items, total: items.length }, { json: false, columns: weightColumns, empty: "" });
}

const weightColumns: readonly Column<{ factor: string; weight: number; most: number }>[] = [
	{ title: "FACTOR", value: ({ factor }) => factor },
	{ title: "WEIGHT", value: ({ weight }) => String(weight), align: "right" },
	{ title: "OF 100", value: ({ most }) => most.toFixed(1), align: "right" },
];

const partColumns: readonly Column<PriorityPart>[] = [
	{ title: "FACTOR", value: ({ factor }) => factor },
	{ title: "POINTS", value: ({ points }) => points.toFixed(1), align: "right" },
	{ title: "OF", value: ({ most }) => most.toFixed(1), align: "right" },
	{ title: "FROM", value: ({ text }) => text },
];
