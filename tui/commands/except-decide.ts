/** Deciding on the command line, and what else becomes of a request. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { MethodResult } from "../../protocol/catalogue.ts";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as exceptions from "../../protocol/methods/exceptions.ts";
import type { Exception } from "../../protocol/model/exception.ts";
import { attachEvidence, readEvidenceFile } from "../connect/attach-evidence.ts";
import { signRequest, signRequests } from "../connect/sign-decision.ts";
import { standingWords } from "../text/exception-words.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { kindOf, number } from "./except-request.ts";
import { exitCodes } from "./outcome.ts";
import { readPages } from "./pages.ts";
import { jsonText } from "./print.ts";

interface DecideOptions {
	note?: string;
	days?: string;
	sign?: string;
	matching?: string;
	yes?: boolean;
	json?: boolean;
}

const signHelp: readonly [string, string] = [
	"--sign <key>",
	"sign it with this SSH key, by ssh-keygen, several requests once; the .pub file of one that an agent holds",
];

const matchingHelp: readonly [string, string] = ["--matching <query>", "all that wait and match, as for except list"];
/** In one call. */
const mostAtOnce = 100;

export function registerDecide(command: Command, run: RunAction): void {
	command
		.command("approve [requests...]")
		.description("set what requests cover apart, until their end. For example: vedette except approve 7 9 --note seen")
		.option("--note <text>", "why")
		.option("--days <n>", "for fewer days than were asked for")
		.option(...matchingHelp)
		.option("--yes", "all that match, without being shown them first")
		.option(...signHelp)
		.option("--json", "one JSON document")
		.action((ids: string[], options: DecideOptions) => run((ctx) => decide(ctx, "approve", ids, options)));
	command
		.command("reject [requests...]")
		.description('turn a request down. For example: vedette except reject 7 --note "the port answers me"')
		.option("--note <text>", "why (needed)")
		.option(...matchingHelp)
		.option("--yes", "all that match, without being shown them first")
		.option(...signHelp)
		.option("--json", "one JSON document")
		.action((ids: string[], options: DecideOptions) => run((ctx) => decide(ctx, "reject", ids, options)));
	command
		.command("revoke <request>")
		.description("take an approval back: what it had set apart is open again at once")
		.requiredOption("--note <text>", "why")
		.option("--json", "one JSON document")
		.action((id: string, options: { note: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const outcome = await client.call(exceptions.revoke, { id: requestNumber(id), note: options.note });
				const text = `Request ${outcome.exception.id} is revoked: ${plural(outcome.restored, "finding counts", "findings count")} again.`;
				ctx.print(options.json === true ? jsonText(outcome) : text);
			}),
		);
}

export function registerLife(command: Command, run: RunAction): void {
	command
		.command("withdraw <request>")
		.description("take a request back before it is decided")
		.option("--note <text>", "why")
		.option("--json", "one JSON document")
		.action((id: string, options: { note?: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const one = await client.call(exceptions.withdraw, { id: requestNumber(id), note: options.note ?? "" });
				ctx.print(options.json === true ? jsonText(one) : `Request ${one.id} is withdrawn.`);
			}),
		);
	command
		.command("resubmit <request>")
		.description("ask once more; what is left out is taken from the request before")
		.option("--reason <text>", "what was done to verify it since")
		.option("--kind <kind>", "another kind")
		.option("--days <n>", "how long an approval holds")
		.option("--evidence <file...>", "attach files")
		.option("--json", "one JSON document")
		.action((id: string, options: ResubmitOptions) => run((ctx) => resubmit(ctx, id, options)));
	command
		.command("comment <request> <text>")
		.description("say something on a request")
		.option("--json", "one JSON document")
		.action((id: string, text: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const event = await client.call(exceptions.comment, { id: requestNumber(id), text });
				ctx.print(options.json === true ? jsonText(event) : "Noted.");
			}),
		);
	command
		.command("attach <request> <files...>")
		.description("attach evidence to a request that is not decided yet: files of 1 MiB at most")
		.option("--json", "one JSON document")
		.action((id: string, paths: string[], options: { json?: boolean }) =>
			run(async (ctx) => {
				const files = await Promise.all(paths.map(readEvidenceFile));
				const client = await ctx.connect({ start: true });
				const names: string[] = [];
				for (const file of files) names.push(await attachEvidence(client, requestNumber(id), file));
				ctx.print(
					options.json === true
						? jsonText({ attached: names })
						: `Attached: ${names.map((name) => harmless(name)).join(", ")}`,
				);
			}),
		);
	command
		.command("evidence <request> <number>")
		.description("write a piece of evidence to a file, or to standard output where that is no terminal")
		.option("--out <file>", "where to; never over a file that is there")
		.action((id: string, piece: string, options: { out?: string }) =>
			run((ctx) => evidence(ctx, id, piece, options.out)),
		);
}

