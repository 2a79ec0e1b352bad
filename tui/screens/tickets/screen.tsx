/** Tickets: what is to be mended by whom, the most urgent first. */
import { watch } from "../../../protocol/methods/findings.ts";
import { counts, get, list } from "../../../protocol/methods/tickets.ts";
import type { Ticket, TicketEvent } from "../../../protocol/model/ticket.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { describeTicket } from "../../components/ticket/describe-ticket.ts";
import { openTicketSettings } from "../../components/ticket/settings-form.ts";
import { ticketHandlers } from "../../components/ticket/ticket-handlers.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { exactly } from "../../text/filter-terms.ts";
import { count } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";
import { ticketColumns } from "./columns.ts";

const views = ["open", "mine", "overdue", "all"] as const;
type ViewName = (typeof views)[number];

export const tickets: Screen<"tickets"> = {
	id: "tickets",
	title: "Tickets",
	open(route, context) {
		let view: ViewName = route.view ?? "open";
		const figures = createFigures(context);
		return createListView<Ticket, readonly TicketEvent[]>(
			{
				...{ route, title: "Tickets", filter: route.filter ?? "", nouns: ["ticket", "tickets"] },
				...{ example: "severity>=4 and assignee:ana", completes: "tickets", marking: true },
				...{ scopes: ["ticket", "tickets"], columns: ticketColumns },
				chips: () => (view === "open" ? [] : [view]),
				figures: figures.pieces,
				empty: [
					[["✓ ", "good"], ["No ticket is here."]],
					[],
					[
						[keyOf("tickets", "view"), "key"],
						[" shows open ones, mine, overdue ones, or all   ", "muted"],
						[keyOf("tickets", "policy"), "key"],
						[" the rules that make them", "muted"],
					],
					[
						["By hand: ", "muted"],
						[keyOf("everywhere", "findings"), "key"],
						[" findings, there ", "muted"],
						[keyOf("findings", "make-tickets"), "key"],
						[" for those marked, or all that match", "muted"],
					],
				],
				async fetchPage(request, signal) {
					const term = await termOf(view, figures.me);
					const typed = request.filter;
					const filter = term === null ? typed : typed === "" ? term : `(${typed}) and ${term}`;
					return context.client.call(list, { ...request, filter }, { signal });
				},
				watch: (changed) =>
					watchChanges(context.client, watch, () => {
						figures.refresh();
						changed();
					}),
				loadDetail: async (id) => (await context.client.call(get, { id })).events,
				describe: describeTicket,
				titleOf: (row) => `ticket ${row.id}`,
				open: (row) => context.open({ to: "ticket", ticket: row.id }),
				extra: (current, { marks, take, refresh }) => ({
					...ticketHandlers(context, {
						chosen: () => marks.rows(),
						...{ take, current },
						done() {
							marks.clear();
							figures.refresh();
							refresh();
						},
					}),
					...handle<"tickets">({
						view: {
							run() {
								view = views[(views.indexOf(view) + 1) % views.length] ?? "open";
								marks.clear();
								refresh();
							},
						},
						policy: { run: () => context.open({ to: "policy" }) },
						ignored: { run: () => context.open({ to: "ignores" }) },
						settings: { run: () => context.opens(openTicketSettings(context, refresh)) },
					}),
				}),
			},
			context,
		);
	},
};

/** What a view adds to the filter. */
async function termOf(view: ViewName, me: () => Promise<string>): Promise<string | null> {
	if (view === "mine") return `assignee:${exactly(personName(await me()))}`;
	if (view === "overdue") return "overdue:true";
	return view === "all" ? "state:[OPEN, RESOLVED, FIXED, IGNORED]" : null;
}

/** How many are overdue and mine, and who that is. */
function createFigures(context: ScreenContext) {
	let shown: readonly Piece[] = [];
	const ask = () => context.client.call(counts, {});
	let asked = ask();
	const show = () =>
		asked.then(
			({ overdue, mine }) => {
				shown = [
					...(overdue > 0 ? [[`${count(overdue)} late`, "bad"] as const, [" · ", "faint"] as const] : []),
					...(mine > 0 ? [[`${count(mine)} mine`, "muted"] as const, [" · ", "faint"] as const] : []),
				];
				context.changed();
			},
			() => undefined,
		);
	void show();
	return {
		pieces: () => shown,
		me: async () => (await asked).who,
		refresh() {
			asked = ask();
			void show();
		},
	};
}
