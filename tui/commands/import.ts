/** `vedette import`: evidence that was gathered elsewhere, carried over as a file. Other scanners' files are import-file.ts. */
import { resolve } from "node:path";
import type { z } from "zod";
import * as imports from "../../protocol/methods/imports.ts";
import { count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { registerFiles } from "./import-file.ts";
import { jsonText } from "./print.ts";

export const importCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("import")
			.description("take in what was gathered elsewhere: by another scanner, or on a host that cannot be logged in to");
		registerFiles(command, run);
		command
			.command("script")
			.description("print a shell script, to run on such a host: sh collect.sh > host.txt. It only reads")
			.action(() =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { script } = await client.call(imports.script, {});
					ctx.print(script.trimEnd());
				}),
			);
		command
			.command("packages <file>")
			.description("take in what the script printed, and judge the host's packages")
			.requiredOption("--host <address>", "the host's address")
			.option("--network <name>", "the network that is in (default: default)")
			.option("--json", "one JSON document")
			.action((file: string, options: { host: string; network?: string; json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { host: address, network } = options;
					const where = { path: resolve(file), address, ...(network === undefined ? {} : { network }) };
					const outcome = await client.call(imports.collected, where);
					if (options.json === true) return ctx.print(jsonText(outcome));
					for (const line of taken(outcome)) ctx.print(harmless(line));
				}),
			);
	},
};

function taken(outcome: z.infer<(typeof imports.collected)["result"]>): string[] {
	const { asset, system, observedAt, packages, findings } = outcome;
	const { installed, judged, leftOut, ecosystems, problem } = packages;
	const partial = outcome.kinds.filter(({ complete }) => !complete).map(({ kind }) => kind);
	const when = observedAt.slice(0, 16).replace("T", " ");
	const seen = `${plural(findings.open, "finding")} (${count(findings.new)} new), ${count(findings.fixable)} with an update; ${count(findings.fixed)} fixed`;
	return [
		`${asset.name}: ${system ?? "an unknown system"}, as of ${when} UTC${outcome.created ? ", a new asset" : ""}.`,
		`${plural(installed, "package")}, ${count(judged)} to be judged${ecosystems.length > 0 ? ` as ${ecosystems.join(", ")}` : ""}.`,
		...leftOut.map(({ reason, packages: n }) => `  ${plural(n, "package")}: ${reason}`),
		...(partial.length > 0 ? [`Not complete, so it closes nothing: ${partial.join(", ")}.`] : []),
		...(problem === null ? [] : [`The packages cannot be judged: ${problem}.`]),
		...(problem === "no feed has been taken in" ? ["Take one in: vedette knowledge import FILE"] : []),
		`${seen}. See them: vedette findings 'asset:"${asset.name}"'`,
	];
}
