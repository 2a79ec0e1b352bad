/** Of evidence from inside a host only the newest counts, whoever brought it: all of it is about the whole. Pure. */
import { isInsideKind } from "../evidence/inside.ts";
import type { EvidenceRecord, RecordOf } from "../evidence/record.ts";

/** Leaves out what a newer record of the same place and kind has replaced. */
export function withoutReplaced<R extends EvidenceRecord>(records: readonly R[]): R[] {
	return records.filter(
		(record) =>
			!isInsideKind(record.kind) || !records.some((other) => isSamePlace(record, other) && replaces(other, record)),
	);
}

/** Of one asset's records, those at the address first: it is one machine, wherever somebody has logged in to it. */
export function newestOf<K extends "system" | "packages">(
	records: readonly EvidenceRecord[],
	kind: K,
	address: string,
): RecordOf<K> | null {
	let newest: EvidenceRecord | null = null;
	for (const record of records) {
		if (record.kind !== kind || record.port !== 0) continue;
		if (newest === null || isBetter(record, newest, address)) newest = record;
	}
	return newest as RecordOf<K> | null;
}

function isBetter(record: EvidenceRecord, than: EvidenceRecord, address: string): boolean {
	const here = record.address === address;
	return here === (than.address === address) ? record.observedAt >= than.observedAt : here;
}

function isSamePlace(one: EvidenceRecord, other: EvidenceRecord): boolean {
	return one !== other && one.kind === other.kind && one.address === other.address && one.port === other.port;
}

function replaces(one: EvidenceRecord, other: EvidenceRecord): boolean {
	return one.observedAt > other.observedAt || (one.observedAt === other.observedAt && one.source > other.source);
}
