/** Filters that were kept in a list, newest first, for the console's life. */
import type { Client } from "../../../protocol/client.ts";

const mostKept = 100;
const kept = new WeakMap<Client, Map<string, readonly string[]>>();

export interface FilterHistory {
	/** Newest first. */
	list(): readonly string[];
	add(filter: string): void;
}

export function filterHistory(client: Client, list: string): FilterHistory {
	const all = kept.get(client) ?? new Map<string, readonly string[]>();
	kept.set(client, all);
	return {
		list: () => all.get(list) ?? [],
		add(filter) {
			const text = filter.trim();
			if (text === "") return;
			const others = (all.get(list) ?? []).filter((one) => one !== text);
			all.set(list, [text, ...others].slice(0, mostKept));
		},
	};
}
