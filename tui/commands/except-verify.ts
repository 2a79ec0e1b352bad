/** `vedette except verify`: the operator's signature on a decision, checked here and not by the daemon. */
import type { Command } from "commander";
import { checkSignedEntry } from "../../protocol/audit/signed.ts";
import { AppError } from "../../protocol/errors.ts";
import * as audit from "../../protocol/methods/audit.ts";
import * as exceptions from "../../protocol/methods/exceptions.ts";
import { when } from "../text/format.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { number } from "./except-request.ts";
import { exitCodes } from "./outcome.ts";
import { jsonText } from "./print.ts";

export function registerVerify(command: Command, run: RunAction): void {
	command
		.command("verify <request>")
		.description("check the signature on a decision again. For example: vedette except verify 7")
		.option("--json", "one JSON document")
		.action((id: string, options: { json?: boolean }) => run((ctx) => verify(ctx, id, options.json === true)));
}

async function verify(ctx: CommandContext, text: string, json: boolean): Promise<void> {
	const client = await ctx.connect({ start: true });
	const { exception } = await client.call(exceptions.get, { id: number(text, "request") });
	const name = `request ${exception.id}`;
	const { items } = await client.call(audit.list, { filter: `object:"${name}"`, sort: "-n", limit: 100 });
	const entry = items.find((one) => one.object === name && /^exception\.(approve|reject)$/.test(one.action));
	if (entry === undefined)
		throw new AppError("not-found", `The audit log has no decision on ${name}.`, {
			hint: `See what became of it: vedette except show ${exception.id}`,
		});
	const { who: by, at, action } = entry;
	const found = checkSignedEntry(entry);
	const verdict = { request: exception.id, action, by, at, key: found?.key ?? null, signed: found !== null };
	const holds = found !== null && found.fault === null;
	if (!holds) ctx.exit(exitCodes.failed);
	if (json) return ctx.print(jsonText({ ...verdict, holds, fault: found?.fault ?? null }));
	const decided = `${action === "exception.approve" ? "Approved" : "Rejected"} by ${personName(by)} on ${when(at)} UTC`;
	if (found === null) ctx.print(`${decided}; nobody signed it.`);
	else if (found.fault !== null) ctx.print(`${decided}, but ${found.fault}.`);
	else {
		ctx.print(`${decided}; the signature by ${found.key} holds.`);
		ctx.print(
			"Whose key that is: vedette access key list. The whole log: vedette audit export FILE, vedette audit verify FILE",
		);
	}
}
