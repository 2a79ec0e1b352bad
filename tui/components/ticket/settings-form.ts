/** The dialog of how tickets behave: the days there are to resolve them, what scans close, who may ignore. */
import * as tickets from "../../../protocol/methods/tickets.ts";
import type { Sla, TicketSettings } from "../../../protocol/model/ticket.ts";
import type { FormField, FormValues, ScreenContext } from "../../screens/view.ts";
import { plural } from "../../text/format.ts";
import { severities, severityName } from "../../theme/severity.ts";
import { daysText, parseDays } from "./sla-days.ts";

export async function openTicketSettings(context: ScreenContext, done: () => void): Promise<void> {
	const settings = await context.client.call(tickets.settings, {});
	context.open({
		to: "form",
		form: {
			title: "Days to resolve tickets, and how they behave",
			verb: "saves",
			fields: fieldsOf(settings),
			preview(values) {
				slaOf(values);
				return [
					values.redate === "yes"
						? "Due dates by the table are set anew, counted from the day each ticket was opened."
						: "Tickets there are keep their due dates.",
				];
			},
			async submit(values) {
				const saved = await context.client.call(tickets.saveSettings, {
					...{ sla: slaOf(values), redate: values.redate === "yes" },
					...{ closeOpen: values.closeOpen === "yes", operatorsMayIgnore: values.mayIgnore === "operate" },
				});
				const also = [
					...(saved.redated > 0 ? [`${plural(saved.redated, "ticket")} dated anew`] : []),
					...(saved.closed > 0 ? [`${plural(saved.closed, "ticket")} closed: fixed already`] : []),
				];
				context.toast("good", `Saved${also.length > 0 ? `; ${also.join(", ")}` : ""}.`);
				done();
				return undefined;
			},
		},
	});
}

const yesNo = ["yes", "no"] as const;

function fieldsOf({ sla, closeOpen, operatorsMayIgnore }: TicketSettings): FormField[] {
	return [
		...severities.map((level): FormField => {
			const hint = "days for assets of criticality 1 to 5; - is no due date";
			return { name: `days${level}`, label: `${level} ${severityName(level)}`, value: daysText(sla[level]), hint };
		}),
		{
			...{ name: "redate", label: "Date anew", value: "no", choices: ["no", "yes"] },
			hint: "set the due dates of open tickets by this table too",
		},
		{
			...{ name: "closeOpen", label: "Scans close", value: closeOpen ? "yes" : "no", choices: yesNo },
			hint: (value) =>
				value === "yes" ? "a finding that is fixed closes its ticket" : "only tickets somebody said to be resolved",
		},
		{
			...{ name: "mayIgnore", label: "Ignoring takes", value: operatorsMayIgnore ? "operate" : "approve" },
			...{ choices: ["approve", "operate"], hint: "the access somebody needs to ignore findings" },
		},
	];
}

/** Throws what is wrong with a row, and in which. */
function slaOf(values: FormValues): Sla {
	const row = (level: number) => parseDays(values[`days${level}`] ?? "");
	return { "1": row(1), "2": row(2), "3": row(3), "4": row(4), "5": row(5) };
}
