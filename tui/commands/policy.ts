/** `vedette policy`: the rules that say what becomes of a finding, and what they would do before they do it. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as policy from "../../protocol/methods/policy.ts";
import {
	type PolicyChange,
	type PolicyPreview,
	type PolicyRule,
	type PolicyRuleWords,
	policyAction,
} from "../../protocol/model/policy.ts";
import { refuseStrangers } from "../connect/who-is-meant.ts";
import { personName } from "../text/people.ts";
import { differenceWords, doneWords, effectLines, effectWords } from "../text/policy-words.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";

export const policyCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("policy")
			.description("rules that make tickets, or ignore, as findings come in; the first that fits holds");
		registerReports(command, run);
		registerRules(command, run);
		registerApply(command, run);
	},
};

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list", { isDefault: true })
		.description("list the rules in their order")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(policy.list, {});
				printList(ctx, page, {
					...{ json: options.json, columns },
					empty: 'No rule makes tickets. One: vedette policy add urgent --findings "severity:5" --assign ana',
				});
			}),
		);
}

interface RuleOptions {
	anyone?: boolean;
	findings?: string;
	assets?: string;
	qid?: string;
	severity?: string;
	tag?: string;
	action?: string;
	assign?: string;
	days?: string;
	at?: string;
	name?: string;
	off?: boolean;
	on?: boolean;
	preview?: boolean;
	json?: boolean;
}

function registerRules(command: Command, run: RunAction): void {
	command
		.command("add <name>")
		.description(
			'make a rule, or change one, e.g. vedette policy add web --findings "severity>=4" --assets group:Web --assign ana --days 7',
		)
		.option("--findings <query>", "which findings, in their query language")
		.option("--assets <query>", "on which assets, in theirs")
		.option("--qid <qids>", "of these checks, separated by commas (joined to --findings)")
		.option("--severity <n>", "of this severity at least (likewise)")
		.option("--tag <tag>", "on assets with this tag (joined to --assets)")
		.option("--action <action>", "ticket, ignore (closed at once) or nothing (whatever rules below say)")
		.option("--assign <who>", "who gets the tickets")
		.option("--anyone", "also a name that nobody here has, a team's for example")
		.option("--days <n>", "days to resolve, else by the table of severity and criticality; of ignore: until reopened")
		.option("--at <position>", "where it stands, 1 first (default: last)")
		.option("--name <name>", "another name for a rule there is")
		.option("--off", "keep it, but let it do nothing")
		.option("--on", "let it work again")
		.option("--preview", "only say what it would do to the findings there are")
		.option("--json", "one JSON document")
		.action((name: string, options: RuleOptions) => run((ctx) => saveRule(ctx, name, options)));
	command
		.command("move <name> <position>")
		.description("put a rule before others, e.g. vedette policy move lab 1")
		.option("--json", "one JSON document")
		.action((name: string, position: string, options: { json?: boolean }) =>
			run((ctx) => changeRules(ctx, { kind: "move", name, position: numberOf(position) }, options)),
		);
	command
		.command("remove <name>")
		.description("remove a rule; tickets it made stay")
		.option("--json", "one JSON document")
		.action((name: string, options: { json?: boolean }) =>
			run((ctx) => changeRules(ctx, { kind: "remove", name }, options)),
		);
}

async function saveRule(ctx: CommandContext, name: string, options: RuleOptions): Promise<void> {
	const client = await ctx.connect({ start: true });
	if (options.anyone !== true)
		await refuseStrangers(client, options.assign ?? null, "To keep it as it is: the same with --anyone");
	const { items } = await client.call(policy.list, {});
	const before = items.find((rule) => rule.name.toLowerCase() === name.toLowerCase());
	const change: PolicyChange = {
		kind: "save",
		rule: wordsOf(name, options, before),
		...(before === undefined ? {} : { was: before.name }),
		...(options.at === undefined ? {} : { position: numberOf(options.at) }),
	};
	if (options.preview === true) {
		const preview = await client.call(policy.preview, { change });
		if (options.json === true) ctx.print(jsonText(preview));
		else for (const line of [...describePreview(preview), "Nothing was changed."]) ctx.print(line);
		return;
	}
	await changeRules(ctx, change, options);
}

function wordsOf(name: string, options: RuleOptions, before: PolicyRule | undefined): PolicyRuleWords {
	const asked = policyAction.safeParse(options.action ?? before?.action ?? "ticket");
	if (!asked.success) throw usage(`"${options.action}" is no action: ticket, ignore or nothing.`);
	const findings = joined(options.findings, [
		options.qid === undefined ? null : `qid:[${options.qid}]`,
		options.severity === undefined ? null : `severity>=${options.severity}`,
	]);
	const assets = joined(options.assets, [options.tag === undefined ? null : `tag:\`${options.tag}\``]);
	return {
		name: options.name ?? before?.name ?? name,
		findings: findings ?? before?.findings ?? "",
		assets: assets ?? before?.assets ?? "",
		action: asked.data,
		assignee: options.assign ?? before?.assignee ?? null,
		days: options.days === undefined ? (before?.days ?? null) : numberOf(options.days),
		enabled: options.off === true ? false : options.on === true ? true : (before?.enabled ?? true),
	};
}

/** Null: nothing was said of it. */
function joined(query: string | undefined, terms: readonly (string | null)[]): string | null {
	const given = terms.filter((term) => term !== null);
	if (query === undefined) return given.length === 0 ? null : given.join(" and ");
	return given.length === 0 ? query : [`(${query})`, ...given].join(" and ");
}

