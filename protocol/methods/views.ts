/** Views of lists: columns as each operator keeps them, and filter, order and columns under a name. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { listLayout, listName, listPreferences, savedView, viewName } from "../model/view.ts";

export const list = defineMethod({
	name: "views.list",
	summary: "List saved views",
	description: "The caller's own and those that are shared, by list and name.",
	access: "read",
	params: z.object({ list: listName.optional() }),
	result: z.object({ items: z.array(savedView), total: z.int().nonnegative() }),
});

const saved = savedView.omit({ owner: true, mine: true, shared: true, updatedAt: true }).extend({
	sort: savedView.shape.sort.default(null),
	columns: listLayout.default([]),
});

export const save = defineMethod({
	name: "views.save",
	summary: "Save a view for oneself",
	description:
		"The caller's own of that name is replaced; `conflict` when that one is shared. `invalid` with the position of what is wrong in the filter.",
	access: "read",
	errors: ["conflict", "too-large"],
	params: saved,
	result: savedView,
});

export const share = defineMethod({
	name: "views.share",
	summary: "Save a view for everybody",
	description: "The caller's own of that name is replaced; `conflict` when somebody else shares one of that name.",
	access: "operate",
	audit: ["view.share"],
	errors: ["conflict", "too-large"],
	params: saved,
	result: savedView,
});

export const remove = defineMethod({
	name: "views.remove",
	summary: "Delete a view of one's own",
	description: "`conflict` when it is shared: see `views.unshare`.",
	access: "read",
	errors: ["not-found", "conflict"],
	params: z.object({ list: listName, name: viewName }),
	result: savedView,
});

export const unshare = defineMethod({
	name: "views.unshare",
	summary: "Delete a view that is shared",
	description: "Its owner may, and who has `admin` access.",
	access: "operate",
	audit: ["view.unshare"],
	errors: ["not-found", "forbidden"],
	params: z.object({ list: listName, name: viewName }),
	result: savedView,
});

export const preferences = defineMethod({
	name: "views.preferences",
	summary: "How the caller looks at a list",
	description: "The layout of its columns, and the view it opens with.",
	access: "read",
	params: z.object({ list: listName }),
	result: listPreferences,
});

export const setPreferences = defineMethod({
	name: "views.setPreferences",
	summary: "Change how the caller looks at a list",
	description: "What is left out stays. An empty `columns` is the layout the list has by itself, a null `view` none.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ list: listName, columns: listLayout.optional(), view: viewName.nullable().optional() }),
	result: listPreferences,
});
