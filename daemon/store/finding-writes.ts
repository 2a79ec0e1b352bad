/**
 * The rows behind findings, as `assess` reads and writes them. Counters, log and the signature's spread are kept by the
 * caller (assess/apply.ts), in the same transaction.
 */
import type { DatabaseSync } from "node:sqlite";
import type { FindingStatus, FindingType, FixState } from "../../protocol/model/finding.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Transport } from "../../protocol/model/transport.ts";
import type { Source } from "../evidence/record.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import {
	type Change,
	changeNumbers,
	changeOf,
	fixNumbers,
	fixOf,
	openNumbers,
	statusNumbers,
	statusOf,
	transportNumbers,
	transportOf,
	typeNumbers,
	typeOf,
} from "./codes.ts";
import { nextNumber } from "./counters.ts";
import { dropResult, takeResult } from "./results.ts";
import { all, first, run, tuples } from "./sql.ts";

/** What makes two sightings the same finding. `port` 0: about the whole host. */
export interface FindingKey {
	signature: string;
	address: string;
	port: number;
	protocol: Transport;
	/** Tells apart several of one signature on one port; empty when there is only one. */
	instance: string;
}

/** A finding as the next judgement finds it. */
export interface PriorFinding extends FindingKey {
	id: number;
	/** Evidence kind the signature looked at when it was last judged with. */
	kind: string;
	severity: Severity;
	type: FindingType;
	status: FindingStatus | null;
	firstFound: number;
	lastFound: number;
	lastFixed: number | null;
	timesFound: number;
	/** The scan that last found or fixed it, and what that scan made of it. */
	scan: number | null;
	change: Change;
	/** The access it was seen with: only the same may close it. */
	source: Source;
	seenAs: string | null;
	/** What the vendor does about it; null for what is not by an advisory. */
	fix: FixState | null;
	result: string;
	/** Number of the stored text. */
	resultId: number;
	/** Why it is set apart (`exceptedBits`), 0 when it is not: no judgement changes that. */
	excepted: number;
}

/** A finding as it is to be stored. */
export type FindingState = Omit<PriorFinding, "id" | "kind" | "resultId" | "excepted">;

export const isOpen = (finding: { status: FindingStatus | null }) =>
	finding.status !== null && finding.status !== "FIXED";

/** Open, and not set apart: what counts say of open findings is of these. */
export const isCounted = (finding: Pick<PriorFinding, "status" | "excepted">) =>
	isOpen(finding) && finding.excepted === 0;

/** All findings of an asset, at one address or at all of them. */
export function listPriorFindings(db: DatabaseSync, assetId: number, address: string | null): PriorFinding[] {
	const rows = tuples<PriorRow>(db, `${priorSelect} WHERE f.asset = ?`, assetId);
	const key = address === null ? null : addressKey(address);
	return (key === null ? rows : rows.filter(([, , , at]) => at === key)).map(toPrior);
}

/** Those of an asset that are by some signatures, given by number. */
export function listPriorFindingsBy(db: DatabaseSync, assetId: number, signatures: readonly number[]): PriorFinding[] {
	if (signatures.length === 0) return [];
	return tuples<PriorRow>(
		db,
		`${priorSelect} WHERE f.asset = ? AND f.signature IN (SELECT value FROM json_each(?))`,
		assetId,
		JSON.stringify(signatures),
	).map(toPrior);
}

const priorSelect = `SELECT f.id, s.name AS signature, s.kind, f.address, f.port, f.protocol, f.instance, f.severity, f.type, f.status,
	f.first_found, f.last_found, f.last_fixed, f.times_found, f.scan, f.change, f.source, f.seen_as, f.fix, f.excepted, f.result AS result_id, r.text AS result
	FROM finding f JOIN signature s ON s.id = f.signature JOIN result r ON r.id = f.result`;

/** The highest number a finding has; they only go up. */
export function newestFinding(db: DatabaseSync): number {
	return first<{ id: number }>(db, "SELECT ifnull(max(id), 0) AS id FROM finding")?.id ?? 0;
}

