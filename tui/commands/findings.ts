/** `vedette findings`: what is wrong, worst first. */

import { AppError } from "../../protocol/errors.ts";
import * as findings from "../../protocol/methods/findings.ts";
import { type Finding, type FindingGroup, findingGroupBys } from "../../protocol/model/finding.ts";
import { parseMoment } from "../components/finding/moment.ts";
import { apartWords, eventWord } from "../text/finding-event-words.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { printFacets } from "./facets.ts";
import { listWish, viewOption, type WishOptions } from "./list-wish.ts";
import { readPages } from "./pages.ts";
import { type Column, printList, severityLabel, wantsColour } from "./print.ts";

interface Options extends WishOptions {
	json?: boolean;
	by?: string;
	asOf?: string;
	facets?: boolean;
}

export const findingsCommand: CommandFile = {
	register(program, run) {
		program
			.command("findings")
			.description("list open findings, worst first")
			.argument("[query]", 'filter, e.g. "severity>=3 and port:22" or "status:FIXED"')
			.option("--json", "one JSON document")
			.option("--limit <n>", "rows at most", "100")
			.option("--sort <field>", "-field for descending, several as -severity,port")
			.option(...viewOption)
			.option("--by <what>", "put together: signature (what is wrong) or asset")
			.option("--facets", "what they have in common: how many of each severity, status, check, port, tag, age, …")
			.option(
				"--as-of <when>",
				"those that were open then: 2026-11-01 (its end, UTC), or 30d, 8w ago; severity and priority are today's",
			)
			.action((query: string | undefined, options: Options) =>
				run(async (ctx) => {
					if (options.by !== undefined) return listGroups(ctx, query ?? "", options, options.by);
					const asOf = options.asOf === undefined ? {} : { asOf: parseMoment(options.asOf, Date.now()) };
					const client = await ctx.connect({ start: false });
					const wish = await listWish(client, "findings", query, options);
					if (options.facets === true) {
						const found = await client.call(findings.facets, { filter: wish.filter, ...asOf });
						return printFacets(ctx, found, options, "Nothing that matches is open.");
					}
					const page = await readPages<Finding>(client, findings.list, { ...wish, more: asOf });
					printList(ctx, page, {
						json: options.json,
						columns: [
							...(asOf.asOf === undefined ? findingColumns : pastColumns)(wantsColour(ctx.stdout, ctx.env)),
							...(page.items.some(({ ticket }) => ticket !== null) ? [ticketColumn] : []),
						],
						empty:
							asOf.asOf !== undefined
								? `Nothing that matches was open ${asOf.asOf.slice(0, 16).replace("T", " ")} UTC.`
								: query
									? "No finding matches that. See all open ones with: vedette findings"
									: "No open findings. Scan something with: vedette scan 127.0.0.1",
					});
					if (asOf.asOf !== undefined && options.json !== true && page.items.length > 0)
						ctx.print("Open then; severity, priority, tickets and what is excepted are as today.");
				}),
			);
	},
};

async function listGroups(ctx: CommandContext, filter: string, options: Options, by: string): Promise<void> {
	const known = findingGroupBys.find((one) => one === by);
	if (known === undefined || options.asOf !== undefined) {
		throw new AppError("invalid", "Findings are put together by signature or by asset, as they are now.", {
			hint: "For example: vedette findings --by signature 'severity>=4'",
		});
	}
	const client = await ctx.connect({ start: false });
	const page = await readPages<FindingGroup>(client, findings.groups, {
		...(await listWish(client, "finding-groups", filter, options)),
		more: { by: known },
	});
	printList(ctx, page, {
		...{
			json: options.json,
			columns: groupColumns(wantsColour(ctx.stdout, ctx.env)),
			empty: "Nothing that matches is open.",
		},
	});
}

function groupColumns(colour: boolean): Column<FindingGroup>[] {
	return [
		{
			title: "SEV",
			value: ({ severity }) => severity,
			styled: ({ severity }) => severityLabel(severity, colour),
		},
		{ title: "PRIO", value: ({ priority }) => Math.round(priority), align: "right" },
		{ title: "FINDINGS", value: ({ findings: n }) => n, align: "right" },
		{ title: "ASSETS", value: ({ assets }) => assets, align: "right" },
		{ title: "EPSS", value: ({ epss }) => (epss === null ? "-" : epss.toFixed(2)), align: "right" },
		{ title: "KEV", value: ({ kev }) => (kev ? "KEV" : "") },
		{ title: "WHAT", value: ({ title }) => title, max: 70 },
		{ title: "NAME", value: ({ by, name }) => (by === "signature" ? name : ""), max: 40 },
	];
}

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

/** Of a list of the past: what a finding is now, and the last that had happened to it by then. */
export function pastColumns(colour: boolean): Column<Finding>[] {
	const columns = findingColumns(colour).map((one) => (one.title === "STATUS" ? { ...one, title: "NOW" } : one));
	return [...columns, thenColumn];
}

/** Shared with `scan`, which ends with the same table. */
export function findingColumns(colour: boolean): Column<Finding>[] {
	return [
		{ title: "ID", value: (finding) => finding.id, align: "right" },
		{ title: "PRIO", value: ({ priority }) => Math.round(priority), align: "right" },
		{
			title: "SEV",
			value: (finding) => finding.severity,
			styled: (finding) => severityLabel(finding.severity, colour),
		},
		{ title: "TYPE", value: (finding) => shortType[finding.type] },
		{ title: "STATUS", value: ({ status, excepted }) => (excepted ? `${status} excepted` : status) },
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

const thenColumn: Column<Finding> = {
	title: "BY THEN",
	value: ({ lastEvent, apartThen }) =>
		lastEvent === undefined
			? null
			: `${eventWord(lastEvent.kind)} ${lastEvent.at.slice(0, 10)}${apartWords(apartThen)}`,
	max: 50,
};
