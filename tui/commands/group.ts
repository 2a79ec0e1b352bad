/** `vedette group`: asset groups, what they hold, and what no scan knows of them. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as groups from "../../protocol/methods/groups.ts";
import { type AssetGroup, businessImpacts, cvssEnvironment, type NeverScanned } from "../../protocol/model/group.ts";
import { AddressSet } from "../../protocol/target/address-set.ts";
import { groupTarget, rangeText } from "../../protocol/target/item.ts";
import { count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { parseLimit } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { readTargetWords, requestTexts } from "./target-words.ts";

interface WordOptions {
	comments?: string;
	division?: string;
	function?: string;
	location?: string;
	impact?: string;
	cvss?: string[];
	dnsNames?: string;
	netbiosNames?: string;
	domains?: string;
	owner?: string;
	title?: string;
	network?: string;
	json?: boolean;
}

export const groupCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("group")
			.description('asset groups: targets that belong together, written group:Web or group:"Web servers"');
		registerReports(command, run);
		registerChanges(command, run);
	},
};

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list", { isDefault: true })
		.description("list the groups")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(groups.list, {});
				printList(ctx, page, { json: options.json, columns, empty: "There are no asset groups." });
			}),
		);
	command
		.command("show <group>")
		.description("one group: what is said of it and its addresses")
		.option("--limit <n>", "ranges at most", "100")
		.option("--json", "one JSON document")
		.action((title: string, options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const limit = Math.min(10_000, parseLimit(options.limit));
				const found = await client.call(groups.get, { group: title, limit });
				if (options.json === true) ctx.print(jsonText(found));
				else for (const line of describe(found.group, found.ranges)) ctx.print(line);
			}),
		);
	command
		.command("never-scanned <group>")
		.description(
			"addresses of the group that no scan has reached, and those that never answered one (All: of everything)",
		)
		.option("--limit <n>", "rows at most", "1000")
		.option("--json", "one JSON document")
		.action((title: string, options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const limit = Math.min(10_000, parseLimit(options.limit));
				const found = await client.call(groups.neverScanned, { group: title, limit });
				if (options.json === true) {
					ctx.print(jsonText(found));
					return;
				}
				printList(ctx, found, { columns: neverColumns, empty: "Every address of it has answered a scan." });
				if (found.total > 0)
					ctx.print(
						`\n${plural(found.neverAsked, "address", "addresses")} never asked, ${count(found.neverAnswered)} never answered.`,
					);
			}),
		);
}

function registerChanges(command: Command, run: RunAction): void {
	wordOptions(command.command("create <title> [address...]"))
		.option("--network <name>", "the network its addresses are in, for good (default: default)")
		.description("make a group of addresses, blocks, ranges, host names or @FILE")
		.action((title: string, words: string[], options: WordOptions) =>
			run(async (ctx) => {
				const read = await readTargetWords(ctx, words);
				const client = await ctx.connect({ start: true });
				const addresses = await requestTexts(client, read);
				const { cvss, ...said } = wordsOf(options);
				const { network } = options;
				const group = await client.call(groups.create, {
					...{ title, addresses, ...said },
					...(cvss && { cvss }),
					...(network !== undefined && { network }),
				});
				tell(ctx, options, group, `The asset group ${harmless(group.title)} has ${sizeOf(group)}.`);
			}),
		);
	wordOptions(command.command("edit <group>"))
		.option("--title <text>", "another title")
		.description("change what is said of a group")
		.action((title: string, options: WordOptions) =>
			run(async (ctx) => {
				const words = { ...wordsOf(options), ...(options.title === undefined ? {} : { title: options.title }) };
				if (Object.keys(words).length === 0) {
					throw new AppError("invalid", "Nothing is to be changed.", {
						hint: "See what can be: vedette group edit --help",
					});
				}
				const client = await ctx.connect({ start: true });
				const group = await client.call(groups.edit, { group: title, ...words });
				tell(ctx, options, group, `The asset group ${harmless(group.title)} is changed.`);
			}),
		);
	command
		.command("delete <group>")
		.description("delete a group; the assets stay")
		.option("--json", "one JSON document")
		.action((title: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { deleted } = await client.call(groups.remove, { group: title });
				tell(ctx, options, deleted, `The asset group ${harmless(deleted.title)} (${sizeOf(deleted)}) is deleted.`);
			}),
		);
	for (const [verb, method, said, about] of [
		["add", groups.addAddresses, "more in", "add addresses, blocks, ranges, host names or what is in @FILE"],
		["remove", groups.removeAddresses, "less in", "take addresses, blocks, ranges, host names or what is in @FILE out"],
		["set", groups.setAddresses, "changed in", "let it hold these addresses and host names, and no others"],
	] as const) {
		command
			.command(`${verb} <group> [address...]`)
			.description(about)
			.option("--domains <names>", "domains that are mapped with it, separated by commas")
			.option("--netbios-names <names>", "NetBIOS names, separated by commas")
			.option("--json", "one JSON document")
			.addHelpText("after", `\nExample: vedette group ${verb} Web 192.0.2.0/24 www.example.org --domains example.org`)
			.action((title: string, words: string[], options: WordOptions) =>
				run(async (ctx) => {
					const read = await readTargetWords(ctx, words);
					const client = await ctx.connect({ start: true });
					const addresses = await requestTexts(client, read);
					const { domains, netbiosNames } = wordsOf(options);
					const { group, changed } = await client.call(method, {
						...{ group: title, addresses },
						...(domains && { domains }),
						...(netbiosNames && { netbiosNames }),
					});
					tell(
						ctx,
						options,
						{ group, changed },
						`${count(changed)} ${said} ${harmless(group.title)}, which has ${sizeOf(group)}.`,
					);
				}),
			);
	}
}

function wordOptions(command: Command): Command {
	return command
		.option("--comments <text>", "what it is for")
		.option("--division <text>", "part of the company")
		.option("--function <text>", "what it does")
		.option("--location <text>", "where it is")
		.option("--impact <level>", `business impact: ${businessImpacts.join(", ")}`)
		.option(
			"--cvss <metric=value>",
			"CVSS environmental metric, e.g. cr=high (cdp, td, cr, ir, ar); may be repeated",
			collect,
		)
		.option("--dns-names <names>", "host names, separated by commas, instead of those it has")
		.option("--netbios-names <names>", "NetBIOS names, separated by commas")
		.option("--domains <names>", "domains that are mapped with it, separated by commas")
		.option("--owner <who>", "whose it is (default: who creates it)")
		.option("--json", "one JSON document");
}

const collect = (value: string, all: string[] = []) => [...all, value];

function wordsOf(options: WordOptions) {
	const { comments, division, function: purpose, location, owner } = options;
	const texts = { comments, division, function: purpose, location, owner };
	const lists = {
		dnsNames: namesIn(options.dnsNames),
		netbiosNames: namesIn(options.netbiosNames),
		domains: namesIn(options.domains),
	};
	const all = { ...texts, ...lists, businessImpact: impactOf(options.impact), cvss: metricsOf(options.cvss) };
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
		[K in keyof typeof all]?: NonNullable<(typeof all)[K]>;
	};
}

function namesIn(text: string | undefined): string[] | undefined {
	return text?.split(/[\s,]+/).filter((name) => name !== "");
}

function impactOf(text: string | undefined): (typeof businessImpacts)[number] | undefined {
	if (text === undefined) return undefined;
	const found = businessImpacts.find((one) => one === text.toLowerCase());
	if (found !== undefined) return found;
	throw new AppError("invalid", `"${text}" is no business impact.`, {
		hint: `Write one of: ${businessImpacts.join(", ")}.`,
	});
}

function metricsOf(texts: readonly string[] | undefined) {
	if (texts === undefined) return undefined;
	const metrics: Record<string, string> = {};
	for (const text of texts) {
		const [, name = "", value = ""] = /^\s*([a-z]+)\s*=\s*([a-z-]+)\s*$/i.exec(text) ?? [];
		metrics[name.toLowerCase()] = value.toLowerCase();
	}
	const parsed = cvssEnvironment.partial().safeParse(metrics);
	if (parsed.success) {
		// Those not named are not to be written over.
		return Object.fromEntries(Object.entries(parsed.data).filter(([name]) => name in metrics)) as typeof parsed.data;
	}
	throw new AppError("invalid", `"${texts.join(" ")}" is no CVSS environmental metric.`, {
		hint: "Write cdp=low-medium, td=high, cr=high, ir=medium or ar=low; not-defined takes one back.",
	});
}

function tell(ctx: CommandContext, { json }: { json?: boolean }, value: unknown, sentence: string): void {
	ctx.print(json === true ? jsonText(value) : sentence);
}

function sizeOf({ addresses, dnsNames }: AssetGroup): string {
	const names = dnsNames.length > 0 ? ` and ${plural(dnsNames.length, "host name")}` : "";
	return `${plural(addresses, "address", "addresses")}${names}`;
}

const columns: readonly Column<AssetGroup>[] = [
	{ title: "TITLE", value: ({ title }) => title, max: 40 },
	{ title: "ADDRESSES", value: ({ addresses }) => count(addresses), align: "right" },
	{ title: "NAMES", value: ({ dnsNames }) => dnsNames.length, align: "right" },
	{ title: "IMPACT", value: ({ businessImpact }) => businessImpact },
	{ title: "DIVISION", value: ({ division }) => division || null, max: 20 },
	{ title: "FUNCTION", value: (group) => group.function || null, max: 20 },
	{ title: "LOCATION", value: ({ location }) => location || null, max: 20 },
	{ title: "COMMENTS", value: ({ comments }) => comments || null, max: 40 },
];

const neverColumns: readonly Column<NeverScanned>[] = [
	{ title: "ADDRESSES", value: ({ first, last }) => (first === last ? first : `${first}-${last}`) },
	{ title: "HOW MANY", value: ({ addresses }) => count(addresses), align: "right" },
	{ title: "WHY", value: ({ why }) => (why === "never-asked" ? "never asked" : "asked, never answered") },
];

function describe(group: AssetGroup, ranges: readonly (readonly [string, string])[]): string[] {
	const metrics = Object.entries(group.cvss).filter(([, value]) => value !== "not-defined");
	const facts: [string, string][] = [
		["Title", group.title],
		["As target", groupTarget(group.title)],
		["Comments", group.comments],
		["Division", group.division],
		["Function", group.function],
		["Location", group.location],
		["Impact", group.businessImpact],
		["CVSS", metrics.map(([name, value]) => `${name}=${value}`).join(" ")],
		["DNS names", group.dnsNames.join(", ")],
		["NetBIOS", group.netbiosNames.join(", ")],
		["Domains", group.domains.join(", ")],
		["Vhosts", group.virtualHosts === 0 ? "" : count(group.virtualHosts)],
		["Owner", personName(group.owner)],
		["Network", group.network === "default" ? "" : (group.network ?? "")],
		["Addresses", count(group.addresses)],
	];
	const lines = facts
		.filter(([, value]) => value !== "")
		.map(([name, value]) => `${name.padEnd(10)} ${harmless(value)}`);
	lines.push(...Array.from(AddressSet.fromText(ranges).blocks(), (range) => `           ${rangeText(range)}`));
	if (ranges.length < group.ranges)
		lines.push(`           and ${count(group.ranges - ranges.length)} more ranges (--limit)`);
	return lines;
}
