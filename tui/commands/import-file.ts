/** `vedette import FILE…`: other scanners' files, nmap's XML and Nessus' own, taken in one after the other. */
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import type { MethodResult } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as imports from "../../protocol/methods/imports.ts";
import { harmless } from "../text/harmless.ts";
import { importedLines, progressText, whereToSee } from "../text/import-words.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { importPath } from "./import-path.ts";
import { repeat } from "./knowledge-follow.ts";
import { jsonText } from "./print.ts";

type Outcome = MethodResult<typeof imports.file>;

const exitPartial = 5;
const exitFailed = 1;
interface Options {
	network?: string;
	dryRun?: boolean;
	json?: boolean;
}

export function registerFiles(command: Command, run: RunAction): void {
	command
		.argument("[file...]", 'nmap\'s XML (-oX) or a .nessus file, also packed with gzip; "-" for standard input')
		.option("--network <name>", "the network its addresses are in (default: default)")
		.option("--dry-run", "say what would come of it, and change nothing")
		.option("--json", "one JSON document")
		.addHelpText(
			"after",
			"\nExamples:\n  vedette import --dry-run scan.nessus\n  nmap -oX - 127.0.0.1 | vedette import -\n\nExit code 5: a file is cut, or some of its hosts were left out; the rest was taken in.",
		)
		.action((files: string[], options: Options) => run((ctx) => takeInFiles(ctx, files, options)));
	command
		.command("stop")
		.description("end the import of a scanner's file that is under way; what was taken in stays")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const outcome = await (await ctx.connect({ start: true })).call(imports.stop, {});
				if (options.json === true || command.opts<Options>().json === true) return ctx.print(jsonText(outcome));
				ctx.print(outcome.stopped ? "The import ends. What was taken in stays." : "No file is being taken in.");
			}),
		);
}

async function takeInFiles(ctx: CommandContext, files: readonly string[], options: Options): Promise<void> {
	if (files.length === 0) {
		throw new AppError("invalid", "Say which file.", { hint: "For example: vedette import scan.xml" });
	}
	const client = await ctx.connect({ start: true });
	const items: (Outcome & { file: string })[] = [];
	const failed: { file: string; error: AppError }[] = [];
	for (const file of files) {
		try {
			items.push({ file, ...(await takeIn(ctx, client, file, options)) });
		} catch (err) {
			// The others have nothing to do with it.
			if (files.length === 1 || !(err instanceof AppError) || err.code === "cancelled") throw err;
			failed.push({ file, error: err });
			if (options.json !== true) ctx.print(harmless(`${file}: ${err.message}`));
			continue;
		}
		const outcome = items.at(-1);
		if (outcome === undefined || options.json === true) continue;
		for (const line of importedLines(file, outcome, options.dryRun === true)) ctx.print(harmless(line));
		if (options.dryRun !== true && outcome.hosts > 0) ctx.print(whereToSee(outcome.findings));
	}
	const isPartial = items.some(({ cut, refused }) => cut !== null || refused.hosts > 0) || failed.length > 0;
	if (isPartial) ctx.exit(items.length === 0 ? exitFailed : exitPartial);
	if (options.json !== true) return;
	const problems = failed.map(({ file, error: { code, message } }) => ({ file, code, message }));
	ctx.print(jsonText({ items, failed: problems, total: items.length }));
}

async function takeIn(ctx: CommandContext, client: Client, file: string, options: Options): Promise<Outcome> {
	const { path, done } = await importPath(ctx, file);
	const restore = ctx.onInterrupt(() => void client.call(imports.stop, {}).catch(() => {}));
	const ended = repeat(ctx, async () => {
		const { running } = await client.call(imports.status, {});
		if (running === null) return null;
		return `${file}: ${progressText(running)} (Ctrl-C ends it, what was taken in stays)`;
	});
	const { network, dryRun = false } = options;
	try {
		return await client.call(imports.file, { path, dryRun, ...(network === undefined ? {} : { network }) });
	} finally {
		ended();
		restore();
		done();
	}
}
