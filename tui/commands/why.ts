/** `vedette why`: the reasoning behind a finding, or behind "not vulnerable". */
import { AppError } from "../../protocol/errors.ts";
import * as findings from "../../protocol/methods/findings.ts";
import { wrap } from "../text/fit.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { jsonText, widthOfTerminal } from "./print.ts";

const marks = { yes: "✔", no: "✘", unknown: "?" } as const;
/** Mark, name of the step, blanks. Columns. */
const indent = 15;
/** Text that is piped is left in long lines, for other programs. */
const unwrapped = 100_000;

export const whyCommand: CommandFile = {
	register(program, run) {
		program
			.command("why")
			.description("say why something is a finding, or why it is not")
			.argument("<subject>", "finding number, or CVE, QID or signature id together with an asset")
			.argument("[asset]", "asset name, address or number")
			.option("--json", "one JSON document")
			.action((subject: string, asset: string | undefined, options: { json?: boolean }) =>
				run(async (ctx) => {
					const asked = question(subject, asset);
					const client = await ctx.connect({ start: false });
					const answer = await client.call(findings.explain, asked);
					if (options.json === true) {
						ctx.print(jsonText(answer));
						return;
					}
					const width = Math.max(40, widthOfTerminal(ctx.stdout) ?? unwrapped);
					ctx.print(harmless(answer.question));
					for (const { step, outcome, text } of answer.steps) {
						// The last step and the summary are the same words.
						if (text === answer.summary) continue;
						const [first = "", ...rest] = wrap(text.trimEnd(), width - indent);
						ctx.print(`  ${marks[outcome]} ${step.padEnd(indent - 5)} ${first}`);
						for (const line of rest) ctx.print(`${" ".repeat(indent)}${line}`.trimEnd());
					}
					for (const line of wrap(answer.summary, width)) ctx.print(line);
					if (answer.check !== null) ctx.print(`Check by hand: ${harmless(answer.check)}`);
				}),
			);
	},
};

function question(subject: string, asset: string | undefined) {
	if (asset !== undefined) return { subject, asset };
	const id = Number(subject.replace(/^#/, ""));
	if (Number.isSafeInteger(id) && id > 0) return { id };
	throw new AppError("invalid", `"${subject}" is not a finding number, so it needs an asset.`, {
		hint: "For example: vedette why CVE-2023-48795 127.0.0.1",
	});
}
