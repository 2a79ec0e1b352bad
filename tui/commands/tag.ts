/** `vedette tag`: words that assets carry, put on by hand or by a rule. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as tags from "../../protocol/methods/tags.ts";
import { type Tag, type TagPreview, type TagRule, type TagRuleKind, tagRuleKinds } from "../../protocol/model/tag.ts";
import { count, plural, when } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { parseLimit } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { registerDeleted } from "./tag-deleted.ts";

interface WordOptions {
	parent?: string | false;
	rule?: string;
	text?: string;
	colour?: string | false;
	criticality?: string | false;
	description?: string;
	favourite?: boolean;
	name?: string;
	everything?: boolean;
	preview?: boolean;
	json?: boolean;
}

/** As other systems call them. */
const otherNames: Readonly<Record<string, TagRuleKind>> = {
	"global-asset-view": "query",
	"asset-inventory": "query",
	"saved-search": "asset-search",
	network: "network-range",
	os: "os-regex",
	ports: "open-ports",
	software: "installed-software",
	"vulnerability-exist": "vuln-exist",
};

const ruleKinds = tagRuleKinds.filter((kind) => kind !== "asset-group");

export const tagCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("tag")
			.description(
				'tags of assets, by hand or by a rule; in queries tags:NAME, as a target tag:NAME or tag:"Two words"',
			);
		registerReports(command, run);
		registerChanges(command, run);
		registerDeleted(command, run);
		registerAssignments(command, run);
	},
};

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list", { isDefault: true })
		.description("list the tags, as the tree they are")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(tags.list, {});
				printList(ctx, page, {
					json: options.json,
					columns,
					empty: "There are no tags. Make one: vedette tag add Web --rule open-ports --text 80,443",
				});
			}),
		);
	command
		.command("show <tag>")
		.description("one tag: its rule, and the assets that carry it with why")
		.option("--limit <n>", "assets at most", "100")
		.option("--json", "one JSON document")
		.action((name: string, options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const found = await client.call(tags.get, { tag: name, limit: Math.min(10_000, parseLimit(options.limit)) });
				if (options.json === true) {
					ctx.print(jsonText(found));
					return;
				}
				for (const line of describe(found.tag, found.children)) ctx.print(line);
				ctx.print("");
				printList(
					ctx,
					{ items: found.assets, total: found.tag.assets },
					{ columns: assetColumns, empty: "No asset carries it." },
				);
			}),
		);
	command
		.command("evaluate <tag>")
		.description("apply the rule of a tag again now")
		.option("--json", "one JSON document")
		.action((name: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const done = await client.call(tags.evaluate, { tag: name });
				const said = `${harmless(done.tag.name)}: +${count(done.added)} -${count(done.removed)}, now on ${plural(done.tag.assets, "asset")}.`;
				tell(ctx, options, done, said);
			}),
		);
}

