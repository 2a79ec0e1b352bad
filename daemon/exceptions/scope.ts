/** What a scope stands for: its findings now, what they are called, and why nobody may ask for it as it stands. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Severity, SeverityCounts } from "../../protocol/model/common.ts";
import type { ExceptionScope } from "../../protocol/model/exception.ts";
import { compileFilter } from "../query/compile.ts";
import type { SqlValue } from "../query/fields.ts";
import { findAsset } from "../store/assets.ts";
import { exceptedBits, openNumbers } from "../store/codes.ts";
import { openCounts, readCounters } from "../store/counters.ts";
import { readCovered } from "../store/exception-cover.ts";
import { findingFields } from "../store/fields.ts";
import { arrays } from "../store/sql.ts";

/** The findings a scope, or several, stand for now: open ones, those set apart already too. */
export interface Resolved {
	/** Ascending. */
	readonly ids: readonly number[];
	readonly assets: ReadonlySet<number>;
	/** Numbers of signatures. */
	readonly signatures: ReadonlySet<number>;
	readonly bySeverity: SeverityCounts;
	/** Set apart by an approval already. */
	readonly excepted: number;
	/** Worst first. */
	readonly worst: readonly number[];
}

const worstShown = 10;

/** Throws `invalid` for a query that cannot be read, `not-found` for an asset that is not there. `now` in milliseconds. */
export function resolveScopes(db: DatabaseSync, scopes: readonly ExceptionScope[], now: number): Resolved {
	const rows = scopes.flatMap((scope) => rowsOf(db, scope, now));
	const [assets, signatures] = [new Set<number>(), new Set<number>()];
	const bySeverity: SeverityCounts = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };
	const seen = scopes.length > 1 ? new Set<number>() : null;
	const numbers = new Uint32Array(rows.length);
	let [n, excepted] = [0, 0];
	for (const [id, asset, signature, severity, marks] of rows) {
		if (seen?.has(id)) continue;
		seen?.add(id);
		numbers[n++] = id;
		assets.add(asset);
		signatures.add(signature);
		bySeverity[severity]++;
		if ((marks & exceptedBits.exception) !== 0) excepted++;
	}
	const ids = Array.from(numbers.subarray(0, n).sort());
	return { ids, assets, signatures, bySeverity, excepted, worst: worstOf(rows) };
}

/** Worst first, then the newest. */
function worstOf(rows: readonly Row[]): number[] {
	const worst = new Map<number, Severity>();
	for (const level of [5, 4, 3, 2, 1] as const) {
		if (worst.size >= worstShown) break;
		const ids = rows.flatMap(([id, , , severity]) => (severity === level ? id : []));
		for (const id of ids.sort((a, b) => b - a).slice(0, worstShown)) worst.set(id, level);
	}
	return [...worst.keys()].slice(0, worstShown);
}

/** A condition over `finding f` for what a scope means, whatever the state of the finding. */
export function scopeCondition(scope: ExceptionScope, now: number): { sql: string; params: SqlValue[] } {
	switch (scope.kind) {
		case "findings":
			return { sql: "f.id IN (SELECT value FROM json_each(?))", params: [JSON.stringify(scope.findings)] };
		case "asset": {
			const { where } = compileFilter(qidQuery(scope.qids), findingFields, { now });
			return { sql: `f.asset = ? AND (${where?.sql ?? "0"})`, params: [scope.asset, ...(where?.params ?? [])] };
		}
		case "query": {
			const parts = [
				...(scope.qids.length > 0 ? [qidQuery(scope.qids)] : []),
				...(scope.query.trim() ? [scope.query] : []),
			];
			const query = parts.map((part) => `(${part})`).join(" and ");
			const { where } = compileFilter(query, findingFields, { now });
			return where ?? { sql: "1", params: [] };
		}
	}
}

/** Over the findings themselves: what was shown is what is asked for. */
export function digestOf(scopes: readonly ExceptionScope[], { ids }: Resolved): string {
	return createHash("sha256").update(JSON.stringify(scopes)).update(Uint32Array.from(ids)).digest("hex").slice(0, 32);
}

/** Why it cannot be asked for, as a sentence; null when it can. */
export function scopeRefusal(db: DatabaseSync, scopes: readonly ExceptionScope[], resolved: Resolved): string | null {
	if (scopes.some((scope) => scope.kind === "query" && scope.live && scope.qids.length === 0))
		return "What comes later can only be covered where the vulnerabilities are named: say which, by their QIDs.";
	const everything = resolved.ids.length >= openFindings(db) && resolved.signatures.size > 1;
	if (everything && scopes.some(({ kind }) => kind === "query"))
		return "That is every open finding there is: say which vulnerabilities it is about, in a request for each.";
	if (resolved.ids.length > 0) return null;
	return "No open finding matches: there is nothing to set apart. Information and what is fixed needs no exception.";
}

/** What they are, in words. */
export function subjectOf(db: DatabaseSync, { ids, assets, signatures, worst }: Resolved): string {
	const [one] = readCovered(db, worst.slice(0, 1));
	if (one === undefined) return "nothing";
	const what = signatures.size === 1 ? one.title : `${signatures.size} vulnerabilities`;
	const place = one.port === null ? one.asset.name : `${one.asset.name}, port ${one.port}`;
	if (ids.length === 1) return `${what} on ${place}`;
	return assets.size === 1
		? `${what} on ${one.asset.name} (${ids.length} findings)`
		: `${what} on ${assets.size} assets`;
}

/** Open findings, those set apart too. */
export function openFindings(db: DatabaseSync): number {
	const counters = readCounters(db);
	return Object.values(openCounts(counters)).reduce((sum, n) => sum + n, counters.get("excepted") ?? 0);
}

type Row = [id: number, asset: number, signature: number, severity: Severity, marks: number];

function rowsOf(db: DatabaseSync, scope: ExceptionScope, now: number): Row[] {
	if (scope.kind === "asset" && findAsset(db, { id: scope.asset }) === null) {
		throw new AppError("not-found", `There is no asset ${scope.asset}.`, { hint: "List them with: vedette assets" });
	}
	const { sql, params } = scopeCondition(scope, now);
	// Apart, and spelled as the partial indexes are, or they would not be used.
	return [openNumbers.open, openNumbers.excepted].flatMap((open) => {
		const text = `SELECT f.id, f.asset, f.signature, f.severity, f.excepted FROM finding f LEFT JOIN signature s ON s.id = f.signature
			LEFT JOIN asset a ON a.id = f.asset LEFT JOIN result r ON r.id = f.result WHERE (${sql}) AND f.open = ${open}`;
		return arrays<Row>(db, text, ...params);
	});
}

function qidQuery(qids: readonly number[]): string {
	return `qid:[${qids.join(", ")}]`;
}
