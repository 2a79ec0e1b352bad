/** Priorities in the store: the weights, the facts they are laid on, and what is at stake on each asset. */
import type { DatabaseSync } from "node:sqlite";
import type { FindingType } from "../../protocol/model/finding.ts";
import type { AssetGroup } from "../../protocol/model/group.ts";
import { type PriorityWeights, priorityWeights } from "../../protocol/model/priority.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import { addressOfKey } from "./address-key.ts";
import { typeOf } from "./codes.ts";
import { inGroup } from "./fields.ts";
import { hostFields } from "./host-fields.ts";
import { all, first, run } from "./sql.ts";

export function readWeights(db: DatabaseSync): PriorityWeights {
	const text = "SELECT group_concat(factor || ':' || weight) AS text FROM priority_weight";
	const told = first<{ text: string }>(db, text)?.text ?? "";
	const known = kept.get(db);
	if (known?.text === told) return known.weights;
	const words = told.split(",").map((one) => one.split(":"));
	const weights = priorityWeights.parse(Object.fromEntries(words.map(([factor, weight]) => [factor, Number(weight)])));
	kept.set(db, { text: told, weights });
	return weights;
}

/** They are asked for with each new asset, and hardly ever others than before. */
const kept = new WeakMap<DatabaseSync, { readonly text: string; readonly weights: PriorityWeights }>();

/** Signatures are weighed anew at once; what is at stake on assets is the caller's. */
export function writeWeights(db: DatabaseSync, weights: Partial<PriorityWeights>): void {
	for (const [factor, weight] of Object.entries(weights)) {
		run(db, "UPDATE priority_weight SET weight = ? WHERE factor = ?", weight, factor);
	}
	run(
		db,
		`UPDATE signature SET points = p.points FROM signature_points p WHERE p.id = signature.id AND p.points <> signature.points`,
	);
}

export interface StoredAssetFacts {
	readonly id: number;
	readonly stakes: number;
	readonly addresses: readonly string[];
	readonly criticality: number;
	readonly impact: AssetGroup["businessImpact"];
	/** A tag that says so by its name. */
	readonly isFacing: boolean;
}

/** Assets above a number, in its order. */
export function listAssetFacts(db: DatabaseSync, after: number, limit: number): StoredAssetFacts[] {
	return all<AssetRow>(db, `${assetSelect} WHERE a.id > ? ORDER BY a.id LIMIT ?`, after, limit).map(toAssetFacts);
}

export function findAssetFacts(db: DatabaseSync, id: number): StoredAssetFacts | null {
	const row = first<AssetRow>(db, `${assetSelect} WHERE a.id = ?`, id);
	return row === undefined ? null : toAssetFacts(row);
}

export function setStakes(db: DatabaseSync, asset: number, stakes: number): void {
	run(db, "UPDATE asset SET stakes = ? WHERE id = ?", stakes, asset);
}

export interface StoredPriorityFacts {
	readonly title: string;
	readonly severity: Severity;
	readonly type: FindingType;
	readonly cvss: number | null;
	readonly epss: number | null;
	readonly kev: boolean;
	readonly asset: StoredAssetFacts;
}

/** Null when there is no such finding. */
export function findPriorityFacts(db: DatabaseSync, finding: number): StoredPriorityFacts | null {
	const row = first<FindingRow>(
		db,
		`SELECT s.title, s.severity, f.type, s.cvss, s.epss, s.kev, f.asset FROM finding f
		JOIN signature s ON s.id = f.signature WHERE f.id = ?`,
		finding,
	);
	if (row === undefined) return null;
	const asset = findAssetFacts(db, row.asset);
	if (asset === null) return null;
	const { title, severity, cvss, epss } = row;
	return {
		...{ title, severity, cvss, epss, kev: row.kev === 1, type: typeOf(row.type) },
		asset,
	};
}

interface FindingRow {
	title: string;
	severity: Severity;
	type: number;
	cvss: number | null;
	epss: number | null;
	kev: number;
	asset: number;
}

interface AssetRow {
	id: number;
	stakes: number;
	addresses: string | null;
	criticality: number | null;
	impact: number | null;
	facing: number;
}

const impacts = ["none", "low", "medium", "high", "critical"] as const;

/** Groups that name no impact are not even looked at. */
const assetSelect = `SELECT a.id, a.stakes, (SELECT group_concat(aa.address) FROM asset_address aa WHERE aa.asset = a.id) AS addresses,
	${hostFields.criticality.sql} AS criticality,
	(SELECT max(CASE ag.impact WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END)
		FROM asset_group ag WHERE ag.impact <> 'none' AND ${inGroup}) AS impact,
	EXISTS (SELECT 1 FROM asset_tag fx JOIN tag ft ON ft.id = fx.tag WHERE fx.asset = a.id AND ft.name LIKE 'internet_facing%') AS facing
	FROM asset a`;

function toAssetFacts(row: AssetRow): StoredAssetFacts {
	return {
		...{ id: row.id, stakes: row.stakes, criticality: row.criticality ?? 2, isFacing: row.facing === 1 },
		addresses: row.addresses === null ? [] : row.addresses.split(",").map(addressOfKey),
		impact: impacts[row.impact ?? 0] ?? "none",
	};
}
