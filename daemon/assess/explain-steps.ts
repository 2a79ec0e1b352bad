/** The steps of an explanation in words: what a check looks for, what there is to judge, what comes of it, how a finding went. */
import type { Asset } from "../../protocol/model/asset.ts";
import type { Finding, FindingEvent, TraceStep } from "../../protocol/model/finding.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { Check } from "../knowledge/knowledge.ts";
import type { StoredRecord } from "../store/evidence.ts";
import { findingEvents } from "../store/findings.ts";
import type { Store } from "../store/store.ts";
import { isoOf } from "../store/time.ts";
import { evaluate } from "./weigh.ts";

export function signatureStep({ signature, kind, basis }: Check): TraceStep {
	const named = signature.cves.length > 0 ? ` (${signature.cves.join(", ")})` : "";
	const requirements = (signature.requirements ?? []).map(({ standard, id }) => `${standard}, ${id}`);
	const from = basis === undefined ? "" : ` It rests on ${basis}.`;
	const asked = `${requirements.length > 0 ? ` Asked for by ${requirements.join("; ")}.` : ""}${from}`;
	return {
		step: "signature",
		outcome: "yes",
		text: `${signature.id}${named} looks at evidence of kind ${kind}, where: ${signature.match.trim().replace(/\s+/g, " ")}${asked === "" ? "" : `.${asked}`}`,
		data: {
			signature: signature.id,
			qid: signature.qid,
			kind,
			match: signature.match,
			...(requirements.length > 0 ? { requirements } : {}),
		},
	};
}

/** Nothing looks for it any more. */
export function withdrawnStep(signature: string): TraceStep {
	const text = signature.startsWith(advisoryFolder)
		? `No feed that is held speaks of ${signature.slice(advisoryFolder.length)} any more.`
		: `Signature ${signature} has been withdrawn.`;
	return { step: "signature", outcome: "no", text };
}

export function evidenceSteps(check: Check, records: readonly StoredRecord[], asset: Asset): TraceStep[] {
	if (records.length === 0) {
		const text = `There is no current evidence of kind ${check.kind} for ${asset.name}.`;
		return [{ step: "evidence", outcome: "no", text }];
	}
	return records.map((record) => ({
		step: "evidence",
		outcome: record.complete ? "yes" : "unknown",
		text: `${record.kind} at ${recordPlace(record)} seen ${isoOf(record.observedAt)} by ${bywhom(record)}${record.complete ? "" : "; not everything was answered, so it closes nothing"}.`,
		data: { address: record.address, port: record.port, source: record.source, scan: record.scan },
	}));
}

export function expressionStep(check: Check, record: StoredRecord, now: number): TraceStep {
	const verdict = evaluate(check, record, now);
	const data = relevantValues(check, record);
	const at = recordPlace(record);
	if (verdict.matched === null) {
		return { step: "expression", outcome: "unknown", text: `At ${at} it cannot be decided: ${verdict.problem}.`, data };
	}
	const text = verdict.matched
		? `At ${at} it is true. ${verdict.result}`.trim()
		: `At ${at} it is false: ${
				Object.entries(data)
					.map(([field, value]) => `${field} is ${brief(value)}`)
					.join(", ") || "nothing in the record fits"
			}.`;
	return { step: "expression", outcome: verdict.matched ? "yes" : "no", text, data };
}

export function lifecycleStep({ db }: Store, finding: Finding): TraceStep {
	const events = findingEvents(db, finding.id);
	const ending = finding.status === "FIXED" ? endings[endOf(events)] : undefined;
	const ended = ending !== undefined && finding.lastFixed !== null ? `, ${ending.word} ${finding.lastFixed}` : "";
	const apart = finding.excepted
		? ` An approved exception sets it apart: vedette except of ${finding.id} shows which.`
		: "";
	const times = finding.timesFound === 1 ? "once" : `${finding.timesFound} times`;
	return {
		step: "lifecycle",
		outcome: finding.status === "FIXED" ? "no" : "yes",
		text: `Finding ${finding.id} is ${finding.status ?? "information"}: found ${times}, first ${finding.firstFound}, last ${finding.lastFound}${ended}.${ending?.means ?? ""}${apart}`,
		data: { id: finding.id, events: events.slice(-20).map(({ at, kind, scan }) => ({ at, kind, scan })) },
	};
}

/** How a finding that is no longer open ended. */
const endings = {
	fixed: { word: "fixed", means: "" },
	closed: {
		word: "closed",
		means: " It was closed because scans in a row did not find the host alive: nobody saw that it was fixed.",
	},
	corrected: {
		word: "corrected",
		means: " What is known has changed: nothing was mended, by what is known now it was never so.",
	},
} as const satisfies Partial<Record<FindingEvent["kind"], { readonly word: string; readonly means: string }>>;

/** By its last ending: it may have been tested again since. */
export function endOf(events: readonly FindingEvent[]): keyof typeof endings {
	const isEnding = (kind: FindingEvent["kind"]): kind is keyof typeof endings => Object.hasOwn(endings, kind);
	return events.map(({ kind }) => kind).findLast(isEnding) ?? "fixed";
}

/** The record's fields that the expression speaks of. */
function relevantValues(check: Check, record: EvidenceRecord): Record<string, unknown> {
	const words = new Set(Array.from(check.signature.match.matchAll(/\brecord\.(\w+)/g), ([, field]) => field));
	return Object.fromEntries(Object.entries(record.data).filter(([field]) => words.has(field)));
}

function recordPlace(record: EvidenceRecord): string {
	const name = record.instance ? ` as ${record.instance}` : "";
	return record.port === 0 ? record.address : `${record.address} port ${record.port}/${record.protocol}${name}`;
}

function bywhom(record: StoredRecord): string {
	return record.scan === null ? record.source : `scan ${record.scan}`;
}

function brief(value: unknown): string {
	const text = JSON.stringify(value) ?? "missing";
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
