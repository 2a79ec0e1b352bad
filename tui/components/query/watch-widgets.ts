/** The widgets of the dashboard, asked for again when the inventory has changed, but not for every host of a scan. */
import { watch } from "../../../protocol/methods/assets.ts";
import { widgets } from "../../../protocol/methods/queries.ts";
import type { Widget } from "../../../protocol/model/query.ts";
import type { ScreenContext } from "../../screens/view.ts";

/** Each asks its query of the whole inventory. Milliseconds. */
const leastPauseMs = 15_000;

export interface Widgets {
	/** Undefined until the daemon has answered. */
	items(): readonly Widget[] | undefined;
	close(): void;
}

export function watchWidgets(context: ScreenContext): Widgets {
	let items: readonly Widget[] | undefined;
	let timer: NodeJS.Timeout | undefined;
	let askedAt = Number.NEGATIVE_INFINITY;
	let closed = false;

	async function ask(): Promise<void> {
		timer = undefined;
		askedAt = performance.now();
		try {
			const answer = await context.client.call(widgets, {});
			if (closed) return;
			items = answer.items;
			context.changed();
		} catch {
			// The status line tells of a lost connection; what was known stays.
		}
	}

	function askSoon(): void {
		if (closed || timer !== undefined) return;
		timer = setTimeout(() => void ask(), Math.max(0, askedAt + leastPauseMs - performance.now()));
	}

	const subscription = context.client.subscribe(watch, {}, { onSnapshot: askSoon, onEvent: askSoon });
	subscription.ready.catch(() => undefined);
	return {
		items: () => items,
		close() {
			closed = true;
			clearTimeout(timer);
			subscription.close();
		},
	};
}
