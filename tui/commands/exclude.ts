/** `vedette exclude`: what no scan may touch, and ports that are never talked to. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as exclusions from "../../protocol/methods/exclusions.ts";
import type { Exclusion, ExclusionEvent } from "../../protocol/model/exclusion.ts";
import { parseUntil } from "../components/exclusion/parse-until.ts";
import { age, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandFile } from "./command.ts";
import { goOn } from "./going-on.ts";
import { parseLimit } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { readTargetWords, wholeTexts } from "./target-words.ts";

/** Exclusions of one call. */
const mostAtOnce = 1_000;

export const excludeCommand: CommandFile = {
	register(program, run) {
		const command = program.command("exclude").description("what no scan may touch, whatever it was told to scan");
		command
			.command("list", { isDefault: true })
			.description("list the exclusions, or with --history all that happened to them")
			.option("--history", "additions, removals and expiries, newest first")
			.option("--limit <n>", "rows of the history at most", "200")
			.option("--json", "one JSON document")
			.action((options: { history?: boolean; limit: string; json?: boolean }) =>
				run(async (ctx) => {
					const limit = Math.min(50_000, parseLimit(options.limit));
					const client = await ctx.connect({ start: true });
					if (options.history === true) {
						const page = await client.call(exclusions.history, { limit });
						printList(ctx, page, { json: options.json, columns: historyColumns, empty: "Nothing has happened yet." });
						return;
					}
					printList(ctx, await client.call(exclusions.list, {}), {
						json: options.json,
						columns: columns(Date.now()),
						empty: "Nothing is excluded. To leave something alone: vedette exclude add <target> --comment <why>",
					});
				}),
			);
		command
			.command("add <target...>")
			.description(
				"exclude addresses, blocks, ranges, names, groups (group:Web), tags (tag:Fragile) or what is in @FILE from every scan; running ones stop there at once",
			)
			.requiredOption("--comment <why>", "why; required")
			.option("--until <when>", "expires then: 2027-03-31 (to the end of that day, UTC), or 12h, 30d, 8w from now")
			.option("--json", "one JSON document")
			.action((words: string[], options: { comment: string; until?: string; json?: boolean }) =>
				run(async (ctx) => {
					const targets = wholeTexts(await readTargetWords(ctx, words), mostAtOnce);
					const comment = checkComment(options.comment);
					const expiresAt = options.until === undefined ? null : parseUntil(options.until, Date.now());
					const client = await ctx.connect({ start: true });
					const done = await client.call(exclusions.add, { targets, comment, expiresAt });
					if (options.json === true) {
						ctx.print(jsonText(done));
						return;
					}
					const until = expiresAt === null ? "" : ` until ${expiresAt}`;
					for (const { id, target } of done.added) ctx.print(`Excluded ${harmless(target)}${until} (number ${id}).`);
					for (const line of goOn(done)) ctx.print(`${line} without it; nothing is sent there any more.`);
				}),
			);
		command
			.command("remove <target...>")
			.description("take exclusions back, by target or number")
			.requiredOption("--comment <why>", "why; required")
			.option("--json", "one JSON document")
			.action((words: string[], options: { comment: string; json?: boolean }) =>
				run(async (ctx) => {
					const comment = checkComment(options.comment);
					const client = await ctx.connect({ start: true });
					const ids = await findExclusions(client, words);
					const { removed } = await client.call(exclusions.remove, { exclusions: ids, comment });
					if (options.json === true) ctx.print(jsonText({ removed }));
					else for (const { target } of removed) ctx.print(`The exclusion of ${harmless(target)} is taken back.`);
				}),
			);
		command
			.command("ports [list]")
			.description("ports that get a connect and not one byte: show them, or set the further ones (none for none)")
			.option("--json", "one JSON document")
			.action((list: string | undefined, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const further = list?.trim().toLowerCase() === "none" ? "" : list;
					const ports =
						further === undefined
							? { ...(await client.call(exclusions.fragilePorts, {})), scans: [], maps: [] }
							: await client.call(exclusions.setFragilePorts, { further });
					if (options.json === true) ctx.print(jsonText(ports));
					else {
						ctx.print(`Always  ${ports.always}   (printers print what they receive there)`);
						ctx.print(`Further ${ports.further === "" ? "none" : ports.further}`);
						for (const line of goOn(ports)) ctx.print(`${line} with this list.`);
					}
				}),
			);
	},
};

function checkComment(text: string): string {
	if (text.trim() !== "") return text.trim();
	throw new AppError("invalid", "The comment is empty.", {
		hint: 'Say why, for whoever wonders later: --comment "label printer, breaks when scanned"',
	});
}

/** The numbers of what was named by number or in the words it was excluded with. Throws `not-found`. */
async function findExclusions(client: Client, words: readonly string[]): Promise<number[]> {
	const { items } = await client.call(exclusions.list, {});
	// A title with blanks may stand in quotes, or not.
	const bare = (target: string) => target.replaceAll('"', "");
	return words.map((word) => {
		const found = items.findLast(
			(one) => String(one.id) === word.replace(/^#/, "") || bare(one.target) === bare(word.toLowerCase()),
		);
		if (found !== undefined) return found.id;
		throw new AppError("not-found", `"${word}" is not excluded in these words.`, {
			hint: `There ${items.length === 1 ? "is" : "are"} ${plural(items.length, "exclusion")}; see them with: vedette exclude list`,
		});
	});
}

function columns(now: number): Column<Exclusion>[] {
	return [
		{ title: "NUMBER", value: (one) => one.id, align: "right" },
		{ title: "TARGET", value: (one) => one.target, max: 44 },
		{ title: "STATE", value: (one) => one.state },
		{ title: "UNTIL", value: (one) => one.expiresAt?.slice(0, 16).replace("T", " ") ?? "for good" },
		{ title: "ADDED", value: (one) => age(one.addedAt, now), align: "right" },
		{ title: "BY", value: (one) => (one.addedBy === null ? null : personName(one.addedBy)), max: 20 },
		{ title: "COMMENT", value: (one) => one.comment, max: 60 },
	];
}

const historyColumns: Column<ExclusionEvent>[] = [
	{ title: "WHEN (UTC)", value: (event) => event.at?.slice(0, 19).replace("T", " ") ?? "unknown" },
	{ title: "WHAT", value: (event) => event.action },
	{ title: "NUMBER", value: (event) => event.exclusion, align: "right" },
	{ title: "TARGET", value: (event) => event.target, max: 44 },
	{ title: "BY", value: (event) => (event.by === null ? null : personName(event.by)), max: 20 },
	{ title: "COMMENT", value: (event) => event.comment, max: 60 },
];
