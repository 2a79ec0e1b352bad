/** Current evidence and the coverage of the last run: what verdicts are made from, and made again from. */
import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { EvidenceRecordView } from "../../protocol/model/asset.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import type { EvidenceRecord, Kind, Source } from "../evidence/record.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { transportNumbers, transportOf } from "./codes.ts";
import { readPackageList, savePackageList, unpackHashes } from "./package-lists.ts";
import { all, first, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/** A record with the scan that brought it in. */
export type StoredRecord = EvidenceRecord & { scan: number | null };

/** What there is one current record of. */
export type RecordPlace = Pick<EvidenceRecord, "kind" | "address" | "port" | "protocol" | "source" | "instance">;

/** `packed` of a list of packages (package-lists.ts), now and before; 0 is plain JSON and 1 the same, deflated. */
const asList = 3;
const asHashes = 2;
/** Bodies shorter than this are kept as they are: packing would gain nothing. Bytes. */
const packFrom = 256;
/** More than the bounds of every probe together: a damaged body must not fill the memory. Bytes. */
const bodyLimit = 16 * 1024 * 1024;

/**
 * Makes a record the current one of its place, kind and source, unless the one there was observed later. Of two scans
 * the one with the higher number is the later one: the clock may have been set back between them.
 */
export function saveRecord(db: DatabaseSync, assetId: number, scan: number | null, record: EvidenceRecord): void {
	const place = placeParams(assetId, record);
	const text = JSON.stringify(record.data);
	const digest = contentHash(text);
	const before = first<{ hash: Uint8Array; body: number; observed_at: number; scan: number | null }>(
		db,
		`SELECT hash, body, observed_at, scan FROM record ${atPlace}`,
		...place,
	);
	const complete = Number(record.complete);
	if (before === undefined) {
		const { packed, data, list } = pack(db, record, text);
		const body = run(db, "INSERT INTO body (packed, data, list) VALUES (?, ?, ?)", packed, data, list).id;
		run(
			db,
			`INSERT INTO record (asset, address, port, protocol, kind, source, instance, complete, observed_at, scan, hash, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			...place,
			complete,
			record.observedAt,
			scan,
			digest,
			body,
		);
		return;
	}
	const laterScan = scan !== null && before.scan !== null && scan > before.scan;
	if (before.observed_at > record.observedAt && !laterScan) return;
	if (Buffer.from(before.hash).equals(digest)) {
		if (before.observed_at !== record.observedAt) forgetSubjects(db, assetId, record);
		// The hash left out: a trigger watches it.
		run(
			db,
			`UPDATE record SET complete = ?, observed_at = ?, scan = ? ${atPlace}`,
			...[complete, record.observedAt, scan],
			...place,
		);
		return;
	}
	const { packed, data, list } = pack(db, record, text);
	run(db, "UPDATE body SET packed = ?, data = ?, list = ? WHERE id = ?", packed, data, list, before.body);
	run(
		db,
		`UPDATE record SET complete = ?, observed_at = ?, scan = ?, hash = ? ${atPlace}`,
		complete,
		record.observedAt,
		scan,
		digest,
		...place,
	);
	forgetSubjects(db, assetId, record);
}

/** Of two sources that tell of one host's packages the later one counts: what was made of the other is out of date. */
function forgetSubjects(db: DatabaseSync, assetId: number, { kind, address, source }: EvidenceRecord): void {
	if (kind !== "packages" && kind !== "system") return;
	run(
		db,
		`DELETE FROM subject_host WHERE asset = ?1 AND address = ?2
			AND EXISTS (SELECT 1 FROM record WHERE asset = ?1 AND address = ?2 AND kind = ?3 AND source <> ?4)`,
		...[assetId, addressKey(address), kind, source],
	);
}

/** Removes one current record: what it told of is no longer there. */
export function deleteRecord(db: DatabaseSync, assetId: number, record: RecordPlace): void {
	const place = placeParams(assetId, record);
	run(db, `DELETE FROM body WHERE id = (SELECT body FROM record ${atPlace})`, ...place);
	run(db, `DELETE FROM record ${atPlace}`, ...place);
}

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

/** Where an asset has current evidence, without the evidence. */
export function listRecordPlaces(db: DatabaseSync, assetId: number): RecordPlace[] {
	return all<Omit<RecordRow, "packed" | "data" | "list">>(
		db,
		"SELECT address, port, protocol, kind, source, instance FROM record WHERE asset = ?",
		assetId,
	).map((row) => ({
		kind: row.kind,
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

interface RecordRow {
	address: string;
	port: number;
	protocol: number;
	kind: Kind;
	source: Source;
	instance: string;
	complete: number;
	observed_at: number;
	scan: number | null;
	packed: number;
	data: Uint8Array;
	list: number | null;
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
		data: unpack(db, row),
	} as StoredRecord;
}

const atPlace =
	"WHERE asset = ? AND address = ? AND port = ? AND protocol = ? AND kind = ? AND source = ? AND instance = ?";

function placeParams(assetId: number, place: RecordPlace): [number, string, number, number, string, string, string] {
	const { port, protocol, kind, source, instance = "" } = place;
	return [assetId, addressKey(place.address), port, transportNumbers[protocol], kind, source, instance];
}

/** Left out where there is none. */
function instanceOf({ instance }: { instance?: string | undefined }): { instance?: string } {
	return instance ? { instance } : {};
}

function unpack(db: DatabaseSync, { packed, data, list }: Pick<RecordRow, "packed" | "data" | "list">): unknown {
	if (packed === asList) return readPackageList(db, list ?? 0);
	if (packed === asHashes) return unpackHashes(db, data);
	return JSON.parse(recordText({ packed, data }) ?? "null");
}

/** A body as JSON; null for a list of packages, which is no text. */
export function recordText({ packed, data }: Pick<RecordRow, "packed" | "data">): string | null {
	if (packed === asList || packed === asHashes) return null;
	const bytes = packed === 1 ? inflateRawSync(data, { maxOutputLength: bodyLimit }) : Buffer.from(data);
	return bytes.toString("utf8");
}

interface Packed extends Pick<RecordRow, "packed" | "data"> {
	readonly list: number | null;
}

function pack(db: DatabaseSync, record: EvidenceRecord, text: string): Packed {
	if (record.kind === "packages") {
		const list = savePackageList(db, record.data);
		if (list !== null) return { packed: asList, data: new Uint8Array(0), list };
	}
	const plain = Buffer.from(text);
	if (plain.length < packFrom) return { packed: 0, data: plain, list: null };
	return { packed: 1, data: deflateRawSync(plain, { level: 1 }), list: null };
}

/** The first 16 bytes of SHA-256: two different texts with one hash are out of anybody's reach. */
export function contentHash(text: string): Uint8Array {
	return hash("sha256", text, "buffer").subarray(0, 16);
}
