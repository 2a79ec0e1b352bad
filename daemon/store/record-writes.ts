/** Writing current evidence: one record for each place, kind and source. Its hash tells whether it says anything new. */
import type { DatabaseSync } from "node:sqlite";
import type { EvidenceRecord } from "../evidence/record.ts";
import { addressKey } from "./address-key.ts";
import { transportNumbers } from "./codes.ts";
import type { RecordPlace } from "./evidence.ts";
import { contentHash, packBody } from "./record-bodies.ts";
import { run, tuples } from "./sql.ts";

/**
 * Makes each record the current one of its place, kind and source, unless the one there was observed later. Of two scans
 * the one with the higher number is the later one: the clock may have been set back between them.
 */
export function saveRecords(
	db: DatabaseSync,
	assetId: number,
	scan: number | null,
	records: readonly EvidenceRecord[],
): void {
	const known = knownRecords(db, assetId);
	const again = new SeenAgain();
	for (const record of records) {
		const place = placeParams(assetId, record);
		const text = JSON.stringify(record.data);
		const digest = contentHash(text);
		const before = known.get(keyOf(place));
		if (before === undefined) {
			const body = insertRecord(db, scan, record, { place, text, digest });
			known.set(keyOf(place), knownAs(record, scan, digest, body));
			continue;
		}
		const laterScan = scan !== null && before.scan !== null && scan > before.scan;
		if (before.observedAt > record.observedAt && !laterScan) continue;
		const isSame = Buffer.compare(before.hash, digest) === 0;
		if (isSame && before.complete === record.complete) again.add(before.body, record.observedAt);
		else {
			again.drop(before.body);
			updateRecord(db, scan, record, { place, text, digest, body: isSame ? null : before.body });
		}
		if (!isSame) forgetSubjects(db, assetId, record, "always");
		else if (before.observedAt !== record.observedAt) forgetSubjects(db, assetId, record, "of another source");
		known.set(keyOf(place), knownAs(record, scan, digest, before.body));
	}
	again.write(db, assetId, scan);
}

export function saveRecord(db: DatabaseSync, assetId: number, scan: number | null, record: EvidenceRecord): void {
	saveRecords(db, assetId, scan, [record]);
}

/** Removes one current record: what it told of is no longer there. */
export function deleteRecord(db: DatabaseSync, assetId: number, record: RecordPlace): void {
	const place = placeParams(assetId, record);
	run(db, `DELETE FROM body WHERE id = (SELECT body FROM record ${atPlace})`, ...place);
	run(db, `DELETE FROM record ${atPlace}`, ...place);
}

interface KnownRecord {
	readonly hash: Uint8Array;
	readonly complete: boolean;
	readonly observedAt: number;
	readonly scan: number | null;
	readonly body: number;
}

/** By `keyOf`: the rows of an asset lie together, and one look at all is cheaper than one for each. */
function knownRecords(db: DatabaseSync, assetId: number): Map<string, KnownRecord> {
	const rows = tuples<KnownRow>(
		db,
		`SELECT address, port, protocol, kind, source, instance, complete, observed_at, scan, hash, body
		FROM record WHERE asset = ?`,
		assetId,
	);
	return new Map(
		rows.map(([address, port, protocol, kind, source, instance, complete, observedAt, scan, hash, body]) => [
			keyOf([assetId, address, port, protocol, kind, source, instance]),
			{ observedAt, scan, hash, body, complete: complete === 1 },
		]),
	);
}

type KnownRow = [
	address: string,
	port: number,
	protocol: number,
	kind: string,
	source: string,
	instance: string,
	complete: number,
	observedAt: number,
	scan: number | null,
	hash: Uint8Array,
	body: number,
];

function knownAs(record: EvidenceRecord, scan: number | null, hash: Uint8Array, body: number): KnownRecord {
	return { hash, complete: record.complete, observedAt: record.observedAt, scan, body };
}

