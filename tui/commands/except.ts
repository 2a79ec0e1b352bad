/** `vedette except`: requests that findings be set apart, and what is decided on them. */
import type { Command } from "commander";
import * as exceptions from "../../protocol/methods/exceptions.ts";
import type { Exception } from "../../protocol/model/exception.ts";
import { askedBy, scopeWords, similarWords, standingWords } from "../text/exception-words.ts";
import { age, plural, when } from "../text/format.ts";
import { harmless, harmlessLines } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { registerDecide, registerLife, requestNumber } from "./except-decide.ts";
import { number, registerRequest } from "./except-request.ts";
import { registerVerify } from "./except-verify.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, lookOf, printList, severityLabel } from "./print.ts";

export const exceptCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("except")
			.description("false positives and accepted risks: ask that findings be set apart, and decide on it");
		registerReports(command, run);
		registerRequest(command, run);
		registerDecide(command, run);
		registerLife(command, run);
		registerVerify(command, run);
	},
};

interface ListOptions {
	mine?: boolean;
	waiting?: boolean;
	limit: string;
	sort?: string;
	json?: boolean;
}

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list [query]", { isDefault: true })
		.description('list requests, newest first. For example: vedette except list "state:approved and until<now+14d"')
		.option("--waiting", "only those that wait for a decision")
		.option("--mine", "only those I asked for")
		.option("--limit <n>", "rows at most", "100")
		.option("--sort <field>", "-field for descending, several with commas")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: ListOptions) => run((ctx) => list(ctx, query, options)));
	command
		.command("show <request>")
		.description("one request: what it covers, its evidence, what was said and decided")
		.option("--json", "one JSON document")
		.action((id: string, options: { json?: boolean }) => run((ctx) => show(ctx, id, options.json === true)));
	command
		.command("of <finding>")
		.description("the requests that cover a finding")
		.option("--json", "one JSON document")
		.action((finding: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { items } = await client.call(exceptions.ofFinding, { finding: number(finding, "finding") });
				const page = { items, total: items.length };
				printList(ctx, page, { json: options.json, columns: columns(Date.now()), empty: "No request covers it." });
			}),
		);
}

async function list(ctx: CommandContext, query: string | undefined, options: ListOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	const terms = [
		...(query === undefined || query.trim() === "" ? [] : [`(${query})`]),
		...(options.waiting === true ? ["state:requested"] : []),
		...(options.mine === true ? [askedBy(client.hello.user)] : []),
	];
	const page = await readPages<Exception>(client, exceptions.list, {
		...{ filter: terms.join(" and "), limit: parseLimit(options.limit), sort: options.sort },
	});
	const empty =
		terms.length > 0
			? "No request matches that."
			: "Nobody has asked for an exception. Ask with: vedette except request --finding NUMBER --reason WHY";
	printList(ctx, page, { json: options.json, columns: columns(Date.now()), empty });
}

async function show(ctx: CommandContext, id: string, json: boolean): Promise<void> {
	const client = await ctx.connect({ start: true });
	const shown = await client.call(exceptions.get, { id: requestNumber(id) });
	if (json) {
		ctx.print(jsonText(shown));
		return;
	}
	const { exception: one, findings, evidence, history, similar } = shown;
	const { colour } = lookOf(ctx);
	const lines = [
		`Request ${one.id}: ${harmless(one.subject)}`,
		`  ${one.kind}; ${harmless(standingWords(one))}`,
		`  asked for by ${personName(one.requester)} on ${when(one.requestedAt)} UTC, for ${plural(one.days, "day")}`,
		`  covers ${plural(one.findings, "finding")} on ${plural(one.assets, "asset")}: ${harmless(scopeWords(one.scope))}`,
		...(one.previous === null ? [] : [`  asks again for what request ${one.previous} asked for`]),
		...(one.next === null ? [] : [`  was asked for again as request ${one.next}`]),
		...(one.signed ? ["  the decision is signed"] : []),
		...(shown.singleOperator ? ["  four eyes are switched off: one's own requests may be decided"] : []),
		"Reason:",
		...harmlessLines(one.reason).map((line) => `  ${line}`),
		...(evidence.length > 0 ? ["Evidence:"] : []),
		...evidence.map(({ id: piece, name, bytes, sha256, who }) => {
			return `  ${piece}  ${harmless(name)}  ${plural(bytes, "byte")}, by ${harmless(personName(who))}, SHA-256 ${sha256}`;
		}),
		"History:",
		...history.flatMap(({ at, kind, who, text }) => {
			const [first = "", ...more] = harmlessLines(text);
			return [
				`  ${when(at)}  ${kind}  ${harmless(personName(who))}  ${first}`.trimEnd(),
				...more.map((line) => `      ${line}`),
			];
		}),
		"Findings, the worst first:",
		...findings.slice(0, 20).map(({ id: finding, severity, title, asset, port }) => {
			const place = port === null ? asset.name : `${asset.name}:${port}`;
			return `  ${severityLabel(severity, colour)}  ${finding}  ${harmless(title)}  ${harmless(place)}`;
		}),
		...(one.findings > 20 ? [`  and ${plural(one.findings - 20, "more finding")}`] : []),
		...(similar.length > 0 ? ["Decided before on the like:"] : []),
		...similar.map((before) => `  ${harmless(similarWords(before))}`),
	];
	for (const line of lines) ctx.print(line);
}

const columns = (now: number): Column<Exception>[] => [
	{ title: "ID", value: (row) => row.id, align: "right" },
	{ title: "AGE", value: (row) => age(row.requestedAt, now), align: "right" },
	{ title: "STATE", value: (row) => row.state },
	{ title: "KIND", value: (row) => row.kind },
	{ title: "FINDINGS", value: (row) => row.findings, align: "right" },
	{ title: "ASSETS", value: (row) => row.assets, align: "right" },
	{ title: "UNTIL", value: (row) => row.until?.slice(0, 10) ?? null },
	{ title: "BY", value: (row) => personName(row.requester), max: 20 },
	{ title: "DECIDED BY", value: (row) => (row.decidedBy === null ? null : personName(row.decidedBy)), max: 20 },
	{ title: "WHAT", value: (row) => row.subject, max: 60 },
];
