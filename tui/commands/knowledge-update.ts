/** `vedette knowledge update | sources | schedule`: bringing feeds here, from where, and when. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import type { MethodResult } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import type { ListedSource, UpdateReport, UpdateSettings, UpdateStep } from "../../protocol/model/knowledge-update.ts";
import { harmless } from "../text/harmless.ts";
import { refusedLines, stepText } from "../text/update-words.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { diffLines } from "./knowledge-diff-text.ts";
import { followUpdate } from "./knowledge-follow.ts";
import { type Column, jsonText, printList } from "./print.ts";

/** Exit codes: something failed and the rest was done; nothing was done. */
const exitPartial = 5;
const exitFailed = 1;

export function registerUpdates(command: Command, run: RunAction): void {
	command
		.command("update [source...]")
		.description("fetch what is new and take it in; without a name all sources that are switched on")
		.option("--older", "also what is older than what is held")
		.option("--allow-http", "also without TLS")
		.option("--no-diff", "do not work out what it changes in the findings")
		.option("--json", "one JSON document")
		.addHelpText(
			"after",
			"\nExample:\n  vedette knowledge update osv-debian kev epss\n\nExit code 5: some failed, the rest is in force.",
		)
		.action((names: string[], options: { older?: boolean; allowHttp?: boolean; diff: boolean; json?: boolean }) =>
			run((ctx) => update(ctx, names, options)),
		);
	const sources = command
		.command("sources")
		.description("where knowledge comes from: list, set, enable, disable, remove");
	sources
		.command("list", { isDefault: true })
		.description("list the sources, with their licence")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) => run((ctx) => listAll(ctx, options.json)));
	sources
		.command("set <name>")
		.description("add a source or change one; a file or folder of this machine may be given by its path")
		.option("--url <url...>", "https, http or file; several are tried one after the other")
		.option("--feed <name>", "what it is called once taken in; by default its name")
		.option("--licence <licence>", "of what it says")
		.option("--about <text>", "what it is")
		.option("--sha256-url <url>", 'where its SHA-256 is published; "none" for nowhere')
		.option("--json", "one JSON document")
		.addHelpText(
			"after",
			"\nExample:\n  vedette knowledge sources set osv-debian --url https://mirror.example.org/osv/debian.zip",
		)
		.action((name: string, options: SetOptions) => run((ctx) => set(ctx, name, options)));
	for (const [verb, enabled] of [
		["enable", true],
		["disable", false],
	] as const) {
		sources
			.command(`${verb} <name...>`)
			.description(enabled ? "make sources part of every update" : "leave sources out, unless an update names them")
			.option("--json", "one JSON document")
			.action((names: string[], options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const known = new Set((await client.call(knowledge.sources, {})).items.map((one) => one.name));
					const unknown = names.find((name) => !known.has(name));
					if (unknown !== undefined) {
						throw new AppError("not-found", `There is no source "${unknown}".`, {
							hint: "Nothing was changed. See them with: vedette knowledge sources",
						});
					}
					for (const name of names) await client.call(knowledge.setSource, { name, enabled });
					await listAll(ctx, options.json);
				}),
			);
	}
	sources
		.command("remove <name>")
		.description("delete a source of your own; a built-in one is again as it came")
		.option("--json", "one JSON document")
		.action((name: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const gone = await (await ctx.connect({ start: true })).call(knowledge.removeSource, { name });
				if (options.json === true) return ctx.print(jsonText(gone));
				const again = gone.source === null ? "is gone" : `is again as it came: ${gone.source.urls.join(" ")}`;
				ctx.print(harmless(`The source "${name}" ${again}. What was taken in from it stays.`));
			}),
		);
	command
		.command("schedule [when]")
		.description(
			'when updates happen by themselves: off, hourly, daily, weekly, or every so many hours ("6h"); never by default',
		)
		.option("--old-after <days>", "from how many days on the knowledge is called old")
		.option("--allow-http <yes|no>", "whether sources without TLS are fetched from, and not only on this machine")
		.option("--json", "one JSON document")
		.action((when: string | undefined, options: ScheduleOptions) => run((ctx) => schedule(ctx, when, options)));
}

async function update(
	ctx: CommandContext,
	names: string[],
	options: { older?: boolean; allowHttp?: boolean; diff: boolean; json?: boolean },
): Promise<void> {
	const client = await ctx.connect({ start: true });
	const listed = await client.call(knowledge.sources, {});
	const restore = ctx.onInterrupt(() => void client.call(knowledge.stopUpdate, {}).catch(() => {}));
	const stop = followUpdate(ctx, client);
	const params = { names, older: options.older === true, allowHttp: options.allowHttp === true, diff: options.diff };
	const outcome = await client.call(knowledge.update, params).finally(() => {
		stop();
		restore();
	});
	ctx.exit(exitCodeOf(outcome.report));
	if (options.json === true) return ctx.print(jsonText(outcome));
	for (const line of reportLines(outcome, listed.items)) ctx.print(harmless(line));
}

function exitCodeOf({ steps, cutOff }: UpdateReport): number {
	const bad = steps.filter(({ state }) => state === "failed" || state === "older").length;
	if (cutOff !== null || bad === steps.length) return exitFailed;
	return bad > 0 ? exitPartial : 0;
}

const stepMarks: Partial<Record<UpdateStep["state"], string>> = {
	updated: "+",
	unchanged: "=",
	failed: "✗",
	older: "✗",
};

