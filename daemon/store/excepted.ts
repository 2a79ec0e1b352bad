/**
 * Findings set apart from what is to be done: by an approved exception, or because somebody ignores them. They live on like
 * any others; what counts them (counters, assets, signatures, trend) changes in the same transaction.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/severity.ts";
import { exceptedBits, openNumbers, signaturesBelow, statusOf, typeOf } from "./codes.ts";
import { Tally } from "./counters.ts";
import { run, transaction, tuples } from "./sql.ts";

export type ExceptedBy = keyof typeof exceptedBits;

/** What changed: findings whose mark is another than before, open ones that now count or no longer do, and their assets. */
export interface SetApart {
	readonly findings: number;
	readonly counted: number;
	readonly assets: number;
	/** The first, as they are now. */
	readonly marked: readonly Marked[];
}

/**
 * Sets a mark on findings or takes it off; ids that are not there are passed over. `at` in milliseconds. Many of them are
 * better done a few hundred at a time (bulk).
 */
export function setExcepted(
	db: DatabaseSync,
	ids: readonly number[],
	by: ExceptedBy,
	wanted: boolean,
	at: number,
): SetApart {
	if (ids.length === 0) return { findings: 0, counted: 0, assets: 0, marked: [] };
	return transaction(db, () => {
		const bit = exceptedBits[by];
		const changed = writeMarks(db, ids, bit, wanted);
		// What another mark sets apart as well counted as little before as it does now.
		const counted = changed.filter(([, , , , , open, excepted]) =>
			wanted ? open === openNumbers.excepted && excepted === bit : open === openNumbers.open,
		);
		const sign = wanted ? -1 : 1;
		countSpread(db, counted, sign);
		const assets = countAssets(db, counted, sign);
		const tally = new Tally();
		for (const [key, n] of countedBy(counted, (row) => (row[2] * 10 + row[3]) * 10 + row[4])) {
			const severity = Math.floor(key / 100) as Severity;
			const finding = { severity, type: typeOf(Math.floor(key / 10) % 10), status: statusOf(key % 10) };
			tally.addFinding({ ...finding, excepted: false }, sign * n);
			tally.addFinding({ ...finding, excepted: true }, -sign * n);
		}
		tally.write(db, at);
		return { findings: changed.length, counted: counted.length, assets, marked: changed };
	});
}

/** A finding as it is now: rows and not objects, because there may be a hundred thousand. */
export type Marked = [
	asset: number,
	signature: number,
	severity: Severity,
	type: number,
	status: number,
	open: number,
	excepted: number,
	id: number,
];

/** Ids in one statement: what it keeps beside while it runs is in memory. */
const atOnce = 5_000;

function writeMarks(db: DatabaseSync, ids: readonly number[], bit: number, wanted: boolean): Marked[] {
	const { open, excepted } = openNumbers;
	const marks = wanted ? `excepted | ${bit}` : `excepted & ~${bit}`;
	// FAIL: the transaction is what undoes it; a copy of every page for the statement alone would be hundreds of megabytes.
	const text = `UPDATE OR FAIL finding SET excepted = ${marks},
			open = CASE WHEN open NOT IN (${open}, ${excepted}) THEN open WHEN (${marks}) = 0 THEN ${open} ELSE ${excepted} END
		WHERE id IN (SELECT value FROM json_each(?)) AND (excepted & ${bit}) = ${wanted ? 0 : bit}
		RETURNING asset, signature, severity, type, status, open, excepted, id`;
	const changed: Marked[] = [];
	for (let from = 0; from < ids.length; from += atOnce) {
		for (const row of tuples<Marked>(db, text, JSON.stringify(ids.slice(from, from + atOnce)))) changed.push(row);
	}
	return changed;
}

/** A signature is open on one asset fewer where none of its findings counts any more, on one more where these alone do. */
function countSpread(db: DatabaseSync, counted: readonly Marked[], sign: 1 | -1): void {
	const keys = counted.map(([asset, signature]) => asset * signaturesBelow + signature);
	run(
		db,
		`UPDATE signature SET open_findings = open_findings + ?1 * c.findings, open_assets = open_assets + ?1 * c.assets
		FROM (SELECT p.signature, sum(p.n) AS findings, sum((SELECT count(*) FROM finding f WHERE f.asset = p.asset
					AND f.signature = p.signature AND f.open = ${openNumbers.open}) = iif(?1 < 0, 0, p.n)) AS assets
			FROM (SELECT value / ${signaturesBelow} AS asset, value % ${signaturesBelow} AS signature, count(*) AS n
				FROM json_each(?2) GROUP BY value) p
			GROUP BY p.signature) c WHERE signature.id = c.signature`,
		sign,
		JSON.stringify(keys),
	);
}

/** Returns how many assets there are. */
function countAssets(db: DatabaseSync, counted: readonly Marked[], sign: 1 | -1): number {
	const keys = counted.map(([asset, , severity]) => asset * 10 + severity);
	const sums = [1, 2, 3, 4, 5].map((severity) => `sum(value % 10 = ${severity}) AS m${severity}`);
	return run(
		db,
		`UPDATE asset SET n1 = n1 + ?1 * c.m1, n2 = n2 + ?1 * c.m2, n3 = n3 + ?1 * c.m3, n4 = n4 + ?1 * c.m4, n5 = n5 + ?1 * c.m5
		FROM (SELECT value / 10 AS asset, ${sums.join(", ")} FROM json_each(?2) GROUP BY value / 10) c WHERE asset.id = c.asset`,
		sign,
		JSON.stringify(keys),
	).changes;
}

function countedBy(rows: readonly Marked[], keyOf: (row: Marked) => number): Map<number, number> {
	const counts = new Map<number, number>();
	for (const row of rows) {
		const key = keyOf(row);
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}
