/**
 * Which findings a request covers, and whether an approval still does. An approval that has ended covers what was found before
 * its end: only a later sighting counts again.
 */
import type { DatabaseSync } from "node:sqlite";
import type { CoveredFinding, ExceptionScope } from "../../protocol/model/exception.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import { addressOfKey } from "./address-key.ts";
import { exceptedBits } from "./codes.ts";
import { setExcepted } from "./excepted.ts";
import { all, arrays, first, run, tuples } from "./sql.ts";

/** Adds findings (and the numbers of their signatures) to what a request covers. */
export function cover(db: DatabaseSync, exception: number, ids: readonly number[], signatures: Iterable<number>): void {
	run(
		db,
		"INSERT OR IGNORE INTO exception_finding (exception, finding) SELECT ?, value FROM json_each(?) ORDER BY value",
		exception,
		JSON.stringify(ids),
	);
	run(
		db,
		"INSERT OR IGNORE INTO exception_signature (exception, signature) SELECT ?, value FROM json_each(?)",
		exception,
		JSON.stringify([...signatures]),
	);
}

/** Takes some of what it covers away again; returns how many. */
export function uncover(db: DatabaseSync, exception: number, limit: number): number {
	const some = "SELECT finding FROM exception_finding WHERE exception = ?1 LIMIT ?2";
	return run(db, `DELETE FROM exception_finding WHERE exception = ?1 AND finding IN (${some})`, exception, limit)
		.changes;
}

/** What was written down for requests that never came to be, because the daemon stopped. */
export function dropUnmade(db: DatabaseSync): void {
	// From one request's first row to the next one's: the rows themselves may be millions.
	run(
		db,
		`DELETE FROM exception_finding WHERE exception IN (
			WITH RECURSIVE each (id) AS (SELECT min(exception) FROM exception_finding
				UNION ALL SELECT (SELECT min(c.exception) FROM exception_finding c WHERE c.exception > each.id) FROM each WHERE each.id IS NOT NULL)
			SELECT id FROM each WHERE id NOT IN (SELECT id FROM exception))`,
	);
}

/** Numbers of the findings it covers, those that are gone too. */
export function coveredIds(db: DatabaseSync, exception: number): number[] {
	const text = "SELECT finding FROM exception_finding WHERE exception = ? ORDER BY finding";
	return arrays<[number]>(db, text, exception).map(([id]) => id);
}

/** So many of what a request covers, from above a number on. */
export interface CoveredStep {
	readonly exception: number;
	readonly after: number;
	readonly limit: number;
}

/** Some of what a request covers. */
export interface CoveredSome {
	readonly ids: readonly number[];
	/** After which number more follow; null: these were the last. */
	readonly next: number | null;
}

export function coveredAfter(db: DatabaseSync, step: CoveredStep): CoveredSome {
	return coveredSome(db, step, "1");
}

/** Of these, those that no other approval covers that holds at a moment (milliseconds), or held then. */
export function coveredByNoneElse(db: DatabaseSync, step: CoveredStep, at: number): CoveredSome {
	const isFree = `NOT EXISTS (SELECT 1 FROM exception_finding o JOIN exception x ON x.id = o.exception WHERE o.finding = c.finding
		AND o.exception <> c.exception AND ${holds})`;
	return coveredSome(db, step, isFree, at);
}

function coveredSome(db: DatabaseSync, { exception, after, limit }: CoveredStep, isMeant: string, ...at: number[]) {
	const text = `SELECT c.finding, ${isMeant} FROM exception_finding c WHERE c.exception = ? AND c.finding > ? ORDER BY c.finding LIMIT ?`;
	const rows = tuples<[finding: number, isMeant: number]>(db, text, ...at, exception, after, limit);
	const ids = rows.flatMap(([finding, meant]) => (meant === 1 ? finding : []));
	return { ids, next: rows.length < limit ? null : (rows.at(-1)?.[0] ?? null) };
}

/** An approval holds at a moment, or held then. */
const holds = "x.state IN ('approved', 'expired') AND x.until > ?";

/** Findings and assets a request covers now. */
export function countCovered(db: DatabaseSync, exception: number): { findings: number; assets: number } {
	const text = `SELECT count(*) AS findings, count(DISTINCT f.asset) AS assets FROM exception_finding c JOIN finding f ON f.id = c.finding
		WHERE c.exception = ?`;
	const { findings = 0, assets = 0 } = first<{ findings: number; assets: number }>(db, text, exception) ?? {};
	return { findings, assets };
}

/** Numbers of the assets a request covers findings of. */
export function assetsCovered(db: DatabaseSync, exception: number): number[] {
	const text =
		"SELECT DISTINCT f.asset FROM exception_finding c JOIN finding f ON f.id = c.finding WHERE c.exception = ?";
	return all<{ asset: number }>(db, text, exception).map(({ asset }) => asset);
}

