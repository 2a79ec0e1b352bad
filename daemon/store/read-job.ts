/** What is read on a thread of its own, as data: pages and totals of the lists that can be long. */
import type { DatabaseSync } from "node:sqlite";
import type { Asset } from "../../protocol/model/asset.ts";
import type { Facets } from "../../protocol/model/facet.ts";
import type { Finding, FindingGroupBy } from "../../protocol/model/finding.ts";
import { type AssetFacetQuery, countAssetFacets } from "./asset-facets.ts";
import { countAssets, listAssets } from "./assets.ts";
import type { FindingColumns } from "./finding-columns.ts";
import { countByColumns } from "./finding-count.ts";
import { countFacets, type FacetQuery } from "./finding-facets.ts";
import { listFindingGroups } from "./finding-groups.ts";
import type { Narrow } from "./finding-narrow.ts";
import { countFindings, listFindings } from "./findings.ts";
import { type ComparedCounts, countCompared, type Span } from "./findings-at.ts";
import type { ListQuery, Page, Where } from "./page.ts";
import { type AskedList, type AskOptions, askList, type FoundRows } from "./query-lists.ts";

/** The rows of each list. */
export interface LongLists {
	readonly assets: Asset;
	readonly findings: Finding;
}
export type LongList = keyof LongLists;

export type ReadJob =
	| { readonly kind: "page"; readonly list: LongList; readonly query: ListQuery }
	| { readonly kind: "count"; readonly list: LongList; readonly where: Where | null; readonly narrow?: Narrow }
	| { readonly kind: "groups"; readonly by: FindingGroupBy; readonly query: ListQuery }
	| { readonly kind: "ask"; readonly asked: AskedList; readonly options: AskOptions }
	| { readonly kind: "facets"; readonly query: FacetQuery }
	| { readonly kind: "asset-facets"; readonly query: AssetFacetQuery }
	/** That findings are likely to be asked for soon: what their lists need in memory may be read while nobody waits. */
	| { readonly kind: "prepare" }
	| { readonly kind: "compare"; readonly span: Span; readonly where: Where | null };

export type ReadValue = Page<unknown> | number | ComparedCounts | Facets | FoundRows;

/** `columns`: those that are kept of this connection. Throws as the list does. */
export function read(db: DatabaseSync, job: ReadJob, columns: FindingColumns | null = null): ReadValue {
	if (job.kind === "prepare") return 0;
	if (job.kind === "ask") return askList(db, job.asked, job.options);
	if (job.kind === "asset-facets") return countAssetFacets(db, job.query);
	if (job.kind === "facets") return countFacets(db, job.query);
	if (job.kind === "compare") return countCompared(db, job.span, job.where);
	if (job.kind === "groups") return listFindingGroups(db, job.by, job.query);
	if (job.kind === "page")
		return job.list === "assets" ? listAssets(db, job.query) : listFindings(db, job.query, columns);
	if (job.list === "assets") return countAssets(db, job.where);
	return (job.narrow && columns && countByColumns(db, job.narrow, columns)) ?? countFindings(db, job.where);
}
