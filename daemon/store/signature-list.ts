/** Signatures as a list: those of the knowledge last judged with, and withdrawn ones that still have findings. */
import type { DatabaseSync } from "node:sqlite";
import { findingTypes } from "../../protocol/model/finding.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { requirementField, type Sorts } from "./fields.ts";
import { type Listing, type ListQuery, listPage, type Page } from "./page.ts";

const jsonText = (name: string) => `json_extract(s.body, '$.${name}')`;

/** Over `signature s`. */
export const signatureFields: FieldCatalogue = {
	fields: {
		id: { kind: "keyword", sql: "s.name" },
		qid: { kind: "int", sql: "s.qid" },
		title: { kind: "text", sql: "s.title" },
		severity: { kind: "severity", sql: "s.severity" },
		type: {
			kind: "enum",
			sql: jsonText("type"),
			values: Object.fromEntries(findingTypes.map((type) => [type, type])),
		},
		category: { kind: "keyword", sql: jsonText("category") },
		kind: { kind: "keyword", sql: "s.kind" },
		cve: {
			exists: {
				tables: "json_each(s.cves) cv",
				on: "1",
				fields: { cve: { kind: "keyword", sql: "cv.value" } },
				default: "cve",
			},
		},
		requirement: requirementField,
	},
	bare: ["id", "title", "cve"],
};

const sorts: Sorts = {
	id: "s.name",
	qid: "s.qid",
	title: "s.title COLLATE NOCASE",
	severity: "s.severity",
	kind: "s.kind",
};

const listing: Listing<{ body: string }, Signature> = {
	columns: "s.id, s.body",
	from: "signature s",
	key: "s.id",
	sorts,
	order: { sql: "s.name", descending: false },
	map: (row) => JSON.parse(row.body) as Signature,
};

/** By id unless sorted. */
export function listSignatures(db: DatabaseSync, query: ListQuery): Page<Signature> {
	return listPage(db, listing, query);
}
