/** `vedette limits`: concurrency groups, the limits that hold over all scans and maps at once. */
import { AppError } from "../../protocol/errors.ts";
import * as governor from "../../protocol/methods/governor.ts";
import type { ConcurrencyGroup } from "../../protocol/model/network-figures.ts";
import { tagTarget } from "../../protocol/target/item.ts";
import { age } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandFile } from "./command.ts";
import { goOn } from "./going-on.ts";
import { type Column, jsonText, printList } from "./print.ts";

export const limitsCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("limits")
			.description("concurrency groups: addresses that may only be sent so much by all scans and maps together");
		command
			.command("list", { isDefault: true })
			.description("list the concurrency groups")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const page = await (await ctx.connect({ start: true })).call(governor.groups, {});
					printList(ctx, page, {
						json: options.json,
						columns: columns(Date.now()),
						empty:
							"No concurrency groups. The guests of one hypervisor, say: vedette limits set <name> <target...> --rate 500",
					});
				}),
			);
		command
			.command("set [name] [target...]")
			.description(
				"make a group of addresses, blocks, ranges, what is in an asset group now (group:Web) or always of what carries a tag (tag:Web), or replace the one of that name; holds at once",
			)
			.option(
				"--tag <tag>",
				"what carries this tag, as long as it does; the group is called by it unless it has a name",
			)
			.addHelpText(
				"after",
				`
Examples:
  vedette limits set hypervisor-3 10.0.3.0/24 --rate 300 --in-flight 50
  vedette limits set --tag Production --rate 500`,
			)
			.option("--rate <n>", "packets a second, over all scans and maps", "1000")
			.option("--in-flight <n>", "questions open at once, over all scans and maps", "200")
			.option("--comment <why>", "what these addresses have in common", "")
			.option("--json", "one JSON document")
			.action((given: string | undefined, further: string[], options: SetOptions) =>
				run(async (ctx) => {
					const { name, targets } = groupNamed(given, further, options.tag);
					const client = await ctx.connect({ start: true });
					const done = await client.call(governor.setGroup, {
						...{ name, targets, comment: options.comment },
						ratePerSecond: parseWhole(options.rate, "--rate"),
						inFlight: parseWhole(options.inFlight, "--in-flight"),
					});
					if (options.json === true) {
						ctx.print(jsonText(done));
						return;
					}
					const { group } = done;
					ctx.print(
						`"${harmless(group.name)}" gets at most ${group.ratePerSecond} packets a second and ${group.inFlight} open questions.`,
					);
					for (const line of goOn(done)) ctx.print(`${line} by these limits.`);
				}),
			);
		command
			.command("remove <name>")
			.description("delete a group; what runs goes on without its limits")
			.option("--json", "one JSON document")
			.action((name: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const done = await (await ctx.connect({ start: true })).call(governor.removeGroup, { name });
					if (options.json === true) ctx.print(jsonText(done));
					else {
						ctx.print(`The concurrency group "${harmless(done.removed)}" is gone.`);
						for (const line of goOn(done)) ctx.print(`${line} without its limits.`);
					}
				}),
			);
	},
};

/** Throws `invalid` when there is no name, or nothing in the group. */
function groupNamed(name: string | undefined, targets: readonly string[], tag: string | undefined) {
	const all = tag === undefined ? [...targets] : [...targets, tagTarget(tag)];
	const called = name ?? tag;
	if (called !== undefined && all.length > 0) return { name: called, targets: all };
	throw new AppError("invalid", called === undefined ? "The group has no name." : "Nothing is in the group.", {
		hint: "vedette limits set hypervisor-3 10.0.3.0/24 --rate 300, or: vedette limits set --tag Production --rate 500",
	});
}

interface SetOptions {
	tag?: string;
	rate: string;
	inFlight: string;
	comment: string;
	json?: boolean;
}

/** The method judges how much it may be. */
function parseWhole(text: string, option: string): number {
	const number = Number(text);
	if (Number.isSafeInteger(number) && number > 0) return number;
	throw new AppError("invalid", `${option} ${text} is not a whole number above 0.`, {
		hint: `For example: ${option} 500`,
	});
}

function columns(now: number): Column<ConcurrencyGroup>[] {
	return [
		{ title: "NAME", value: (one) => one.name, max: 30 },
		{ title: "RATE/S", value: (one) => one.ratePerSecond, align: "right" },
		{ title: "OPEN AT ONCE", value: (one) => one.inFlight, align: "right" },
		{ title: "TARGETS", value: (one) => one.targets.join(" "), max: 44 },
		{ title: "SET", value: (one) => age(one.setAt, now), align: "right" },
		{ title: "BY", value: (one) => personName(one.setBy), max: 20 },
		{ title: "COMMENT", value: (one) => one.comment, max: 60 },
	];
}
