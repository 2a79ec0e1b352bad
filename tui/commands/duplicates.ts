/** `vedette duplicates`: assets that may be one machine; merging them, undoing that, saying that they are two. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import { count as countAssets } from "../../protocol/methods/assets.ts";
import * as duplicates from "../../protocol/methods/duplicates.ts";
import { type DuplicateGroup, type MergeField, mergeFields } from "../../protocol/model/duplicate.ts";
import { count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { strandedFilter } from "../text/stranded-words.ts";
import type { CommandFile, RunAction } from "./command.ts";
import { parseId, registerMerges, tell } from "./duplicates-merges.ts";
import {
	detailLines,
	groupColumns,
	linkLines,
	mergeLines,
	previewLines,
	rejectionColumns,
	statusLines,
} from "./duplicates-text.ts";
import { listWish, viewOption, type WishOptions } from "./list-wish.ts";
import { parseLimit, readPages } from "./pages.ts";
import { printList } from "./print.ts";

export const duplicatesCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("duplicates")
			.description("assets that may be one machine: look, merge, undo, or say that they are two")
			.addHelpText("after", examples);
		registerLists(command, run);
		registerMerging(command, run);
		registerMerges(command, run);
		registerSaying(command, run);
		registerSearching(command, run);
	},
};

const examples = `
Examples:
  vedette duplicates "confidence>=90"
  vedette duplicates show 12
  vedette duplicates why 12 40
  vedette duplicates merge 12 --dry-run
  vedette duplicates merge 12 40 --into 12 --take name=40
  vedette duplicates undo 3
  vedette duplicates merges contradicted:yes
  vedette duplicates keep 3 --why "one chassis, two boards"
  vedette duplicates not-same 12 40 --why "two nodes of a cluster"
  vedette duplicates auto --above 95 --dry-run`;

interface ListOptions extends WishOptions {
	json?: boolean;
}

function registerLists(command: Command, run: RunAction): void {
	command
		.command("list [query]", { isDefault: true })
		.description(
			"the groups, surest first, or those a query names: reason:ssh-host-key, name:web, address:192.0.2.0/24",
		)
		.option("--sort <field>", "-field for descending, several with commas")
		.option(...viewOption)
		.option("--limit <n>", "rows at most", "100")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: ListOptions) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const wish = await listWish(client, "duplicates", query, options);
				const page = await readPages<DuplicateGroup>(client, duplicates.list, wish);
				printList(ctx, page, {
					json: options.json,
					columns: groupColumns(Date.now()),
					empty: query
						? "No group matches that. See all with: vedette duplicates"
						: "No two assets look like one machine. New evidence is looked at as it comes in; all of it: vedette duplicates search",
				});
				const { contradicted } = await client.call(duplicates.status, {});
				if (contradicted > 0)
					ctx.stderr.write(
						`Something speaks against ${plural(contradicted, "merge")} since: vedette duplicates merges contradicted:yes\n`,
					);
			}),
		);
	command
		.command("show <group>")
		.description("one group: its assets, what speaks for and against, and the fields that differ")
		.option("--all", "the fields that are alike too")
		.option("--json", "one JSON document")
		.action((group: string, options: { all?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const detail = await client.call(duplicates.get, { id: parseId(group) });
				tell(ctx, detail, detailLines(detail, options.all === true), options.json);
			}),
		);
	command
		.command("compare <asset> <others...>")
		.description("any assets side by side, whether or not they look like one machine")
		.option("--all", "the fields that are alike too")
		.option("--json", "one JSON document")
		.action((first: string, others: string[], options: { all?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const detail = await client.call(duplicates.compare, { assets: [first, ...others].map(parseId) });
				tell(ctx, detail, detailLines(detail, options.all === true), options.json);
			}),
		);
	command
		.command("why <asset> <other>")
		.description("why two assets are shown as one machine, or why they are not")
		.option("--json", "one JSON document")
		.action((one: string, other: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { links, grouping = [] } = await client.call(duplicates.compare, { assets: [one, other].map(parseId) });
				tell(ctx, { links, grouping }, [...links.flatMap(linkLines), ...grouping.map(harmless)], options.json);
			}),
		);
}

interface MergeOptions {
	into?: string;
	take: string[];
	why?: string;
	force?: boolean;
	dryRun?: boolean;
	json?: boolean;
}

function registerMerging(command: Command, run: RunAction): void {
	command
		.command("merge <assets...>")
		.description("make assets one: ids of assets, or the id of one group")
		.option("--into <asset>", "the asset that stays (else the one known best and longest)")
		.option("--take <field=asset>", `whose ${mergeFields.join(", ")} is taken, and holds`, gather, [])
		.option("--why <text>", "the reason, kept with the merge")
		.option("--force", "also when something speaks against it")
		.option("--dry-run", "only say what it would do")
		.option("--json", "one JSON document")
		.action((assets: string[], options: MergeOptions) =>
			run(async (ctx) => {
				const wish = {
					assets: assets.map(parseId),
					fields: Object.fromEntries(options.take.map(parseTake)),
					force: options.force === true,
					...(options.into === undefined ? {} : { into: parseId(options.into) }),
				};
				const client = await ctx.connect({ start: true });
				if (options.dryRun === true) {
					const preview = await client.call(duplicates.preview, wish);
					tell(ctx, preview, [...previewLines(preview), "Nothing was changed."], options.json);
					return;
				}
				const merge = await client.call(duplicates.merge, { ...wish, why: options.why ?? "" });
				tell(ctx, merge, mergeLines(merge), options.json);
			}),
		);
}

function registerSaying(command: Command, run: RunAction): void {
	command
		.command("not-same <assets...>")
		.description("say that assets are two machines, or that none in a group is another: remembered until taken back")
		.option("--why <text>", "the reason, kept with it")
		.option("--json", "one JSON document")
		.action((assets: string[], options: { why?: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const wish = { assets: assets.map(parseId), why: options.why ?? "" };
				const outcome = await client.call(duplicates.reject, wish);
				tell(ctx, outcome, [`Remembered: ${plural(outcome.pairs, "pair")} that are not the same.`], options.json);
			}),
		);
	command
		.command("maybe-same <assets...>")
		.description("take back that assets are not the same; they are compared again")
		.option("--json", "one JSON document")
		.action((assets: string[], options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const outcome = await client.call(duplicates.unreject, { assets: assets.map(parseId) });
				tell(ctx, outcome, [`Taken back for ${plural(outcome.pairs, "pair")}.`], options.json);
			}),
		);
	command
		.command("rejected")
		.description("the pairs that were said not to be the same")
		.option("--limit <n>", "rows at most", "100")
		.option("--json", "one JSON document")
		.action((options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(duplicates.rejections, { limit: parseLimit(options.limit) });
				printList(ctx, page, {
					json: options.json,
					columns: rejectionColumns(Date.now()),
					empty: "No two assets were said to be two machines. Say so with: vedette duplicates not-same 1 2",
				});
			}),
		);
}

function registerSearching(command: Command, run: RunAction): void {
	command
		.command("search")
		.description("search the whole inventory again")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const status = await client.call(duplicates.search, {});
				tell(ctx, status, ["The whole inventory is searched now. See: vedette duplicates status"], options.json);
			}),
		);
	command
		.command("status")
		.description("how the search stands, and which values are on too many assets to tell anything")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const status = await client.call(duplicates.status, {});
				const { total } = await client.call(countAssets, { filter: strandedFilter });
				tell(ctx, { ...status, withoutAddress: total }, statusLines(status, total), options.json);
			}),
		);
	command
		.command("auto")
		.description("merge by itself what is sure, from now on; off unless switched on")
		.option("--above <n>", "from this confidence on, 50 to 100")
		.option("--off", "switch it off")
		.option("--dry-run", "only say what it would merge now")
		.option("--json", "one JSON document")
		.action((options: { above?: string; off?: boolean; dryRun?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				if ((options.above === undefined) === (options.off !== true)) {
					const { auto } = await client.call(duplicates.status, {});
					const now = auto === null ? "off" : `on from ${auto} % on`;
					throw new AppError("invalid", `Merging by itself is ${now}: say what it is to be.`, {
						hint: "vedette duplicates auto --above 95, or --off. With --dry-run nothing is changed.",
					});
				}
				const above = options.above === undefined ? null : parseConfidence(options.above);
				const outcome = await client.call(duplicates.auto, { above, dryRun: options.dryRun === true });
				tell(ctx, outcome, autoLines(outcome, options.dryRun === true), options.json);
			}),
		);
}

function autoLines(
	{ above, groups, previews }: { above: number | null; groups: number; previews: Parameters<typeof previewLines>[0][] },
	isDry: boolean,
): string[] {
	if (above === null) return ["Nothing is merged by itself any more. What was merged stays so."];
	const shown = previews.length < groups ? ` The first ${count(previews.length)}:` : "";
	const told = isDry ? "would be merged" : "are merged now, and others as they are found";
	return [
		`${plural(groups, "group")} at least ${above} % sure that nothing speaks against ${told}.${shown}`,
		...previews.flatMap((preview) => ["", ...previewLines(preview)]),
		...(isDry ? ["", "Nothing was changed."] : []),
	];
}

function gather(value: string, before: string[]): string[] {
	return [...before, value];
}

function parseConfidence(text: string): number {
	const above = Number(text);
	if (/^\d{1,3}$/.test(text) && above >= 50 && above <= 100) return above;
	throw new AppError("invalid", `--above ${text} is not a whole number from 50 to 100.`, {
		hint: "For example: --above 95",
	});
}

function parseTake(text: string): [MergeField, number] {
	const [field = "", asset = ""] = text.split("=", 2);
	const known = mergeFields.find((one) => one === field);
	if (known !== undefined && asset !== "") return [known, parseId(asset)];
	throw new AppError("invalid", `--take ${text} does not say whose value of which field is taken.`, {
		hint: `Write one of ${mergeFields.join(", ")} and the id of an asset: --take name=40`,
	});
}
