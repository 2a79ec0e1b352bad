/** `vedette fix`: what would mend findings, as commands for each host's package manager. */
import { Option } from "commander";
import { readRemedy } from "../connect/remedy-pages.ts";
import { count, plural } from "../text/format.ts";
import { remedyLines, remedyScript } from "../text/remedy-words.ts";
import type { CommandFile } from "./command.ts";
import { exitCodes } from "./outcome.ts";
import { parseLimit } from "./pages.ts";
import { jsonText } from "./print.ts";

export const fixCommand: CommandFile = {
	register(program, run) {
		program
			.command("fix")
			.description(
				"say what would mend findings: the fewest upgrades for each host, what to restart, and what has no update",
			)
			.argument("[query]", 'which findings, as for "vedette findings"; all open ones when left out')
			.addOption(
				new Option("-f, --format <format>", "text, shell, json").choices(["text", "shell", "json"]).default("text"),
			)
			.option("--json", "the same as --format json")
			.option("--limit <n>", "hosts at most", "1000")
			.addHelpText(
				"after",
				`
Examples:
  vedette fix "tags:Production and severity>=4"
  vedette fix "asset:web1" --format shell | ssh root@web1 sh -s web1
  vedette verify "asset:web1"                 whether it did`,
			)
			.action((query: string | undefined, options: { format: string; json?: boolean; limit: string }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { hosts, assets } = await readRemedy(client, { filter: query ?? "" }, parseLimit(options.limit));
					if (options.json === true || options.format === "json") ctx.print(jsonText({ items: hosts, total: assets }));
					else if (options.format === "shell") ctx.print(remedyScript(hosts).trimEnd());
					else if (hosts.length === 0) ctx.print("No finding matches that: there is nothing to mend.");
					else for (const line of remedyLines(hosts)) ctx.print(line);
					if (hosts.length >= assets) return;
					ctx.stderr.write(
						`Of ${plural(assets, "host")} only ${count(hosts.length)} are told of; more with --limit ${assets}.\n`,
					);
					ctx.exit(exitCodes.partial);
				}),
			);
	},
};
