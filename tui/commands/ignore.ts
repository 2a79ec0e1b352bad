/** `vedette ignore`: checks that are ignored on hosts, and restoring them. */
import { AppError } from "../../protocol/errors.ts";
import * as ignores from "../../protocol/methods/ignores.ts";
import type { IgnorePreview, IgnoreRequest } from "../../protocol/model/ignore.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { parseLimit } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";

interface AddOptions {
	reason?: string;
	days?: string;
	yes?: boolean;
	json?: boolean;
}

export const ignoreCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("ignore")
			.description("ignore checks on hosts: what they find there is in no count");
		const wish = "<qids> <assets>";
		command
			.command(`preview ${wish}`)
			.description('what would be ignored: up to ten QIDs on the hosts of a query, e.g. 105006 "group:Lab"')
			.option("--json", "one JSON document")
			.action((qids: string, assets: string, options: { json?: boolean }) =>
				run((ctx) => addIgnore(ctx, qids, assets, { ...options, yes: false })),
			);
		command
			.command(`add ${wish}`)
			.description("ignore them; without --yes it only says what that would hide")
			.option("--reason <text>", "why, for the tickets and the audit log (needed with --yes)")
			.option("--days <n>", "it ends by itself after so many")
			.option("--yes", "do it")
			.option("--json", "one JSON document")
			.action((qids: string, assets: string, options: AddOptions) =>
				run((ctx) => addIgnore(ctx, qids, assets, options)),
			);
		registerList(command, run);
	},
};

async function addIgnore(ctx: CommandContext, text: string, assets: string, options: AddOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	const wish = { qids: text.split(",").map(numberOf), assets };
	const preview = await client.call(ignores.preview, wish);
	if (options.yes !== true) {
		if (options.json === true) ctx.print(jsonText(preview));
		else for (const line of describePreview(preview)) ctx.print(line);
		return;
	}
	if (options.reason === undefined) {
		throw new AppError("invalid", "Ignoring needs a reason: it goes into the tickets and the audit log.", {
			hint: 'For example: --reason "lab machines, nobody logs in there"',
		});
	}
	const days = options.days === undefined ? null : numberOf(options.days);
	const { request } = await client.call(ignores.add, { ...wish, digest: preview.digest, reason: options.reason, days });
	if (options.json === true) ctx.print(jsonText(request));
	else {
		const until = request.until === null ? "" : ` until ${request.until.slice(0, 10)}`;
		ctx.print(`${plural(request.findings, "finding")} ignored${until}, as number ${request.id}.`);
		ctx.print(`To take it back: vedette ignore restore ${request.id} --reason "WHY"`);
	}
}

function registerList(command: ReturnType<Parameters<CommandFile["register"]>[0]["command"]>, run: RunAction): void {
	command
		.command("list", { isDefault: true })
		.description("what was ignored, by whom and why, newest first")
		.option("--limit <n>", "rows at most", "100")
		.option("--json", "one JSON document")
		.action((options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(ignores.list, { limit: Math.min(1_000, parseLimit(options.limit)) });
				printList(ctx, page, {
					...{ json: options.json, columns },
					empty: "Nothing was ignored. What rules and single tickets ignore: vedette ticket list state:IGNORED",
				});
			}),
		);
	command
		.command("restore <number>")
		.description("ignore it no longer: its findings count again, and their tickets are open")
		.requiredOption("--reason <text>", "why, for the tickets and the audit log")
		.option("--json", "one JSON document")
		.action((id: string, options: { reason: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const restored = await client.call(ignores.restore, { id: numberOf(id), reason: options.reason });
				if (options.json === true) ctx.print(jsonText(restored));
				else ctx.print(`${plural(restored.findings, "finding counts", "findings count")} again.`);
			}),
		);
}

function describePreview({ findings, assets, matched, withoutData, tickets, checks }: IgnorePreview): string[] {
	return [
		`${plural(findings, "open finding")} on ${plural(assets, "host")} would be ignored, of ${plural(matched, "host that matches", "hosts that match")}.`,
		...checks.map(
			(check) => `  ${check.qid}  ${harmless(check.title)}: ${check.findings} on ${plural(check.assets, "host")}`,
		),
		...(tickets > 0 ? [`${plural(tickets, "open ticket")} would be closed.`] : []),
		...(withoutData > 0 ? [`${plural(withoutData, "host was", "hosts were")} never scanned: not ignored there.`] : []),
		'Nothing was changed. To do it: vedette ignore add QIDS ASSETS --yes --reason "WHY"',
	];
}

const columns: Column<IgnoreRequest>[] = [
	{ title: "ID", value: ({ id }) => id, align: "right" },
	{ title: "WHEN", value: ({ at }) => at.slice(0, 10) },
	{ title: "BY", value: ({ by }) => personName(by), max: 24 },
	{ title: "QIDS", value: ({ qids }) => qids.join(","), max: 30 },
	{ title: "HOSTS", value: ({ query }) => query, max: 30 },
	{ title: "FINDINGS", value: ({ findings }) => findings, align: "right" },
	{ title: "STATE", value: stateOf },
	{ title: "REASON", value: ({ reason }) => reason, max: 60 },
];

function stateOf({ restoredAt, restoredBy, until, pairs }: IgnoreRequest): string {
	if (restoredAt !== null) return `restored ${restoredAt.slice(0, 10)} by ${personName(restoredBy ?? "somebody")}`;
	if (pairs === 0) return "over";
	return until === null ? "in force" : `until ${until.slice(0, 10)}`;
}

const numberOf = (text: string) => wholeNumber(text, "For example: vedette ignore preview 105006 group:Lab");
