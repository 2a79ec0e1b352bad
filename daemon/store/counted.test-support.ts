/** The law of everything that is counted as it changes: the figures kept are those counted anew from the rows. */
import type { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import { readCounters } from "./counters.ts";

const severities = [1, 2, 3, 4, 5];

/** Counters, each asset's own figures and each signature's spread. */
export function checkCounters({ db }: { db: DatabaseSync }): void {
	const kept = readCounters(db);
	const counters = Object.keys(recount(db)).map((key) => [key, kept.get(key) ?? 0]);
	expect(Object.fromEntries(counters)).toEqual(recount(db));
	const counted = (where: string) => `(SELECT count(*) FROM finding f WHERE ${where} AND f.open = 1)`;
	const assets = db.prepare(
		`SELECT id, ${severities
			.map((n) => `n${n}, ${counted(`f.asset = a.id AND f.severity = ${n}`)} AS counted${n}`)
			.join(", ")} FROM asset a`,
	);
	for (const row of assets.all())
		expect([row.id, ...severities.map((n) => row[`n${n}`])]).toEqual([
			row.id,
			...severities.map((n) => row[`counted${n}`]),
		]);
	const spread = db.prepare(`SELECT s.name, s.open_assets, s.open_findings,
		(SELECT count(DISTINCT asset) FROM finding f WHERE f.signature = s.id AND open = 1) AS assets,
		(SELECT count(*) FROM finding f WHERE f.signature = s.id AND open = 1) AS findings FROM signature s`);
	for (const row of spread.all())
		expect([row.name, row.open_assets, row.open_findings]).toEqual([row.name, row.assets, row.findings]);
	expect(
		db
			.prepare(
				"SELECT id, status, open, excepted FROM finding WHERE open <> (CASE WHEN status IS NULL THEN 2 WHEN status = 3 THEN 0 WHEN excepted > 0 THEN 3 ELSE 1 END)",
			)
			.all(),
	).toEqual([]);
	expect(db.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
}

function recount(db: DatabaseSync): Record<string, number> {
	const one = (text: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${text}`).get()?.n);
	return {
		assets: one("asset"),
		services: one("service"),
		"status:NEW": one("finding WHERE open = 1 AND status = 1"),
		"status:ACTIVE": one("finding WHERE open = 1 AND status = 2"),
		"status:FIXED": one("finding WHERE open = 0"),
		"status:REOPENED": one("finding WHERE open = 1 AND status = 4"),
		"type:confirmed": one("finding WHERE open = 1 AND type = 1"),
		"type:potential": one("finding WHERE open = 1 AND type = 2"),
		"type:information": one("finding WHERE open = 2"),
		excepted: one("finding WHERE open = 3"),
		...Object.fromEntries(severities.map((n) => [`open:${n}`, one(`finding WHERE open = 1 AND severity = ${n}`)])),
	};
}