function registerChanges(command: Command, run: RunAction): void {
	wordOptions(command.command("add <name>"))
		.option("--parent <tag>", "the tag it stands below")
		.option("--colour <#RRGGBB>", "its colour")
		.option("--criticality <1-5>", "how much its assets matter, 5 the most")
		.description("make a tag, e.g. vedette tag add Linux --rule os-regex --text '.*(Debian|Ubuntu).*' --criticality 3")
		.action((name: string, options: WordOptions) =>
			run(async (ctx) => {
				const rule = ruleOf(options);
				const client = await ctx.connect({ start: true });
				if (options.preview === true) {
					tellPreview(ctx, options, await client.call(tags.preview, { rule: rule ?? { kind: "static" } }));
					return;
				}
				const { parent } = options;
				const made = await client.call(tags.create, {
					...{ name, ...wordsOf(options), everything: options.everything === true },
					...(typeof parent === "string" && { parent }),
					...(rule !== undefined && { rule }),
				});
				tell(ctx, options, made, `The tag ${harmless(made.path)} is on ${plural(made.assets, "asset")}.`);
			}),
		);
	wordOptions(command.command("edit <tag>"))
		.option("--name <name>", "another name")
		.option("--parent <tag>", "the tag it is to stand below")
		.option("--no-parent", "let it stand below none")
		.option("--colour <#RRGGBB>", "another colour")
		.option("--no-colour", "take its colour away")
		.option("--criticality <1-5>", "how much its assets matter")
		.option("--no-criticality", "not set (counts as 2)")
		.option("--no-favourite", "no favourite any more")
		.description("change a tag; --preview says what another rule would change")
		.action((tag: string, options: WordOptions) =>
			run(async (ctx) => {
				const rule = ruleOf(options);
				const client = await ctx.connect({ start: true });
				if (options.preview === true) {
					if (rule === undefined) throw nothingToDo("--preview needs --rule and --text");
					tellPreview(ctx, options, await client.call(tags.preview, { tag, rule }));
					return;
				}
				const { name, parent } = options;
				const changes = {
					...wordsOf(options),
					...(name !== undefined && { name }),
					...(parent !== undefined && { parent: parent === false ? null : parent }),
					...(rule !== undefined && { rule }),
				};
				if (Object.keys(changes).length === 0) throw nothingToDo("Nothing is to be changed");
				const made = await client.call(tags.edit, { tag, ...changes, everything: options.everything === true });
				tell(ctx, options, made, `The tag ${harmless(made.path)} is on ${plural(made.assets, "asset")}.`);
			}),
		);
	command
		.command("delete <tag>")
		.description("delete a tag; the assets stay")
		.option("--json", "one JSON document")
		.action((tag: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { deleted } = await client.call(tags.remove, { tag });
				const said = `The tag ${harmless(deleted.path)} (${plural(deleted.assets, "asset")}) is deleted. For 30 days this puts it back: vedette tag undelete ${deleted.id}`;
				tell(ctx, options, deleted, said);
			}),
		);
}

function registerAssignments(command: Command, run: RunAction): void {
	for (const [verb, method, said] of [
		["assign", tags.assign, "put on"],
		["unassign", tags.unassign, "taken off"],
	] as const) {
		command
			.command(`${verb} <tag> <query>`)
			.description(`${verb === "assign" ? "put a tag on" : "take a tag off"} the assets a query finds`)
			.option("--json", "one JSON document")
			.action((tag: string, filter: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const done = await client.call(method, { tag, filter });
					tell(
						ctx,
						options,
						done,
						`${harmless(done.tag.name)} was ${said} ${plural(done.changed, "asset")}; ${count(done.tag.assets)} carry it.`,
					);
				}),
			);
	}
}

function wordOptions(command: Command): Command {
	return command
		.option("--rule <kind>", `how it finds its assets: ${ruleKinds.join(", ")}`)
		.option("--text <rule>", "the rule itself, or @FILE")
		.option("--description <text>", "what it is for")
		.option("--favourite", "show it before others")
		.option("--everything", "the rule may fit every asset there is")
		.option("--preview", "only say which assets the rule would add and take")
		.option("--json", "one JSON document");
}

function wordsOf({ colour, criticality, description, favourite }: WordOptions) {
	return {
		...(colour !== undefined && { colour: colour === false ? null : colour }),
		...(criticality !== undefined && { criticality: criticality === false ? null : levelOf(criticality) }),
		...(description !== undefined && { description }),
		...(favourite !== undefined && { favourite }),
	};
}

function levelOf(text: string): number {
	if (/^[1-5]$/.test(text)) return Number(text);
	throw new AppError("invalid", `"${text}" is no criticality.`, { hint: "Write 1 to 5; 5 matters most." });
}

