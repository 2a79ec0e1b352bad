/** The lists a query can be asked of: their fields, and asking one for a page. */
import type { DatabaseSync } from "node:sqlite";
import type { QueryList } from "../../protocol/model/query.ts";
import { compileFilter } from "../query/compile.ts";
import type { FieldCatalogue } from "../query/fields.ts";
import { listAssets } from "./assets.ts";
import { duplicateFields, listDuplicateGroups } from "./duplicates.ts";
import { assetFields, findingFields, findingScope, scanFields } from "./fields.ts";
import { listFindings } from "./findings.ts";
import { listStoredMerges, mergeListFields } from "./merge-list.ts";
import { listSides } from "./merges.ts";
import type { Where } from "./page.ts";
import { listScans } from "./scans.ts";
import { listTickets, ticketFields, ticketScope } from "./ticket-list.ts";

export const queryCatalogues: Readonly<Record<QueryList, FieldCatalogue>> = {
	assets: assetFields,
	findings: findingFields,
	tickets: ticketFields,
	scans: scanFields,
	duplicates: duplicateFields,
	merges: mergeListFields,
};

export interface AskedList {
	readonly list: QueryList;
	readonly filter: string;
}
/** `now` in milliseconds, for relative dates; `rows`: how many of them are wanted besides the total. */
export interface AskOptions {
	readonly now: number;
	readonly rows: number;
}
export interface FoundRows {
	readonly total: number;
	readonly rows: { id: number; title: string }[];
}

/** How many it finds, and the first of them. Throws `invalid`. */
export function askList(db: DatabaseSync, { list, filter }: AskedList, { now, rows }: AskOptions): FoundRows {
	const { where, named } = compileFilter(filter, queryCatalogues[list], { now });
	const page = (where: Where | null) => ({ where, sort: null, limit: Math.max(1, rows), cursor: null });
	switch (list) {
		case "assets": {
			const { total, items } = listAssets(db, page(where));
			return { total, rows: items.slice(0, rows).map(({ id, name }) => ({ id, title: name })) };
		}
		case "findings": {
			const { total, items } = listFindings(db, page(scoped(where, findingScope(named))));
			const titleOf = ({ title, asset }: (typeof items)[number]) => `${title} · ${asset.name}`;
			return { total, rows: items.slice(0, rows).map((item) => ({ id: item.id, title: titleOf(item) })) };
		}
		case "tickets": {
			const { total, items } = listTickets(db, page(scoped(where, ticketScope(named))));
			const titleOf = ({ finding, asset }: (typeof items)[number]) => `${finding?.title ?? "gone"} · ${asset.name}`;
			return { total, rows: items.slice(0, rows).map((item) => ({ id: item.id, title: titleOf(item) })) };
		}
		case "duplicates": {
			const { total, items } = listDuplicateGroups(db, page(where));
			const titleOf = ({ members, confidence }: (typeof items)[number]) =>
				`${[...new Set(members.map(({ name }) => name))].join(" = ")} · ${confidence} %`;
			return { total, rows: items.slice(0, rows).map((item) => ({ id: item.id, title: titleOf(item) })) };
		}
		case "merges": {
			const { total, items } = listStoredMerges(db, page(where));
			const shown = items.slice(0, rows).map(({ id }) => {
				const names = listSides(db, id).map(({ asset, name }) => `${asset} ${name}`);
				return { id, title: names.join(" = ") };
			});
			return { total, rows: shown };
		}
		case "scans": {
			const { total, items } = listScans(db, page(where));
			return { total, rows: items.slice(0, rows).map(({ id, title }) => ({ id, title })) };
		}
	}
}

/** A condition together with what the list leaves out by itself. */
export function scoped(where: Where | null, scope: string | null): Where | null {
	if (scope === null) return where;
	return where === null ? { sql: scope, params: [] } : { sql: `(${where.sql}) AND ${scope}`, params: where.params };
}
