/** Findings as clients see them: lists, one, its history. Only `assess` writes them (finding-writes.ts). */
import type { DatabaseSync } from "node:sqlite";
import type { Finding, FindingEvent } from "../../protocol/model/finding.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Source } from "../evidence/record.ts";
import { addressOfKey } from "./address-key.ts";
import { exceptedBits, fixOf, statusOf, transportOf, typeOf } from "./codes.ts";
import { openCounts, readCounters } from "./counters.ts";
import { listRecordsAt, type StoredRecord } from "./evidence.ts";
import { findingOrder, findingScope, findingSorts, priorityTenths } from "./fields.ts";
import type { FindingColumns } from "./finding-columns.ts";
import { countByColumns } from "./finding-count.ts";
import { isOwnOrder, pageOfFindings } from "./finding-page.ts";
import {
	beyondAll,
	countListing,
	type Listing,
	type ListQuery,
	listPage,
	type Page,
	pageOfRows,
	passOver,
	totalOf,
	type Where,
} from "./page.ts";
import { orderBy, orderOf, type PageColumns, placeOf } from "./page-order.ts";
import { all, first } from "./sql.ts";
import { type TicketOfFindingRow, ticketOfFinding, ticketOfFindingColumns } from "./ticket-of-finding.ts";
import { isoOf, isoOrNull } from "./time.ts";

const openOnly = findingScope(new Set()) ?? "1";
const openFindings: Where = { sql: openOnly, params: [] };

/**
 * Worst first unless sorted. Without a condition: open findings. With one: exactly that; the caller adds `findingScope`
 * (fields.ts) for what the filter did not name. `columns`: those that are kept of this connection.
 */
export function listFindings(db: DatabaseSync, query: ListQuery, columns: FindingColumns | null = null): Page<Finding> {
	const where = query.where ?? openFindings;
	const asked = { ...query, where };
	const spoken = `${where.sql} ${orderBy(orderOf(listing, query.sort))}`;
	const behind = passOver(db, { ...listing, from: findingFromFor(spoken) }, asked);
	if (behind === null) return beyondAll(knownTotal(db, where) ?? totalOf(db, listing, asked));
	return pageByFew(db, behind, columns) ?? listPage(db, listing, behind, knownTotal(db, where));
}

/** Null where all that there are must be gone through, or it is known that none would be passed over. */
function pageByFew(
	db: DatabaseSync,
	query: ListQuery & { where: Where },
	columns: FindingColumns | null,
): Page<Finding> | null {
	const { narrow, where, limit } = query;
	const order = orderOf(listing, query.sort);
	if (narrow === undefined || (where.sql === openOnly && isOwnOrder(order))) return null;
	const after = query.cursor === null ? null : placeOf(query.cursor, order);
	const page = pageOfFindings(db, listing, { where, narrow, order, after, limit: limit + 1 }, columns);
	if (page === null) return null;
	const { rows } = page;
	const told = () => (columns === null || query.counted === false ? null : countByColumns(db, narrow, columns));
	const total = knownTotal(db, where) ?? page.total ?? told() ?? totalOf(db, listing, query);
	// The columns are the list's own.
	return pageOfRows(listing, query, rows as unknown as (FindingRow & PageColumns)[], order, total);
}

/** How many that list has on all its pages. */
export function countFindings(db: DatabaseSync, asked: Where | null): number {
	const where = asked ?? openFindings;
	return knownTotal(db, where) ?? countListing(db, listing, where);
}

function knownTotal(db: DatabaseSync, where: Where): number | undefined {
	return where.sql === openOnly ? sum(Object.values(openCounts(readCounters(db)))) : undefined;
}

export function findFinding(db: DatabaseSync, id: number): Finding | null {
	const row = first<FindingRow>(db, `SELECT ${listing.columns} FROM ${listing.from} WHERE f.id = ?`, id);
	return row === undefined ? null : toFinding(row);
}

/** The findings of one signature on one asset, open ones first. */
export function listFindingsOf(db: DatabaseSync, assetId: number, signature: string): Finding[] {
	return all<FindingRow>(
		db,
		`SELECT ${listing.columns} FROM ${listing.from}
		WHERE f.asset = ? AND f.signature = (SELECT id FROM signature WHERE name = ?) ORDER BY f.open = 1 DESC, f.port, f.id`,
		assetId,
		signature,
	).map(toFinding);
}

