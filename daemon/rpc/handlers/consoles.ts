/** Handlers of the consoles area. */
import { AppError } from "../../../protocol/errors.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import type { Services } from "../services.ts";
import { throttle } from "../watch-hub.ts";

const everyMs = 500;

export function consolesHandlers({ attendance, people, store, reader }: Services): AreaHandlers<"consoles"> {
	return {
		list: (_params, { connection }) => {
			const items = attendance.list(connection?.id);
			return { items, total: items.length };
		},
		show: ({ place, idleMs, follows, from }, { connection, user, access, client }) => {
			if (connection === undefined) throw new AppError("conflict", "Only a connection can be a console.");
			const name = people.nameOf(user);
			const idleSince = idleMs === null ? null : store.clock.now() - idleMs;
			attendance.show({ connection, user, name, access, client, from, place, follows, idleSince });
			if (place.screen === "findings") reader.prepareFindings();
			return { id: connection.id };
		},
	};
}

export function consolesStreams({ attendance }: Services): AreaStreams<"consoles"> {
	return {
		watch: (_params, emit, { connection }) => {
			const consoles = () => attendance.list(connection?.id);
			const told = throttle(everyMs, () => emit({ kind: "consoles", consoles: consoles() }));
			const stop = attendance.onChange(() => told.call());
			return {
				snapshot: { consoles: consoles() },
				close() {
					stop();
					told.cancel();
				},
			};
		},
	};
}