/** Records that say what they said before: one statement for all of an asset, its rows walked once. */
class SeenAgain {
	readonly #observedAt = new Map<number, number>();

	add(body: number, observedAt: number): void {
		this.#observedAt.set(body, observedAt);
	}

	drop(body: number): void {
		this.#observedAt.delete(body);
	}

	write(db: DatabaseSync, assetId: number, scan: number | null): void {
		const seen = [...this.#observedAt];
		// Each row looks through the whole of the object.
		for (let at = 0; at < seen.length; at += atOnce) {
			const part = Object.fromEntries(seen.slice(at, at + atOnce).map(([body, when]) => [`b${body}`, when]));
			run(
				db,
				`UPDATE record SET observed_at = ?1 ->> ('b' || body), scan = ?2
				WHERE asset = ?3 AND ?1 ->> ('b' || body) IS NOT NULL`,
				...[JSON.stringify(part), scan, assetId],
			);
		}
	}
}

const atOnce = 64;

interface Written {
	readonly place: PlaceParams;
	/** The data as JSON. */
	readonly text: string;
	readonly digest: Uint8Array;
}

/** Returns the number of its body. */
function insertRecord(
	db: DatabaseSync,
	scan: number | null,
	record: EvidenceRecord,
	{ place, text, digest }: Written,
): number {
	const { packed, data, list } = packBody(db, record, text);
	const body = run(db, "INSERT INTO body (packed, data, list) VALUES (?, ?, ?)", packed, data, list).id;
	run(
		db,
		`INSERT INTO record (asset, address, port, protocol, kind, source, instance, complete, observed_at, scan, hash, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		...[...place, Number(record.complete), record.observedAt, scan, digest, body],
	);
	return body;
}

/** `body` null: it says what it said before. */
function updateRecord(
	db: DatabaseSync,
	scan: number | null,
	record: EvidenceRecord,
	{ place, text, digest, body }: Written & { readonly body: number | null },
): void {
	const now = [Number(record.complete), record.observedAt, scan];
	if (body === null) {
		run(db, `UPDATE record SET complete = ?, observed_at = ?, scan = ? ${atPlace}`, ...now, ...place);
		return;
	}
	const { packed, data, list } = packBody(db, record, text);
	run(db, "UPDATE body SET packed = ?, data = ?, list = ? WHERE id = ?", packed, data, list, body);
	run(
		db,
		`UPDATE record SET complete = ?, observed_at = ?, scan = ?, hash = ? ${atPlace}`,
		...[...now, digest, ...place],
	);
}

/**
 * What was made of a host's packages is out of date when they are others; and of two sources that tell of them the later one
 * counts, so when the other looked later. Rows that come, go or move are seen to by triggers of the table (migrations 0023, 0047).
 */
function forgetSubjects(
	db: DatabaseSync,
	assetId: number,
	{ kind, address, source }: EvidenceRecord,
	when: "always" | "of another source",
): void {
	if (kind !== "packages" && kind !== "system") return;
	const key = addressKey(address);
	if (when === "always") {
		run(db, "DELETE FROM subject_host WHERE asset = ? AND address = ?", assetId, key);
		return;
	}
	run(
		db,
		`DELETE FROM subject_host WHERE asset = ?1 AND address = ?2
			AND EXISTS (SELECT 1 FROM record WHERE asset = ?1 AND address = ?2 AND kind = ?3 AND source <> ?4)`,
		...[assetId, key, kind, source],
	);
}

const atPlace =
	"WHERE asset = ? AND address = ? AND port = ? AND protocol = ? AND kind = ? AND source = ? AND instance = ?";

type PlaceParams = [number, string, number, number, string, string, string];

function placeParams(assetId: number, place: RecordPlace): PlaceParams {
	const { port, protocol, kind, source, instance = "" } = place;
	return [assetId, addressKey(place.address), port, transportNumbers[protocol], kind, source, instance];
}

function keyOf([, ...place]: PlaceParams): string {
	return place.join(" ");
}
