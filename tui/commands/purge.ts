/** `vedette purge`: takes assets out of the inventory, by hand or by rule, and puts them back. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as purges from "../../protocol/methods/purges.ts";
import type { Purge, PurgedAsset, PurgePreview, PurgeRule } from "../../protocol/model/purge.ts";
import { age, count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";

interface RunOptions {
	reason?: string;
	yes?: boolean;
	everything?: boolean;
	json?: boolean;
}

export const purgeCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("purge")
			.description("take assets out of the inventory with all that is known of them; 30 days to undo it");
		registerRun(command, run);
		registerReports(command, run);
		registerRules(command, run);
	},
};

function registerRun(command: Command, run: RunAction): void {
	command
		.command("run <query>")
		.description('what would go; with --yes it goes. For example: vedette purge run "lastSeen<now-90d"')
		.option("--reason <text>", "why, for the audit log (needed with --yes)")
		.option("--yes", "purge what matches")
		.option("--everything", "also when that is the whole inventory")
		.option("--json", "one JSON document")
		.action((query: string, options: RunOptions) => run((ctx) => runPurge(ctx, query, options)));
	command
		.command("undo <purge>")
		.description("put the assets of a purge back, each as it was")
		.option("--asset <ids>", "only these, by number, separated by commas")
		.option("--beside", "also where another asset has the address now: both are then there")
		.option("--json", "one JSON document")
		.action((id: string, options: { asset?: string; beside?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const outcome = await client.call(purges.undo, {
					purge: number(id),
					...(options.asset === undefined ? {} : { assets: options.asset.split(",").map(number) }),
					beside: options.beside === true,
				});
				if (options.json === true) ctx.print(jsonText(outcome));
				else ctx.print(`${plural(outcome.restored, "asset")} put back.`);
				if (options.json !== true) {
					for (const { asset, name, reason } of outcome.refused)
						ctx.print(`Not put back: ${asset} ${harmless(name)}. ${harmless(reason)}`);
					if (outcome.refusedTotal > 0)
						ctx.print("Put them back beside what is there now with --beside, or purge that first.");
				}
				if (outcome.restored === 0) ctx.exit(1);
			}),
		);
}

async function runPurge(ctx: CommandContext, query: string, options: RunOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	const preview = await client.call(purges.preview, { filter: query });
	if (options.yes !== true) {
		if (options.json === true) ctx.print(jsonText(preview));
		else for (const line of describePreview(preview, query)) ctx.print(line);
		return;
	}
	if (options.reason === undefined) {
		throw new AppError("invalid", "A purge needs a reason: it goes into the audit log.", {
			hint: 'For example: --reason "returned to the lessor"',
		});
	}
	if (preview.assets === 0) {
		throw new AppError("not-found", "No asset matches: there is nothing to purge.", {
			hint: "See what there is: vedette assets",
		});
	}
	const purge = await client.call(purges.run, {
		...{ filter: query, expected: preview.assets, reason: options.reason, everything: options.everything === true },
	});
	if (options.json === true) ctx.print(jsonText(purge));
	else {
		ctx.print(`Purge ${purge.id}: ${sizeOf(purge)} taken out.`);
		ctx.print(`Until ${purge.undoUntil.slice(0, 10)} it can be undone: vedette purge undo ${purge.id}`);
	}
}

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list [query]", { isDefault: true })
		.description("list the purges, newest first")
		.option("--limit <n>", "rows at most", "100")
		.option("--json", "one JSON document")
		.action((query: string | undefined, options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const limit = parseLimit(options.limit);
				const page = await readPages<Purge>(client, purges.list, { filter: query ?? "", limit });
				printList(ctx, page, {
					...{ json: options.json, columns: purgeColumns(Date.now()) },
					empty: 'Nothing was purged. See what would go: vedette purge run "lastSeen<now-90d"',
				});
			}),
		);
	command
		.command("show <purge>")
		.description("the assets of a purge")
		.option("--limit <n>", "rows at most", "1000")
		.option("--json", "one JSON document")
		.action((id: string, options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const limit = parseLimit(options.limit);
				const page = await client.call(purges.assets, { purge: number(id), limit: Math.min(1_000, limit) });
				printList(ctx, page, { json: options.json, columns: assetColumns, empty: "It took no asset." });
			}),
		);
}

function registerRules(command: Command, run: RunAction): void {
	command
		.command("rules")
		.description("list the rules that purge by themselves, once a day")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(purges.rules, {});
				printList(ctx, page, {
					...{ json: options.json, columns: ruleColumns(Date.now()) },
					empty: 'No rule purges anything. Make one: vedette purge rule gone --query "lastSeen<now-90d"',
				});
			}),
		);
	command
		.command("rule <name>")
		.description("make or change a rule; it looks once a day, first a day from now")
		.option("--query <query>", 'which assets, e.g. "lastSeen<now-90d"')
		.option("--reason <text>", "for the audit log")
		.option("--most <n>", "when more match, nothing is purged (default: a tenth of the inventory, at least 10)")
		.option("--off", "keep it, but do not let it purge")
		.option("--on", "let it purge again")
		.option("--delete", "delete it")
		.option("--json", "one JSON document")
		.action((name: string, options: RuleOptions) => run((ctx) => changeRule(ctx, name, options)));
}

interface RuleOptions {
	query?: string;
	reason?: string;
	most?: string;
	off?: boolean;
	on?: boolean;
	delete?: boolean;
	json?: boolean;
}

async function changeRule(ctx: CommandContext, name: string, options: RuleOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	if (options.delete === true) {
		const { deleted } = await client.call(purges.removeRule, { name });
		ctx.print(options.json === true ? jsonText(deleted) : `The purge rule ${harmless(deleted.name)} is deleted.`);
		return;
	}
	const { query, reason } = options;
	const { rule, matches } = await client.call(purges.saveRule, {
		...{ name, ...(query === undefined ? {} : { query }), ...(reason === undefined ? {} : { reason }) },
		...(options.most === undefined ? {} : { most: number(options.most) }),
		...(options.on === options.off ? {} : { enabled: options.on === true }),
	});
	if (options.json === true) {
		ctx.print(jsonText({ rule, matches }));
		return;
	}
	ctx.print(`${plural(matches, "asset")} match${matches === 1 ? "es" : ""} ${harmless(rule.query)} now.`);
	if (!rule.enabled) ctx.print(`The rule ${harmless(rule.name)} is off: it purges nothing.`);
	else ctx.print(`The rule ${harmless(rule.name)} looks again at ${rule.nextAt.slice(0, 16).replace("T", " ")} UTC.`);
	if (matches > rule.most)
		ctx.print(`That is more than ${rule.most}: it would purge nothing and say so. Allow more with --most ${matches}`);
}

function describePreview(preview: PurgePreview, query: string): string[] {
	const { assets, of, services, records, first, stays, everything } = preview;
	if (assets === 0) return [`No asset of ${count(of)} matches ${harmless(query)}.`];
	const more = assets - first.length;
	return [
		`${sizeOf(preview)} would go, of ${plural(of, "asset")}; with ${plural(services, "open port")} and ${count(records)} pieces of evidence:`,
		...first.map(({ id, name, lastSeen, lastScan }) => {
			const scanned = lastScan === null ? "never scanned" : `scanned ${lastScan.slice(0, 10)}`;
			return `  ${id}  ${harmless(name)}  seen ${lastSeen.slice(0, 10)}, ${scanned}`;
		}),
		...(more > 0 ? [`  and ${count(more)} more`] : []),
		"What stays:",
		...stays.map((sentence) => `  ${sentence}`),
		...(everything ? ["That is the whole inventory: it takes --everything as well."] : []),
		'Nothing was changed. To purge: the same with --yes --reason "WHY"',
	];
}

function sizeOf({ assets, findings }: { assets: number; findings: number }): string {
	return `${plural(assets, "asset")} with ${plural(findings, "open finding")}`;
}

function number(text: string): number {
	const value = Number(text.trim());
	if (Number.isSafeInteger(value) && value > 0) return value;
	throw new AppError("invalid", `"${text}" is no number.`, { hint: "Write a whole number above zero." });
}

const purgeColumns = (now: number): Column<Purge>[] => [
	{ title: "ID", value: (row) => row.id, align: "right" },
	{ title: "AGE", value: (row) => age(row.at, now), align: "right" },
	{ title: "STATE", value: (row) => row.state },
	{ title: "ASSETS", value: (row) => row.assets, align: "right" },
	{ title: "BACK", value: (row) => row.restored, align: "right" },
	{ title: "FINDINGS", value: (row) => row.findings, align: "right" },
	{ title: "UNDO UNTIL", value: (row) => row.undoUntil.slice(0, 10) },
	{ title: "BY", value: (row) => personName(row.by), max: 24 },
	{ title: "QUERY", value: (row) => row.query, max: 40 },
	{ title: "REASON", value: (row) => row.reason, max: 60 },
];

const assetColumns: Column<PurgedAsset>[] = [
	{ title: "ASSET", value: (row) => row.asset, align: "right" },
	{ title: "NAME", value: (row) => row.name, max: 60 },
	{ title: "ADDRESS", value: (row) => row.address },
	{ title: "FINDINGS", value: (row) => row.findings, align: "right" },
	{ title: "NOW", value: stateOf },
];

function stateOf({ restoredAt, restoredBy, kept }: PurgedAsset): string {
	if (restoredAt !== null) return `put back ${restoredAt.slice(0, 10)} by ${personName(restoredBy ?? "somebody")}`;
	return kept ? "kept" : "gone";
}

const ruleColumns = (now: number): Column<PurgeRule>[] => [
	{ title: "NAME", value: (row) => row.name, max: 30 },
	{ title: "ON", value: (row) => (row.enabled ? "yes" : "no") },
	{ title: "QUERY", value: (row) => row.query, max: 50 },
	{ title: "MOST", value: (row) => row.most, align: "right" },
	{ title: "NEXT (UTC)", value: (row) => row.nextAt.slice(0, 16).replace("T", " ") },
	{ title: "LAST", value: (row) => (row.lastAt === null ? "never" : age(row.lastAt, now)) },
	{ title: "OUTCOME", value: (row) => row.lastOutcome, max: 80 },
];
