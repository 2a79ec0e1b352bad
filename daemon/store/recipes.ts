/** Recipes: rows in, `protocol/model/recipe.ts` out. */
import type { DatabaseSync } from "node:sqlite";
import { type Access, accessLevels } from "../../protocol/define.ts";
import { type Recipe, type RecipeRequest, type RecipeStep, recipeRequest } from "../../protocol/model/recipe.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";
import { all, first, run } from "./sql.ts";
import { isoOf, isoOrNull, msOrNull } from "./time.ts";

/** A recipe with what its steps are done with: the access of who started it, and that large scans were confirmed. */
export interface StoredRecipe extends Recipe {
	readonly access: Access;
	readonly confirmed: boolean;
}

/** Stores a recipe that runs; returns its number. `at` in milliseconds. */
export function createRecipe(
	db: DatabaseSync,
	recipe: {
		title: string;
		request: RecipeRequest;
		confirmed: boolean;
		steps: readonly RecipeStep[];
		by: string;
		access: Access;
		at: number;
	},
): number {
	return run(
		db,
		`INSERT INTO recipe (title, request, confirmed, status, steps, who, access, created_at)
		VALUES (?, ?, ?, 'running', ?, ?, ?, ?)`,
		recipe.title,
		JSON.stringify(recipe.request),
		Number(recipe.confirmed),
		JSON.stringify(recipe.steps),
		recipe.by,
		recipe.access,
		recipe.at,
	).id;
}

/** Keeps how far it has come. */
export function saveRecipe(db: DatabaseSync, { id, status, steps, finishedAt }: Recipe): void {
	run(
		db,
		"UPDATE recipe SET status = ?, steps = ?, finished_at = ? WHERE id = ?",
		status,
		JSON.stringify(steps),
		msOrNull(finishedAt),
		id,
	);
}

/** One that never began. */
export function deleteRecipe(db: DatabaseSync, id: number): void {
	run(db, "DELETE FROM recipe WHERE id = ?", id);
}

export function findRecipe(db: DatabaseSync, id: number): StoredRecipe | null {
	const row = first<Row>(db, "SELECT * FROM recipe WHERE id = ?", id);
	return row === undefined ? null : toStored(row);
}

/** Those that have not ended, oldest first. */
export function listUnfinishedRecipes(db: DatabaseSync): StoredRecipe[] {
	return all<Row>(db, "SELECT * FROM recipe WHERE status IN ('running', 'waiting') ORDER BY id").map(toStored);
}

/** Newest first unless sorted. */
export function listRecipes(db: DatabaseSync, query: ListQuery): Page<Recipe> {
	return listPage(db, listing, query);
}

/** Assets whose last run on one of their addresses was this scan; with `since`, those first seen from then on. Milliseconds. */
export function assetsOfScan(db: DatabaseSync, scan: number, since: number): number[] {
	return all<{ id: number }>(
		db,
		`SELECT a.id FROM asset a WHERE a.first_seen >= ? AND EXISTS (SELECT 1 FROM coverage c WHERE c.asset = a.id AND c.scan = ?)
		ORDER BY a.id`,
		since,
		scan,
	).map(({ id }) => id);
}

const columns = {
	id: { kind: "int", sql: "r.id" },
	title: { kind: "text", sql: "r.title" },
	status: {
		kind: "enum",
		sql: "r.status",
		values: Object.fromEntries(["running", "waiting", "finished", "failed", "cancelled"].map((word) => [word, word])),
	},
	by: { kind: "text", sql: "r.who" },
	createdAt: { kind: "date", sql: "r.created_at" },
} as const;
export const recipeFields: FieldCatalogue = { fields: columns, bare: ["title", "by"] };

interface Row {
	id: number;
	title: string;
	request: string;
	confirmed: number;
	status: Recipe["status"];
	steps: string;
	who: string;
	access: string;
	created_at: number;
	finished_at: number | null;
}

const listing: Listing<Row, Recipe> = {
	columns: "r.*",
	from: "recipe r",
	key: "r.id",
	sorts: { id: "r.id", title: "r.title", status: "r.status", by: "r.who", createdAt: "r.created_at" },
	order: { sql: "r.id", descending: true },
	map: toRecipe,
};

function toRecipe(row: Row): Recipe {
	return {
		id: row.id,
		title: row.title,
		request: recipeRequest.parse(JSON.parse(row.request)),
		status: row.status,
		steps: JSON.parse(row.steps) as RecipeStep[],
		by: row.who,
		createdAt: isoOf(row.created_at),
		finishedAt: isoOrNull(row.finished_at),
	};
}

function toStored(row: Row): StoredRecipe {
	const access = accessLevels.find((level) => level === row.access) ?? "read";
	return { ...toRecipe(row), access, confirmed: row.confirmed === 1 };
}
