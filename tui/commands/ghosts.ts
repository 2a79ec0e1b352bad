/** `vedette ghosts`: addresses that answer and are no hosts, why, and what a user says to it. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as ghosts from "../../protocol/methods/ghosts.ts";
import type { Ghost, GhostRule } from "../../protocol/model/ghost.ts";
import { age, count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { parseLimit } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";

export const ghostsCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("ghosts")
			.description("addresses that answer and are no hosts: firewalls, proxies and decoys that answer for everybody");
		command
			.command("list", { isDefault: true })
			.description("the latest of each network, or those of one scan or map, with the evidence")
			.option("--scan <n>", "those of this scan")
			.option("--map <n>", "those of this map")
			.option("--limit <n>", "entries at most", "200")
			.option("--json", "one JSON document")
			.action((options: { scan?: string; map?: string; limit: string; json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const page = await client.call(ghosts.list, {
						...(options.scan === undefined ? {} : { scan: parseNumber(options.scan, "scan") }),
						...(options.map === undefined ? {} : { map: parseNumber(options.map, "map") }),
						limit: Math.min(10_000, parseLimit(options.limit)),
					});
					if (options.json === true) ctx.print(jsonText(page));
					else if (page.items.length === 0) ctx.print("No ghosts: nothing was seen that answers for everybody.");
					else {
						printGhosts(ctx, page.items);
						if (page.total > page.items.length)
							ctx.print(`\n${page.items.length} of ${page.total}; more with --limit.`);
						if (page.items.some(({ rule }) => rule === null))
							ctx.print("\nIf some of them are real: vedette ghosts accept <address, block or range>");
					}
				}),
			);
		for (const method of [ghosts.accept, ghosts.reject]) {
			const real = method === ghosts.accept;
			command
				.command(`${real ? "accept" : "reject"} <target...>`)
				.description(
					real
						? "say that addresses are real: whatever answers there is a host from now on"
						: "say that addresses are ghosts: nothing that answers there becomes a host",
				)
				.option("--comment <why>", "for whoever wonders later")
				.option("--json", "one JSON document")
				.action((targets: string[], options: { comment?: string; json?: boolean }) =>
					run(async (ctx) => {
						const client = await ctx.connect({ start: true });
						const done = await client.call(method, { targets, comment: options.comment ?? null });
						if (options.json === true) return ctx.print(jsonText(done));
						for (const { target, id } of done.rules)
							ctx.print(`${harmless(target)} counts as ${real ? "real" : "a ghost"} from now on (number ${id}).`);
						ctx.print(real ? "The next scan makes hosts of what answers there." : "Assets made of it before stay.");
						goOn(ctx, done.scans);
					}),
				);
		}
		command
			.command("rules")
			.description("what was said about ghosts")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					printList(ctx, await client.call(ghosts.rules, {}), {
						json: options.json,
						columns: ruleColumns(Date.now()),
						empty: "Nothing was said. If a ghost is real: vedette ghosts accept <target>",
					});
				}),
			);
		command
			.command("forget <target...>")
			.description("take back what was said, by target or number: it is judged again")
			.option("--json", "one JSON document")
			.action((words: string[], options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const done = await client.call(ghosts.forget, { rules: words.map((word) => word.replace(/^#/, "")) });
					if (options.json === true) return ctx.print(jsonText(done));
					for (const { target } of done.rules) ctx.print(`${harmless(target)} is judged again.`);
					goOn(ctx, done.scans);
				}),
			);
	},
};

/** Each with its evidence below it. */
function printGhosts(ctx: CommandContext, items: readonly Ghost[]): void {
	items.forEach((ghost, at) => {
		if (at > 0) ctx.print("");
		const said = ghost.rule === null ? "" : `; said to be ${ghost.rule === "real" ? "real" : "a ghost"} since`;
		ctx.print(`${rangesWords(ghost)}  ${kindWords[ghost.kind]} (${ghost.confidence}; ${originWords(ghost)}${said})`);
		for (const sentence of ghost.evidence) ctx.print(`    ${harmless(sentence)}`);
	});
}

/** Prints the ghosts of a scan or map, when it has any, under a heading. */
export async function printGhostsOf(
	ctx: CommandContext,
	client: Client,
	origin: { scan: number } | { map: number },
): Promise<void> {
	const { items, total } = await client.call(ghosts.list, { ...origin, limit: 50 });
	if (items.length === 0) return;
	const addresses = items.reduce((sum, ghost) => sum + ghost.addresses, 0);
	ctx.print(
		`\nNo hosts, though they answer: ${plural(addresses, "address", "addresses")} (${plural(total, "ghost")}).`,
	);
	printGhosts(ctx, items);
	if (total > items.length) {
		const [[what, id] = ["scan", 0]] = Object.entries(origin);
		ctx.print(`\nThe other ${total - items.length}: vedette ghosts --${what} ${id}`);
	}
}

const kindWords: Record<Ghost["kind"], string> = {
	"accepts-any-port": "accepts any port",
	"says-nothing": "open and mute",
	"gateway-error": "a proxy's error",
	"refuses-any-port": "refuses any port",
	"nothing-open": "nothing open",
	told: "said to be ghosts",
};

function rangesWords({ ranges, addresses }: Ghost): string {
	const shown = ranges.slice(0, 4).join(", ");
	return `${shown}${ranges.length > 4 ? ` and ${count(ranges.length - 4)} more ranges` : ""}: ${plural(addresses, "address", "addresses")}`;
}

function originWords({ scan, map }: Ghost): string {
	return scan === null ? `map ${map}` : `scan ${scan}`;
}

function goOn(ctx: CommandContext, scans: readonly number[]): void {
	if (scans.length > 0) ctx.print(`Running scans go on by it: ${scans.join(", ")}.`);
}

function parseNumber(text: string, what: "scan" | "map"): number {
	const id = Number(text.replace(/^#/, ""));
	if (Number.isSafeInteger(id) && id > 0) return id;
	throw new AppError("invalid", `"${text}" is not the number of a ${what}.`, {
		hint: `See the numbers with: vedette ${what === "scan" ? "scans" : "map list"}`,
	});
}

function ruleColumns(now: number): Column<GhostRule>[] {
	return [
		{ title: "NUMBER", value: (rule) => rule.id, align: "right" },
		{ title: "TARGET", value: (rule) => rule.target, max: 44 },
		{ title: "SAYS", value: (rule) => rule.says },
		{ title: "ADDED", value: (rule) => age(rule.addedAt, now), align: "right" },
		{ title: "BY", value: (rule) => personName(rule.addedBy), max: 20 },
		{ title: "COMMENT", value: (rule) => rule.comment, max: 60 },
	];
}