function ruleOf({ rule, text }: WordOptions): TagRule | undefined {
	if (rule === undefined && text === undefined) return undefined;
	if (rule === undefined) throw nothingToDo("--text needs --rule");
	const said = rule.toLowerCase().replaceAll("_", "-");
	if (said === "groovy" || said === "cloud-asset") {
		throw new AppError("invalid", `Rules of the kind ${said} are not supported: no script of a rule is ever run.`, {
			hint: "Say it as a query: --rule query --text 'os:debian and port:22'",
		});
	}
	const kind = tagRuleKinds.find((one) => one === said) ?? otherNames[said];
	if (kind === undefined) {
		throw new AppError("invalid", `"${rule}" is no kind of rule.`, { hint: `Write one of: ${ruleKinds.join(", ")}.` });
	}
	return { kind, text: text?.startsWith("@") === true ? readFile(text.slice(1)) : (text ?? "") };
}

function readFile(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (cause) {
		throw new AppError("invalid", `The rule cannot be read from ${path}.`, { hint: "Name a file after the @.", cause });
	}
}

function nothingToDo(what: string): AppError {
	return new AppError("invalid", `${what}.`, { hint: "See what there is: vedette tag edit --help" });
}

function tellPreview(ctx: CommandContext, { json }: { json?: boolean }, preview: TagPreview): void {
	if (json === true) {
		ctx.print(jsonText(preview));
		return;
	}
	if (preview.means != null) ctx.print(`Means ${harmless(preview.means)}`);
	ctx.print(`Fits ${count(preview.matches)} of ${plural(preview.of, "asset")}: ${signed(preview)}.`);
	for (const name of preview.added) ctx.print(`+ ${harmless(name)}`);
	if (preview.adds > preview.added.length) ctx.print(`  and ${count(preview.adds - preview.added.length)} more`);
	for (const name of preview.removed) ctx.print(`- ${harmless(name)}`);
	if (preview.removes > preview.removed.length)
		ctx.print(`  and ${count(preview.removes - preview.removed.length)} more`);
}

function signed({ adds, removes }: TagPreview): string {
	return `+${count(adds)} -${count(removes)}`;
}

function tell(ctx: CommandContext, { json }: { json?: boolean }, value: unknown, sentence: string): void {
	ctx.print(json === true ? jsonText(value) : sentence);
}

const depthOf = ({ path, name }: Tag) => path.slice(0, path.length - name.length).split("/").length - 1;

const columns: readonly Column<Tag>[] = [
	{ title: "TAG", value: (tag) => "  ".repeat(depthOf(tag)) + tag.name, max: 40 },
	{ title: "ASSETS", value: ({ assets }) => count(assets), align: "right" },
	{ title: "CRIT", value: ({ criticality }) => criticality, align: "right" },
	{ title: "RULE", value: ({ rule }) => rule.kind },
	{ title: "TEXT", value: ({ rule, means }) => means ?? (rule.text.replace(/\s+/g, " ") || null), max: 60 },
	{ title: "PROBLEM", value: ({ problem }) => problem, max: 40 },
];

const assetColumns: readonly Column<{ id: number; name: string; why: string; since: string }>[] = [
	{ title: "ID", value: ({ id }) => id, align: "right" },
	{ title: "NAME", value: ({ name }) => name, max: 60 },
	{ title: "WHY", value: ({ why }) => why },
	{ title: "SINCE", value: ({ since }) => when(since) },
];

function describe(tag: Tag, children: readonly string[]): string[] {
	const facts: [string, string][] = [
		["Tag", tag.path],
		["Rule", tag.rule.kind],
		["Text", tag.rule.text.replace(/\s+/g, " ")],
		["Means", tag.means ?? ""],
		["Problem", tag.problem ?? ""],
		["Colour", tag.colour ?? ""],
		["Criticality", tag.criticality === null ? "not set (counts as 2)" : String(tag.criticality)],
		["Description", tag.description],
		["Below it", children.join(", ")],
		["Assets", count(tag.assets)],
	];
	return facts.filter(([, value]) => value !== "").map(([name, value]) => `${name.padEnd(12)} ${harmless(value)}`);
}
