/** What `vedette scans show` prints: one scan, and what it asked and what came of that. */
import type { Client } from "../../protocol/client.ts";
import { list as listGhosts } from "../../protocol/methods/ghosts.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type CoverageField, coverageFields } from "../text/coverage-words.ts";
import { wrap } from "../text/fit.ts";
import { count, when } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { windowWords } from "../text/window-words.ts";
import type { CommandContext } from "./command.ts";
import { printGhostsOf } from "./ghosts.ts";
import { duration, jsonText, widthOfTerminal } from "./print.ts";

const indent = 14;
/** Text that is piped is left in long lines, for other programs. */
const unwrapped = 100_000;
/** Lines of one field; `--json` has them all. */
const mostLines = 20;

export async function showScan(ctx: CommandContext, client: Client, id: number, json: boolean): Promise<void> {
	const scan = await client.call(scans.get, { scan: id });
	const coverage = await client.call(scans.coverage, { scan: id });
	if (json) {
		const ghosts = await client.call(listGhosts, { scan: id });
		ctx.print(jsonText({ scan, coverage, ghosts: ghosts.items }));
		return;
	}
	printFields(ctx, [...scanFields(scan), ...coverageFields(coverage)]);
	await printGhostsOf(ctx, client, { scan: id });
}

/** Names at the left, their lines under each other at the right. */
export function printFields(ctx: CommandContext, fields: readonly CoverageField[]): void {
	const width = Math.max(50, widthOfTerminal(ctx.stdout) ?? unwrapped);
	for (const field of fields) {
		const shown = field.lines.slice(0, mostLines);
		const more = field.lines.length - shown.length;
		const lines = [...shown, ...(more > 0 ? [`and ${count(more)} more: --json has them`] : [])].flatMap((line) =>
			wrap(harmless(line), width - indent),
		);
		lines.forEach((line, at) => {
			ctx.print(`${(at === 0 ? field.name : "").padEnd(indent)}${line}`);
		});
	}
}

function scanFields(scan: Scan): CoverageField[] {
	const status = scan.partial ? `${scan.status} (partial)` : scan.status;
	const times = `asked for ${when(scan.createdAt)} UTC${scan.finishedAt === null ? "" : `, over ${when(scan.finishedAt)}`}`;
	return [
		{ name: `Scan ${scan.id}`, lines: [scan.title] },
		{
			name: "status",
			lines: [`${status}, ${duration(scan.activeMs)} of work`, ...(scan.reason === null ? [] : [scan.reason])],
		},
		{ name: "when", lines: [times] },
		...(scan.window == null ? [] : [{ name: "runs", lines: [windowWords(scan.window)] }]),
		...(scan.continuesAt == null ? [] : [{ name: "goes on", lines: [`${when(scan.continuesAt)} UTC`] }]),
		{ name: "targets", lines: scan.targets },
		...(scan.exclusions.length === 0 ? [] : [{ name: "without", lines: scan.exclusions }]),
		{ name: "ports", lines: [`${scan.ports}, profile ${scan.profile}`] },
	];
}
