/** `vedette ticket settings` and `sla`: how tickets behave, and the days there are to resolve them. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import { parseDays } from "../components/ticket/sla-days.ts";
import { plural } from "../text/format.ts";
import type { RunAction } from "./command.ts";
import { jsonText } from "./print.ts";
import { describeSettings, slaLines } from "./ticket-text.ts";

export function registerTicketSettings(command: Command, run: RunAction): void {
	command
		.command("settings")
		.description("how tickets behave; with options, change it")
		.option("--close-open", "scans close open tickets of what they find fixed")
		.option("--no-close-open", "scans close only what somebody said was resolved")
		.option("--operators-may-ignore", "whoever may operate may ignore findings")
		.option("--no-operators-may-ignore", "ignoring needs approve access")
		.option("--json", "one JSON document")
		.action((options: { closeOpen?: boolean; operatorsMayIgnore?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { closeOpen, operatorsMayIgnore } = options;
				const changes = {
					...(closeOpen === undefined ? {} : { closeOpen }),
					...(operatorsMayIgnore === undefined ? {} : { operatorsMayIgnore }),
				};
				const isChange = Object.keys(changes).length > 0;
				const saved = isChange ? await client.call(tickets.saveSettings, changes) : null;
				const settings = saved?.settings ?? (await client.call(tickets.settings, {}));
				if (options.json === true) ctx.print(jsonText(saved ?? settings));
				else for (const line of describeSettings(settings)) ctx.print(line);
				if (options.json !== true && saved !== null && saved.closed > 0)
					ctx.print(`${plural(saved.closed, "ticket")} closed: their findings were fixed already.`);
			}),
		);
	command
		.command("sla [severity] [days]")
		.description(
			"days to resolve, by severity and by criticality from 1 to 5; to change a row: vedette ticket sla 5 14,7,7,3,2 (- for no due date)",
		)
		.option("--redate", "set the due dates of open tickets anew that come from the table")
		.option("--json", "one JSON document")
		.action((severity: string | undefined, days: string | undefined, options: { redate?: boolean; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const before = await client.call(tickets.settings, {});
				if (severity === undefined && options.redate !== true) {
					if (options.json === true) ctx.print(jsonText(before.sla));
					else for (const line of slaLines(before.sla)) ctx.print(line);
					return;
				}
				const sla =
					severity === undefined ? before.sla : { ...before.sla, [severityOf(severity)]: parseDays(days ?? "") };
				const saved = await client.call(tickets.saveSettings, { sla, redate: options.redate === true });
				if (options.json === true) ctx.print(jsonText({ sla: saved.settings.sla, redated: saved.redated }));
				else {
					for (const line of slaLines(saved.settings.sla)) ctx.print(line);
					if (options.redate === true) ctx.print(`${plural(saved.redated, "ticket")} dated anew.`);
				}
			}),
		);
}

function severityOf(text: string): "1" | "2" | "3" | "4" | "5" {
	if (/^[1-5]$/.test(text)) return text as "1" | "2" | "3" | "4" | "5";
	throw new AppError("invalid", `"${text}" is no severity.`, { hint: "Write 1 to 5: vedette ticket sla 5 14,7,7,3,2" });
}
