/** The dialogs that ask for days of the past: findings as of one, and what lies between two. */
import type { Moment } from "../../../protocol/model/comparison.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { when } from "../../text/format.ts";
import { parseMoment } from "./moment.ts";

const hint = "2026-11-01 (its end), or 12h, 30d, 8w ago";

/** `asOf`: the day that is shown now; undefined: none. */
export function openAsOf(context: ScreenContext, filter: string, asOf: string | undefined): void {
	context.open({
		to: "form",
		form: {
			title: "Findings as of a day",
			verb: "shows them",
			fields: [{ name: "day", label: "As of", value: asOf?.slice(0, 10) ?? "7d", hint: `${hint}; empty: now` }],
			preview: ({ day = "" }) => [
				day.trim() === ""
					? "What is open now."
					: `What was open on ${when(parseMoment(day, context.now()))} UTC; the filter speaks of findings as they are now.`,
			],
			async submit({ day = "" }) {
				if (day.trim() === "") return { to: "findings", filter };
				return { to: "findings", filter, asOf: parseMoment(day, context.now()) };
			},
		},
	});
}

export function openCompareDates(context: ScreenContext): void {
	const momentOf = (text: string | undefined): Moment => ({ kind: "date", at: parseMoment(text ?? "", context.now()) });
	context.open({
		to: "form",
		form: {
			title: "What came and went between two days",
			verb: "compares",
			fields: [
				{ name: "from", label: "From", value: "30d", hint },
				{ name: "to", label: "To", value: "0h", hint },
			],
			preview: ({ from = "", to = "" }) => [
				`From ${when(parseMoment(from, context.now()))} to ${when(parseMoment(to, context.now()))} UTC.`,
			],
			submit: async ({ from, to }) => ({ to: "compare", before: momentOf(from), after: momentOf(to) }),
		},
	});
}
