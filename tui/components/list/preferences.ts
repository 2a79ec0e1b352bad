/** How the operator looks at a list: the layout of its columns and the view it opens with, as the daemon keeps them. */
import type { Client } from "../../../protocol/client.ts";
import { preferences, setPreferences } from "../../../protocol/methods/views.ts";
import type { ListLayout, ListPreferences } from "../../../protocol/model/view.ts";

/** Resizing is many small changes: kept once it pauses. Milliseconds. */
const pauseMs = 600;

/** What is known of each list, for the life of a connection's client: the next one opens at once as the last one was. */
const kept = new WeakMap<Client, Map<string, ListPreferences>>();

export interface Preferences {
	/** What is known already; undefined the first time. */
	known(): ListPreferences | undefined;
	layout(): ListLayout;
	/** Shown at once, kept soon. `keep` false: for now only. */
	setLayout(layout: ListLayout, keep: boolean): void;
	/** Asks again; a daemon that knows none of this is one where nothing is kept. */
	load(): Promise<ListPreferences | undefined>;
	/** The view the list opens with; null: none. */
	setDefault(name: string | null): Promise<void>;
	/** What has not been kept yet is. */
	close(): void;
}

export function createPreferences(client: Client, list: string, changed: () => void): Preferences {
	const all = kept.get(client) ?? new Map<string, ListPreferences>();
	kept.set(client, all);
	let layout: ListLayout = all.get(list)?.columns ?? [];
	let timer: NodeJS.Timeout | undefined;
	let isUnsaved = false;

	function keep(): void {
		clearTimeout(timer);
		if (!isUnsaved) return;
		isUnsaved = false;
		// For this console's life it holds whatever the daemon says; the list itself says when there is no connection.
		client.call(setPreferences, { list, columns: layout }).catch(() => undefined);
	}

	return {
		known: () => all.get(list),
		layout: () => layout,
		setLayout(next, isKept) {
			layout = next;
			if (isKept) {
				all.set(list, { columns: next, view: all.get(list)?.view ?? null });
				isUnsaved = true;
				clearTimeout(timer);
				timer = setTimeout(keep, pauseMs);
			}
			changed();
		},
		async load() {
			try {
				const found = await client.call(preferences, { list });
				if (isUnsaved) return all.get(list);
				all.set(list, found);
				layout = found.columns;
				changed();
				return found;
			} catch {
				return undefined;
			}
		},
		async setDefault(name) {
			all.set(list, await client.call(setPreferences, { list, view: name }));
		},
		close: keep,
	};
}
