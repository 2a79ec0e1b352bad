/** What a scope stands for: its findings now, what they are called, and why nobody may ask for it as it stands. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import { type ExceptionScope, exceptionLimits } from "../../protocol/model/exception.ts";
import type { Severity, SeverityCounts } from "../../protocol/model/severity.ts";
import { compileFilter } from "../query/compile.ts";
import type { SqlValue } from "../query/fields.ts";
import { findAsset } from "../store/assets.ts";
import { openNumbers } from "../store/codes.ts";
import { openCounts, readCounters } from "../store/counters.ts";
import { readCovered } from "../store/exception-cover.ts";
import { findingFields } from "../store/fields.ts";
import { findingFromFor } from "../store/findings.ts";
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

/**
 * Throws `invalid` for a query that cannot be read, `not-found` for an asset that is not there, `too-large` for more than the main
 * thread should look at in one go. `now` in milliseconds; `most`: rows of all scopes together.
 */
export function resolveScopes(
	db: DatabaseSync,
	scopes: readonly ExceptionScope[],
	now: number,
	most: number = exceptionLimits.rows,
): Resolved {
	if (scopes.filter(({ kind }) => kind === "query").length > exceptionLimits.queries)
		throw new AppError("too-large", `These are more than ${exceptionLimits.queries} queries.`, {
			hint: "Ask for fewer at once, or put them together: (severity:5) or (port:22)",
		});
	const [assets, signatures] = [new Set<number>(), new Set<number>()];
	const bySeverity: SeverityCounts = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };
	const seen = scopes.length > 1 ? new Set<number>() : null;
	const numbers: number[] = [];
	let worst: Ranked[] = [];
	let [left, excepted] = [most, 0];
	for (const scope of scopes) {
		const rows = rowsOf(db, scope, now, left + 1);
		left -= rows.length;
		if (left < 0)
			throw new AppError("too-large", `These are more than ${most.toLocaleString("en")} findings.`, {
				hint: "Say which vulnerabilities it is about, in a request for each.",
			});
		for (const [id, asset, signature, severity, isApart] of rows) {
			if (seen?.has(id)) continue;
			seen?.add(id);
			numbers.push(id);
			assets.add(asset);
			signatures.add(signature);
			bySeverity[severity]++;
			excepted += isApart;
			worst = withOne(worst, { id, severity });
		}
	}
	const ids = Array.from(Uint32Array.from(numbers).sort());
	return { ids, assets, signatures, bySeverity, excepted, worst: worst.map(({ id }) => id) };
}

/** Each once: the same asked for twice is one request. */
export function differentScopes(scopes: readonly ExceptionScope[]): ExceptionScope[] {
	return [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).values()];
}

interface Ranked {
	readonly id: number;
	readonly severity: Severity;
}

/** The worst first, then the newest; the same list when it is none of them. */
function withOne(worst: Ranked[], one: Ranked): Ranked[] {
	const last = worst[worstShown - 1];
	if (last !== undefined && byRank(last, one) < 0) return worst;
	return [...worst, one].sort(byRank).slice(0, worstShown);
}

function byRank(a: Ranked, b: Ranked): number {
	return b.severity - a.severity || b.id - a.id;
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

type Row = [id: number, asset: number, signature: number, severity: Severity, isApart: 0 | 1];

/** `most` at most. */
function rowsOf(db: DatabaseSync, scope: ExceptionScope, now: number, most: number): Row[] {
	if (scope.kind === "asset" && findAsset(db, { id: scope.asset }) === null) {
		throw new AppError("not-found", `There is no asset ${scope.asset}.`, { hint: "List them with: vedette assets" });
	}
	const { sql, params } = scopeCondition(scope, now);
	// Apart, and spelled as the partial indexes are, or they would not be used.
	const rows = (open: number, isApart: 0 | 1, limit: number) => {
		const text = `SELECT f.id, f.asset, f.signature, f.severity, ${isApart} FROM ${findingFromFor(sql)}
			WHERE (${sql}) AND f.open = ${open} LIMIT ?`;
		return arrays<Row>(db, text, ...params, limit);
	};
	const counted = rows(openNumbers.open, 0, most);
	return counted.concat(rows(openNumbers.excepted, 1, most - counted.length));
}

function qidQuery(qids: readonly number[]): string {
	return `qid:[${qids.join(", ")}]`;
}
