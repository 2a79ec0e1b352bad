/** Merges as a list: what they can be asked for, and their order. */
import type { DatabaseSync } from "node:sqlite";
import type { FieldCatalogue } from "../query/fields.ts";
import { type MergeRow, type StoredMerge, toMerge } from "./merges.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";

/** Newest first unless sorted. */
export function listStoredMerges(db: DatabaseSync, query: ListQuery): Page<StoredMerge> {
	return listPage(db, listing, query);
}

/** Over `merge g`. */
export const mergeListFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "g.id" },
		at: { kind: "date", sql: "g.at" },
		by: { kind: "text", sql: "g.by" },
		why: { kind: "text", sql: "g.why" },
		automatic: { kind: "bool", sql: "g.automatic" },
		confidence: { kind: "int", sql: "g.confidence" },
		undone: { kind: "bool", sql: "(g.undone_at IS NOT NULL)" },
		survivor: { kind: "int", sql: "g.survivor" },
		contradicted: {
			kind: "bool",
			sql: "(g.undone_at IS NULL AND EXISTS (SELECT 1 FROM merge_conflict gc WHERE gc.merge = g.id AND gc.kept_at IS NULL))",
			help: "something came in since that speaks against it, and nobody has looked at that",
		},
		asset: {
			exists: {
				tables: "merge_side gs",
				on: "gs.merge = g.id",
				fields: { id: { kind: "int", sql: "gs.asset" }, name: { kind: "text", sql: "gs.name" } },
				default: "id",
			},
			help: "one of the assets: its id; asset.name for what it was called",
		},
	},
	bare: ["by", "why", "asset.name"],
};

const listing: Listing<MergeRow, StoredMerge> = {
	columns: "g.*",
	from: "merge g",
	key: "g.id",
	sorts: { id: "g.id", at: "g.at", by: "g.by", confidence: "ifnull(g.confidence, 0)", survivor: "g.survivor" },
	order: { sql: "g.id", descending: true },
	map: toMerge,
};