/** Stores a finding that was not there, and that in its log; returns its id. `signature` is the stored signature's number. */
export function insertFinding(db: DatabaseSync, assetId: number, signature: number, finding: FindingState): number {
	const id = nextNumber(db, "finding");
	const result = takeResult(db, finding.result, 2);
	run(
		db,
		`INSERT INTO finding (asset, signature, address, port, protocol, instance, id, severity, type, status, open,
			first_found, last_found, last_fixed, times_found, scan, change, source, seen_as, fix, result)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		assetId,
		signature,
		addressKey(finding.address),
		finding.port,
		transportNumbers[finding.protocol],
		finding.instance,
		id,
		finding.severity,
		typeNumbers[finding.type],
		finding.status === null ? null : statusNumbers[finding.status],
		openNumber(finding.status, 0),
		finding.firstFound,
		finding.lastFound,
		finding.lastFixed,
		finding.timesFound,
		finding.scan,
		changeNumbers[finding.change],
		finding.source,
		finding.seenAs,
		finding.fix === null ? null : fixNumbers[finding.fix],
		result,
	);
	run(
		db,
		"INSERT INTO finding_event (finding, n, at, kind, scan, source, result) VALUES (?, 1, ?, 'new', ?, ?, ?)",
		...[id, finding.firstFound, finding.scan, finding.source, result],
	);
	return id;
}

/** Writes what can change of a finding. The open column is only touched when it changes: its indexes rest otherwise. */
export function updateFinding(db: DatabaseSync, before: PriorFinding, after: FindingState): void {
	const result = after.result === before.result ? null : takeResult(db, after.result);
	run(
		db,
		`UPDATE finding SET type = ?, status = ?, last_found = ?, last_fixed = ?, times_found = ?, scan = ?, change = ?,
			source = ?, seen_as = ?, fix = ?, result = ifnull(?, result) WHERE id = ?`,
		typeNumbers[after.type],
		after.status === null ? null : statusNumbers[after.status],
		after.lastFound,
		after.lastFixed,
		after.timesFound,
		after.scan,
		changeNumbers[after.change],
		after.source,
		after.seenAs,
		after.fix === null ? null : fixNumbers[after.fix],
		result,
		before.id,
	);
	if (result !== null) dropResult(db, before.resultId, 1);
	const open = openNumber(after.status, before.excepted);
	if (openNumber(before.status, before.excepted) !== open || before.severity !== after.severity) {
		run(db, "UPDATE finding SET open = ?, severity = ? WHERE id = ?", open, after.severity, before.id);
	}
}

/** Findings seen again with nothing else new about them: one statement for all of an asset. */
export function touchFindings(
	db: DatabaseSync,
	assetId: number,
	ids: readonly number[],
	at: number,
	scan: number | null,
): void {
	if (ids.length === 0) return;
	// `+id`: walk the asset's rows, which lie together, rather than look each id up.
	run(
		db,
		`UPDATE finding SET last_found = ?, times_found = times_found + 1, scan = ?, change = ${changeNumbers.found}
		WHERE asset = ? AND +id IN (SELECT value FROM json_each(?))`,
		at,
		scan,
		assetId,
		JSON.stringify(ids),
	);
	// What changes more than that is noted by the table's triggers.
	run(db, "INSERT INTO finding_log (asset, touched) VALUES (?, 1)", assetId);
}

/** Removes information that is no longer so, with its log. */
export function deleteFinding(db: DatabaseSync, finding: PriorFinding): void {
	const used = all<{ result: number; n: number }>(
		db,
		"SELECT result, count(*) AS n FROM finding_event WHERE finding = ? GROUP BY result",
		finding.id,
	);
	run(db, "DELETE FROM finding_event WHERE finding = ?", finding.id);
	run(db, "DELETE FROM finding WHERE id = ?", finding.id);
	for (const { result, n } of used) dropResult(db, result, n);
	dropResult(db, finding.resultId, 1);
}

/** Adds to a finding's log. `at` in milliseconds. */
export function addEvent(
	db: DatabaseSync,
	id: number,
	event: { at: number; kind: string; scan: number | null; source: Source | null; result: string },
): void {
	run(
		db,
		`INSERT INTO finding_event (finding, n, at, kind, scan, source, result)
		VALUES (?1, (SELECT ifnull(max(n), 0) + 1 FROM finding_event WHERE finding = ?1), ?2, ?3, ?4, ?5, ?6)`,
		...[id, event.at, event.kind, event.scan, event.source],
		takeResult(db, event.result),
	);
}

/** In the order of `priorSelect`. */
type PriorRow = [
	id: number,
	signature: string,
	kind: string,
	address: string,
	port: number,
	protocol: number,
	instance: string,
	severity: Severity,
	type: number,
	status: number | null,
	firstFound: number,
	lastFound: number,
	lastFixed: number | null,
	timesFound: number,
	scan: number | null,
	change: number,
	source: Source,
	seenAs: string | null,
	fix: number | null,
	excepted: number,
	resultId: number,
	result: string,
];

function toPrior(row: PriorRow): PriorFinding {
	const [id, signature, kind, address, port, protocol, instance, severity, type, status, firstFound, lastFound] = row;
	return {
		id,
		signature,
		kind,
		address: addressOfKey(address),
		port,
		protocol: transportOf(protocol),
		instance,
		severity,
		type: typeOf(type),
		status: status === null ? null : statusOf(status),
		firstFound,
		lastFound,
		lastFixed: row[12],
		timesFound: row[13],
		scan: row[14],
		change: changeOf(row[15]),
		source: row[16],
		seenAs: row[17],
		fix: row[18] === null ? null : fixOf(row[18]),
		excepted: row[19],
		resultId: row[20],
		result: row[21],
	};
}

/** What the column `open` holds. */
export function openNumber(status: FindingStatus | null, excepted: number): number {
	if (status === null) return openNumbers.information;
	if (status === "FIXED") return openNumbers.fixed;
	return excepted > 0 ? openNumbers.excepted : openNumbers.open;
}
