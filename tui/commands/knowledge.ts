/** `vedette knowledge`: the feeds evidence is judged with, taken in from files; and what they say of a CVE or an advisory. */
import { basename, resolve } from "node:path";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import type { Feed } from "../../protocol/model/knowledge.ts";
import { age, count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { refusedLines } from "../text/update-words.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { importPath } from "./import-path.ts";
import { importBundle, importedLines, registerBundles } from "./knowledge-bundle.ts";
import { diffLines } from "./knowledge-diff-text.ts";
import { follow } from "./knowledge-follow.ts";
import { knownLines } from "./knowledge-show.ts";
import { registerUpdates } from "./knowledge-update.ts";
import { exitCodes } from "./outcome.ts";
import { parseLimit } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";

export const knowledgeCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("knowledge")
			.description("what evidence is judged with: feeds, fetched or taken in from files");
		command
			.command("status", { isDefault: true })
			.description("list the feeds with their age")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { hasPrevious, importing, ...page } = await client.call(knowledge.feeds, {});
					if (options.json === true) return ctx.print(jsonText({ ...page, importing, hasPrevious }));
					const { signatures, updatedAt } = await client.call(knowledge.status, {});
					ctx.print(`${plural(signatures, "signature")}, ${age(updatedAt, Date.now())} old`);
					if (importing !== null) {
						ctx.print(harmless(`Taking in ${importing.path}: ${plural(importing.records, "record")} so far`));
					}
					printList(ctx, page, { columns: columns(Date.now()), empty: nothingYet });
				}),
			);
		command
			.command("import <files...>")
			.description(
				"take in feeds, one after the other: OSV, Debian Security Tracker, Red Hat CSAF and VEX, CISA KEV, NVD 2.0, EPSS, endoflife.date, recog; a file, folder, zip or tar, also packed with gzip or zstd; or a bundle",
			)
			.option("--name <name>", "what to call and later replace it by; by default after what it is; of one file")
			.option("--older", "also when it is older than what is held")
			.option("--json", "one JSON document")
			.addHelpText(
				"after",
				"\nExample: vedette knowledge import csaf_vex.tar.zst nvdcve-2.0-2026.json.gz kev.json\n\nExit code 5: some of the files could not be taken in; the others were.",
			)
			.action((files: string[], options: ImportOptions) =>
				run(async (ctx) => {
					if (files.length > 1 && options.name !== undefined) {
						throw new AppError("invalid", "A name is for one feed, and there are several files.", {
							hint: "Take them in one by one, or leave out --name.",
						});
					}
					await importAll(ctx, files, options);
				}),
			);
		registerUpdates(command, run);
		registerBundles(command, run);
		command
			.command("diff <file>")
			.description(
				'what a feed would change in the findings, and why, before it is taken in; "previous": what rollback would; "last": what the last change of the knowledge did',
			)
			.option("--name <name>", "the feed it would replace, as for import")
			.option("--limit <n>", "changes at most", "50")
			.option("--json", "one JSON document")
			.action((file: string, options: { name?: string; limit: string; json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const subject =
						file === "previous" ? { previous: true } : file === "last" ? { last: true } : { path: resolve(file) };
					const stop = follow(ctx, client);
					const limit = Math.min(1_000, parseLimit(options.limit));
					const outcome = await client.call(knowledge.diff, { ...subject, name: options.name, limit }).finally(stop);
					if (options.json === true) return ctx.print(jsonText(outcome));
					for (const line of diffLines(outcome)) ctx.print(harmless(line));
				}),
			);
		command
			.command("show <name>")
			.description("what is known of a CVE or an advisory")
			.option("--json", "one JSON document")
			.action((name: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const known = await client.call(knowledge.lookup, { name });
					if (options.json === true) return ctx.print(jsonText(known));
					for (const line of knownLines(known)) ctx.print(harmless(line));
				}),
			);
		command
			.command("rollback")
			.description("go back to the knowledge before the last import; again to undo that")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const page = await client.call(knowledge.rollback, {});
					if (options.json !== true) ctx.print("The knowledge before the last import is in force again:");
					printList(ctx, page, { json: options.json, columns: columns(Date.now()), empty: "No feed." });
				}),
			);
	},
};

interface ImportOptions {
	readonly name?: string;
	readonly older?: boolean;
	readonly json?: boolean;
}

async function importAll(ctx: CommandContext, files: readonly string[], options: ImportOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	const items: unknown[] = [];
	const failed: { file: string; code: string; message: string }[] = [];
	for (const file of files) {
		try {
			const { value, lines } = await importOne(ctx, client, file, options);
			items.push(value);
			if (options.json !== true) for (const line of lines) ctx.print(harmless(line));
		} catch (err) {
			// The others have nothing to do with it.
			if (files.length === 1 || !(err instanceof AppError) || err.code === "cancelled") throw err;
			failed.push({ file, code: err.code, message: err.message });
			const named = err.message.includes(basename(file)) ? err.message : `${file}: ${err.message}`;
			if (options.json !== true) ctx.print(harmless(named));
		}
	}
	if (failed.length > 0) ctx.exit(items.length === 0 ? exitCodes.failed : exitCodes.partial);
	if (options.json === true)
		ctx.print(jsonText(files.length === 1 ? items[0] : { items, failed, total: items.length }));
}

async function importOne(ctx: CommandContext, client: Client, file: string, { name, older }: ImportOptions) {
	const { path, done } = await importPath(ctx, file);
	try {
		const bundle = await importBundle(ctx, client, path, older === true);
		if (bundle !== null) return { value: bundle, lines: importedLines(bundle) };
		const stop = follow(ctx, client);
		const feed = await client.call(knowledge.import, { path, name, older: older === true }).finally(stop);
		return { value: feed, lines: [...taken(feed), ...refusedLines(feed.refused).map(harmless)] };
	} finally {
		done();
	}
}

const nothingYet =
	"No feed has been taken in. With a way to the Internet or a mirror: vedette knowledge update. Else carry one over: vedette knowledge import FILE";

function columns(now: number): Column<Feed>[] {
	return [
		{ title: "FEED", value: (one) => one.name },
		{ title: "RECORDS", value: (one) => count(one.records), align: "right" },
		{ title: "RANGES", value: (one) => count(one.ranges), align: "right" },
		{ title: "OF", value: (one) => one.publishedAt?.slice(0, 10) ?? "-" },
		{ title: "AGE", value: (one) => (one.publishedAt === null ? "-" : age(one.publishedAt, now)) },
		{ title: "LICENCE", value: (one) => one.licence ?? "-", max: 30 },
		{ title: "HASH", value: (one) => one.digest.slice(0, 12) },
		{ title: "CHECKED", value: (one) => (one.checkedAt === null ? "-" : `${age(one.checkedAt, now)} ago`) },
		{ title: "TAKEN IN", value: (one) => `${age(one.importedAt, now)} ago` },
		{ title: "FILE", value: (one) => one.file, max: 60 },
	];
}

function taken({ name, format, records, ranges, leftOut, publishedAt }: Feed): string[] {
	const of = publishedAt === null ? "" : ` of ${publishedAt.slice(0, 10)}`;
	const judged = ranges === 0 ? "" : `, ${plural(ranges, "range")} of versions to judge by`;
	const lines = [`${name}${of}: ${plural(records, "record")} taken in${judged}.`];
	if (leftOut > 0) {
		lines.push(
			format === "recog"
				? `${plural(leftOut, "fingerprint")} left out: not linear-time, or its own examples do not fit it.`
				: `${plural(leftOut, "range")} left out: of an ecosystem whose versions are not known here, or no versions at all.`,
		);
	}
	return lines;
}
