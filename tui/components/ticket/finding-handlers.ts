/** What can be done about a finding wherever it is shown: its ticket, and ignoring its check. */
import type { Finding } from "../../../protocol/model/finding.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { openIgnore } from "./ignore-forms.ts";
import { openMakeTickets } from "./make-tickets.ts";

export function aboutFinding(
	context: ScreenContext,
	current: () => Finding | undefined,
	done: () => void,
): { readonly ticket: Handler; readonly ignore: Handler } {
	return {
		ticket: {
			run() {
				const finding = current();
				if (finding?.ticket) context.open({ to: "ticket", ticket: finding.ticket.id });
				else if (finding) context.opens(openMakeTickets(context, { ids: [finding.id], what: finding.title }, done));
			},
			disabled() {
				const finding = current();
				if (finding === undefined) return "There is no finding here.";
				if (finding.ticket !== null) return undefined;
				if (finding.status === null || finding.status === "FIXED") return "It is not open: there is nothing to mend.";
				if (finding.excepted) return "An exception covers it.";
				return context.mayOperate() ? undefined : "You may only read: there is no ticket to show.";
			},
		},
		ignore: {
			run() {
				const finding = current();
				if (finding) openIgnore(context, finding, done);
			},
			disabled() {
				const finding = current();
				if (finding === undefined) return "There is no finding here.";
				if (finding.status === null) return "Information is never ignored.";
				return finding.ignored
					? `It is ignored already: its ticket (${keyOf("finding", "ticket")}) takes that back.`
					: undefined;
			},
		},
	};
}
