/** What was merged: the list, one of them explained, the way back, and keeping it though something speaks against it. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as duplicates from "../../protocol/methods/duplicates.ts";
import type { MergeRecord } from "../../protocol/model/duplicate.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { mergeColumns, mergeLines } from "./duplicates-text.ts";
import { parseLimit, readPages } from "./pages.ts";
import { jsonText, printList } from "./print.ts";

export function registerMerges(command: Command, run: RunAction): void {
	command
		.command("merges [query]")
		.description("what was merged, newest first, undone merges too: undone:no, contradicted:yes, asset:12")
		.option("--limit <n>", "rows at most", "100")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: { json?: boolean; limit: string }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const wish = { filter: query ?? "", limit: parseLimit(options.limit) };
				const page = await readPages<MergeRecord>(client, duplicates.merges, wish);
				printList(ctx, page, {
					json: options.json,
					columns: mergeColumns(Date.now()),
					empty: "Nothing was merged. See what could be with: vedette duplicates",
				});
			}),
		);
	command
		.command("undo <merge>")
		.description("take a merge apart: each asset as it was, with what came in for it since")
		.option("--not-same", "and remember that they are two machines")
		.option("--maybe-same", "do not remember that, though the merge was made by itself")
		.option("--why <text>", "the reason, kept with the merge")
		.option("--json", "one JSON document")
		.action((merge: string, options: { notSame?: boolean; maybeSame?: boolean; why?: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const said = options.notSame === true ? true : options.maybeSame === true ? false : undefined;
				const undone = await client.call(duplicates.undo, {
					merge: parseId(merge),
					why: options.why ?? "",
					...(said === undefined ? {} : { notSame: said }),
				});
				const names = undone.assets.map(({ id, name }) => `${id} ${harmless(name)}`).join(", ");
				const arrived = undone.arrived.map(
					({ address, asset }) => `  what came in at ${harmless(address)} since went to asset ${asset}`,
				);
				tell(ctx, undone, [`Merge ${undone.merge} is undone. Assets again: ${names}`, ...arrived], options.json);
			}),
		);
	command
		.command("merge-show <merge>")
		.description("one merge explained: who, when, why, and the evidence there was")
		.option("--json", "one JSON document")
		.action((merge: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { items } = await client.call(duplicates.merges, { filter: `id:${parseId(merge)}` });
				const [found] = items;
				if (found === undefined) {
					throw new AppError("not-found", `There is no merge ${merge}.`, {
						hint: "List them with: vedette duplicates merges",
					});
				}
				tell(ctx, found, mergeLines(found), options.json);
			}),
		);
	command
		.command("keep <merge>")
		.description("keep a merge though something that came in since speaks against it: that is told no more")
		.option("--why <text>", "the reason, kept with it")
		.option("--json", "one JSON document")
		.action((merge: string, options: { why?: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const kept = await client.call(duplicates.keep, { merge: parseId(merge), why: options.why ?? "" });
				tell(ctx, kept, [`Merge ${kept.id} is kept. What speaks against it later is told again.`], options.json);
			}),
		);
}

/** Lines, or the value as JSON. */
export function tell(ctx: CommandContext, value: unknown, lines: readonly string[], json: boolean | undefined): void {
	if (json === true) ctx.print(jsonText(value));
	else for (const line of lines) ctx.print(line);
}

export function parseId(text: string): number {
	const id = Number(text);
	if (/^\d{1,15}$/.test(text) && id > 0) return id;
	throw new AppError("invalid", `"${text}" is not the id of an asset, a group or a merge.`, {
		hint: "Ids are in: vedette duplicates, vedette assets, vedette duplicates merges",
	});
}
