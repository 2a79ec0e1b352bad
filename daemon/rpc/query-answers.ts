/** What a saved query finds now, read by the threads that read lists; one that cannot be answered any more says why. */
import { AppError } from "../../protocol/errors.ts";
import type { QueryAnswer } from "../../protocol/model/dashboard.ts";
import type { SavedQuery, WidgetKind } from "../../protocol/model/query.ts";
import type { ListReader } from "../store/list-reader.ts";
import { listCounts, noteCount } from "../store/saved-queries.ts";
import type { Store } from "../store/store.ts";

/** Rows of a widget that is a table, and days of one that is a trend. */
const rowsShown = 12;
const daysShown = 30;

/** Its count becomes today's point of its trend. */
export async function answerQuery(
	{ store, reader }: { readonly store: Store; readonly reader: ListReader },
	query: SavedQuery,
	kind: WidgetKind,
	signal: AbortSignal,
): Promise<QueryAnswer & { readonly query: SavedQuery }> {
	const { db, clock } = store;
	const now = clock.now();
	try {
		const found = await reader.ask(query, { now, rows: kind === "table" ? rowsShown : 0 }, signal);
		noteCount(db, query.id, found.total, now);
		const points = kind === "trend" ? listCounts(db, query.id, daysShown) : [];
		return { kind, query, count: found.total, problem: null, rows: found.rows, points };
	} catch (err) {
		if (!(err instanceof AppError) || err.code !== "invalid") throw err;
		return { kind, query, count: null, problem: err.message, rows: [], points: [] };
	}
}
