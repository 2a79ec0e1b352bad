/** The dialogs about tickets: what is done to them, to one at once, to several once it has been asked. */
import * as tickets from "../../../protocol/methods/tickets.ts";
import type { Ticket, TicketChange } from "../../../protocol/model/ticket.ts";
import { strangersOnce } from "../../connect/who-is-meant.ts";
import type { Form, FormField, FormValues, Route, ScreenContext } from "../../screens/view.ts";
import { repeatable } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { endOfDay } from "../exclusion/parse-until.ts";
import { previewLines } from "./describe-ticket.ts";
import { stepsBack, type TicketStep } from "./undo-ticket.ts";

export type TicketAct = "assign" | "resolve" | "comment" | "due" | "ignore" | "reopen";

/** How an act is asked for: `title` begins with a verb, `done` ends the sentence that says so. */
interface Act {
	readonly title: string;
	readonly done: string;
	fields(first: Ticket | undefined, me: string): readonly FormField[];
	change(values: FormValues): TicketChange;
}

export const why = (hint: string): FormField => ({ name: "text", label: "Why", value: "", hint });

const acts: Readonly<Record<TicketAct, Act>> = {
	assign: {
		...{ title: "Assign", done: "assigned" },
		fields: (first, me) => [
			{
				name: "who",
				label: "To",
				value: first?.assignee == null ? me : personName(first.assignee),
				hint: `a name; you are ${me}; empty: nobody`,
			},
			why("for its history"),
		],
		change: ({ who = "" }) => ({ kind: "assign", assignee: who.trim() === "" ? null : who.trim() }),
	},
	due: {
		...{ title: "Due date of", done: "dated" },
		fields: (first) => [
			{
				name: "day",
				label: "Day",
				value: first?.due?.slice(0, 10) ?? "",
				hint: "as 2027-01-31; empty: none; before: as before it was set",
			},
			why("for its history"),
		],
		change({ day = "" }) {
			if (day.trim() === "") return { kind: "due", due: null };
			if (day.trim() === "before") return { kind: "undate" };
			const due = endOfDay(day);
			if (due === null) throw new Error("Write the day as 2027-01-31, or before.");
			return { kind: "due", due };
		},
	},
	resolve: {
		...{ title: "Resolve", done: "resolved" },
		fields: () => [why("what was done: upgraded to 7.2.5; the next scan says whether it is mended")],
		change: () => ({ kind: "resolve" }),
	},
	comment: {
		...{ title: "Comment on", done: "commented" },
		fields: () => [{ name: "text", label: "Comment", value: "", hint: "everybody who sees it reads it" }],
		change: () => ({ kind: "comment" }),
	},
	ignore: {
		...{ title: "Ignore", done: "ignored" },
		fields: () => [
			why("for its history and the audit log; needed"),
			{ name: "days", label: "For days", value: "", hint: "it is reopened by itself then; empty: for good" },
		],
		change: ({ days = "" }) => ({ kind: "ignore", days: days.trim() === "" ? null : Number(days) }),
	},
	reopen: {
		...{ title: "Reopen", done: "open again" },
		fields: () => [why("for its history")],
		change: () => ({ kind: "reopen" }),
	},
};

/** Asks for what the act needs, then does it. */
export async function openTicketAct(
	context: ScreenContext,
	kind: TicketAct,
	chosen: readonly Ticket[],
	done: () => void,
): Promise<void> {
	const act = acts[kind];
	const me = kind === "assign" ? personName((await context.client.call(tickets.counts, {})).who) : "";
	const [first] = chosen;
	const checked = strangersOnce(context.client);
	const form: Form = {
		title: `${act.title} ${chosen.length === 1 ? `ticket ${first?.id}` : plural(chosen.length, "ticket")}`,
		verb: "does it",
		fields: act.fields(first, me),
		preview: (values) => notTakenBack(act.change(values), chosen),
		async submit(values) {
			await checked(kind === "assign" ? (values.who ?? "") : null);
			return await submit(context, act, chosen, values, done);
		},
	};
	context.open({ to: "form", form });
}

async function submit(
	context: ScreenContext,
	act: Act,
	chosen: readonly Ticket[],
	values: FormValues,
	done: () => void,
): Promise<Route | undefined> {
	const choice = { ids: chosen.map(({ id }) => id) };
	const change = act.change(values);
	const preview = await context.client.call(tickets.preview, { ...choice, change });
	if (preview.tickets === 0) throw new Error(preview.why[0]?.reason ?? "Nothing would change.");
	const back = stepsBack(change, chosen);
	const once = async (isAgain: boolean) => {
		const { tickets: now, digest } = isAgain
			? await context.client.call(tickets.preview, { ...choice, change })
			: preview;
		if (now !== preview.tickets)
			throw new Error(`It would change ${plural(now, "ticket")} now, not ${preview.tickets}: do it anew.`);
		const { changed } = await context.client.call(tickets.change, {
			...choice,
			change,
			digest,
			text: values.text ?? "",
		});
		return { what: `${plural(changed, "ticket")} ${act.done}`, back: () => goBack(context, back) };
	};
	const run = async () => {
		const made = await repeatable(once, done);
		if (back.length === 0) context.toast("good", `${made.what}.`);
		else context.offerUndo(made);
	};
	if (chosen.length > 1) {
		return {
			to: "confirm",
			question: {
				title: `${act.title} ${plural(preview.tickets, "ticket")}?`,
				effect: [...previewLines(preview), ...notTakenBack(change, chosen)],
				...{ yes: "Do it", no: "Leave" },
				run,
			},
		};
	}
	await run();
	return undefined;
}

/** What is said before what stays done. */
function notTakenBack({ kind }: TicketChange, chosen: readonly Ticket[]): string[] {
	if (kind === "comment") return ["A comment stays: it cannot be taken back."];
	return kind === "reopen" && chosen.some(({ state }) => state === "IGNORED")
		? ["This cannot be undone: what was ignored is to be ignored anew."]
		: [];
}

/** What cannot be taken back any more, as scans have moved it on, stays as it is. */
async function goBack({ client }: ScreenContext, steps: readonly TicketStep[]): Promise<void> {
	for (const { ids, change } of steps) {
		const choice = { ids: [...ids] };
		const { tickets: left, digest } = await client.call(tickets.preview, { ...choice, change });
		if (left > 0) await client.call(tickets.change, { ...choice, change, digest, text: "Taken back." });
	}
}
