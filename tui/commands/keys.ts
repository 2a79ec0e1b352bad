/** `vedette keys`: every key of the console as it is in force, and a check of one's own. */
import { AppError } from "../../protocol/errors.ts";
import { keysPath, readKeys } from "../connect/console-files.ts";
import type { KeyProblem } from "../keys/rebinding.ts";
import { keyPage, keyRows, keyText } from "../keys/reference.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { exitCodes } from "./outcome.ts";
import { jsonText } from "./print.ts";

export const keysCommand: CommandFile = {
	register(program, run) {
		program
			.command("keys")
			.description("the keys of the console as they are in force, with your own")
			.option("--check <file>", "say what is wrong in a file of keys, and use nothing of it")
			.option("--markdown", "as a page of tables")
			.option("--json", "one JSON document")
			.addHelpText(
				"after",
				`
Keys of your own stand in keys.json beside the settings ($VEDETTE_HOME, else ~/.config/vedette): the names in brackets,
each with its keys in place of those it had. An empty list takes them away.

  { "scans.pause": "f", "list.sort": ["s", "ctrl-o"], "dashboard.scan-here": [] }

Examples:
  vedette keys
  vedette keys --check keys.json`,
			)
			.action((options: { check?: string; markdown?: boolean; json?: boolean }) =>
				run(async (ctx) => {
					const path = options.check ?? keysPath(ctx.env);
					const { keymap, changed, problems } = await readKeys(path);
					if (options.check !== undefined && !(await isThere(path)))
						throw new AppError("not-found", `There is no file ${path}.`, {
							hint: "Name the file that holds your keys.",
						});
					if (options.json === true) ctx.print(jsonText({ path, changed, problems, keys: keyRows(keymap) }));
					else if (options.markdown === true) ctx.print(keyPage(keyRows(keymap)).trimEnd());
					else if (options.check === undefined) for (const line of keyText(keyRows(keymap))) ctx.print(line);
					else if (problems.length === 0)
						ctx.print(`${plural(changed, "action has keys", "actions have keys")} of your own.`);
					for (const problem of problems) ctx.stderr.write(`${problemText(path, problem)}\n`);
					if (problems.length > 0) ctx.exit(exitCodes.failed);
				}),
			);
	},
};

async function isThere(path: string): Promise<boolean> {
	const { stat } = await import("node:fs/promises");
	return stat(path).then(
		(found) => found.isFile(),
		() => false,
	);
}

function problemText(path: string, { entry, text }: KeyProblem): string {
	return `vedette: ${harmless(path)}${entry === "" ? "" : `: ${harmless(entry)}`}: ${harmless(text)}.`;
}