/** Numbers of the signatures a request is about, and of its assets where they are few. */
export function signaturesAndAssets(
	db: DatabaseSync,
	exception: number,
): { signatures: Set<number>; assets: Set<number> } {
	const signatures = all<{ signature: number }>(
		db,
		"SELECT signature FROM exception_signature WHERE exception = ?",
		exception,
	);
	return {
		signatures: new Set(signatures.map(({ signature }) => signature)),
		assets: new Set(assetsCovered(db, exception)),
	};
}

/** Of findings, those that no approval covers that holds at a moment (milliseconds), or held then. */
export function uncovered(db: DatabaseSync, ids: readonly number[], at: number): number[] {
	if (ids.length === 0) return [];
	return all<{ id: number }>(
		db,
		`SELECT j.value AS id FROM json_each(?) j WHERE NOT EXISTS (SELECT 1 FROM exception_finding c JOIN exception x ON x.id = c.exception
			WHERE c.finding = j.value AND ${holds})`,
		JSON.stringify(ids),
		at,
	).map(({ id }) => id);
}

/**
 * Brings the marks of an asset that came back (from a purge, out of a merge) in step with what was decided meanwhile. `at` in
 * milliseconds.
 */
export function mendMarks(db: DatabaseSync, asset: number, at: number): void {
	const rows = all<{ id: number; excepted: number; approved: number; known: number }>(
		db,
		`SELECT f.id, f.excepted & ${exceptedBits.exception} AS excepted, ${holding("'approved'")} AS approved,
			${holding("'approved', 'expired'")} AS known FROM finding f WHERE f.asset = ?`,
		asset,
	);
	const covered = rows.flatMap(({ id, excepted, approved }) => (excepted === 0 && approved === 1 ? id : []));
	setExcepted(db, covered, "exception", true, at);
	const free = rows.flatMap(({ id, excepted, known }) => (excepted !== 0 && known === 0 ? id : []));
	setExcepted(db, free, "exception", false, at);
}

const holding = (states: string) => `EXISTS (SELECT 1 FROM exception_finding c JOIN exception x ON x.id = c.exception
	WHERE c.finding = f.id AND x.state IN (${states}))`;

/** Approvals that cover what comes later, and hold at a moment (milliseconds). */
export function listLive(db: DatabaseSync, at: number): { id: number; scope: ExceptionScope }[] {
	return all<{ id: number; scope: string }>(
		db,
		"SELECT id, scope FROM exception WHERE state = 'approved' AND until > ? AND live = 1 ORDER BY id",
		at,
	).map(({ id, scope }) => ({ id, scope: JSON.parse(scope) as ExceptionScope }));
}

/** Numbers of requests that cover a finding, newest first. */
export function exceptionsOf(db: DatabaseSync, finding: number): number[] {
	return all<{ exception: number }>(
		db,
		"SELECT exception FROM exception_finding WHERE finding = ? ORDER BY exception DESC LIMIT 100",
		finding,
	).map(({ exception }) => exception);
}

/** Numbers of decided requests on the same vulnerabilities (numbers of signatures) or assets, newest first. */
export function listSimilar(
	db: DatabaseSync,
	{ signatures, assets, not }: { signatures: readonly number[]; assets: readonly number[]; not: number },
): number[] {
	return all<{ id: number }>(
		db,
		`SELECT x.id FROM exception x WHERE x.decided_at IS NOT NULL AND x.id <> ?
			AND (x.id IN (SELECT s.exception FROM exception_signature s WHERE s.signature IN (SELECT value FROM json_each(?)))
				OR x.id IN (SELECT c.exception FROM finding f JOIN exception_finding c ON c.finding = f.id
					WHERE f.asset IN (SELECT value FROM json_each(?))))
		ORDER BY x.id DESC LIMIT 5`,
		...[not, JSON.stringify(signatures), JSON.stringify(assets)],
	).map(({ id }) => id);
}

/** In the order of the numbers given. */
export function readCovered(db: DatabaseSync, ids: readonly number[]): CoveredFinding[] {
	return all<CoveredRow>(
		db,
		`SELECT f.id, s.qid, s.title, f.severity, f.asset, a.name, f.address, f.port FROM json_each(?) j JOIN finding f ON f.id = j.value
		JOIN signature s ON s.id = f.signature JOIN asset a ON a.id = f.asset ORDER BY j.key`,
		JSON.stringify(ids),
	).map(({ asset, name, address, port, ...row }) => ({
		...row,
		asset: { id: asset, name },
		address: addressOfKey(address),
		port: port === 0 ? null : port,
	}));
}

/** Numbers of the worst findings a request covers. */
export function worstCovered(db: DatabaseSync, exception: number, limit: number): number[] {
	return all<{ id: number }>(
		db,
		`SELECT f.id FROM exception_finding c JOIN finding f ON f.id = c.finding WHERE c.exception = ?
		ORDER BY f.severity DESC, f.id DESC LIMIT ?`,
		exception,
		limit,
	).map(({ id }) => id);
}

interface CoveredRow {
	id: number;
	qid: number;
	title: string;
	severity: Severity;
	asset: number;
	name: string;
	address: string;
	port: number;
}
