/** Queries kept by name, and how many each found at the end of each day. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { QueryList, SavedQuery } from "../../protocol/model/query.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

const mostQueries = 1_000;
const daysKept = 400;

export function listSavedQueries(db: DatabaseSync): SavedQuery[] {
	return all<QueryRow>(db, "SELECT * FROM saved_query ORDER BY name").map(toQuery);
}

/** By name, without regard to case. Throws `not-found`. */
export function getSavedQuery(db: DatabaseSync, name: string): SavedQuery {
	const row = first<QueryRow>(db, "SELECT * FROM saved_query WHERE name = ?", name.trim());
	if (row !== undefined) return toQuery(row);
	throw new AppError("not-found", `There is no saved query ${JSON.stringify(name)}.`, {
		hint: "See which there are with: vedette query list",
	});
}

export function getSavedQueryById(db: DatabaseSync, id: number): SavedQuery {
	const row = first<QueryRow>(db, "SELECT * FROM saved_query WHERE id = ?", id);
	if (row !== undefined) return toQuery(row);
	throw new AppError("not-found", `There is no saved query with the number ${id}.`);
}

/** Replaces the one of that name. What another query had found on earlier days is forgotten. `at` in milliseconds. */
export function saveQuery(
	db: DatabaseSync,
	query: Pick<SavedQuery, "name" | "list" | "filter" | "comment">,
	{ by, at }: { by: string; at: number },
): SavedQuery {
	return transaction(db, () => {
		const before = first<QueryRow>(db, "SELECT * FROM saved_query WHERE name = ?", query.name);
		const n = first<{ n: number }>(db, "SELECT count(*) AS n FROM saved_query")?.n ?? 0;
		if (before === undefined && n >= mostQueries) {
			throw new AppError("too-large", `There are ${mostQueries} saved queries already.`, {
				hint: "Delete some first.",
			});
		}
		if (before !== undefined && (before.filter !== query.filter || before.list !== query.list)) {
			run(db, "DELETE FROM query_count WHERE query = ?", before.id);
		}
		run(
			db,
			`INSERT INTO saved_query (name, list, filter, comment, saved_by, updated_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET name = excluded.name, list = excluded.list, filter = excluded.filter,
				comment = excluded.comment, saved_by = excluded.saved_by, updated_at = excluded.updated_at`,
			...[query.name, query.list, query.filter, query.comment, by, at],
		);
		return getSavedQuery(db, query.name);
	});
}

export function deleteSavedQuery(db: DatabaseSync, { id }: Pick<SavedQuery, "id">): void {
	run(db, "DELETE FROM saved_query WHERE id = ?", id);
}

/** What it finds today; the last count of a day stays. `at` in milliseconds. */
export function noteCount(db: DatabaseSync, query: number, n: number, at: number): void {
	const day = isoOf(at).slice(0, 10);
	const before = first<{ n: number }>(db, "SELECT n FROM query_count WHERE query = ? AND day = ?", query, day)?.n;
	if (before === n) return;
	run(
		db,
		"INSERT INTO query_count (query, day, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = excluded.n",
		...[query, day, n],
	);
	const oldest = isoOf(at - daysKept * 86_400_000).slice(0, 10);
	run(db, "DELETE FROM query_count WHERE query = ? AND day < ?", query, oldest);
}

/** The newest days on which it was counted, oldest first. */
export function listCounts(db: DatabaseSync, query: number, days: number): { day: string; count: number }[] {
	return all<{ day: string; count: number }>(
		db,
		"SELECT day, n AS count FROM query_count WHERE query = ? ORDER BY day DESC LIMIT ?",
		query,
		days,
	).reverse();
}

interface QueryRow {
	id: number;
	name: string;
	list: QueryList;
	filter: string;
	comment: string;
	built_in: number;
	saved_by: string;
	updated_at: number;
}

function toQuery({ built_in, saved_by, updated_at, ...row }: QueryRow): SavedQuery {
	return { ...row, builtIn: built_in === 1, savedBy: saved_by, updatedAt: isoOf(updated_at) };
}