async function changeRules(ctx: CommandContext, change: PolicyChange, options: { json?: boolean }): Promise<void> {
	const client = await ctx.connect({ start: true });
	const { rules } = await client.call(policy.change, { change });
	if (options.json === true) {
		ctx.print(jsonText({ rules }));
		return;
	}
	printList(ctx, { items: rules, total: rules.length }, { columns, empty: "No rule is left." });
	const { after } = await client.call(policy.preview, {});
	if (after.tickets + after.ignored > 0)
		ctx.print(`\nOf the findings there are: ${effectWords(after)}. To do it: vedette policy apply --yes`);
}

function registerApply(command: Command, run: RunAction): void {
	command
		.command("preview")
		.description("what the rules would do to the findings there are")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { after } = await client.call(policy.preview, {});
				if (options.json === true) ctx.print(jsonText(after));
				else for (const line of effectLines(after)) ctx.print(line);
			}),
		);
	command
		.command("apply")
		.description("what the rules would do to the findings there are; with --yes they do it")
		.option("--yes", "do it")
		.option("--json", "one JSON document")
		.action((options: { yes?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { after } = await client.call(policy.preview, {});
				const done = options.yes === true ? await client.call(policy.apply, { digest: after.digest }) : after;
				if (options.json === true) ctx.print(jsonText(done));
				else if (options.yes === true) ctx.print(doneWords(done));
				else
					for (const line of [...effectLines(done), "Nothing was changed. To do it: the same with --yes"])
						ctx.print(line);
			}),
		);
}

function describePreview({ before, after }: PolicyPreview): string[] {
	const difference = differenceWords(before, after);
	return [
		difference === null
			? "It changes nothing of what the rules do."
			: `With it: ${difference} against the rules as they are.`,
		...effectLines(after),
	];
}

const actionWords: Readonly<Record<PolicyRule["action"], string>> = {
	ticket: "ticket",
	ignore: "ignore",
	nothing: "no ticket",
};

const columns: Column<PolicyRule>[] = [
	{ title: "N", value: (rule) => rule.position, align: "right" },
	{ title: "NAME", value: (rule) => rule.name, max: 30 },
	{ title: "ON", value: ({ enabled, problem }) => (problem !== null ? "BROKEN" : enabled ? "yes" : "no") },
	{ title: "FINDINGS", value: (rule) => rule.findings || "all", max: 40 },
	{ title: "ASSETS", value: (rule) => rule.assets || "any", max: 30 },
	{ title: "THEN", value: (rule) => actionWords[rule.action] },
	{ title: "ASSIGNEE", value: (rule) => (rule.assignee === null ? null : personName(rule.assignee)), max: 24 },
	{ title: "DAYS", value: ({ days, action }) => days ?? (action === "ticket" ? "table" : null), align: "right" },
	{ title: "OPEN", value: (rule) => rule.tickets, align: "right" },
];

const numberOf = (text: string) => wholeNumber(text, "For an example: vedette policy --help");

function usage(message: string): AppError {
	return new AppError("invalid", message, { hint: "For an example: vedette policy --help" });
}
