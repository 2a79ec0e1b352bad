/** Handlers of the queries area. */
import { AppError } from "../../../protocol/errors.ts";
import type { QueryAnswer } from "../../../protocol/model/dashboard.ts";
import type { Completion, Widget } from "../../../protocol/model/query.ts";
import { compileFilter } from "../../query/compile.ts";
import { completeFilter } from "../../query/complete.ts";
import { describeFields } from "../../query/describe-fields.ts";
import { queryCatalogues } from "../../store/query-lists.ts";
import {
	deleteSavedQuery,
	getSavedQuery,
	getSavedQueryById,
	listSavedQueries,
	saveQuery,
} from "../../store/saved-queries.ts";
import { transaction } from "../../store/sql.ts";
import { storedValues } from "../../store/stored-values.ts";
import { addWidget, deleteWidget, getWidget, listWidgets, type StoredWidget, saveWidget } from "../../store/widgets.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import { answerQuery } from "../query-answers.ts";
import type { Services } from "../services.ts";

export function queriesHandlers({ store, reader, audit, hub }: Services): AreaHandlers<"queries"> {
	const { db, clock } = store;
	/** Changes something and writes what it was and became, both or neither. */
	const changed = <T extends object>(
		{ user }: CallContext,
		action: string,
		object: string,
		before: object | null,
		change: () => T,
	): T => {
		const made = transaction(db, () => {
			const after = change();
			audit.write({ who: user, action, object, before, after: action.endsWith(".delete") ? null : after });
			return after;
		});
		hub.post({ kind: "inventory-changed" });
		return made;
	};
	const shown = async ({ id, position, kind, query }: StoredWidget, { signal }: CallContext): Promise<Widget> => {
		const answer = await answerQuery({ store, reader }, getSavedQueryById(db, query), kind, signal);
		return { id, position, ...answer };
	};
	return {
		list: () => {
			const items = listSavedQueries(db);
			return { items, total: items.length };
		},
		save: (params, context) => {
			compileFilter(params.filter, queryCatalogues[params.list], { now: clock.now() });
			const before = listSavedQueries(db).find(({ name }) => name.toLowerCase() === params.name.toLowerCase()) ?? null;
			return changed(context, "query.save", `query ${params.name}`, before, () =>
				saveQuery(db, params, { by: context.user, at: clock.now() }),
			);
		},
		remove: ({ name }, context) => {
			const query = getSavedQuery(db, name);
			const widgets = listWidgets(db).filter((widget) => widget.query === query.id).length;
			changed(context, "query.delete", `query ${query.name}`, query, () => {
				deleteSavedQuery(db, query);
				return query;
			});
			return { deleted: query, widgets };
		},
		fields: ({ list }) => {
			const items = describeFields(queryCatalogues[list]);
			return { items, total: items.length };
		},
		complete: ({ list, text, at }) => {
			const catalogue = queryCatalogues[list];
			const completed = completeFilter(text, Math.min(at, text.length), catalogue, (column, begun) =>
				storedValues(db, column, begun),
			);
			return {
				...completed,
				items: [...completed.items],
				problem: problemOf(() => compileFilter(text, catalogue, { now: clock.now() })),
			};
		},
		widgets: async (_, context) => {
			const items = await Promise.all(listWidgets(db).map((widget) => shown(widget, context)));
			return { items, total: items.length };
		},
		answers: async ({ queries }, { signal }) => {
			const known = new Map(listSavedQueries(db).map((query) => [query.name.toLowerCase(), query]));
			const answer = ({ query: name, as }: (typeof queries)[number]): Promise<QueryAnswer> | QueryAnswer => {
				const query = known.get(name.toLowerCase());
				if (query !== undefined) return answerQuery({ store, reader }, query, as, signal);
				const problem = `There is no saved query ${JSON.stringify(name)} any more.`;
				return { kind: as, query: null, count: null, problem, rows: [], points: [] };
			};
			return { items: await Promise.all(queries.map(answer)) };
		},
		addWidget: ({ query, kind }, context) => {
			const { id, name } = getSavedQuery(db, query);
			const object = `widget ${name}`;
			return shown(
				changed(context, "widget.add", object, null, () => addWidget(db, id, kind)),
				context,
			);
		},
		editWidget: ({ id, query, kind, position }, context) => {
			const before = getWidget(db, id);
			const next = {
				...before,
				query: query === undefined ? before.query : getSavedQuery(db, query).id,
				kind: kind ?? before.kind,
				position: position ?? before.position,
			};
			const object = `widget ${getSavedQueryById(db, next.query).name}`;
			return shown(
				changed(context, "widget.edit", object, before, () => saveWidget(db, next)),
				context,
			);
		},
		removeWidget: ({ id }, context) => {
			const widget = getWidget(db, id);
			const object = `widget ${getSavedQueryById(db, widget.query).name}`;
			changed(context, "widget.delete", object, widget, () => {
				deleteWidget(db, id);
				return widget;
			});
			return { deleted: id };
		},
	};
}

function problemOf(read: () => unknown): Completion["problem"] {
	try {
		read();
		return null;
	} catch (err) {
		if (!(err instanceof AppError) || err.code !== "invalid") throw err;
		const at = err.details?.position;
		return { message: err.message, hint: err.hint ?? null, at: typeof at === "number" ? at : 0 };
	}
}