function reportLines(
	{ report, changes }: MethodResult<typeof knowledge.update>,
	listed: readonly ListedSource[],
): string[] {
	const { steps, cutOff, swapped } = report;
	const widest = Math.max(...steps.map(({ source }) => source.length));
	const lines = steps.flatMap((step) => [
		`${stepMarks[step.state] ?? " "} ${step.source.padEnd(widest)}  ${stepText(step)}`,
		...(step.hint === null ? [] : [`  ${" ".repeat(widest)}  ${step.hint}`]),
		...(step.refused === undefined ? [] : refusedLines(step.refused)).map((line) => `  ${" ".repeat(widest)}  ${line}`),
	]);
	if (cutOff !== null) return [...lines, `${cutOff} Nothing was taken in; what has come is kept for the next update.`];
	if (!swapped) return [...lines, "The knowledge is as it was."];
	const licences = new Set(
		listed
			.filter(({ name }) => steps.some(({ source, state }) => source === name && state === "updated"))
			.map(({ licence }) => licence),
	);
	licences.delete("");
	const terms = licences.size === 0 ? [] : [`Under: ${[...licences].join(", ")}`];
	return [...lines, ...terms, ...(changes === null ? [] : diffLines(changes)), undo];
}

const undo = "The knowledge before is kept: vedette knowledge rollback";

interface SetOptions {
	url?: string[];
	feed?: string;
	licence?: string;
	about?: string;
	sha256Url?: string;
	json?: boolean;
}

async function set(ctx: CommandContext, name: string, { url, sha256Url, json, ...rest }: SetOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	const source = await client.call(knowledge.setSource, {
		...{ name, ...rest },
		...(url === undefined ? {} : { urls: url.map(addressOf) }),
		...(sha256Url === undefined ? {} : { sha256Url: sha256Url === "none" ? null : addressOf(sha256Url) }),
	});
	if (json === true) return ctx.print(jsonText(source));
	for (const line of [
		`${source.name}: ${source.urls.join(", then ")}`,
		`  taken in as "${source.feed}", ${source.enabled ? "part of every update" : "switched off"}`,
		`  fetch it now: vedette knowledge update ${source.name}`,
	]) {
		ctx.print(harmless(line));
	}
}

/** A path of this machine may be written without `file://`. */
function addressOf(text: string): string {
	return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : pathToFileURL(resolve(text)).href;
}

async function listAll(ctx: CommandContext, json: boolean | undefined): Promise<void> {
	const client = await ctx.connect({ start: true });
	const page = await client.call(knowledge.sources, {});
	if (json === true) return ctx.print(jsonText(page));
	printList(ctx, page, { columns: sourceColumns, empty: "No source." });
	ctx.print("");
	for (const line of settingLines(page.settings)) ctx.print(line);
}

const sourceColumns: Column<ListedSource>[] = [
	{ title: "SOURCE", value: (one) => one.name },
	{ title: "IN UPDATES", value: (one) => (one.enabled ? "yes" : "no") },
	{ title: "FEED", value: (one) => one.feed, max: 30 },
	{ title: "LICENCE", value: (one) => (one.licence === "" ? "not said" : one.licence), max: 26 },
	{ title: "FROM", value: (one) => `${one.urls.join(" ")}${one.changed ? " (changed)" : ""}`, max: 100 },
];

function settingLines({ everyHours, oldAfterDays, allowHttp }: UpdateSettings): string[] {
	const often = everyHours === null ? "Nothing is fetched unless you ask." : `Updated by itself every ${everyHours} h.`;
	return [
		`${often} Called old after ${oldAfterDays} days.${allowHttp ? " Sources without TLS are fetched from." : ""}`,
		"When: vedette knowledge schedule daily    From where: vedette knowledge sources set NAME --url URL",
	];
}

interface ScheduleOptions {
	oldAfter?: string;
	allowHttp?: string;
	json?: boolean;
}

const often: Readonly<Record<string, number | null>> = { off: null, never: null, hourly: 1, daily: 24, weekly: 168 };

async function schedule(ctx: CommandContext, when: string | undefined, options: ScheduleOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	const change = {
		...(when === undefined ? {} : { everyHours: hoursOf(when) }),
		...(options.oldAfter === undefined ? {} : { oldAfterDays: wholeOf(options.oldAfter, "--old-after") }),
		...(options.allowHttp === undefined ? {} : { allowHttp: options.allowHttp === "yes" }),
	};
	const settings =
		Object.keys(change).length === 0
			? (await client.call(knowledge.sources, {})).settings
			: await client.call(knowledge.configure, change);
	if (options.json === true) return ctx.print(jsonText(settings));
	for (const line of settingLines(settings)) ctx.print(line);
}

function hoursOf(when: string): number | null {
	const known = often[when];
	if (known !== undefined) return known;
	const hours = /^([0-9]{1,4})h?$/.exec(when)?.[1];
	if (hours !== undefined) return wholeOf(hours, "when");
	throw new AppError("invalid", `"${when}" is no time to update at.`, {
		hint: "Say off, hourly, daily, weekly, or every so many hours: vedette knowledge schedule 6h",
	});
}

function wholeOf(text: string, what: string): number {
	const number = Number(text);
	if (Number.isSafeInteger(number) && number > 0) return number;
	throw new AppError("invalid", `${what} ${text} is not a whole number above 0.`, { hint: "For example: 7" });
}
