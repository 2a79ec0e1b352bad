/** Queries: kept by name, completed while they are written, shown on the dashboard. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { mostDashboardWidgets, queryAnswer } from "../model/dashboard.ts";
import { completion, queryField, queryList, queryName, savedQuery, widget, widgetKinds } from "../model/query.ts";

const name = z.string().trim().min(1).max(200).describe("its name, without regard to case");

export const list = defineMethod({
	name: "queries.list",
	summary: "List saved queries",
	description: "All of them, by name.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(savedQuery), total: z.int().nonnegative() }),
});

export const save = defineMethod({
	name: "queries.save",
	summary: "Save a query",
	description: "One of that name is replaced. `invalid` with the position of what is wrong in it.",
	access: "operate",
	audit: ["query.save"],
	errors: ["too-large"],
	params: z.object({
		name: queryName,
		list: queryList,
		filter: z.string().max(4_000),
		comment: z.string().max(1_000).default(""),
	}),
	result: savedQuery,
});

export const remove = defineMethod({
	name: "queries.remove",
	summary: "Delete a saved query",
	description: "Widgets that show it go with it.",
	access: "operate",
	audit: ["query.delete"],
	errors: ["not-found"],
	params: z.object({ name }),
	result: z.object({ deleted: savedQuery, widgets: z.int().nonnegative().describe("that went with it") }),
});

export const fields = defineMethod({
	name: "queries.fields",
	summary: "What a list can be asked for",
	description: "Every field in the order of the catalogue, parts dotted.",
	access: "read",
	params: z.object({ list: queryList }),
	result: z.object({ items: z.array(queryField), total: z.int().nonnegative() }),
});

export const complete = defineMethod({
	name: "queries.complete",
	summary: "What could stand at a place of a query",
	description:
		"Fields, values (some taken from what is stored) or keywords, at most 50; and whether the text is a query.",
	access: "read",
	params: z.object({ list: queryList, text: z.string().max(4_000), at: z.int().min(0).max(4_000) }),
	result: completion,
});

export const widgets = defineMethod({
	name: "queries.widgets",
	summary: "The widgets of the dashboard",
	description: "Each with what its query finds now.",
	access: "read",
	timeoutMs: 60_000,
	params: z.object({}),
	result: z.object({ items: z.array(widget), total: z.int().nonnegative() }),
});

export const answers = defineMethod({
	name: "queries.answers",
	summary: "What saved queries find now",
	description: "As widgets show them; a query that is gone, or cannot be answered any more, has a `problem`.",
	access: "read",
	timeoutMs: 60_000,
	params: z.object({
		queries: z.array(z.object({ query: name, as: z.enum(widgetKinds) })).max(mostDashboardWidgets),
	}),
	result: z.object({ items: z.array(queryAnswer).describe("in that order") }),
});

export const addWidget = defineMethod({
	name: "queries.addWidget",
	summary: "Put a saved query on the dashboard",
	description: "As the last one.",
	access: "operate",
	audit: ["widget.add"],
	errors: ["not-found", "too-large"],
	params: z.object({ query: name, kind: z.enum(widgetKinds).default("count") }),
	result: widget,
});

export const editWidget = defineMethod({
	name: "queries.editWidget",
	summary: "Show a widget otherwise or elsewhere",
	description: "What is left out stays. `position` counts from 0.",
	access: "operate",
	audit: ["widget.edit"],
	errors: ["not-found"],
	params: z.object({
		id: z.int().positive(),
		query: name.optional(),
		kind: z.enum(widgetKinds).optional(),
		position: z.int().min(0).max(1_000).optional(),
	}),
	result: widget,
});

export const removeWidget = defineMethod({
	name: "queries.removeWidget",
	summary: "Take a widget off the dashboard",
	description: "The query stays.",
	access: "operate",
	audit: ["widget.delete"],
	errors: ["not-found"],
	params: z.object({ id: z.int().positive() }),
	result: z.object({ deleted: z.int().positive() }),
});
