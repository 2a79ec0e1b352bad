/** The dialog that makes tickets for findings without one: for one, for those marked, or for all that match. */
import * as tickets from "../../../protocol/methods/tickets.ts";
import type { TicketChoice } from "../../../protocol/model/ticket.ts";
import { strangersOnce } from "../../connect/who-is-meant.ts";
import type { FormValues, ScreenContext } from "../../screens/view.ts";
import { repeatable } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { why } from "./ticket-forms.ts";

/** More are made, and cannot be taken back in one go. */
const mostTakenBack = 10_000;

/** `what`: the findings in words, for the title. */
export async function openMakeTickets(
	context: ScreenContext,
	{ what, ...choice }: TicketChoice & { readonly what: string },
	done: () => void,
): Promise<void> {
	const { client } = context;
	const [{ findings, assets }, { who: caller }] = await Promise.all([
		client.call(tickets.ticketless, choice),
		client.call(tickets.counts, {}),
	]);
	if (findings === 0) {
		context.toast("info", `No ticket is to be made for ${what}: they have one each, or are not open.`);
		return;
	}
	const me = personName(caller);
	const checked = strangersOnce(client);
	context.open({
		to: "form",
		form: {
			title: `${findings === 1 ? "A ticket" : plural(findings, "ticket")} for ${what}`,
			verb: findings === 1 ? "makes it" : "makes them",
			fields: [
				{ name: "who", label: "To", value: me, hint: `a name; you are ${me}; empty: nobody` },
				{ name: "days", label: "Days", value: "", hint: "to resolve it; empty: by the table" },
				why("for its history"),
			],
			preview: () => [
				`${plural(findings, "open finding")} without a ticket, on ${plural(assets, "asset")}.`,
				...(findings > mostTakenBack ? ["They are too many to be taken back in one go."] : []),
			],
			async submit(values) {
				await checked(values.who ?? "");
				const made = await repeatable(() => makeOnce(context, choice, values, findings), done);
				if (findings > mostTakenBack) context.toast("good", `${made.what}.`);
				else context.offerUndo(made);
				return undefined;
			},
		},
	});
}

function wishOf({ who = "", days = "", text = "" }: FormValues) {
	return {
		...{ text, assignee: who.trim() === "" ? null : who.trim() },
		days: days.trim() === "" ? null : Number(days),
	};
}

async function makeOnce(context: ScreenContext, choice: TicketChoice, values: FormValues, expected: number) {
	const wish = { ...choice, ...wishOf(values), expected };
	const { created, tickets: made } = await context.client.call(tickets.create, wish);
	return {
		what: made.length === 1 ? `Ticket ${made[0]} is made` : `${plural(created, "ticket")} are made`,
		back: () => unmake(context, made),
	};
}

/** Throws what stays, and why: somebody has gone on with it. */
async function unmake({ client }: ScreenContext, made: readonly number[]): Promise<void> {
	const [choice, change] = [{ ids: [...made] }, { kind: "unmake" as const }];
	const { tickets: left, unchanged, why: reasons, digest } = await client.call(tickets.preview, { ...choice, change });
	if (left > 0) await client.call(tickets.change, { ...choice, change, digest, text: "Taken back." });
	if (unchanged === 0) return;
	const what = made.length === 1 ? `Ticket ${made[0]} stays` : `${plural(unchanged, "ticket")} of ${made.length} stay`;
	throw new Error(`${what}: ${reasons[0]?.reason ?? "nothing can be taken back."}`);
}
