/** Saved views and the layouts of lists within the settings. Pure; who changes data writes it. */
import { z } from "zod";
import { AppError } from "../../protocol/errors.ts";
import { type ListLayout, listLayout, listName, savedView, viewName } from "../../protocol/model/view.ts";

export const storedView = savedView.omit({ mine: true });
export type StoredView = z.infer<typeof storedView>;

/** How one operator looks at one list. */
export const storedPreferences = z.object({
	operator: z.string().max(200),
	list: listName,
	columns: listLayout,
	/** The view it opens with, whose it is beside: two may have one of the same name. */
	view: z.object({ owner: z.string().max(200), name: viewName }).nullable(),
});
type StoredPreferences = z.infer<typeof storedPreferences>;

const mostViews = 1_000;
const mostPreferences = 5_000;

interface Data {
	views: StoredView[];
	listPreferences: StoredPreferences[];
}

/** What somebody sees: their own and those that are shared. */
export function listViews({ views }: Pick<Data, "views">, operator: string, list?: string): StoredView[] {
	return views.filter((view) => (view.owner === operator || view.shared) && (list === undefined || view.list === list));
}

/** Their own before one that is shared. Throws `not-found`. */
export function getView(data: Pick<Data, "views">, operator: string, list: string, name: string): StoredView {
	const named = listViews(data, operator, list).filter((view) => same(view.name, name));
	const found = named.find(({ owner }) => owner === operator) ?? named[0];
	if (found !== undefined) return found;
	throw new AppError("not-found", `There is no view ${JSON.stringify(name)} of ${list}.`, {
		hint: "See which there are with: vedette view list",
	});
}

/** Whose ever it is. Throws `not-found`. */
export function getSharedView({ views }: Pick<Data, "views">, list: string, name: string): StoredView {
	const found = views.find((view) => view.shared && view.list === list && same(view.name, name));
	if (found !== undefined) return found;
	throw new AppError("not-found", `Nobody shares a view ${JSON.stringify(name)} of ${list}.`, {
		hint: "See which there are with: vedette view list",
	});
}

/** The owner's one of that name before; null when it is new. Throws `conflict` and `too-large`. */
export function saveView(data: Data, view: StoredView): StoredView | null {
	const named = data.views.filter((one) => one.list === view.list && same(one.name, view.name));
	const before = named.find(({ owner }) => owner === view.owner) ?? null;
	if (!view.shared && before?.shared === true) {
		throw new AppError("conflict", `Your view "${view.name}" of ${view.list} is shared.`, {
			hint: "Share it again to change it for everybody, or give this one another name.",
		});
	}
	const others = named.filter(({ owner, shared }) => owner !== view.owner && shared);
	if (view.shared && others.length > 0) {
		throw new AppError("conflict", `Somebody else shares a view "${view.name}" of ${view.list}.`, {
			hint: "Give it another name, or keep it to yourself.",
			details: { owner: others[0]?.owner },
		});
	}
	const rest = data.views.filter((one) => one !== before);
	if (rest.length >= mostViews) {
		throw new AppError("too-large", `There are ${mostViews} views already.`, { hint: "Delete some first." });
	}
	data.views = [...rest, view].sort((a, b) => a.list.localeCompare(b.list) || a.name.localeCompare(b.name));
	return before;
}

export function removeView(data: Data, view: StoredView): void {
	const is = ({ owner, list, name }: StoredView) => owner === view.owner && list === view.list && same(name, view.name);
	data.views = data.views.filter((one) => !is(one));
}

/** The layout, and the view it opens with when that is still there for them. */
export function preferencesOf(
	data: Data,
	operator: string,
	list: string,
): { columns: ListLayout; view: StoredView | null } {
	const kept = data.listPreferences.find((one) => one.operator === operator && one.list === list);
	if (kept === undefined) return { columns: [], view: null };
	const { columns, view: opens } = kept;
	const view = listViews(data, operator, list).find(
		({ owner, name }) => opens !== null && owner === opens.owner && same(name, opens.name),
	);
	return { columns, view: view ?? null };
}

/** What is left out stays. Throws `not-found` for a view there is none of. */
export function setPreferences(
	data: Data,
	{ operator, list, columns, view }: { operator: string; list: string; columns?: ListLayout; view?: string | null },
): void {
	const before = preferencesOf(data, operator, list);
	const opens = view === undefined ? before.view : view === null ? null : getView(data, operator, list, view);
	const next: StoredPreferences = {
		...{ operator, list, columns: columns ?? before.columns },
		view: opens && { owner: opens.owner, name: opens.name },
	};
	const rest = data.listPreferences.filter((one) => one.operator !== operator || one.list !== list);
	const isNothing = next.columns.length === 0 && next.view === null;
	// The least lately changed are at the front.
	data.listPreferences = (isNothing ? rest : [...rest, next]).slice(-mostPreferences);
}

function same(a: string, b: string): boolean {
	return a.trim().toLowerCase() === b.trim().toLowerCase();
}
