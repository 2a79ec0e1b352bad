/** What can be done to tickets, as handlers of the scope `ticket`: in the list, and on one. */
import type { Ticket } from "../../../protocol/model/ticket.ts";
import { type Handler, handle, type ScreenContext } from "../../screens/view.ts";
import { openTicketAct, type TicketAct } from "./ticket-forms.ts";

/** `chosen`: those an act is about; `current`: the one that is looked at. */
export function ticketHandlers(
	context: ScreenContext,
	{ chosen, current, done }: { chosen(): readonly Ticket[]; current(): Ticket | undefined; done(): void },
): Readonly<Record<string, Handler | undefined>> {
	const act = (kind: TicketAct, reasonAgainst: (ticket: Ticket) => string | undefined): Handler => ({
		run: () => void openTicketAct(context, kind, chosen(), done).catch(context.fail),
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
