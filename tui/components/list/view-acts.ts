/** The views of one list: looked at with, saved, shared, deleted, opened with. */
import type { Client } from "../../../protocol/client.ts";
import * as views from "../../../protocol/methods/views.ts";
import type { ListLayout, SavedView } from "../../../protocol/model/view.ts";
import type { ViewChooser } from "./choosers.ts";
import type { Preferences } from "./preferences.ts";

export interface ViewedList {
	readonly title: string;
	/** Name of the list, as views know it. */
	readonly list: string;
	readonly preferences: Preferences;
	shown(): { readonly filter: string; readonly sort: string | undefined };
	/** Asks for it; null: everything, in the list's own order. */
	ask(view: Pick<SavedView, "filter" | "sort"> | null): void;
	/** What the breadcrumb says has changed. */
	changed(): void;
}

export interface ListViews {
	readonly chooser: ViewChooser;
	/** The view that is looked at with, as long as filter and order are its own. */
	current(): SavedView | null;
	apply(view: SavedView | null): void;
}

export function createListViews(client: Client, viewed: ViewedList): ListViews {
	const { list, preferences, shown } = viewed;
	let applied: SavedView | null = null;
	const current = () => {
		const { filter, sort } = shown();
		return applied !== null && applied.filter === filter && (applied.sort ?? undefined) === sort ? applied : null;
	};
	const apply = (view: SavedView | null) => {
		applied = view;
		viewed.ask(view);
		const own: ListLayout = preferences.known()?.columns ?? [];
		preferences.setLayout(view !== null && view.columns.length > 0 ? view.columns : own, false);
	};
	const write = (name: string, shared: boolean, what: Pick<SavedView, "filter" | "sort" | "columns">) => {
		const { filter, sort, columns } = what;
		return client.call(shared ? views.share : views.save, { list, name, filter, sort, columns });
	};
	return {
		current,
		apply,
		chooser: {
			title: viewed.title,
			load: async () => (await client.call(views.list, { list })).items,
			shown,
			current,
			opensWith: () => preferences.known()?.view ?? null,
			apply,
			async save(name, shared) {
				const { filter, sort } = shown();
				const saved = await write(name, shared, { filter, sort: sort ?? null, columns: preferences.layout() });
				applied = saved;
				viewed.changed();
				return saved;
			},
			share: ({ name, filter, sort, columns }) => write(name, true, { filter, sort, columns }),
			async remove({ name, shared }) {
				await client.call(shared ? views.unshare : views.remove, { list, name });
			},
			async restore({ name, shared, ...view }) {
				await write(name, shared, view);
			},
			setDefault: (view) => preferences.setDefault(view?.name ?? null),
		},
	};
}
