/** `vedette verify`: has findings tested again, only where they are, and says what became of them. */
import type { Client } from "../../protocol/client.ts";
import * as remedy from "../../protocol/methods/remedy.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { VerifiedFinding } from "../../protocol/model/remedy.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { plural } from "../text/format.ts";
import { verifiedSummary } from "../text/remedy-words.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { exitCodes } from "./outcome.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { confirmLarge } from "./scan-estimate.ts";
import { waitForScan } from "./scan-wait.ts";

interface VerifyOptions {
	readonly profile: string;
	readonly scan?: string;
	readonly yes?: true;
	readonly json?: true;
}

export const verifyCommand: CommandFile = {
	register(program, run) {
		program
			.command("verify")
			.description("test findings again, only their hosts, ports and checks, and keep with each what came of it")
			.argument("<query>", 'which findings, as for "vedette findings"')
			.option("--profile <name>", "option profile of the scan", "Initial")
			.option("--yes", "start even when it is large")
			.option("--json", "one JSON document")
			.addHelpText(
				"after",
				`
Not seen is not fixed: a finding that the scan could not test stays as it was, and is told as such. Exit code 0 when all are
fixed, 1 when one is still there, 5 when none is but some were not tested.

Example:
  vedette verify "asset:web1 and fix:available"`,
			)
			.action((query: string, options: VerifyOptions) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const { ids, logins, ...where } = await client.call(remedy.aim, { filter: query });
					if (logins)
						ctx.stderr.write("Some are seen from inside only: the scan logs in where there is a credential.\n");
					const title = `Verification of ${plural(ids.length, "finding")}`;
					const scan = await start(ctx, client, { ...where, title, profile: options.profile }, options.yes === true);
					const done = await waitForScan(ctx, client, scan);
					const { items } = await client.call(remedy.note, { scan: scan.id, ids });
					print(ctx, done, items, options.json === true);
				}),
			);
	},
};

async function start(
	ctx: CommandContext,
	client: Client,
	request: Parameters<typeof client.call<typeof scans.estimate>>[1],
	isSure: boolean,
): Promise<Scan> {
	const estimate = await client.call(scans.estimate, request);
	if (estimate.needsConfirmation && !isSure) await confirmLarge(ctx, estimate);
	return client.call(scans.start, { ...request, confirm: estimate.needsConfirmation });
}

function print(ctx: CommandContext, scan: Scan, items: readonly VerifiedFinding[], json: boolean): void {
	const outcomes = new Set(items.map(({ after }) => after));
	if (json) ctx.print(jsonText({ scan, items, total: items.length }));
	else {
		printList(ctx, { items: [...items], total: items.length }, { columns, empty: "" });
		ctx.print(`\n${verifiedSummary(items)} Scan ${scan.id}; kept with each finding.`);
		const untested = items.find(({ after }) => after === "untested");
		if (untested !== undefined) ctx.print(`Why it was not tested: vedette why ${untested.finding}`);
	}
	if (outcomes.has("found")) ctx.exit(exitCodes.failed);
	else if (outcomes.has("untested")) ctx.exit(exitCodes.partial);
}

const columns: Column<VerifiedFinding>[] = [
	{ title: "ID", value: (one) => one.finding, align: "right" },
	{ title: "BEFORE", value: (one) => one.before },
	{
		title: "NOW",
		value: (one) => (one.after === "found" ? "still there" : one.after === "untested" ? "not tested" : one.after),
	},
	{ title: "ASSET", value: (one) => one.asset, max: 30 },
	{ title: "PLACE", value: (one) => one.place, max: 30 },
	{ title: "FINDING", value: (one) => one.title, max: 70 },
];
