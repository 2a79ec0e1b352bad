/** The caller's dashboard as the daemon keeps it: read once for all screens that show it, saved as it is arranged. */
import type { Client } from "../../../protocol/client.ts";
import { get, reset, save } from "../../../protocol/methods/dashboard.ts";
import type { Dashboard, DashboardWidget } from "../../../protocol/model/dashboard.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { failureOf } from "../../state/list-loader.ts";
import type { ListFailure } from "../../state/paged-list.ts";

/** Every open view of it, so that what one changes, or `u` takes back, is seen by the others. */
const openOnes = new WeakMap<Client, Set<OwnDashboard>>();

export interface OwnDashboard {
	/** Undefined until it has come. */
	current(): Dashboard | undefined;
	/** Why it has not come; undefined while it may. */
	failure(): ListFailure | undefined;
	/** Asks the daemon again: another console may have arranged it. */
	refresh(): void;
	/** Shown at once, and kept; one after the other, the last wish wins. Says when it cannot be kept. */
	set(widgets: readonly DashboardWidget[]): void;
	reset(): void;
	/** Makes it as it was, also when this view is closed by then. */
	restore(dashboard: Dashboard): Promise<void>;
	close(): void;
}

export function openOwnDashboard(context: ScreenContext, taken: () => void): OwnDashboard {
	let current: Dashboard | undefined;
	let failure: ListFailure | undefined;
	let isClosed = false;
	/** What is being kept; while it is, what the daemon says of before does not count. */
	let saving: Promise<void> | undefined;
	let next: (() => Promise<Dashboard>) | undefined;

	const take = (dashboard: Dashboard) => {
		if (isClosed) return;
		current = dashboard;
		failure = undefined;
		taken();
	};
	const refresh = () => {
		if (saving !== undefined) return;
		context.client.call(get, {}).then(
			(dashboard) => {
				if (saving === undefined) take(dashboard);
			},
			(err: unknown) => {
				failure = failureOf(err);
				context.changed();
			},
		);
	};
	const keep = (work: () => Promise<Dashboard>) => {
		next = work;
		saving ??= (async () => {
			while (next !== undefined) {
				const wish = next;
				next = undefined;
				try {
					const kept = await wish();
					if (next === undefined) take(kept);
				} catch (err) {
					context.fail(err);
				}
			}
			saving = undefined;
		})();
	};
	refresh();
	const stop = context.onReconnect(refresh);
	const siblings = openOnes.get(context.client) ?? new Set();
	openOnes.set(context.client, siblings);
	const own: OwnDashboard = {
		current: () => current,
		failure: () => (current === undefined ? failure : undefined),
		refresh,
		set(widgets) {
			take({ widgets: [...widgets], own: true });
			keep(() => context.client.call(save, { widgets: [...widgets] }));
		},
		reset: () => keep(() => context.client.call(reset, {})),
		async restore({ widgets, own: isOwn }) {
			await (isOwn ? context.client.call(save, { widgets }) : context.client.call(reset, {}));
			for (const one of siblings) one.refresh();
		},
		close() {
			isClosed = true;
			siblings.delete(own);
			stop();
		},
	};
	siblings.add(own);
	return own;
}