/** What happened to a finding, oldest first. */
export function findingEvents(db: DatabaseSync, id: number): FindingEvent[] {
	return all<{ at: number; kind: FindingEvent["kind"]; scan: number | null; source: Source | null; text: string }>(
		db,
		"SELECT e.at, e.kind, e.scan, e.source, r.text FROM finding_event e JOIN result r ON r.id = e.result WHERE e.finding = ? ORDER BY e.n",
		id,
	).map((row) => ({ at: isoOf(row.at), kind: row.kind, scan: row.scan, source: row.source, result: row.text }));
}

/** The current evidence a finding rests on; empty when the port has closed since. */
export function evidenceFor(db: DatabaseSync, finding: Finding): StoredRecord[] {
	const kind = first<{ kind: string }>(db, "SELECT kind FROM signature WHERE name = ?", finding.signature)?.kind;
	if (kind === undefined) return [];
	return listRecordsAt(db, finding.asset.id, {
		address: finding.address,
		port: finding.port ?? 0,
		protocol: finding.protocol ?? "tcp",
		kind,
		instance: finding.instance ?? "",
	});
}

interface FindingRow extends TicketOfFindingRow {
	id: number;
	asset: number;
	asset_name: string;
	address: string;
	port: number;
	protocol: number;
	instance: string;
	qid: number;
	signature: string;
	title: string;
	severity: Severity;
	type: number;
	status: number | null;
	first_found: number;
	last_found: number;
	last_fixed: number | null;
	times_found: number;
	cves: string;
	cvss: number | null;
	kev: number;
	epss: number | null;
	priority: number;
	fix: number | null;
	excepted: number;
	result: string;
}

/** By alias. LEFT: none of them can be missing, and a count leaves out those the filter does not speak of. */
const joins = {
	s: "LEFT JOIN signature s ON s.id = f.signature",
	a: "LEFT JOIN asset a ON a.id = f.asset",
	r: "LEFT JOIN result r ON r.id = f.result",
	t: "LEFT JOIN ticket t ON t.finding = f.id",
} as const;
const joined = Object.values(joins).join(" ");
export const findingFrom = `finding f ${joined}`;

/** Findings with only what a condition over them speaks of: SQLite leaves out the others itself, but for their columns of `f`. */
export function findingFromFor(condition: string): string {
	const spoken = Object.entries(joins).filter(([alias]) => new RegExp(`\\b${alias}\\.`).test(condition));
	return ["finding f", ...spoken.map(([, join]) => join)].join(" ");
}

const listing: Listing<FindingRow, Finding> & { joined: string } = {
	joined,
	columns: `f.id, f.asset, a.name AS asset_name, f.address, f.port, f.protocol, f.instance, s.qid, s.name AS signature, s.title,
		f.severity, f.type, f.status, f.first_found, f.last_found, f.last_fixed, f.times_found, s.cves, s.cvss, s.kev, s.epss, f.fix, f.excepted, r.text AS result,
		${priorityTenths} AS priority,
		${ticketOfFindingColumns}`,
	from: findingFrom,
	key: "f.id",
	sorts: findingSorts,
	...findingOrder,
	map: toFinding,
};

/** How a finding is read, for those who do not read pages of them. */
export const findingReading = {
	columns: listing.columns,
	from: listing.from,
	map: (row: object) => toFinding(row as FindingRow),
};

function toFinding(row: FindingRow): Finding {
	const onHost = row.port === 0;
	return {
		id: row.id,
		asset: { id: row.asset, name: row.asset_name },
		address: addressOfKey(row.address),
		port: onHost ? null : row.port,
		protocol: onHost ? null : transportOf(row.protocol),
		...(row.instance === "" ? {} : { instance: row.instance }),
		qid: row.qid,
		signature: row.signature,
		title: row.title,
		severity: row.severity,
		type: typeOf(row.type),
		status: row.status === null ? null : statusOf(row.status),
		firstFound: isoOf(row.first_found),
		lastFound: isoOf(row.last_found),
		lastFixed: isoOrNull(row.last_fixed),
		timesFound: row.times_found,
		cves: JSON.parse(row.cves) as string[],
		cvss: row.cvss,
		kev: row.kev === 1,
		epss: row.epss,
		priority: Math.min(100, row.priority / 10),
		fix: row.fix === null ? null : fixOf(row.fix),
		excepted: (row.excepted & exceptedBits.exception) !== 0,
		ignored: (row.excepted & exceptedBits.ignored) !== 0,
		ticket: ticketOfFinding(row),
		result: row.result,
	};
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, n) => total + n, 0);
}
