/** Asking on the command line: what a request is about, what it would hide, and making it. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as exceptions from "../../protocol/methods/exceptions.ts";
import {
	type ExceptionKind,
	type ExceptionPreview,
	type ExceptionScope,
	exceptionKind,
	exceptionKinds,
	exceptionLimits,
} from "../../protocol/model/exception.ts";
import { attachEvidence, readEvidenceFile } from "../connect/attach-evidence.ts";
import { blastWords, laterWords, previewWords, similarWords } from "../text/exception-words.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { jsonText, lookOf, severityLabel } from "./print.ts";

interface ScopeOptions {
	finding?: string[];
	asset?: string;
	qid?: string[];
	live?: boolean;
	each?: boolean;
	json?: boolean;
}

interface RequestOptions extends ScopeOptions {
	kind?: string;
	reason?: string;
	days?: string;
	evidence?: string[];
}

export function registerRequest(command: Command, run: RunAction): void {
	withScope(command.command("preview"))
		.description("what a request would hide; nothing is changed. For example: vedette except preview --qid 100042")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: ScopeOptions) => run((ctx) => preview(ctx, query, options)));
	withScope(command.command("request"))
		.description(
			'ask that findings be set apart; somebody else decides. For example: vedette except request --finding 12 --reason "tried it by hand: not vulnerable"',
		)
		.option("--kind <kind>", exceptionKinds.join(", "), "false-positive")
		.option("--reason <text>", "what was done to verify it (needed)")
		.option("--days <n>", "how long an approval holds", String(exceptionLimits.days))
		.option("--evidence <file...>", "attach files, 1 MiB each at most")
		.option("--each", "a request for each --finding, with this one reason")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: RequestOptions) => run((ctx) => request(ctx, query, options)));
}

function withScope(command: Command): Command {
	return command
		.argument("[query]", 'findings by number, or those that match, e.g. "qid:100042 and tags:lab"')
		.option("--finding <id...>", "these findings")
		.option("--asset <id>", "on this asset, with --qid")
		.option("--qid <n...>", "only these vulnerabilities")
		.option("--live", "cover what comes later too (with --qid)");
}

async function preview(ctx: CommandContext, query: string | undefined, options: ScopeOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	const scopes = scopesOf(query, options);
	const shown = await client.call(exceptions.preview, { scopes });
	if (options.json === true) ctx.print(jsonText(shown));
	else for (const line of describePreview(ctx, shown, options.live === true)) ctx.print(line);
	if (shown.refusal !== null) ctx.exit(1);
}

async function request(ctx: CommandContext, query: string | undefined, options: RequestOptions): Promise<void> {
	const { reason } = options;
	if (reason === undefined || reason.trim() === "") {
		throw new AppError("invalid", "A request needs a reason: what was done to verify it.", {
			hint: 'For example: --reason "tried the exploit by hand; the module is not loaded"',
		});
	}
	const kind = kindOf(options.kind ?? "false-positive");
	const days = number(options.days ?? String(exceptionLimits.days), "--days");
	const files = await Promise.all((options.evidence ?? []).map(readEvidenceFile));
	const client = await ctx.connect({ start: true });
	const scopes = scopesOf(query, options);
	const { digest } = await client.call(exceptions.preview, { scopes });
	const { requests } = await client.call(exceptions.request, { scopes, kind, reason, days, digest });
	const attached: string[] = [];
	for (const { id } of requests) for (const file of files) attached.push(await attachEvidence(client, id, file));
	if (options.json === true) {
		ctx.print(jsonText({ requests }));
		return;
	}
	for (const one of requests)
		ctx.print(`Request ${one.id}: ${harmless(one.subject)}; ${blastWords(one)} once approved.`);
	if (requests.some(({ live }) => live)) ctx.print(laterWords);
	if (attached.length > 0) ctx.print(`Attached: ${attached.map((name) => harmless(name)).join(", ")}`);
	ctx.print("Somebody else with approve access decides: vedette except approve NUMBER, or reject.");
}

/** Throws `invalid` for what cannot be meant. */
function scopesOf(words: string | undefined, options: ScopeOptions): ExceptionScope[] {
	const qids = numbers(options.qid, "--qid");
	// As everywhere: a number alone is a finding's, no words of a query.
	const isNumbers = /^\s*\d+(\s*,\s*\d+)*\s*$/.test(words ?? "");
	const query = isNumbers ? undefined : words;
	const findings = numbers([...(options.finding ?? []), ...(isNumbers ? [words ?? ""] : [])], "--finding");
	const live = options.live === true;
	if (findings.length > 0) {
		if (query !== undefined || qids.length > 0 || options.asset !== undefined || live)
			throw new AppError("invalid", "Findings by number stand alone: no query, no --qid, --asset or --live.");
		if (options.each === true) return findings.map((id) => ({ kind: "findings", findings: [id] }));
		return [{ kind: "findings", findings }];
	}
	if (options.asset !== undefined) {
		if (query !== undefined || qids.length === 0)
			throw new AppError("invalid", "--asset needs --qid, and takes no query.", {
				hint: "For example: --asset 7 --qid 100042. Anything else is a query: 'asset:web and severity:3'",
			});
		return [{ kind: "asset", asset: number(options.asset, "--asset"), qids, live }];
	}
	if (query === undefined && qids.length === 0)
		throw new AppError("invalid", "What is the request about?", {
			hint: "Name findings (--finding 12), a vulnerability (--qid 100042), or a query over findings.",
		});
	return [{ kind: "query", query: query ?? "", qids, live }];
}

function describePreview(ctx: CommandContext, shown: ExceptionPreview, live: boolean): string[] {
	const { colour } = lookOf(ctx);
	const more = shown.findings - shown.first.length;
	const lines = shown.first.map(({ id, severity, title, asset, port }) => {
		const place = port === null ? asset.name : `${asset.name}:${port}`;
		return `  ${severityLabel(severity, colour)}  ${id}  ${harmless(title)}  ${harmless(place)}`;
	});
	return [
		...(shown.findings === 0 ? [] : [`${harmless(shown.subject)}.`]),
		...previewWords(shown, live),
		...lines,
		...(more > 0 ? [`  and ${plural(more, "more finding")}`] : []),
		...(shown.similar.length > 0 ? ["Decided before on the like:"] : []),
		...shown.similar.map((one) => `  ${harmless(similarWords(one))}`),
		...(shown.refusal === null ? [] : [`It cannot be asked for: ${harmless(shown.refusal)}`]),
		...(shown.refusal === null ? ['Nothing was changed. To ask for it: vedette except request … --reason "…"'] : []),
	];
}

export function kindOf(text: string): ExceptionKind {
	const found = exceptionKind.safeParse(text);
	if (found.success) return found.data;
	throw new AppError("invalid", `"${text}" is no kind of exception.`, {
		hint: `One of: ${exceptionKinds.join(", ")}.`,
	});
}

export function number(text: string, option: string): number {
	const value = Number(text.trim());
	if (Number.isSafeInteger(value) && value > 0) return value;
	throw new AppError("invalid", `${option} ${text} is no whole number above zero.`, {
		hint: `For example: ${option} 12`,
	});
}

/** Written apart, or separated by commas. */
function numbers(texts: readonly string[] | undefined, option: string): number[] {
	return (texts ?? []).flatMap((text) => text.split(",")).map((text) => number(text, option));
}
