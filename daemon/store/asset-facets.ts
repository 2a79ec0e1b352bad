/** What the assets of a list have in common: one pass over at most so many of them, and what hangs on those. */
import type { DatabaseSync } from "node:sqlite";
import { type Facets, facetLimits } from "../../protocol/model/facet.ts";
import { severityNames } from "../../protocol/model/severity.ts";
import { exactly } from "../query/print.ts";
import { agoWords, FacetTally } from "./facet-tally.ts";
import { storeFailure } from "./failure.ts";
import { assetFields } from "./fields.ts";
import type { Where } from "./page.ts";
import { all, arrays, atOneMoment } from "./sql.ts";

export interface AssetFacetQuery {
	/** Null: no filter. */
	readonly where: Where | null;
	/** Milliseconds: ages are told as of now. */
	readonly now: number;
}

type Row = [id: number, risk: number, os: string | null, tracking: string, network: string | null, seen: number];

/** Throws AppError `unavailable` when the store cannot be read. */
export function countAssetFacets(db: DatabaseSync, query: AssetFacetQuery, most: number = facetLimits.assets): Facets {
	try {
		return atOneMoment(db, () => count(db, query, most));
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

function count(db: DatabaseSync, { where, now }: AssetFacetQuery, most: number): Facets {
	const tally = new FacetTally();
	const rows = arrays<Row>(
		db,
		`SELECT a.id, ${riskSql}, a.os, a.tracking, (SELECT n.name FROM network n WHERE n.id = a.network), a.last_seen
		FROM asset a ${where === null ? "" : `WHERE (${where.sql})`} LIMIT ?`,
		...(where?.params ?? []),
		most + 1,
	);
	const looked = rows.slice(0, most);
	for (const [, risk, os, tracking, network, seen] of looked) {
		tally.add("risk", [`risk:${risk}`, risk === 0 ? "nothing open" : severityNames[risk as 1]]);
		tally.add("os", os === null ? ["os is null", "not known"] : [`os:${exactly(os)}`, os]);
		tally.add("tracking", [`tracking:${tracking}`, tracking]);
		if (network !== null) tally.add("network", [`network:${exactly(network)}`, network]);
		tally.add("seen", agoWords("lastSeen", now - seen));
	}
	const ids = JSON.stringify(looked.map(([id]) => id));
	const counted = (name: string, from: string) =>
		all<{ name: string | number; n: number }>(
			db,
			`SELECT ${name} AS name, count(DISTINCT i.value) AS n FROM json_each(?) i ${from} GROUP BY 1 HAVING name IS NOT NULL`,
			ids,
		);
	const ofServices = "JOIN service sv ON sv.asset = i.value";
	for (const { name, n } of counted("sv.port", ofServices)) tally.add("port", [`port:${name}`, String(name)], n);
	for (const { name, n } of counted("sv.name", ofServices))
		tally.add("service", [`service:${exactly(String(name))}`, String(name)], n);
	const ofTags = "JOIN asset_tag x ON x.asset = i.value JOIN tag g ON g.id = x.tag";
	for (const { name, n } of counted("g.name COLLATE NOCASE", ofTags))
		tally.add("tag", [`tag:${exactly(String(name))}`, String(name)], n);
	return { facets: tally.facets(), looked: looked.length, isAll: rows.length <= most };
}

const { risk } = assetFields.fields;
const riskSql = risk !== undefined && "sql" in risk ? risk.sql : "0";
