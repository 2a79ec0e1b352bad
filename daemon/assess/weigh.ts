/** Puts every record before the checks of its kind and gathers, per finding, who saw it and who found it clear. Pure. */
import type { Transport } from "../../protocol/model/transport.ts";
import type { EvidenceRecord, Kind, Source } from "../evidence/record.ts";
import type { Check, Verdict } from "../knowledge/knowledge.ts";
import type { FindingKey } from "../store/finding-writes.ts";

/** How a record was come by. A finding seen with one access is not closed by another that sees less. */
export interface Access {
	source: Source;
	/** Host name the server was asked for, where that decides what answers (virtual hosts); else null. */
	seenAs: string | null;
}

/** The record a signature was seen on, and what was seen. */
export interface Seen extends Pick<Verdict, "fix" | "severity" | "type"> {
	record: EvidenceRecord;
	result: string;
}

/** What the records say of one signature at one place. */
export interface Weighed extends FindingKey {
	check: Check;
	seen: Seen | null;
	/** Complete records on which the check was clear. */
	clear: Access[];
	/** At least one record left it undecided: that keeps it from being closed. */
	undecided: boolean;
}

/** A result longer than this would be a page, not a result. Characters. */
const resultLimit = 8_000;

/** The checks of a kind that can say something of the record: there may be many of one kind, each with few places. */
export type ChecksFor = (kind: Kind, record: EvidenceRecord) => readonly Check[];

/** By `keyOf`. `now` in milliseconds: the time the checks are asked for. */
export function weigh(records: readonly EvidenceRecord[], checksFor: ChecksFor, now: number): Map<string, Weighed> {
	const weighed = new Map<string, Weighed>();
	for (const record of records) {
		for (const check of checksFor(record.kind, record)) weighOne(weighed, record, check, now);
	}
	return weighed;
}

export function accessOf(record: EvidenceRecord): Access {
	const byName = record.kind === "http" || record.kind === "tls" || record.kind === "certificate";
	return { source: record.source, seenAs: byName ? record.data.hostname : null };
}

export function keyOf(key: {
	signature: string;
	address: string;
	port: number;
	protocol: Transport;
	instance: string;
}): string {
	return `${key.signature} ${key.address} ${key.port}/${key.protocol} ${key.instance}`;
}

function weighOne(weighed: Map<string, Weighed>, record: EvidenceRecord, check: Check, now: number): void {
	const { address, port, protocol, instance = "" } = record;
	const key: FindingKey = { signature: check.signature.id, address, port, protocol, instance };
	const name = keyOf(key);
	const entry = weighed.get(name) ?? { ...key, check, seen: null, clear: [], undecided: false };
	weighed.set(name, entry);
	const verdict = evaluate(check, record, now);
	if (verdict.matched === null) entry.undecided = true;
	else if (verdict.matched) entry.seen ??= { ...told(verdict), record, result: verdict.result.slice(0, resultLimit) };
	else if (record.complete) entry.clear.push(accessOf(record));
	else entry.undecided = true;
}

/** One broken check must not cost the host its other verdicts: it has decided nothing. */
export function evaluate(check: Check, record: EvidenceRecord, now: number): Verdict {
	try {
		return check.evaluate(record, now);
	} catch (error) {
		return { matched: null, result: "", problem: error instanceof Error ? error.message : String(error) };
	}
}

function told({ fix, severity, type }: Verdict): Pick<Verdict, "fix" | "severity" | "type"> {
	return {
		...(fix === undefined ? {} : { fix }),
		...(severity === undefined ? {} : { severity }),
		...(type === undefined ? {} : { type }),
	};
}
