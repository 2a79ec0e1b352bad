/** `vedette why`: the reasoning behind a finding, or behind "not vulnerable". */
import { AppError } from "../../protocol/errors.ts";
import * as findings from "../../protocol/methods/findings.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";

const marks = { yes: "✔", no: "✘", unknown: "?" } as const;

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
					const client = await ctx.connect({ start: false });
					const answer = await client.call(findings.explain, question(subject, asset));
					if (options.json === true) {
						ctx.print(JSON.stringify(answer, null, 2));
						return;
					}
					ctx.print(harmless(answer.question));
					for (const step of answer.steps)
						ctx.print(`  ${marks[step.outcome]} ${step.step.padEnd(10)} ${harmless(step.text)}`);
					ctx.print(harmless(answer.summary));
					if (answer.check !== null) ctx.print(`Check by hand: ${harmless(answer.check)}`);
				}),
			);
	},
};

function question(subject: string, asset: string | undefined) {
	if (asset !== undefined) return { subject, asset };
	const id = Number(subject.replace(/^#/, ""));
	if (Number.isInteger(id) && id > 0) return { id };
	throw new AppError("invalid", `"${subject}" is not a finding number, so it needs an asset.`, {
		hint: "For example: vedette why CVE-2023-48795 127.0.0.1",
	});
}
