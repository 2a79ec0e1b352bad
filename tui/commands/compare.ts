/** `vedette compare`: what came and what went between two scans or two dates; and `vedette history`: what happened to one finding. */
import type { Client } from "../../protocol/client.ts";
import type { MethodParams } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as findings from "../../protocol/methods/findings.ts";
import type { ComparedShow, FindingsCompared, Moment } from "../../protocol/model/comparison.ts";
import type { Finding, FindingEvent } from "../../protocol/model/finding.ts";
import type { SeverityCounts } from "../../protocol/model/severity.ts";
import { parseMoment } from "../components/finding/moment.ts";
import { eventWord, unchangedSighting } from "../text/finding-event-words.ts";
import { plural, when } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { pastColumns } from "./findings.ts";
import { parseLimit } from "./pages.ts";
import { type Column, jsonText, printList, wantsColour } from "./print.ts";

const pageSize = 1_000;

export const compareCommand: CommandFile = {
	register(program, run) {
		program
			.command("compare <moments...>")
			.description("what came and what went between two scans (scan 3 5) or two dates (2026-11-01 2026-11-20)")
			.option("--filter <query>", "only findings that match, e.g. severity>=4")
			.option("--stayed", "list those that were open at both, too")
			.option("--limit <n>", "rows of each list at most", "50")
			.option("--json", "one JSON document")
			.addHelpText(
				"after",
				'\nExamples:\n  vedette compare scan 3 5\n  vedette compare 30d 0h --filter "severity>=4 and tag:Web"',
			)
			.action((words: string[], options: { filter?: string; stayed?: boolean; limit: string; json?: boolean }) =>
				run(async (ctx) => {
					const [from, to] = momentsOf(words, Date.now());
					const limit = parseLimit(options.limit);
					const span = { from, to, filter: options.filter ?? "" };
					const client = await ctx.connect({ start: false });
					const compared = await client.call(findings.compare, span);
					const shows: ComparedShow[] = ["appeared", "gone", ...(options.stayed === true ? ["stayed" as const] : [])];
					const lists = Object.fromEntries(
						await Promise.all(shows.map(async (show) => [show, await readCompared(client, { ...span, show }, limit)])),
					) as Record<ComparedShow, Finding[] | undefined>;
					if (options.json === true) return ctx.print(jsonText({ ...compared, lists }));
					for (const line of headLines(compared)) ctx.print(line);
					for (const show of shows) {
						const items = lists[show] ?? [];
						const total = sumOf(compared[show]);
						if (total === 0) continue;
						ctx.print("");
						ctx.print(`${titles[show]}: ${countsText(compared[show])}`);
						const columns = pastColumns(wantsColour(ctx.stdout, ctx.env));
						printList(ctx, { items, total }, { columns, empty: "" });
					}
				}),
			);
	},
};

export const historyCommand: CommandFile = {
	register(program, run) {
		program
			.command("history <finding>")
			.description(
				"what has happened to a finding: when, by which scan and how it was seen. For example: vedette history 7",
			)
			.option("--json", "one JSON document")
			.action((word: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const id = numberOf(word, "finding");
					const client = await ctx.connect({ start: false });
					const { finding, events, evidence } = await client.call(findings.get, { id });
					if (options.json === true) {
						const { firstFound, lastFound, lastFixed, timesFound } = finding;
						return ctx.print(jsonText({ finding: id, firstFound, lastFound, lastFixed, timesFound, events }));
					}
					const reopened = events.filter(({ kind }) => kind === "reopened").length;
					ctx.print(`${harmless(finding.title)} on ${harmless(finding.asset.name)}`);
					ctx.print(
						`First found ${when(finding.firstFound)}, last ${when(finding.lastFound)}, found ${plural(finding.timesFound, "time")}, reopened ${plural(reopened, "time")}.`,
					);
					ctx.print("");
					printList(ctx, { items: events, total: events.length }, { columns: eventColumns, empty: "Nothing is kept." });
					const unchanged = unchangedSighting(finding, events, evidence);
					if (unchanged !== null)
						ctx.print(`${when(unchanged.at)} ${unchanged.text}: not in the list, as nothing was new.`);
				}),
			);
	},
};

/** Throws `invalid`. `now` in milliseconds. */
function momentsOf(words: readonly string[], now: number): [Moment, Moment] {
	const scans = /^scans?$/i.test(words[0] ?? "");
	const [one, other, more] = scans ? words.slice(1) : words;
	if (one === undefined || other === undefined || more !== undefined) {
		throw new AppError("invalid", "Two scans or two dates are compared.", {
			hint: "For example: vedette compare scan 3 5, or vedette compare 2026-11-01 2026-11-20",
		});
	}
	const momentOf = (word: string): Moment =>
		scans ? { kind: "scan", scan: numberOf(word, "scan") } : { kind: "date", at: parseMoment(word, now) };
	return [momentOf(one), momentOf(other)];
}

function numberOf(word: string, what: string): number {
	const id = Number(word.replace(/^#/, ""));
	if (Number.isSafeInteger(id) && id > 0) return id;
	throw new AppError("invalid", `"${word}" is not the number of a ${what}.`, {
		hint: `List them with: vedette ${what}s`,
	});
}

async function readCompared(
	client: Client,
	params: Omit<MethodParams<typeof findings.compared>, "limit" | "cursor">,
	limit: number,
): Promise<Finding[]> {
	const items: Finding[] = [];
	for (let cursor: string | undefined; ; ) {
		const page = await client.call(findings.compared, {
			...{ ...params, counted: false, limit: Math.min(pageSize, limit - items.length) },
			...(cursor === undefined ? {} : { cursor }),
		});
		items.push(...page.items);
		if (page.next === null || items.length >= limit) return items;
		cursor = page.next;
	}
}

function headLines({ from, to, hosts, stayed }: FindingsCompared): string[] {
	const nameOf = ({ at, scan }: FindingsCompared["from"]) => (scan === null ? when(at) : `scan ${scan} (${when(at)})`);
	const left = hosts === null ? 0 : hosts.onlyFrom + hosts.onlyTo;
	const others =
		left === 0 ? "" : `; ${plural(left, "that was", "that were")} by one alone ${left === 1 ? "is" : "are"} left out`;
	return [
		`From ${nameOf(from)} to ${nameOf(to)}.`,
		...(hosts === null ? [] : [`${plural(hosts.both, "host was", "hosts were")} looked at by both${others}.`]),
		`${countsText(stayed)} open at both.`,
	];
}

const titles: Record<ComparedShow, string> = { appeared: "Came", gone: "Gone", stayed: "Stayed" };
const severityWords = { "5": "urgent", "4": "critical", "3": "serious", "2": "medium", "1": "minimal" } as const;

function sumOf(counts: SeverityCounts): number {
	return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** `7 findings (1 urgent, 6 medium)`. */
function countsText(counts: SeverityCounts): string {
	const parts = (["5", "4", "3", "2", "1"] as const)
		.filter((one) => counts[one] > 0)
		.map((one) => `${counts[one]} ${severityWords[one]}`);
	return `${plural(sumOf(counts), "finding")}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`;
}

const eventColumns: Column<FindingEvent>[] = [
	{ title: "WHEN (UTC)", value: ({ at }) => at.slice(0, 19).replace("T", " ") },
	{ title: "WHAT", value: ({ kind }) => eventWord(kind) },
	{ title: "SCAN", value: ({ scan }) => scan, align: "right" },
	{ title: "SEEN BY", value: ({ source }) => source },
	{ title: "RESULT", value: ({ result }) => result, max: 80 },
];
