/** Findings that are to be mended, asset by asset. */
import type { DatabaseSync } from "node:sqlite";
import { addressOfKey } from "./address-key.ts";
import { storeFailure } from "./failure.ts";
import { findingReading } from "./findings.ts";
import type { Where } from "./page.ts";

export interface RemedyFinding {
	readonly id: number;
	readonly asset: number;
	readonly assetName: string;
	readonly address: string;
	/** 0: about the whole host. */
	readonly port: number;
	readonly protocol: number;
	readonly signature: string;
	/** What its signature looks at. */
	readonly kind: string;
	readonly title: string;
	readonly solution: string;
}

/** Numbers of the assets that have such findings, ascending. */
export function remedyAssets(db: DatabaseSync, where: Where | null): number[] {
	const text = `SELECT DISTINCT f.asset FROM ${findingReading.from} ${where === null ? "" : `WHERE ${where.sql}`} ORDER BY f.asset`;
	return rowsOf<{ asset: number }>(db, text, where?.params ?? []).map(({ asset }) => asset);
}

export function remedyFindings(db: DatabaseSync, where: Where | null, asset: number): RemedyFinding[] {
	const rows = rowsOf<RemedyFinding>(
		db,
		`SELECT f.id, f.asset, a.name AS assetName, f.address, f.port, f.protocol, s.name AS signature, s.kind, s.title,
			ifnull(json_extract(s.body, '$.solution'), '') AS solution
		FROM ${findingReading.from} WHERE f.asset = ? ${where === null ? "" : `AND (${where.sql})`} ORDER BY f.severity DESC, f.id`,
		[asset, ...(where?.params ?? [])],
	);
	return rows.map((row) => ({ ...row, address: addressOfKey(row.address) }));
}

function rowsOf<Row>(db: DatabaseSync, text: string, params: Where["params"]): Row[] {
	try {
		return db.prepare(text).all(...params) as Row[];
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}
