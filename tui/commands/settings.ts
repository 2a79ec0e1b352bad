/** `vedette settings`: everything the daemon can be told, and changing it. */
import { list, set } from "../../protocol/methods/settings.ts";
import type { Setting } from "../../protocol/model/setting.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

interface Options {
	json?: boolean;
	reason?: string;
	changed?: boolean;
}

export const settingsCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("settings")
			.description("everything the daemon can be told: what it says, where that comes from, what it does")
			.addHelpText(
				"after",
				`
Examples:
  vedette settings list tickets
  vedette settings set knowledge.every-hours 6
  vedette settings set access.single-operator yes --reason "alone on this site"
  vedette settings set knowledge.every-hours ""        the default again`,
			);
		command
			.command("list [word]", { isDefault: true })
			.description("all of them, or those with a word in their name, group or description")
			.option("--changed", "only what is not the default")
			.option("--json", "one JSON document")
			.action((word: string | undefined, options: Options) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { items } = await client.call(list, {});
					const wanted = (word ?? "").toLowerCase();
					const fits = ({ id, group, title, about, source }: Setting) =>
						`${id} ${group} ${title} ${about}`.toLowerCase().includes(wanted) &&
						(options.changed !== true || source === "set");
					const shown = items.filter(fits);
					const empty = options.changed === true ? "Everything is as it came." : "No setting has that word.";
					printList(ctx, { items: shown, total: shown.length }, { json: options.json, columns, empty });
				}),
			);
		command
			.command("set <setting> <value>")
			.description("change one, as its own command does; an empty value is the default")
			.option("--reason <why>", "for those that want one")
			.option("--json", "one JSON document")
			.action((id: string, value: string, options: Options) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const now = await client.call(set, { id, value, reason: options.reason ?? "" });
					ctx.print(options.json === true ? jsonText(now) : harmless(`${now.title}: ${now.shown}.`));
				}),
			);
	},
};

const columns: readonly Column<Setting>[] = [
	{ title: "SETTING", value: ({ id }) => id },
	{ title: "SAYS", value: ({ shown }) => shown, max: 50 },
	{ title: "FROM", value: ({ source }) => (source === "built-in" ? "built in" : source) },
	{ title: "WHAT IT IS", value: ({ title, about }) => `${title}. ${about}`, max: 90 },
];
