/** What can be done to tickets, as handlers of the scope `ticket`: in the list, and on one. */
import type { Ticket } from "../../../protocol/model/ticket.ts";
import { type Handler, handle, type ScreenContext } from "../../screens/view.ts";
import { openTicketAct, type TicketAct } from "./ticket-forms.ts";

interface TicketSubject {
	/** Those an act is about, of what is here. */
	chosen(): readonly Ticket[];
	/** All of them, once they have been read; without it there are no others than those here. */
	take?(verb: string, run: (tickets: readonly Ticket[]) => void): void;
	/** The one that is looked at. */
	current(): Ticket | undefined;
	done(): void;
}

const verbs: Readonly<Record<TicketAct, string>> = {
	...{ assign: "Assign", due: "Date", comment: "Comment on", resolve: "Resolve", ignore: "Ignore", reopen: "Reopen" },
};

export function ticketHandlers(
	context: ScreenContext,
	{ chosen, take = (_, run) => run(chosen()), current, done }: TicketSubject,
): Readonly<Record<string, Handler | undefined>> {
	const act = (kind: TicketAct, reasonAgainst: (ticket: Ticket) => string | undefined): Handler => ({
		run: () => take(verbs[kind], (all) => context.opens(openTicketAct(context, kind, all, done))),
		disabled() {
			const [first, second] = chosen();
			if (first === undefined) return "There is no ticket here.";
			return second === undefined ? reasonAgainst(first) : undefined;
		},
	});
	const isClosed = ({ state }: Ticket) => state === "FIXED" || state === "IGNORED";
	const whenOpen = (ticket: Ticket) => (isClosed(ticket) ? "It is closed." : undefined);
	return handle<"ticket">({
		assign: act("assign", whenOpen),
		due: act("due", whenOpen),
		comment: act("comment", () => undefined),
		resolve: act("resolve", (ticket) =>
			isClosed(ticket) ? "It is closed." : ticket.state === "RESOLVED" ? "It is resolved already." : undefined,
		),
		ignore: act("ignore", whenOpen),
		reopen: act("reopen", ({ state }) => {
			if (state === "OPEN") return "It is open.";
			return state === "FIXED" ? "It is fixed: a scan that finds it again reopens it." : undefined;
		}),
		finding: {
			run() {
				const finding = current()?.finding;
				if (finding) context.open({ to: "finding", finding: finding.id });
			},
			disabled: () => (current()?.finding ? undefined : "Its finding is gone."),
		},
	});
}
