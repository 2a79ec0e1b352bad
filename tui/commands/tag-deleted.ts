/** Tags that were deleted: the list of them, and putting one back. */

import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as tags from "../../protocol/methods/tags.ts";
import type { DeletedTag } from "../../protocol/model/tag.ts";
import { age, count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { RunAction } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

export function registerDeleted(command: Command, run: RunAction): void {
	command
		.command("deleted")
		.description("the tags that were deleted in the last 30 days and can be put back")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(tags.deleted, {});
				printList(ctx, page, {
					json: options.json,
					columns: columns(Date.now()),
					empty: "No tag was deleted in the last 30 days.",
				});
			}),
		);
	command
		.command("undelete [number]")
		.description("put back a deleted tag, the last one unless its number is given, on the assets that carried it")
		.option("--name <name>", "under another name")
		.option("--json", "one JSON document")
		.action((number: string | undefined, options: { name?: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const tag = await client.call(tags.restore, {
					...(number === undefined ? {} : { id: parseNumber(number) }),
					...(options.name === undefined ? {} : { name: options.name }),
				});
				if (options.json === true) ctx.print(jsonText(tag));
				else ctx.print(`The tag ${harmless(tag.path)} is back, on ${plural(tag.assets, "asset")}.`);
			}),
		);
}

function columns(now: number): Column<DeletedTag>[] {
	return [
		{ title: "NUMBER", value: ({ id }) => id, align: "right" },
		{ title: "TAG", value: ({ path }) => path, max: 60 },
		{ title: "ASSETS", value: ({ assets }) => count(assets), align: "right" },
		{ title: "DELETED", value: ({ deletedAt }) => `${age(deletedAt, now)} ago` },
		{ title: "BY", value: ({ by }) => personName(by), max: 20 },
		{ title: "UNTIL", value: ({ until }) => until.slice(0, 10) },
	];
}

function parseNumber(text: string): number {
	const id = Number(text);
	if (/^\d{1,15}$/.test(text) && id > 0) return id;
	throw new AppError("invalid", `"${text}" is not the number of a tag.`, {
		hint: "See them with: vedette tag deleted",
	});
}
