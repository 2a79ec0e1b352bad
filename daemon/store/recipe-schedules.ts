/** Recipes that begin by themselves: rows in, `protocol/model/recipe.ts` out. */
import type { DatabaseSync } from "node:sqlite";
import { type Access, accessLevels } from "../../protocol/define.ts";
import { type RecipeSchedule, recipeRequest } from "../../protocol/model/recipe.ts";
import { all, first, run } from "./sql.ts";
import { isoOf, isoOrNull } from "./time.ts";

/** A schedule with what its recipes are begun with. */
export interface StoredSchedule extends RecipeSchedule {
	readonly access: Access;
	readonly confirmed: boolean;
}

export function listRecipeSchedules(db: DatabaseSync): StoredSchedule[] {
	return all<Row>(db, "SELECT * FROM recipe_schedule ORDER BY name").map(toSchedule);
}

export function findRecipeSchedule(db: DatabaseSync, name: string): StoredSchedule | null {
	const row = first<Row>(db, "SELECT * FROM recipe_schedule WHERE name = ?", name.trim());
	return row === undefined ? null : toSchedule(row);
}

/** In place of one of that name. Times in milliseconds. */
export function saveRecipeSchedule(
	db: DatabaseSync,
	schedule: Pick<StoredSchedule, "name" | "request" | "when" | "timeZone" | "by" | "access" | "confirmed">,
	{ nextAt, at }: { nextAt: number; at: number },
): void {
	const { name, request, when, timeZone, by, access, confirmed } = schedule;
	run(
		db,
		`INSERT INTO recipe_schedule (name, request, confirmed, times, zone, who, access, next_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET request = excluded.request, confirmed = excluded.confirmed, times = excluded.times,
			zone = excluded.zone, who = excluded.who, access = excluded.access, next_at = excluded.next_at, problem = NULL`,
		...[name, JSON.stringify(request), Number(confirmed), when, timeZone, by, access, nextAt, at],
	);
}

/** What came of it when it was time. */
export function noteScheduledRun(
	db: DatabaseSync,
	id: number,
	{ at, nextAt, recipe, problem }: { at: number; nextAt: number; recipe: number | null; problem: string | null },
): void {
	run(
		db,
		"UPDATE recipe_schedule SET last_at = ?, next_at = ?, recipe = ifnull(?, recipe), problem = ? WHERE id = ?",
		...[at, nextAt, recipe, problem, id],
	);
}

export function deleteRecipeSchedule(db: DatabaseSync, id: number): void {
	run(db, "DELETE FROM recipe_schedule WHERE id = ?", id);
}

interface Row {
	id: number;
	name: string;
	request: string;
	confirmed: number;
	times: string;
	zone: string;
	who: string;
	access: string;
	next_at: number;
	last_at: number | null;
	recipe: number | null;
	problem: string | null;
}

function toSchedule(row: Row): StoredSchedule {
	return {
		...{ id: row.id, name: row.name, request: recipeRequest.parse(JSON.parse(row.request)) },
		...{ when: row.times, timeZone: row.zone, by: row.who, recipe: row.recipe, problem: row.problem },
		...{ nextAt: isoOf(row.next_at), lastAt: isoOrNull(row.last_at), confirmed: row.confirmed === 1 },
		access: accessLevels.find((level) => level === row.access) ?? "read",
	};
}
