/** Tags: what is said of them and where they stand in the tree. Which assets carry them is asset-tags.ts. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Tag, TagRule, TagRuleKind, TagWords } from "../../protocol/model/tag.ts";
import { all, first, rollbacks, run, transaction } from "./sql.ts";
import { isoOf, isoOrNull } from "./time.ts";

const mostTags = 10_000;
/** Tags below each other. */
const deepest = 20;

/** The daemon's own tags: roots, and what hangs below them. */
export type SystemTag =
	| "asset-groups"
	| "asset-group"
	| "business-units"
	| "business-unit"
	| "internet-facing"
	| "agents";

/** What is stored of a tag beyond what a client sees. */
export interface StoredTag extends Tag {
	readonly systemKind: SystemTag | null;
}

/** `again`: as which tag it is put back that was deleted. */
export type NewTag = TagWords & {
	name: string;
	parent: number | null;
	rule: TagRule;
	systemKind?: SystemTag | null;
	again?: { id: number; createdAt: string };
};

/** Changes whenever what `listTags` says of names, places and rules may have changed. */
export function tagsVersion(db: DatabaseSync): string {
	return `${versions.get(db) ?? 0}.${rollbacks(db)}`;
}

const versions = new WeakMap<DatabaseSync, number>();

function changed(db: DatabaseSync): void {
	versions.set(db, (versions.get(db) ?? 0) + 1);
}

/** Parents before their children, siblings by name. */
export function listTags(db: DatabaseSync): StoredTag[] {
	const rows = all<TagRow>(db, "SELECT * FROM tag ORDER BY name, id");
	const below = Map.groupBy(rows, ({ parent }) => parent);
	const listed: StoredTag[] = [];
	const walk = (parent: number | null, path: string) => {
		for (const row of below.get(parent) ?? []) {
			const tag = toTag(row, `${path}${row.name}`);
			listed.push(tag);
			walk(row.id, `${tag.path}/`);
		}
	};
	walk(null, "");
	return listed;
}

/** By name or path, without regard to case; null when there is none. Throws `conflict` when several have that name. */
export function findTag(db: DatabaseSync, nameOrPath: string): StoredTag | null {
	const wanted = nameOrPath.trim();
	const named = all<TagRow>(db, "SELECT * FROM tag WHERE name = ? LIMIT 10", wanted).map((row) => placed(db, row));
	if (named.length === 1) return named[0] ?? null;
	if (named.length === 0) return wanted.includes("/") ? findByPath(db, wanted) : null;
	// At the root a name is a path.
	const root = named.find(({ parent }) => parent === null);
	if (root !== undefined) return root;
	const paths = named.map(({ path }) => path);
	throw new AppError("conflict", `Several tags are called ${JSON.stringify(wanted)}.`, {
		hint: `Say which: ${paths.join(", ")}.`,
	});
}

/** Throws `not-found`, or `conflict` when several have that name. */
export function getTag(db: DatabaseSync, nameOrPath: string): StoredTag {
	const tag = findTag(db, nameOrPath);
	if (tag !== null) return tag;
	throw new AppError("not-found", `There is no tag ${JSON.stringify(nameOrPath)}.`, {
		hint: "See which there are with: vedette tag list",
	});
}

export function getTagById(db: DatabaseSync, id: number): StoredTag {
	const row = first<TagRow>(db, "SELECT * FROM tag WHERE id = ?", id);
	if (row !== undefined) return placed(db, row);
	throw new AppError("not-found", `There is no tag with the number ${id}.`);
}

/** Ids of the tag and of all below it. */
export function withDescendants(db: DatabaseSync, id: number): number[] {
	return all<{ id: number }>(
		db,
		`WITH RECURSIVE below (id) AS (SELECT ? UNION SELECT t.id FROM tag t JOIN below b ON t.parent = b.id) SELECT id FROM below`,
		id,
	).map((row) => row.id);
}

