/** Handlers of the views area. What is shared is in the audit log; how somebody looks at a list is their own affair. */
import { mayAccess } from "../../../protocol/define.ts";
import { AppError } from "../../../protocol/errors.ts";
import { type QueryList, queryLists } from "../../../protocol/model/query.ts";
import type { SavedView } from "../../../protocol/model/view.ts";
import { compileFilter } from "../../query/compile.ts";
import { queryCatalogues } from "../../store/query-lists.ts";
import {
	getSharedView,
	getView,
	listViews,
	preferencesOf,
	removeView,
	type StoredView,
	saveView,
	setPreferences,
} from "../../store/settings-views.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

type Saved = Omit<StoredView, "shared" | "owner" | "updatedAt">;

export function viewsHandlers(services: Services): AreaHandlers<"views"> {
	const { settings, store, people } = services;
	const shownPreferences = (user: string, list: string) => {
		const { columns, view } = preferencesOf(settings.data, user, list);
		return { columns, view: view && shown(view, user) };
	};
	/** Throws `invalid` with the position of what is wrong in the filter. */
	const made = (params: Saved, owner: string, shared: boolean): StoredView => {
		const now = store.clock.now();
		const catalogue = catalogueOf(params.list);
		if (catalogue !== null) compileFilter(params.filter, catalogue, { now });
		return { ...params, shared, owner, updatedAt: new Date(now).toISOString() };
	};
	return {
		list: ({ list }, { user }) => {
			const items = listViews(settings.data, user, list).map((view) => shown(view, user));
			return { items, total: items.length };
		},
		save: async (params, { user }) => {
			const view = made(params, user, false);
			await settings.update((data) => void saveView(data, view));
			return shown(view, user);
		},
		share: async (params, { user }) => {
			const view = made(params, user, true);
			let before: StoredView | null = null;
			await updateAudited(
				services,
				(data) => {
					before = saveView(data, view);
				},
				() => ({
					...{ who: user, action: "view.share", object: objectOf(view), after: told(view) },
					...(before === null ? {} : { before: told(before) }),
				}),
			);
			return shown(view, user);
		},
		remove: async ({ list, name }, { user }) => {
			const view = getView(settings.data, user, list, name);
			if (view.shared) {
				throw new AppError("conflict", `The view "${view.name}" is shared.`, {
					hint: `Delete it for everybody with: vedette view delete ${JSON.stringify(view.name)} --list ${list} --shared`,
				});
			}
			await settings.update((data) => removeView(data, view));
			return shown(view, user);
		},
		unshare: async ({ list, name }, { user, access }) => {
			const view = getSharedView(settings.data, list, name);
			if (view.owner !== user && !mayAccess(access, "admin")) {
				throw new AppError("forbidden", `The view "${view.name}" belongs to ${people.nameOf(view.owner)}.`, {
					hint: "Its owner can delete it, and who has admin access.",
				});
			}
			await updateAudited(
				services,
				(data) => removeView(data, view),
				() => ({ who: user, action: "view.unshare", object: objectOf(view), before: told(view) }),
			);
			return shown(view, user);
		},
		preferences: ({ list }, { user }) => shownPreferences(user, list),
		setPreferences: async ({ list, columns, view }, { user }) => {
			const change = { operator: user, list, ...(columns && { columns }), ...(view !== undefined && { view }) };
			await settings.update((data) => setPreferences(data, change));
			return shownPreferences(user, list);
		},
	};
}

function shown(view: StoredView, user: string): SavedView {
	return { ...view, mine: view.owner === user };
}

function objectOf({ name, list }: StoredView): string {
	return `view ${name} of ${list}`;
}

function told({ filter, sort, owner }: StoredView) {
	return { filter, sort, owner };
}

/** Null: what can be asked of that list is known to its own method alone. */
function catalogueOf(list: string) {
	const known = queryLists.find((one): one is QueryList => one === list);
	return known === undefined ? null : queryCatalogues[known];
}
