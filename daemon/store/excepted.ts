/**
 * Findings set apart from what is to be done: by an approved exception, or because somebody ignores them. They live on like
 * any others; what counts them (counters, assets, signatures, trend) changes in the same transaction.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/common.ts";
import type { FindingType } from "../../protocol/model/finding.ts";
import { exceptedBits, openNumbers, statusOf, typeOf } from "./codes.ts";
import { Tally } from "./counters.ts";
import { all, first, run, transaction } from "./sql.ts";

export type ExceptedBy = keyof typeof exceptedBits;

/** What changed: findings whose mark is another than before, open ones that now count or no longer do, and their assets. */
export interface SetApart {
	readonly findings: number;
	readonly counted: number;
	readonly assets: number;
}

/**
 * Sets a mark on findings or takes it off; ids that are not there are passed over. `at` in milliseconds. 100,000 of them are
 * one second's work.
 */
export function setExcepted(
	db: DatabaseSync,
	ids: readonly number[],
	by: ExceptedBy,
	wanted: boolean,
	at: number,
): SetApart {
	if (ids.length === 0) return { findings: 0, counted: 0, assets: 0 };
	return transaction(db, () => {
		const bit = exceptedBits[by];
		db.exec(workTables);
		run(
			db,
			`INSERT OR IGNORE INTO temp.set_apart (id, asset, signature, severity, type, status, before, after)
			SELECT f.id, f.asset, f.signature, f.severity, f.type, f.status, f.open,
				CASE WHEN f.open IN (${openNumbers.open}, ${openNumbers.excepted})
					THEN CASE WHEN ${wanted ? "1" : `f.excepted & ~${bit}`} THEN ${openNumbers.excepted} ELSE ${openNumbers.open} END
					ELSE f.open END
			FROM json_each(?) j JOIN finding f ON f.id = j.value WHERE (f.excepted & ${bit}) = ${wanted ? 0 : bit}`,
			JSON.stringify(ids),
		);
		run(
			db,
			"INSERT INTO temp.set_apart_pair (asset, signature, n) SELECT asset, signature, count(*) FROM temp.set_apart WHERE before <> after GROUP BY asset, signature",
		);
		// On how many assets a signature is open: asked while the findings concerned are not counted.
		if (wanted) writeMarks(db, bit, wanted);
		countSpread(db, wanted ? -1 : 1);
		if (!wanted) writeMarks(db, bit, wanted);
		const assets = countAssets(db, wanted ? -1 : 1);
		const counted = count(db, at, wanted ? -1 : 1);
		const findings = first<{ n: number }>(db, "SELECT count(*) AS n FROM temp.set_apart")?.n ?? 0;
		db.exec("DELETE FROM temp.set_apart; DELETE FROM temp.set_apart_pair");
		return { findings, counted, assets };
	});
}

const workTables = `CREATE TEMP TABLE IF NOT EXISTS set_apart (id INTEGER PRIMARY KEY, asset INTEGER, signature INTEGER,
	severity INTEGER, type INTEGER, status INTEGER, before INTEGER, after INTEGER);
	CREATE TEMP TABLE IF NOT EXISTS set_apart_pair (asset INTEGER, signature INTEGER, n INTEGER, PRIMARY KEY (asset, signature)) WITHOUT ROWID`;

/** Apart: the indexes of what is open rest for those that were fixed meanwhile. */
function writeMarks(db: DatabaseSync, bit: number, wanted: boolean): void {
	const marked = wanted ? `excepted | ${bit}` : `excepted & ~${bit}`;
	run(
		db,
		`UPDATE finding SET excepted = ${marked}, open = s.after FROM temp.set_apart s
		WHERE finding.id = s.id AND s.before <> s.after`,
	);
	run(
		db,
		`UPDATE finding SET excepted = ${marked} FROM temp.set_apart s WHERE finding.id = s.id AND s.before = s.after`,
	);
}

function countSpread(db: DatabaseSync, sign: 1 | -1): void {
	run(
		db,
		`UPDATE signature SET open_findings = open_findings + ?1 * c.findings, open_assets = open_assets + ?1 * c.assets
		FROM (SELECT signature, sum(n) AS findings, sum(NOT EXISTS (SELECT 1 FROM finding f
				WHERE f.asset = p.asset AND f.signature = p.signature AND f.open = ${openNumbers.open})) AS assets
			FROM temp.set_apart_pair p GROUP BY signature) c WHERE signature.id = c.signature`,
		sign,
	);
}

/** Returns how many assets there are. */
function countAssets(db: DatabaseSync, sign: 1 | -1): number {
	const of = (severity: number) => `n${severity} = asset.n${severity} + ?1 * c.n${severity}`;
	const sum = (severity: number) => `sum(severity = ${severity}) AS n${severity}`;
	const severities = [1, 2, 3, 4, 5];
	return run(
		db,
		`UPDATE asset SET ${severities.map(of).join(", ")} FROM (SELECT asset, ${severities.map(sum).join(", ")}
			FROM temp.set_apart WHERE before <> after GROUP BY asset) c WHERE asset.id = c.asset`,
		sign,
	).changes;
}

/** Returns how many findings were counted anew. */
function count(db: DatabaseSync, at: number, sign: 1 | -1): number {
	const tally = new Tally();
	let counted = 0;
	const groups = all<{ severity: Severity; type: number; status: number; n: number }>(
		db,
		"SELECT severity, type, status, count(*) AS n FROM temp.set_apart WHERE before <> after GROUP BY severity, type, status",
	);
	for (const { severity, type, status, n } of groups) {
		counted += n;
		const finding = { severity, type: typeOf(type) as FindingType, status: statusOf(status) };
		tally.addFinding({ ...finding, excepted: false }, sign * n);
		tally.addFinding({ ...finding, excepted: true }, -sign * n);
	}
	tally.write(db, at);
	return counted;
}