/** Throws `conflict` when a sibling has the name. `at` in milliseconds. */
export function createTag(db: DatabaseSync, tag: NewTag, at: number): StoredTag {
	return transaction(db, () => {
		refuseTaken(db, tag.name, tag.parent, null);
		refusePlace(db, null, tag.parent);
		if ((first<{ n: number }>(db, "SELECT count(*) AS n FROM tag")?.n ?? 0) >= mostTags) {
			throw new AppError("too-large", `There are ${mostTags} tags already.`, { hint: "Delete some first." });
		}
		changed(db);
		const { id } = run(
			db,
			`INSERT INTO tag (id, name, parent, colour, description, favourite, criticality, rule_kind, rule, system, created_at,
				updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			...[
				tag.again?.id ?? null,
				tag.name,
				tag.parent,
				tag.colour,
				tag.description,
				Number(tag.favourite),
				tag.criticality,
			],
			...[tag.rule.kind, tag.rule.text, tag.systemKind ?? null],
			...[tag.again === undefined ? at : Date.parse(tag.again.createdAt), at],
		);
		return getTagById(db, id);
	});
}

/** Writes everything that is said of a tag. Throws `conflict` for a sibling's name and for a parent at or below the tag. */
export function saveTag(db: DatabaseSync, id: number, tag: NewTag, at: number): StoredTag {
	return transaction(db, () => {
		refuseTaken(db, tag.name, tag.parent, id);
		refusePlace(db, id, tag.parent);
		changed(db);
		run(
			db,
			`UPDATE tag SET name = ?, parent = ?, colour = ?, description = ?, favourite = ?, criticality = ?, rule_kind = ?, rule = ?,
				updated_at = max(?, created_at) WHERE id = ?`,
			...[tag.name, tag.parent, tag.colour, tag.description, Number(tag.favourite), tag.criticality],
			...[tag.rule.kind, tag.rule.text, at, id],
		);
		return getTagById(db, id);
	});
}

/** Throws `conflict` while there are tags below it. */
export function deleteTag(db: DatabaseSync, { id, name }: Pick<Tag, "id" | "name">): void {
	transaction(db, () => {
		const child = first<{ name: string }>(db, "SELECT name FROM tag WHERE parent = ? LIMIT 1", id);
		if (child !== undefined) {
			throw new AppError("conflict", `Below the tag ${JSON.stringify(name)} there is ${JSON.stringify(child.name)}.`, {
				hint: "Delete or move what is below it first: vedette tag edit NAME --parent OTHER, or --no-parent.",
			});
		}
		changed(db);
		run(db, "DELETE FROM tag WHERE id = ?", id);
	});
}

/** Remembers when a rule was applied to all assets, and why it could not be. `at` in milliseconds. */
export function noteEvaluation(db: DatabaseSync, id: number, at: number, problem: string | null): void {
	run(db, "UPDATE tag SET evaluated_at = ?, problem = ? WHERE id = ?", at, problem, id);
}

interface TagRow {
	id: number;
	name: string;
	parent: number | null;
	colour: string | null;
	description: string;
	favourite: number;
	criticality: number | null;
	rule_kind: TagRuleKind;
	rule: string;
	system: SystemTag | null;
	members: number;
	problem: string | null;
	evaluated_at: number | null;
	created_at: number;
	updated_at: number;
}

function toTag(row: TagRow, path: string): StoredTag {
	return {
		id: row.id,
		name: row.name,
		path,
		parent: row.parent,
		colour: row.colour,
		description: row.description,
		favourite: row.favourite === 1,
		criticality: row.criticality,
		rule: { kind: row.rule_kind, text: row.rule },
		system: row.system !== null,
		systemKind: row.system,
		assets: row.members,
		problem: row.problem,
		evaluatedAt: isoOrNull(row.evaluated_at),
		createdAt: isoOf(row.created_at),
		updatedAt: isoOf(row.updated_at),
	};
}

function placed(db: DatabaseSync, row: TagRow): StoredTag {
	return toTag(row, [...ancestors(db, row.parent), row].map(({ name }) => name).join("/"));
}

/** From the root down to `id` itself. */
function ancestors(db: DatabaseSync, id: number | null): TagRow[] {
	const found: TagRow[] = [];
	for (let at = id; at !== null && found.length <= deepest; ) {
		const row = first<TagRow>(db, "SELECT * FROM tag WHERE id = ?", at);
		if (row === undefined) break;
		found.unshift(row);
		at = row.parent;
	}
	return found;
}

/** A name may hold a slash itself, so whole paths are compared. */
function findByPath(db: DatabaseSync, path: string): StoredTag | null {
	const wanted = path.toLowerCase();
	return listTags(db).find((tag) => tag.path.toLowerCase() === wanted) ?? null;
}

function refuseTaken(db: DatabaseSync, name: string, parent: number | null, id: number | null): void {
	const taken = first<{ id: number; name: string }>(
		db,
		"SELECT id, name FROM tag WHERE name = ? AND ifnull(parent, 0) = ?",
		name,
		parent ?? 0,
	);
	if (taken === undefined || taken.id === id) return;
	throw new AppError("conflict", `There is a tag ${JSON.stringify(taken.name)} already.`, {
		hint: "Choose another name or another parent, or change that one with: vedette tag edit",
	});
}

/** The tree must stay one: no tag below itself, and not deeper than can be shown. */
function refusePlace(db: DatabaseSync, id: number | null, parent: number | null): void {
	const above = ancestors(db, parent);
	if (id !== null && above.some((row) => row.id === id)) {
		throw new AppError("conflict", "A tag cannot be below itself.", {
			hint: `The parent stands at ${above.map(({ name }) => name).join("/")}.`,
		});
	}
	if (above.length >= deepest) {
		throw new AppError("conflict", `Tags go ${deepest} levels deep at most.`, { hint: "Choose a parent further up." });
	}
}
