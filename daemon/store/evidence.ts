/** Current evidence and the coverage of the last run: what verdicts are made from, and made again from. */
import type { DatabaseSync } from "node:sqlite";
import type { EvidenceRecordView } from "../../protocol/model/asset.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import type { EvidenceRecord, Kind, Source } from "../evidence/record.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { transportNumbers, transportOf } from "./codes.ts";
import { type StoredBody, unpackBody } from "./record-bodies.ts";
import { all, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/** A record with the scan that brought it in. */
export type StoredRecord = EvidenceRecord & { scan: number | null };

/** What there is one current record of. */
export type RecordPlace = Pick<EvidenceRecord, "kind" | "address" | "port" | "protocol" | "source" | "instance">;

/** The current evidence of an asset, by address, port and kind. */
export function listRecords(db: DatabaseSync, assetId: number): StoredRecord[] {
	return all<RecordRow>(db, `${recordSelect} WHERE e.asset = ?`, assetId).map((row) => toRecord(db, row));
}

/** The current evidence of one kind, at whichever address. */
export function listRecordsOfKind(db: DatabaseSync, assetId: number, kind: Kind): StoredRecord[] {
	return all<RecordRow>(db, `${recordSelect} WHERE e.asset = ? AND e.kind = ?`, assetId, kind).map((row) =>
		toRecord(db, row),
	);
}

/** Who has told something of an asset, what, and when last. Milliseconds. */
export function listRecordSources(
	db: DatabaseSync,
	assetId: number,
): { source: Source; kinds: Kind[]; lastSeen: number }[] {
	return all<{ source: Source; kinds: string; last_seen: number }>(
		db,
		`SELECT source, json_group_array(DISTINCT kind) AS kinds, max(observed_at) AS last_seen FROM record WHERE asset = ?
		GROUP BY source ORDER BY last_seen DESC, source`,
		assetId,
	).map((row) => ({ source: row.source, kinds: (JSON.parse(row.kinds) as Kind[]).sort(), lastSeen: row.last_seen }));
}

/** Where an asset has current evidence and of when, without the evidence. Milliseconds. */
export function listRecordPlaces(db: DatabaseSync, assetId: number): (RecordPlace & { observedAt: number })[] {
	return all<Omit<RecordRow, keyof StoredBody>>(
		db,
		"SELECT address, port, protocol, kind, source, instance, observed_at FROM record WHERE asset = ?",
		assetId,
	).map((row) => ({
		kind: row.kind,
		observedAt: row.observed_at,
		address: addressOfKey(row.address),
		port: row.port,
		protocol: transportOf(row.protocol),
		source: row.source,
		...instanceOf(row),
	}));
}

/** The current evidence one finding rests on: of the signature's kind, at the finding's place. */
export function listRecordsAt(
	db: DatabaseSync,
	assetId: number,
	place: { address: string; port: number; protocol: EvidenceRecord["protocol"]; kind: string; instance: string },
): StoredRecord[] {
	return all<RecordRow>(
		db,
		`${recordSelect} WHERE e.asset = ? AND e.address = ? AND e.port = ? AND e.protocol = ? AND e.kind = ? AND e.instance = ?`,
		assetId,
		addressKey(place.address),
		place.port,
		transportNumbers[place.protocol],
		place.kind,
		place.instance,
	).map((row) => toRecord(db, row));
}

/** A record as clients see it. */
export function recordView(record: StoredRecord): EvidenceRecordView {
	return {
		kind: record.kind,
		address: record.address,
		port: record.port,
		protocol: record.protocol,
		...instanceOf(record),
		source: record.source,
		complete: record.complete,
		observedAt: isoOf(record.observedAt),
		scan: record.scan,
		data: record.data,
	};
}

/** Keeps what a run covered on an address, in place of the run before. */
export function saveCoverage(
	db: DatabaseSync,
	assetId: number,
	coverage: HostCoverage,
	at: number,
	scan: number | null,
): void {
	run(
		db,
		`INSERT INTO coverage (asset, address, at, scan, body) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET at = excluded.at, scan = excluded.scan, body = excluded.body WHERE excluded.at >= at`,
		assetId,
		addressKey(coverage.address),
		at,
		scan,
		JSON.stringify(coverage),
	);
}

/** What the last run on each of an asset's addresses covered. */
export function listCoverage(
	db: DatabaseSync,
	assetId: number,
): { at: number; scan: number | null; coverage: HostCoverage }[] {
	return all<{ at: number; scan: number | null; body: string }>(
		db,
		"SELECT at, scan, body FROM coverage WHERE asset = ?",
		assetId,
	).map((row) => ({ at: row.at, scan: row.scan, coverage: JSON.parse(row.body) as HostCoverage }));
}

interface RecordRow extends StoredBody {
	address: string;
	port: number;
	protocol: number;
	kind: Kind;
	source: Source;
	instance: string;
	complete: number;
	observed_at: number;
	scan: number | null;
}

const recordSelect = `SELECT e.address, e.port, e.protocol, e.kind, e.source, e.instance, e.complete, e.observed_at, e.scan, b.packed, b.data, b.list
	FROM record e JOIN body b ON b.id = e.body`;

function toRecord(db: DatabaseSync, row: RecordRow): StoredRecord {
	// The kind and the data were written together from one record: the pair is what it was.
	return {
		kind: row.kind,
		address: addressOfKey(row.address),
		port: row.port,
		protocol: transportOf(row.protocol),
		...instanceOf(row),
		source: row.source,
		complete: row.complete === 1,
		observedAt: row.observed_at,
		scan: row.scan,
		data: unpackBody(db, row),
	} as StoredRecord;
}

/** Left out where there is none. */
function instanceOf({ instance }: { instance?: string | undefined }): { instance?: string } {
	return instance ? { instance } : {};
}
