/** Findings put together: by what is wrong, or by the asset it is wrong on. */
import type { DatabaseSync } from "node:sqlite";
import type { FindingGroup, FindingGroupBy } from "../../protocol/model/finding.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import { findingScope, priorityTenths } from "./fields.ts";
import { findingFrom } from "./findings.ts";
import { type Listing, type ListQuery, listPage, type Page, type Where } from "./page.ts";
import { isoOf } from "./time.ts";

/** Worst first, of these the most frequent, unless sorted. Without a condition: open findings. */
export function listFindingGroups(db: DatabaseSync, by: FindingGroupBy, query: ListQuery): Page<FindingGroup> {
	const where: Where = query.where ?? { sql: findingScope(new Set()) ?? "1", params: [] };
	const listing = listingOf(by, where.sql);
	// The filter stands in the inner query, whose parameters come first all the same.
	return listPage(db, listing, { ...query, where: { sql: "1", params: where.params } });
}

interface GroupRow {
	id: number;
	name: string;
	title: string;
	severity: Severity;
	priority: number;
	findings: number;
	assets: number;
	cvss: number | null;
	epss: number | null;
	kev: number;
	oldest: number;
}

const named = {
	signature: "f.signature AS id, s.name AS name, s.title AS title",
	asset: "f.asset AS id, a.name AS name, a.name AS title",
} as const satisfies Record<FindingGroupBy, string>;

function listingOf(by: FindingGroupBy, filter: string): Listing<GroupRow, FindingGroup> {
	return {
		columns: "g.*",
		from: `(SELECT ${named[by]}, max(f.severity) AS severity, max(${priorityTenths}) AS priority, count(*) AS findings,
			count(DISTINCT f.asset) AS assets, max(s.cvss) AS cvss, max(s.epss) AS epss, max(s.kev) AS kev, min(f.first_found) AS oldest
			FROM ${findingFrom} WHERE (${filter}) GROUP BY f.${by}) g`,
		key: "g.id",
		sorts: {
			name: "g.name COLLATE NOCASE",
			title: "g.title COLLATE NOCASE",
			severity: "g.severity",
			priority: "g.priority",
			findings: "g.findings",
			assets: "g.assets",
			cvss: "ifnull(g.cvss, -1)",
			epss: "ifnull(g.epss, -1)",
			kev: "g.kev",
			oldest: "g.oldest",
		},
		order: { sql: "(g.severity * 1000000000 + g.findings)", descending: true },
		map: (row) => ({
			...{ by, id: row.id, name: row.name, title: row.title, severity: row.severity },
			priority: Math.min(100, row.priority / 10),
			...{ findings: row.findings, assets: row.assets, cvss: row.cvss, epss: row.epss, kev: row.kev === 1 },
			oldest: isoOf(row.oldest),
		}),
	};
}