async function decide(
	ctx: CommandContext,
	decision: "approve" | "reject",
	texts: readonly string[],
	options: DecideOptions,
): Promise<void> {
	const note = options.note ?? "";
	const client = await ctx.connect({ start: true });
	const ids = await meant(ctx, client, decision, texts, options);
	if (ids.length === 0) return;
	const [id] = ids;
	if (ids.length === 1 && id !== undefined) {
		const days = options.days === undefined ? {} : { days: number(options.days, "--days") };
		const { sign } = options;
		const signed =
			sign === undefined
				? {}
				: { signature: await signRequest(client, id, { decision, note, ...days }, { path: sign, mayAsk: true }) };
		const outcome = await client.call(exceptions.decide, { id, decision, note, ...days, ...signed });
		const { exception, covered } = outcome;
		if (options.json === true) ctx.print(jsonText(outcome));
		else ctx.print(`Request ${id} is ${standingWords(exception)}.`);
		if (options.json !== true && decision === "approve")
			ctx.print(`${plural(covered, "finding is", "findings are")} set apart.`);
		return;
	}
	if (options.days !== undefined) throw new AppError("invalid", "--days is for one request at a time.");
	const { sign } = options;
	const outcome: MethodResult<typeof exceptions.decideMany> = { decided: [], refused: [] };
	for (let from = 0; from < ids.length; from += mostAtOnce) {
		const some = ids.slice(from, from + mostAtOnce);
		const key = sign === undefined ? null : { path: sign, mayAsk: true };
		const signed = key === null ? {} : { signature: await signRequests(client, some, { decision, note }, key) };
		const { decided, refused } = await client.call(exceptions.decideMany, { ids: some, decision, note, ...signed });
		outcome.decided.push(...decided);
		outcome.refused.push(...refused);
	}
	if (options.json === true) ctx.print(jsonText(outcome));
	else {
		for (const one of outcome.decided) ctx.print(`Request ${one.id} is ${standingWords(one)}.`);
		for (const { id: left, reason } of outcome.refused) ctx.print(`Not request ${left}: ${harmless(reason)}`);
	}
	if (outcome.refused.length > 0) ctx.exit(outcome.decided.length > 0 ? 5 : 1);
}

/** Those named, or all that wait and match: these are shown, and none of them is meant, unless that was said to be known. */
async function meant(
	ctx: CommandContext,
	client: Client,
	decision: string,
	texts: readonly string[],
	{ matching, yes }: DecideOptions,
): Promise<number[]> {
	const named = [...new Set(texts.flatMap((text) => text.split(",")).map(requestNumber))];
	if ((named.length === 0) === (matching === undefined))
		throw new AppError("invalid", "Name requests, or say which by --matching.", {
			hint: `For example: vedette except ${decision} 7 9, or vedette except ${decision} --matching "kind:false-positive"`,
		});
	if (matching === undefined) return named;
	const filter = `(${matching}) and state:requested`;
	const { items } = await readPages<Exception>(client, exceptions.list, { filter, limit: mostMatching });
	if (items.length === 0) ctx.print("No request waits that matches.");
	if (yes === true) return items.map(({ id }) => id);
	for (const { id, findings, assets, subject, requester } of items)
		ctx.print(
			`Request ${id} by ${harmless(personName(requester))}: ${plural(findings, "finding")} on ${plural(assets, "asset")}, ${harmless(subject)}`,
		);
	if (items.length > 0) {
		ctx.print(`Nothing is decided yet. To ${decision} ${plural(items.length, "request")}: the same with --yes`);
		ctx.exit(exitCodes.usage);
	}
	return [];
}

/** Of a query. */
const mostMatching = 1_000;

interface ResubmitOptions {
	reason?: string;
	kind?: string;
	days?: string;
	evidence?: string[];
	json?: boolean;
}

async function resubmit(ctx: CommandContext, id: string, options: ResubmitOptions): Promise<void> {
	const { reason, kind, days } = options;
	const files = await Promise.all((options.evidence ?? []).map(readEvidenceFile));
	const client = await ctx.connect({ start: true });
	const one = await client.call(exceptions.resubmit, {
		id: requestNumber(id),
		...(reason === undefined ? {} : { reason }),
		...(kind === undefined ? {} : { kind: kindOf(kind) }),
		...(days === undefined ? {} : { days: number(days, "--days") }),
	});
	for (const file of files) await attachEvidence(client, one.id, file);
	if (options.json === true) ctx.print(jsonText(one));
	else ctx.print(`Request ${one.id} asks again for what request ${one.previous} asked for: ${harmless(one.subject)}.`);
}

async function evidence(ctx: CommandContext, id: string, piece: string, out: string | undefined): Promise<void> {
	if (out === undefined && ctx.stdout.isTTY === true)
		throw new AppError("invalid", "What somebody attached is not written to a terminal.", {
			hint: "Say where to: --out FILE",
		});
	const client = await ctx.connect({ start: true });
	const read = await client.call(exceptions.readEvidence, {
		id: requestNumber(id),
		evidence: number(piece, "the number of the evidence"),
	});
	const content = Buffer.from(read.content, "base64");
	if (out === undefined) {
		ctx.stdout.write(content);
		return;
	}
	await writeFile(out, content, { flag: "wx", mode: 0o600 }).catch((cause: unknown) => {
		const there = (cause as NodeJS.ErrnoException).code === "EEXIST";
		throw new AppError("conflict", there ? `${out} is there already.` : `${out} cannot be written.`, {
			hint: "Name another file.",
			cause,
		});
	});
	ctx.print(`${harmless(read.name)}: ${plural(content.length, "byte")} written.`);
}

export function requestNumber(text: string): number {
	return number(text, "request");
}
