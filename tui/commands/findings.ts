/** `vedette findings`: what is wrong, worst first. */

import * as findings from "../../protocol/methods/findings.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import type { CommandFile } from "./command.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, printList, severityLabel, wantsColour } from "./print.ts";

export const findingsCommand: CommandFile = {
	register(program, run) {
		program
			.command("findings")
			.description("list open findings, worst first")
			.argument("[query]", 'filter, e.g. "severity>=3 and port:22" or "status:FIXED"')
			.option("--json", "one JSON document")
			.option("--limit <n>", "rows at most", "100")
			.option("--sort <field>", "field name, -field for descending")
			.action((query: string | undefined, options: { json?: boolean; limit: string; sort?: string }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const page = await readPages<Finding>(client, findings.list, {
						filter: query ?? "",
						sort: options.sort,
						limit: parseLimit(options.limit),
					});
					printList(ctx, page, {
						json: options.json,
						columns: [
							...findingColumns(wantsColour(ctx.stdout, ctx.env)),
							...(page.items.some(({ ticket }) => ticket !== null) ? [ticketColumn] : []),
						],
						empty: query
							? "No finding matches that. See all open ones with: vedette findings"
							: "No open findings. Scan something with: vedette scan 127.0.0.1",
					});
				}),
			);
	},
};

const ticketColumn: Column<Finding> = {
	title: "TICKET",
	value: ({ ticket }) => (ticket === null ? "-" : `${ticket.id}${ticket.overdue ? " LATE" : ""}`),
	align: "right",
};

const shortType: Record<Finding["type"], string> = { confirmed: "conf", potential: "poss", information: "info" };

/** With the virtual host it was found on. */
function titleOf({ title, instance }: Finding): string {
	return instance === undefined ? title : `${instance}: ${title}`;
}

/** Shared with `scan`, which ends with the same table. */
export function findingColumns(colour: boolean): Column<Finding>[] {
	return [
		{ title: "ID", value: (finding) => finding.id, align: "right" },
		{
			title: "SEV",
			value: (finding) => finding.severity,
			styled: (finding) => severityLabel(finding.severity, colour),
		},
		{ title: "TYPE", value: (finding) => shortType[finding.type] },
		{ title: "STATUS", value: (finding) => finding.status },
		{ title: "ASSET", value: (finding) => finding.asset.name, max: 30 },
		{
			title: "PORT",
			value: (finding) => (finding.port === null ? "-" : `${finding.port}/${finding.protocol}`),
			align: "right",
		},
		{ title: "FINDING", value: titleOf, max: 70 },
		{ title: "CVE", value: (finding) => finding.cves[0] ?? "-" },
	];
}
