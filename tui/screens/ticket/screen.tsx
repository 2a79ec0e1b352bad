/** One ticket in full, with its history. */
import { watch } from "../../../protocol/methods/findings.ts";
import { get } from "../../../protocol/methods/tickets.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { describeTicket } from "../../components/ticket/describe-ticket.ts";
import { ticketHandlers } from "../../components/ticket/ticket-handlers.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { Surface } from "../../terminal/surface.tsx";
import type { Screen } from "../view.ts";

export const ticket: Screen<"ticket"> = {
	id: "ticket",
	title: "Ticket",
	open(route, context) {
		const reader = createReader(
			context,
			() => context.client.call(get, { id: route.ticket }),
			(found) => describeTicket(found.ticket, found.events, context.now()),
		);
		const stop = watchChanges(context.client, watch, reader.reload);
		const current = () => reader.value()?.ticket;
		const chosen = () => {
			const one = current();
			return one === undefined ? [] : [one];
		};
		const title = `Ticket ${route.ticket}`;
		return {
			route,
			scopes: ["ticket", "reader", "searching"],
			handlers: { ...reader.handlers, ...ticketHandlers(context, { chosen, current, done: reader.reload }) },
			rows: reader.rows,
			crumbs: () => ({ path: [title] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) => drawFrame(width, height, { title, focused: true, content: reader.draw })}
				/>
			),
			copy: () => reader.copy("the ticket"),
			close() {
				stop();
				reader.close();
			},
		};
	},
};
