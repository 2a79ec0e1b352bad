/** Findings as they stood at a moment of the past, and between two: told from their events, which are never changed. */
import type { DatabaseSync } from "node:sqlite";
import { type ComparedShow, comparedShows, type FindingsCompared } from "../../protocol/model/comparison.ts";
import type { Finding, FindingEvent } from "../../protocol/model/finding.ts";
import { addressKey } from "./address-key.ts";
import { findingFrom } from "./findings.ts";
import type { Where } from "./page.ts";
import { all } from "./sql.ts";
import { isoOf } from "./time.ts";

/** Open at that moment, whether set apart since or not. `at` in milliseconds. Information has no state and is left out. */
export function openAt(at: number): Where {
	// What was never closed needs no look at its events.
	const sql = `(f.open <> 2 AND f.first_found <= ? AND CASE WHEN f.last_fixed IS NULL THEN 1 ELSE ifnull((
		SELECT e.kind IN ('new', 'found', 'reopened') FROM finding_event e
		WHERE e.finding = f.id AND e.at <= ? AND e.kind <> 'verified' ORDER BY e.n DESC LIMIT 1), 0) END)`;
	return { sql, params: [at, at] };
}

/** Two moments, the earlier first, in milliseconds; `hosts`: addresses that are compared, null for all. */
export interface Span {
	readonly from: number;
	readonly to: number;
	readonly hosts: readonly string[] | null;
	/** The network of those addresses. */
	readonly network: number | null;
}

/** Those that came, went, or stayed open. */
export function comparedWhere(show: ComparedShow, { from, to, hosts, network }: Span): Where {
	const [a, b] = [openAt(from), openAt(to)];
	const sql = {
		appeared: `NOT ${a.sql} AND ${b.sql}`,
		gone: `${a.sql} AND NOT ${b.sql}`,
		stayed: `${a.sql} AND ${b.sql}`,
	}[show];
	const both = { sql, params: [...a.params, ...b.params] };
	if (hosts === null) return both;
	return {
		sql: `${both.sql} AND a.network = ? AND f.address IN (SELECT value FROM json_each(?))`,
		params: [...both.params, network, JSON.stringify(hosts)],
	};
}

export type ComparedCounts = Pick<FindingsCompared, ComparedShow>;

/** How many of each, by severity, in one pass over the findings. */
export function countCompared(db: DatabaseSync, span: Span, filter: Where | null): ComparedCounts {
	const [a, b] = [openAt(span.from), openAt(span.to)];
	const conditions = [
		"f.first_found <= ?",
		...(span.hosts === null ? [] : ["a.network = ? AND f.address IN (SELECT value FROM json_each(?))"]),
		...(filter === null ? [] : [`(${filter.sql})`]),
	];
	const rows = db
		.prepare(
			`SELECT severity, sum(NOT was AND is_now) AS appeared, sum(was AND NOT is_now) AS gone, sum(was AND is_now) AS stayed FROM (
				SELECT f.severity, ${a.sql} AS was, ${b.sql} AS is_now FROM ${findingFrom} WHERE ${conditions.join(" AND ")}
			) GROUP BY severity`,
		)
		.all(
			...[...a.params, ...b.params, span.to],
			...(span.hosts === null ? [] : [span.network, JSON.stringify(span.hosts)]),
			...(filter?.params ?? []),
		) as ({ severity: number } & Record<ComparedShow, number>)[];
	const countsOf = (show: ComparedShow) => {
		const of = (severity: number) => rows.find((row) => row.severity === severity)?.[show] ?? 0;
		return { "1": of(1), "2": of(2), "3": of(3), "4": of(4), "5": of(5) };
	};
	const [appeared, gone, stayed] = comparedShows.map(countsOf) as [
		ComparedCounts["appeared"],
		ComparedCounts["gone"],
		ComparedCounts["stayed"],
	];
	return { appeared, gone, stayed };
}

/** The last that had happened to each of them by then, by id. `at` in milliseconds. */
export function lastEvents(db: DatabaseSync, ids: readonly number[], at: number): Map<number, FindingEvent> {
	const rows = all<{ finding: number; at: number; kind: FindingEvent["kind"]; scan: number | null } & EventTexts>(
		db,
		`SELECT e.finding, e.at, e.kind, e.scan, e.source, r.text FROM finding_event e JOIN result r ON r.id = e.result
		WHERE (e.finding, e.n) IN (SELECT finding, max(n) FROM finding_event
			WHERE finding IN (SELECT value FROM json_each(?)) AND at <= ? AND kind <> 'verified' GROUP BY finding)`,
		JSON.stringify(ids),
		at,
	);
	return new Map(
		rows.map(({ finding, at: when, kind, scan, source, text }) => [
			finding,
			{ at: isoOf(when), kind, scan, source, result: text },
		]),
	);
}

/**
 * Whether each of them was set apart at a moment (milliseconds), by id: by which request, as far as an approval held then, and
 * whether its ticket was closed as ignored. What a live approval covered later counts from its beginning.
 */
export function setApartAt(
	db: DatabaseSync,
	ids: readonly number[],
	at: number,
): Map<number, NonNullable<Finding["apartThen"]>> {
	const rows = all<{ id: number; exception: number | null; ignored: number }>(
		db,
		`SELECT j.value AS id, (SELECT max(x.id) FROM exception_finding c JOIN exception x ON x.id = c.exception
				WHERE c.finding = j.value AND x.state IN ('approved', 'expired', 'revoked') AND x.decided_at <= ?1 AND x.until > ?1
					AND NOT (x.state = 'revoked' AND x.ended_at <= ?1)) AS exception,
			ifnull((SELECT e.kind = 'ignored' FROM ticket t JOIN ticket_event e ON e.ticket = t.id
				WHERE t.finding = j.value AND e.at <= ?1 AND e.kind IN ('opened', 'ignored', 'reopened', 'resolved', 'fixed')
				ORDER BY e.n DESC LIMIT 1), 0) AS ignored
		FROM json_each(?2) j`,
		at,
		JSON.stringify(ids),
	);
	return new Map(rows.map(({ id, exception, ignored }) => [id, { exception, ignored: ignored === 1 }]));
}

interface EventTexts {
	source: FindingEvent["source"];
	text: string;
}

/** Addresses a scan has looked at, as they are kept with findings. */
export function scannedAddresses(db: DatabaseSync, scan: number): string[] {
	return all<{ address: string }>(
		db,
		"SELECT DISTINCT address FROM scan_target WHERE scan = ? AND state = 'done'",
		scan,
	).map(({ address }) => addressKey(address));
}
